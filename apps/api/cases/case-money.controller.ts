import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CasesService, MoneyWays, type MoneyAnswer } from '@vend/cases';
import type { SessionUser } from '@vend/identity';
import { DomainError, type Id } from '@vend/kernel';
import { MetersService } from '@vend/meters';
import { Database } from '@vend/platform';
import { APPROVAL_CODES, ApprovalNeededDto, approvalNeeded, NeedsApproval } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems } from '../http/problem.dto';
import { ApplyRequest, CaseDto, RefundRequest } from './case.dto';
import { caseView } from './case.view';
import { caseReaderOf } from './cases.controller';

const KEY = { name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' } as const;
const MONEY_CODES = [
  'idempotency-key-missing',
  'idempotency-key-malformed',
  'case-not-found',
  'case-number-wrong',
  'case-closed',
  'case-key-conflict',
  'case-without-payment',
  'payment-not-owed',
  ...APPROVAL_CODES,
] as const;

/** The two ways out of a case about money. */
@ApiTags('Cases')
@Controller('v1/cases')
export class CaseMoneyController {
  constructor(
    private readonly database: Database,
    private readonly cases: CasesService,
    private readonly ways: MoneyWays,
    private readonly meters: MetersService,
  ) {}

  @Post(':caseNo/apply')
  @HttpCode(200)
  @Allow('case.settle-money')
  @ApiOperation({
    summary: 'Vend the payment to the meter that it was meant for',
    description:
      "Under the payment's own business key: one vend, whoever repeats. Another meter than the payer named needs a second " +
      'person. While no token can be made the payment is `pending`, and is vended later.',
  })
  @ApiHeader(KEY)
  @ApiOkResponse({ type: CaseDto })
  @NeedsApproval()
  @ApiBodyProblems(
    ...MONEY_CODES,
    'payment-was-vended',
    'meter-not-found',
    'meter-closed',
    'meter-check-digit-wrong',
    'reference-ambiguous',
    'below-minimum-recharge',
  )
  async apply(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('caseNo') number: string,
    @Body() { meterNo, reason }: ApplyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CaseDto | ApprovalNeededDto> {
    const meter = await this.meters.resolve(meterNo);
    if (!meter) throw new DomainError('meter-not-found');
    const reader = await caseReaderOf(this.database, user);
    return this.answer(user, await this.ways.apply(reader, { key, number, meter, reason }), reply);
  }

  @Post(':caseNo/refund')
  @HttpCode(200)
  @Allow('case.settle-money')
  @ApiOperation({
    summary: 'Pay the payment back',
    description: "Whole, once, with a second person: out of your station's cash, or by the provider that took it.",
  })
  @ApiHeader(KEY)
  @ApiOkResponse({ type: CaseDto })
  @NeedsApproval()
  @ApiBodyProblems(...MONEY_CODES, 'case-refund-way')
  async refund(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('caseNo') number: string,
    @Body() { from, reference, reason }: RefundRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CaseDto | ApprovalNeededDto> {
    const reader = await caseReaderOf(this.database, user);
    return this.answer(user, await this.ways.refund(reader, { key, number, from, reference, reason }), reply);
  }

  private async answer(
    user: SessionUser,
    answer: MoneyAnswer,
    reply: FastifyReply,
  ): Promise<CaseDto | ApprovalNeededDto> {
    if (answer.state === 'pending') {
      void reply.status(202);
      return approvalNeeded(answer.approvalId);
    }
    const { card, events } = await this.cases.show({ user, offices: 'all' }, answer.card.number);
    return caseView(card, events, Date.now());
  }
}
