import { applyDecorators, Controller, HttpCode, Post, Req, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Permission } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { LoadInbox } from '@vend/meterlink';
import { PERMISSION } from '../http/guarded';
import { UnreadableBody, type RawRequest } from '../http/body';
import { ApiBodyProblems } from '../http/problem.dto';
import { ReceivedDto } from './callback.dto';

/** Described here, checked by libs/meterlink: its inbox decides what an event is. */
class LoadResultDto {
  @ApiProperty({ enum: ['meter-link.result'], example: 'meter-link.result' }) type!: string;
  @ApiProperty({ example: 'HE-20261121-000123', description: 'The same when the message is sent again' })
  eventId!: string;
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) loadId!: string;
  @ApiProperty({ example: 1, description: 'As it was in the order' }) round!: number;
  @ApiProperty({ enum: ['loaded', 'failed'], example: 'failed' }) state!: string;
  @ApiProperty({ example: 'meter-unreachable', required: false, description: 'Why it failed; never a token' })
  reason?: string;
  @ApiProperty({ example: '2026-11-21T10:00:00+06:00' }) at!: string;
}

/** Signed with the head-end's own secret; the inbox, which knows the head-ends, checks it. */
function SignedByHeadEnd(permission: Permission) {
  const header = (name: string, description: string) => ApiHeader({ name, required: true, description });
  return applyDecorators(
    SetMetadata(PERMISSION, permission),
    header('X-Key-Id', "The head-end's key"),
    header('Webhook-Id', "The message's id, part of what is signed"),
    header('Webhook-Timestamp', 'Unix seconds; at most 300 s from our clock'),
    header('Webhook-Signature', '`v1,` base64 of HMAC-SHA256(secret, `${id}.${timestamp}.${body as sent}`)'),
  );
}

@ApiTags('Callbacks')
@Controller('v1/callbacks')
export class MeterLinkController {
  constructor(private readonly inbox: LoadInbox) {}

  @Post('meter-link')
  @HttpCode(200)
  @SignedByHeadEnd('callback.send')
  @ApiOperation({
    summary: 'A head-end says how a remote load went',
    description:
      'Stored and answered at once, worked afterwards. The same event again gets the same answer. `loaded` is final; ' +
      '`failed` can be followed by `loaded`, not the other way round.',
  })
  @ApiBody({ type: LoadResultDto })
  @ApiOkResponse({ type: ReceivedDto })
  @ApiBodyProblems(
    ...(['signature-missing', 'signature-invalid', 'timestamp-stale'] as const),
    ...(['event-malformed', 'event-too-large', 'event-conflict'] as const),
  )
  async result(@Req() request: RawRequest): Promise<ReceivedDto> {
    if (!request.rawBody || request.body instanceof UnreadableBody) throw new DomainError('body-not-json');
    await this.inbox.receive(request.headers, request.rawBody, Date.now());
    return { received: true };
  }
}
