import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Approvals, officesOf, roleMay, type Permission, type SessionUser } from '@vend/identity';
import { dhakaDay, formatInstant } from '@vend/kernel';
import { VendorFloats } from '@vend/payments';
import { Database } from '@vend/platform';
import { ATTENTION_KINDS, Health, Sales, type AttentionKind } from '@vend/reports';
import { isDay } from '@vend/settlement';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { ApiProblems } from '../http/problem.dto';
import { GatewaysService } from '../messages/gateways.service';
import { AttentionDto, DashboardHealthDto, SalesDayDto, SalesQuery, type AttentionItemDto } from './dashboard.dto';
import { attentionView, paymentView, salesView } from './dashboard.view';

/** What one may read of a kind, one may know the number of. */
const READS: Readonly<Record<AttentionKind, Permission>> = {
  'pending-vend': 'trace.read',
  'payment-message': 'dashboard.read',
  'stuck-work': 'dashboard.read',
  'failed-sms': 'message.read',
  'failed-load': 'remote-load.read',
  'payment-case': 'case.read',
  'overdue-case': 'case.read',
  review: 'review.read',
  'settlement-break': 'settlement.read',
};
/** A page of requests: more are "more". */
const APPROVALS_MAX = 100;

@ApiTags('Dashboard')
@Controller('v1/dashboard')
export class DashboardController {
  private readonly sales: Sales;
  private readonly healthOf: Health;

  constructor(
    private readonly database: Database,
    private readonly approvals: Approvals,
    private readonly floats: VendorFloats,
    private readonly gateways: GatewaysService,
  ) {
    this.sales = new Sales(database);
    this.healthOf = new Health(database);
  }

  @Get('sales')
  @Allow('dashboard.read')
  @ApiOperation({
    summary: 'What was sold on a day: by hour, by station or company, by channel',
    description:
      'Of the tills of my offices, and what customers of my offices paid elsewhere. Counted by the worker every few ' +
      'seconds: `countedAt` says when. Each of the three lists adds up to the total, to the paisa.',
  })
  @ApiOkResponse({ type: SalesDayDto })
  @ApiProblems('field-invalid')
  async day(@Caller() user: SessionUser, @Query() query: SalesQuery): Promise<SalesDayDto> {
    const now = Date.now();
    const { day = dhakaDay(now) } = query;
    if (!isDay(day)) throw new FieldsInvalid([{ field: 'day', code: 'field-malformed' }]);
    return salesView(await this.sales.day(day, await officesOf(this.database, user)), now);
  }

  @Get('attention')
  @Allow('dashboard.read')
  @ApiOperation({
    summary: 'What waits for somebody, or has failed: how much of it, and since when',
    description: 'Of my offices, and of kinds that I may read; SMS and loads that failed within seven days.',
  })
  @ApiOkResponse({ type: AttentionDto })
  @ApiProblems()
  async attention(@Caller() user: SessionUser): Promise<AttentionDto> {
    const kinds = ATTENTION_KINDS.filter((kind) => roleMay(user.role, READS[kind]));
    const offices = await officesOf(this.database, user);
    const [items, approvals] = await Promise.all([this.healthOf.attention(kinds, offices), this.waiting(user)]);
    return { asOf: formatInstant(Date.now()), items: [...approvals, ...items.map(attentionView)] };
  }

  @Get('health')
  @Allow('dashboard.read')
  @ApiOperation({
    summary: 'How SMS gateways and payment companies are: what waits, what failed, what was heard last',
    description: 'Of the whole system: a gateway that is down is down for every office.',
  })
  @ApiOkResponse({ type: DashboardHealthDto })
  @ApiProblems()
  async health(): Promise<DashboardHealthDto> {
    const [today, { items, queues }, payments, floats] = await Promise.all([
      this.healthOf.smsToday(),
      this.gateways.list(),
      this.healthOf.payments(),
      this.floats.list(),
    ]);
    const oldest = queues.flatMap((queue) => queue.oldest ?? []).sort()[0] ?? null;
    const count = queues.reduce((sum, { waiting }) => sum + waiting, 0);
    const gateways = items.map(({ code, enabled, workers, healthyWorkers, lastFaults }) => ({
      ...{ code, enabled, workers, healthyWorkers, lastFaults },
    }));
    return {
      asOf: formatInstant(Date.now()),
      sms: { today, waiting: { count, oldest }, gateways },
      payments: payments.map((each) => paymentView(each, floats)),
    };
  }

  private async waiting(user: SessionUser): Promise<AttentionItemDto[]> {
    if (!roleMay(user.role, 'approval.decide')) return [];
    const found = await this.approvals.waitingFor(user, { limit: APPROVALS_MAX + 1 });
    const oldest = found[0] ? formatInstant(found[0].requestedAt) : null;
    const count = Math.min(found.length, APPROVALS_MAX);
    const more = found.length > APPROVALS_MAX;
    return [{ kind: 'approval', count, more, oldest, amount: null, rechargeIds: [] }];
  }
}
