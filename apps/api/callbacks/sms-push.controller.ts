import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Partner } from '@vend/identity';
import { parseSmsPush, receiveInbound } from '@vend/inbound';
import { DomainError } from '@vend/kernel';
import { Database } from '@vend/platform';
import { UnreadableBody, type RawRequest } from '../http/body';
import { CallingPartner, SignedByPartner } from '../http/partner.guard';
import { ApiBodyProblems } from '../http/problem.dto';
import { ReceivedDto } from './callback.dto';

/** Described here, checked by libs/inbound. */
class SmsPushDto {
  @ApiProperty({ example: 'MO-20261122-000123', description: 'The same when the message is brought again' })
  messageId!: string;
  @ApiProperty({ example: '8801700000001', description: "The customer's phone" }) from!: string;
  @ApiProperty({ example: '16603', description: 'The number or short code that it was sent to' }) to!: string;
  @ApiProperty({ example: 'BAL 40000001', description: 'The parts of a long message joined' }) text!: string;
}

@ApiTags('Callbacks')
@Controller('v1/callbacks')
@SignedByPartner('sms.bring')
export class SmsPushController {
  constructor(private readonly database: Database) {}

  @Post('sms')
  @HttpCode(200)
  @ApiOperation({
    summary: 'An SMS gateway brings what a customer wrote',
    description:
      'Stored and answered at once, worked afterwards. The same message id again gets the same answer and is one message. ' +
      'Only for partners of the kind `sms`.',
  })
  @ApiBody({ type: SmsPushDto })
  @ApiOkResponse({ type: ReceivedDto })
  @ApiBodyProblems('event-malformed', 'event-too-large', 'role-not-allowed')
  async push(@CallingPartner() partner: Partner, @Req() request: RawRequest): Promise<ReceivedDto> {
    if (!request.rawBody || request.body instanceof UnreadableBody) throw new DomainError('body-not-json');
    const sms = parseSmsPush(request.rawBody);
    // Who collects money for us has no business with what customers write.
    if (partner.kind !== 'sms') throw new DomainError('role-not-allowed');
    await receiveInbound(this.database, `push:${partner.code}`, sms);
    return { received: true };
  }
}
