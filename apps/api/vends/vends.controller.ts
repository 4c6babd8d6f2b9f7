import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import { DomainError, parseKwh, parseTaka, type Id } from '@vend/kernel';
import {
  engineeringOrder,
  freeIssueOrder,
  keyChangeOrder,
  replacementOrder,
  type EngineeringAsk,
  type FreeIssueAmount,
  type ReplacementSource,
} from '@vend/vending';
import { applyDecorators } from '@nestjs/common';
import { APPROVAL_CODES, NeedsApproval } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems } from '../http/problem.dto';
import { RechargeDto } from '../recharges/recharge.dto';
import { EngineeringRequest, FreeIssueRequest, KeyChangeVendRequest, ReplacementRequest } from './vend.dto';
import { VendsService, type OrderAnswer } from './vends.service';

/** What every order may be refused with. */
const ORDER_CODES = [
  'idempotency-key-missing',
  'idempotency-key-malformed',
  'transaction-conflict',
  'meter-not-found',
  'meter-closed',
  'meter-check-digit-wrong',
  'token-server-down',
  'token-refused',
  'meter-key-expired',
  'tid-too-far-ahead',
  'outcome-unknown',
] as const;

/** A repeat with the same key is answered 200 with what was made the first time. */
function Orderly(summary: string, description: string) {
  return applyDecorators(
    ApiOperation({ summary, description }),
    ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the till' }),
    ApiCreatedResponse({ type: RechargeDto, description: 'The first time' }),
    ApiOkResponse({ type: RechargeDto, description: 'A repeat: what was made the first time' }),
  );
}

@ApiTags('Counter')
@Controller('v1/vends')
export class VendsController {
  constructor(private readonly vends: VendsService) {}

  @Post('engineering')
  @Allow('vend.engineering')
  @Orderly(
    'Make an engineering token: clear tamper, clear credit, power limit, phase unbalance, test and display',
    'No money moves. A waiting key change goes out first, as with a recharge; a test-display token (class 1) is the same ' +
      'for every meter and changes nothing. Clearing credit needs a second person.',
  )
  @NeedsApproval()
  @ApiBodyProblems(
    ...ORDER_CODES,
    ...APPROVAL_CODES,
    'limit-out-of-range',
    'meter-single-phase',
    'meter-service-missing',
    'role-not-allowed',
  )
  async engineering(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() body: EngineeringRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderAnswer['body']> {
    const ask = askOf(body);
    // The sanctioned load is anybody's to set; another limit is a decision.
    if (ask.what === 'max-power-limit' && ask.watts !== null) this.vends.assertMay(user, 'vend.set-limit');
    const meter = await this.vends.meterOf(body.meterNo);
    const order = engineeringOrder(this.vends.by(user, key, meter), ask, body.reason);
    const { reason } = body;
    const gate = { kind: 'clear-credit', reason, content: { registers: body.registers ?? 'own' } } as const;
    return send(reply, await this.vends.run(user, meter, order, ask.what === 'clear-credit' ? gate : undefined));
  }

  @Post('free-issue')
  @Allow('vend.free-issue')
  @Orderly(
    'Give energy free: kWh to an energy meter, Taka to a currency meter',
    'Give exactly one of kwh and amount. A second person approves; what a person and a meter may have in a month is ' +
      'limited. It is no sale: no units sold, no revenue; what it is worth is booked apart.',
  )
  @NeedsApproval()
  @ApiBodyProblems(
    ...ORDER_CODES,
    ...APPROVAL_CODES,
    'amount-in-other-unit',
    'above-meter-register',
    'free-issue-limit',
    'connection-disconnected',
    'quote-ambiguous',
  )
  async freeIssue(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() { meterNo, kwh, amount, reason, note }: FreeIssueRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderAnswer['body']> {
    const given = givenOf(kwh, amount);
    const meter = await this.vends.meterOf(meterNo);
    const order = freeIssueOrder(this.vends.by(user, key, meter), given, reason, note);
    const content = { kwh: kwh ?? null, amountTaka: amount ?? null, reason };
    return send(reply, await this.vends.run(user, meter, order, { kind: 'free-issue', reason: note, content }));
  }

  @Post('replacement')
  @Allow('vend.replacement')
  @Orderly(
    'Carry credit from a meter that was replaced, or is faulty, to the meter on the wall',
    'Paid for already, so nothing is charged. Once for each reading and never more than was vended to the old meter; a ' +
      'second person approves.',
  )
  @NeedsApproval()
  @ApiBodyProblems(
    ...ORDER_CODES,
    ...APPROVAL_CODES,
    'replacement-not-recorded',
    'above-meter-register',
    'replacement-other-unit',
    'replacement-reading-malformed',
    'replacement-reading-differs',
    'replacement-nothing-left',
    'replacement-repeated',
    'connection-disconnected',
  )
  async replacement(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() { meterNo, oldMeterNo, from, reading, note }: ReplacementRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderAnswer['body']> {
    const source = sourceOf(from, reading);
    const [meter, old] = await Promise.all([this.vends.meterOf(meterNo), this.vends.meterOf(oldMeterNo)]);
    const order = replacementOrder(this.vends.by(user, key, meter), old.meterId, source, note);
    const content = { oldMeterNo: old.pan, from, reading: reading ?? null };
    return send(reply, await this.vends.run(user, meter, order, { kind: 'replacement', reason: note, content }));
  }

  @Post('key-change')
  @Allow('vend.key-change')
  @Orderly(
    "Print a meter's waiting key change without a recharge",
    'The tokens of the campaign, in order; confirm at POST /v1/key-changes/{keyChangeId}/confirm once the meter took them.',
  )
  @ApiBodyProblems(...ORDER_CODES, 'key-change-not-due')
  async keyChange(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() { meterNo }: KeyChangeVendRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderAnswer['body']> {
    const meter = await this.vends.meterOf(meterNo);
    return send(reply, await this.vends.run(user, meter, keyChangeOrder(this.vends.by(user, key, meter))));
  }
}

function send(reply: FastifyReply, { status, body }: OrderAnswer): OrderAnswer['body'] {
  void reply.status(status);
  return body;
}

const missing = (field: string) => new FieldsInvalid([{ field, code: 'field-missing' }]);

function askOf({ what, registers, watts, tests }: EngineeringRequest): EngineeringAsk {
  switch (what) {
    case 'clear-tamper':
      return { what };
    case 'clear-credit':
      return { what, registers: registers ?? 'own' };
    case 'max-power-limit':
      return { what, watts: watts === undefined ? null : BigInt(watts) };
    case 'phase-unbalance-limit':
      if (watts === undefined) throw missing('watts');
      return { what, watts: BigInt(watts) };
    case 'test-display': {
      if (tests === undefined) throw missing('tests');
      const named = tests.filter((test) => test !== 'all');
      return { what, tests: named.length < tests.length ? 'all' : named };
    }
  }
}

function givenOf(kwh: string | undefined, amount: string | undefined): FreeIssueAmount {
  if (kwh !== undefined && amount !== undefined) throw new DomainError('quote-ambiguous');
  if (kwh !== undefined) return { energyWh: parseKwh(kwh) };
  if (amount !== undefined) return { creditPaisa: parseTaka(amount) };
  throw missing('kwh');
}

function sourceOf(from: ReplacementRequest['from'], reading: string | undefined): ReplacementSource {
  if (from === 'last-token') return { from };
  if (reading === undefined) throw missing('reading');
  return { from, reading };
}
