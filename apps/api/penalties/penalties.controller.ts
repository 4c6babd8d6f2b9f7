import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { APPROVAL_CODES, ApprovalNeededDto, approvalNeeded, NeedsApproval } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { PenaltiesService } from './penalties.service';
import { PenaltyDto, PenaltyListDto, PenaltyRequest, WithdrawRequest } from './penalty.dto';

const KEY = { name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' } as const;
const KEY_CODES = ['idempotency-key-missing', 'idempotency-key-malformed'] as const;
const METER_CODES = ['meter-not-found', 'meter-check-digit-wrong', 'reference-ambiguous'] as const;

@ApiTags('Penalties')
@Controller('v1/meters/:meterNo/penalties')
export class PenaltiesController {
  constructor(private readonly penalties: PenaltiesService) {}

  @Post()
  @HttpCode(201)
  @Allow('penalty.enter')
  @ApiOperation({
    summary: 'Enter a tampering penalty or a power-factor surcharge by its paper',
    description:
      "With a second person; once for each paper. The meter's next recharge takes it, after VAT, and names the paper. " +
      'Nothing is booked until then.',
  })
  @ApiHeader(KEY)
  @ApiCreatedResponse({ type: PenaltyDto, description: 'Approved and entered; a repeat answers the same' })
  @NeedsApproval()
  @ApiBodyProblems(
    ...KEY_CODES,
    ...METER_CODES,
    ...APPROVAL_CODES,
    'amount-not-a-number',
    'amount-too-many-decimals',
    'amount-not-positive',
    'above-maximum-recharge',
    'penalty-paper-used',
    'penalty-key-conflict',
    'penalty-single-phase',
    'penalty-nothing-due',
  )
  async enter(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() body: PenaltyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PenaltyDto | ApprovalNeededDto> {
    return pendingOr(await this.penalties.enter(user, key, meterNo, body), reply);
  }

  @Get()
  @Allow('penalty.read')
  @ApiOperation({ summary: "A meter's penalties, due, collected and withdrawn" })
  @ApiOkResponse({ type: PenaltyListDto })
  @ApiProblems(...METER_CODES)
  list(@Caller() user: SessionUser, @Param('meterNo') meterNo: string): Promise<PenaltyListDto> {
    return this.penalties.list(user, meterNo);
  }

  @Post(':penaltyId/withdraw')
  @HttpCode(200)
  @Allow('penalty.enter')
  @ApiOperation({
    summary: 'Withdraw a penalty before a recharge has collected it',
    description: 'With a second person. A collected one comes back only with the cancellation of its recharge.',
  })
  @ApiHeader(KEY)
  @ApiOkResponse({ type: PenaltyDto })
  @NeedsApproval()
  @ApiBodyProblems(
    ...KEY_CODES,
    ...METER_CODES,
    ...APPROVAL_CODES,
    'penalty-not-found',
    'penalty-collected',
    'penalty-withdrawn',
  )
  async withdraw(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Param('penaltyId') penaltyId: string,
    @Body() { reason }: WithdrawRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PenaltyDto | ApprovalNeededDto> {
    return pendingOr(await this.penalties.withdraw(user, key, { meterNo, penaltyId, reason }), reply);
  }
}

function pendingOr(answer: PenaltyDto | { approvalId: Id }, reply: FastifyReply): PenaltyDto | ApprovalNeededDto {
  if (!('approvalId' in answer)) return answer;
  void reply.status(202);
  return approvalNeeded(answer.approvalId);
}
