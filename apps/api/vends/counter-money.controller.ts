import { applyDecorators, Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { APPROVAL_CODES, approvalNeeded, NeedsApproval, type ApprovalNeededDto } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import type { ApiErrorCode } from '../http/problems';
import {
  ArrearsDto,
  ArrearsImportRequest,
  ArrearsPaymentRequest,
  CounterVendDto,
  DepositCreditRequest,
  DepositDto,
  DepositImportRequest,
  FeeListDto,
  FeeRequest,
  WriteOffRequest,
} from './counter-money.dto';
import { CounterMoneyService, type Outcome } from './counter-money.service';

const MONEY: readonly ApiErrorCode[] = [
  'idempotency-key-missing',
  'idempotency-key-malformed',
  'meter-not-found',
  'meter-check-digit-wrong',
  'reference-ambiguous',
];
const ORDER: readonly ApiErrorCode[] = ['transaction-conflict', 'books-unreachable', 'outcome-unknown'];
const CASH: readonly ApiErrorCode[] = ['shift-needed', 'ledger-drawer-sealed', 'agent-recharges-only'];
const TOKEN: readonly ApiErrorCode[] = ['token-server-down', 'token-refused', 'meter-key-expired', 'tid-too-far-ahead'];

function Keyed(type: new () => object) {
  return applyDecorators(
    ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the till' }),
    ApiCreatedResponse({ type, description: 'The first time' }),
    ApiOkResponse({ type, description: 'A repeat: what was done the first time' }),
  );
}

function told<T>(outcome: Outcome<T>, reply: FastifyReply): T | ApprovalNeededDto {
  if (outcome.state === 'pending') {
    void reply.status(202);
    return approvalNeeded(outcome.approvalId);
  }
  void reply.status(outcome.state === 'repeated' ? 200 : 201);
  return outcome.answer;
}

@ApiTags('Counter')
@Controller('v1')
export class CounterMoneyController {
  constructor(private readonly money: CounterMoneyService) {}

  @Get('meters/:meterNo/fees')
  @Allow('vend.fee')
  @ApiOperation({ summary: "Show the service fees of a meter's connection, VAT included" })
  @ApiOkResponse({ type: FeeListDto })
  @ApiProblems('meter-not-found', 'meter-check-digit-wrong', 'reference-ambiguous', 'field-invalid')
  fees(@Param('meterNo') meterNo: string): Promise<FeeListDto> {
    return this.money.fees(meterNo);
  }

  @Post('fees')
  @Allow('vend.fee')
  @ApiOperation({
    summary: 'Take a service fee',
    description:
      '`amount` is what the customer was told, VAT included; if the schedule says another sum, nothing is taken.',
  })
  @Keyed(CounterVendDto)
  @ApiBodyProblems(...MONEY, ...ORDER, ...CASH, 'fee-unknown', 'fee-changed')
  async fee(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() body: FeeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return told(await this.money.payFee(user, key, body), reply);
  }

  @Post('arrears-payments')
  @Allow('vend.arrears-payment')
  @ApiOperation({
    summary: 'Take a payment of arrears',
    description: 'Reduces what is owed; no token. More than is owed is refused with what is owed.',
  })
  @Keyed(CounterVendDto)
  @ApiBodyProblems(...MONEY, ...ORDER, ...CASH, 'arrears-less')
  async payArrears(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() body: ArrearsPaymentRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return told(await this.money.payArrears(user, key, body), reply);
  }

  @Post('deposit-credits')
  @Allow('vend.deposit-credit')
  @ApiOperation({
    summary: 'Give an old deposit back as credit',
    description: 'Arrears are set off first; the rest is energy without VAT and without rebate. Needs a second person.',
  })
  @Keyed(CounterVendDto)
  @NeedsApproval()
  @ApiBodyProblems(
    ...MONEY,
    ...ORDER,
    ...TOKEN,
    ...APPROVAL_CODES,
    'deposit-not-held',
    'deposit-differs',
    'deposit-returned',
    'meter-closed',
    'above-maximum-recharge',
    'above-meter-register',
  )
  async creditDeposit(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() body: DepositCreditRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return told(await this.money.creditDeposit(user, key, body), reply);
  }

  @Post('meters/:meterNo/deposits')
  @Allow('deposit.import')
  @ApiOperation({
    summary: 'Bring an old deposit over',
    description: "Held for the meter's customer until it is given back as credit, once. Needs a second person.",
  })
  @Keyed(DepositDto)
  @NeedsApproval()
  @ApiBodyProblems(...MONEY, ...APPROVAL_CODES, 'ledger-entry-conflict', 'deposit-known')
  async importDeposit(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() body: DepositImportRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return told(await this.money.importDeposit(user, key, meterNo, body), reply);
  }

  @Post('meters/:meterNo/arrears')
  @Allow('arrears.import')
  @ApiOperation({
    summary: 'Bring a debt of before over, and say how it is paid off',
    description: 'VAT is inside it already. The plan replaces the one before. Needs a second person.',
  })
  @Keyed(ArrearsDto)
  @NeedsApproval()
  @ApiBodyProblems(...MONEY, ...APPROVAL_CODES, 'ledger-entry-conflict')
  async importArrears(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() body: ArrearsImportRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return told(await this.money.importArrears(user, key, meterNo, body), reply);
  }

  @Post('meters/:meterNo/arrears/write-off')
  @Allow('arrears.write-off')
  @ApiOperation({ summary: 'Write a debt off that nobody will pay', description: 'Needs a second person.' })
  @Keyed(ArrearsDto)
  @NeedsApproval()
  @ApiBodyProblems(...MONEY, ...APPROVAL_CODES, 'ledger-entry-conflict', 'arrears-less')
  async writeOff(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() body: WriteOffRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return told(await this.money.writeOff(user, key, meterNo, body), reply);
  }
}
