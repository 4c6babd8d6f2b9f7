import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import { DomainError, type Id } from '@vend/kernel';
import { APPROVAL_CODES, ApprovalNeededDto, approvalNeeded, NeedsApproval } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { GatewayDto, GatewayRequest, GatewaysDto } from './gateway.dto';
import { GatewaysService } from './gateways.service';

@ApiTags('SMS')
@Controller('v1/sms/gateways')
export class GatewaysController {
  constructor(private readonly gateways: GatewaysService) {}

  @Get()
  @Allow('sms-gateway.read')
  @ApiOperation({ summary: 'Show the SMS gateways: health, rates, and how much waits for them' })
  @ApiOkResponse({ type: GatewaysDto })
  @ApiProblems()
  list(): Promise<GatewaysDto> {
    return this.gateways.list();
  }

  @Post(':code')
  @HttpCode(200)
  @Allow('sms-gateway.change')
  @ApiOperation({
    summary: 'Make or change an SMS gateway',
    description:
      'With a second person, who sees everything but the secret. Workers use it within ten seconds, without a restart; ' +
      'what is on its way by the old connection is let through.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' })
  @ApiOkResponse({ type: GatewayDto, description: 'Approved and changed; a repeat answers how it is now' })
  @NeedsApproval()
  @ApiBodyProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'gateway-not-found',
    'gateway-changed',
    'gateway-secret-missing',
    'gateway-settings-wrong',
    ...APPROVAL_CODES,
  )
  async change(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('code') code: string,
    @Body() body: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GatewayDto | ApprovalNeededDto> {
    if (!/^[a-z][a-z0-9-]{1,31}$/.test(code)) throw new DomainError('gateway-not-found');
    const outcome = await this.gateways.change(user, key, code, body);
    if ('done' in outcome) return outcome.done;
    void reply.status(202);
    return approvalNeeded(outcome.pending);
  }
}
