import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@vend/kernel';
import type { Partner } from '@vend/identity';
import { InboxService, parseTopUp } from '@vend/payments';
import { SandboxBiller } from '../biller/sandbox-biller';
import { UnreadableBody, type RawRequest } from '../http/body';
import { CallingPartner, SignedByPartner } from '../http/partner.guard';
import { ApiBodyProblems } from '../http/problem.dto';
import { ReceivedDto, TopUpEventDto } from './callback.dto';

@ApiTags('Callbacks')
@Controller('v1/callbacks')
@SignedByPartner('callback.send')
export class CallbacksController {
  constructor(
    private readonly inbox: InboxService,
    private readonly sandbox: SandboxBiller,
  ) {}

  @Post('topup')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A provider says that a payer has paid',
    description: 'Stored and answered at once, worked afterwards. The same event again gets the same answer.',
  })
  @ApiBody({ type: TopUpEventDto })
  @ApiOkResponse({ type: ReceivedDto })
  @ApiBodyProblems('event-malformed', 'event-too-large', 'event-conflict', 'inbox-full')
  async topUp(@CallingPartner() partner: Partner, @Req() request: RawRequest): Promise<ReceivedDto> {
    if (!request.rawBody || request.body instanceof UnreadableBody) throw new DomainError('body-not-json');
    const { rawBody } = request;
    if (partner.mode === 'sandbox') await this.sandbox.hear(partner, parseTopUp(rawBody), rawBody);
    else await this.inbox.receive(partner.code, rawBody, Date.now());
    return { received: true };
  }
}
