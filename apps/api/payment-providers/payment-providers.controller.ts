import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { APPROVAL_CODES, ApprovalNeededDto, approvalNeeded, NeedsApproval } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { PaymentProviderDto, PaymentProviderRequest, PaymentProvidersDto } from './payment-provider.dto';
import { PaymentProvidersService } from './payment-providers.service';

@ApiTags('Payment providers')
@Controller('v1/payment-providers')
export class PaymentProvidersController {
  constructor(private readonly providers: PaymentProvidersService) {}

  @Get()
  @Allow('payment-provider.read')
  @ApiOperation({ summary: 'List the companies that take customers’ money for us, without their credentials' })
  @ApiOkResponse({ type: PaymentProvidersDto })
  @ApiProblems()
  async list(): Promise<PaymentProvidersDto> {
    return { items: await this.providers.list() };
  }

  @Get(':code')
  @Allow('payment-provider.read')
  @ApiOperation({ summary: 'Show one of them' })
  @ApiOkResponse({ type: PaymentProviderDto })
  @ApiProblems('provider-not-found')
  show(@Param('code') code: string): Promise<PaymentProviderDto> {
    return this.providers.show(code);
  }

  @Post(':code')
  @HttpCode(200)
  @Allow('payment-provider.change')
  @ApiOperation({
    summary: 'Make or change a payment provider',
    description:
      'With a second person, who sees everything but the credentials; its name alone, and closing its door, need none. ' +
      'In force in every process within ten seconds, without a restart.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' })
  @ApiOkResponse({ type: PaymentProviderDto, description: 'Changed; a repeat answers how it is now' })
  @NeedsApproval()
  @ApiBodyProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'provider-changed',
    'provider-code-reserved',
    'provider-code-taken',
    'provider-credentials-missing',
    'provider-prepaid-fixed',
    'provider-settings-wrong',
    'ledger-account-spelling',
    ...APPROVAL_CODES,
  )
  async change(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('code') code: string,
    @Body() body: PaymentProviderRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentProviderDto | ApprovalNeededDto> {
    const outcome = await this.providers.change(user, key, code, body);
    if ('done' in outcome) return outcome.done;
    void reply.status(202);
    return approvalNeeded(outcome.pending);
  }
}
