import { Inject, Injectable } from '@nestjs/common';
import { Tills } from '@vend/counter';
import { Approvals, recordAudit, useApproval, type AuditAction, type SessionUser } from '@vend/identity';
import { DomainError, formatTaka, isDomainError, parseTaka, type Id } from '@vend/kernel';
import { loadVendingMeters, MetersService, readMeterStates, type MeterRef, type VendingMeter } from '@vend/meters';
import { Database, type Tx } from '@vend/platform';
import { PriceBooks } from '@vend/pricebook';
import {
  arrearsPaymentOrder,
  depositCreditOrder,
  feeFor,
  feeOrder,
  MeterDues,
  Orders,
  VENDING_SETTINGS,
  VendingService,
  type Order,
  type VendingModuleSettings,
  type VendRecord,
} from '@vend/vending';
import { FieldsInvalid } from '../http/field.pipe';
import { moneyView } from '../http/format';
import { arrearsPlanOf } from './arrears-plan';
import {
  counterVendView,
  type ArrearsDto,
  type ArrearsImportRequest,
  type ArrearsPaymentRequest,
  type CounterVendDto,
  type DepositCreditRequest,
  type DepositDto,
  type DepositImportRequest,
  type FeeDto,
  type FeeListDto,
  type FeeRequest,
  type WriteOffRequest,
} from './counter-money.dto';

/** Done now, done before, or waiting for a second person. */
export type Outcome<T> =
  { readonly state: 'done' | 'repeated'; readonly answer: T } | { readonly state: 'pending'; readonly approvalId: Id };

/** Money at the counter beside the recharge, in HTTP's words. */
@Injectable()
export class CounterMoneyService {
  constructor(
    private readonly database: Database,
    private readonly meters: MetersService,
    private readonly orders: Orders,
    private readonly dues: MeterDues,
    private readonly approvals: Approvals,
    private readonly books: PriceBooks,
    private readonly tills: Tills,
    private readonly vending: VendingService,
    @Inject(VENDING_SETTINGS) private readonly settings: Pick<VendingModuleSettings, 'book'>,
  ) {}

  async fees(meterNo: string): Promise<FeeListDto> {
    const meter = await this.meter(meterNo);
    const [card, book] = await Promise.all([this.card(meter.meterId), this.books.latest(this.settings.book)]);
    const at = Date.now();
    const items = [...book.tariffs.feesAt(at).fees.keys()].flatMap((fee): FeeDto[] => {
      try {
        const due = feeFor({ fee, currentTransformers: false }, card, book, at);
        const { feePaisa, vatPaisa, totalPaisa } = due;
        return [{ fee, net: formatTaka(feePaisa), vat: formatTaka(vatPaisa), amount: moneyView(totalPaisa) }];
      } catch (error) {
        // The schedule prints none for this level: it cannot be taken here.
        if (isDomainError(error) && error.code === 'fee-unknown') return [];
        throw error;
      }
    });
    return { meterNo: meter.pan, items };
  }

  async payFee(user: SessionUser, key: Id, body: FeeRequest): Promise<Outcome<CounterVendDto>> {
    const meter = await this.meter(body.meterNo);
    const ask = {
      fee: body.fee,
      currentTransformers: body.currentTransformers ?? false,
      totalPaisa: parseTaka(body.amount),
      cash: await this.cashOf(user, key),
    };
    return this.run(feeOrder(this.by(user, key, meter, 'fee-taken', { fee: body.fee, taka: body.amount }), ask), meter);
  }

  async payArrears(user: SessionUser, key: Id, body: ArrearsPaymentRequest): Promise<Outcome<CounterVendDto>> {
    const meter = await this.meter(body.meterNo);
    const by = this.by(user, key, meter, 'arrears-paid', { taka: body.amount });
    return this.run(arrearsPaymentOrder(by, parseTaka(body.amount), await this.cashOf(user, key)), meter);
  }

  async creditDeposit(user: SessionUser, key: Id, body: DepositCreditRequest): Promise<Outcome<CounterVendDto>> {
    const meter = await this.meter(body.meterNo);
    const { paper, reason } = body;
    const depositTaka = formatTaka(parseTaka(body.amount));
    const gate = await this.approvals.gate({
      kind: 'deposit-credit',
      key,
      subject: `meter:${meter.pan}`,
      content: { meterNo: meter.pan, depositTaka, paper },
      reason,
      by: user,
    });
    if (gate.state === 'pending') return { state: 'pending', approvalId: gate.approvalId };
    const facts = { depositTaka, paper, approvalId: gate.approvalId };
    const by = this.by(user, key, meter, 'deposit-credited', facts, gate.approvalId);
    return this.run(depositCreditOrder(by, parseTaka(body.amount), paper), meter);
  }

  async importArrears(
    user: SessionUser,
    key: Id,
    meterNo: string,
    body: ArrearsImportRequest,
  ): Promise<Outcome<ArrearsDto>> {
    const meter = await this.meter(meterNo);
    const plan = arrearsPlanOf(body);
    const amountPaisa = parseTaka(body.amount);
    const { amount: _amount, reason, ...terms } = body;
    const content = { meterNo: meter.pan, taka: formatTaka(amountPaisa), ...terms };
    const gate = await this.approvals.gate({
      ...{ kind: 'arrears-import', key, subject: `meter:${meter.pan}`, content, reason, by: user },
    });
    if (gate.state === 'pending') return { state: 'pending', approvalId: gate.approvalId };
    const alongside = this.alongsideDues(user, meter, 'arrears-imported', content, gate.approvalId, key);
    const debt = { businessId: key, meterId: meter.meterId, amountPaisa, plan, alongside };
    return this.owed(meter, amountPaisa, await this.dues.importArrears(debt));
  }

  async importDeposit(
    user: SessionUser,
    key: Id,
    meterNo: string,
    { amount, paper, reason }: DepositImportRequest,
  ): Promise<Outcome<DepositDto>> {
    const meter = await this.meter(meterNo);
    const depositPaisa = parseTaka(amount);
    const content = { meterNo: meter.pan, taka: formatTaka(depositPaisa), paper };
    const subject = `meter:${meter.pan}`;
    const gate = await this.approvals.gate({ kind: 'deposit-import', key, subject, content, reason, by: user });
    if (gate.state === 'pending') return { state: 'pending', approvalId: gate.approvalId };
    const alongside = this.alongsideDues(user, meter, 'deposit-imported', content, gate.approvalId, key);
    const { meterId } = meter;
    const { repeated } = await this.dues.importDeposit({ businessId: key, meterId, depositPaisa, paper, alongside });
    const answer = { meterNo: meter.pan, amount: moneyView(depositPaisa), paper };
    return { state: repeated ? 'repeated' : 'done', answer };
  }

  async writeOff(user: SessionUser, key: Id, meterNo: string, body: WriteOffRequest): Promise<Outcome<ArrearsDto>> {
    const meter = await this.meter(meterNo);
    const amountPaisa = parseTaka(body.amount);
    const content = { meterNo: meter.pan, taka: formatTaka(amountPaisa) };
    const subject = `meter:${meter.pan}`;
    const gate = await this.approvals.gate({
      ...{ kind: 'write-off', key, subject, content, reason: body.reason, by: user },
    });
    if (gate.state === 'pending') return { state: 'pending', approvalId: gate.approvalId };
    const alongside = this.alongsideDues(user, meter, 'arrears-written-off', content, gate.approvalId, key);
    const debt = { businessId: key, meterId: meter.meterId, amountPaisa, alongside };
    return this.owed(meter, amountPaisa, await this.dues.writeOff(debt));
  }

  private async run<Extra>(order: Order<Extra>, meter: MeterRef): Promise<Outcome<CounterVendDto>> {
    const { record, replayed } = await this.orders.run(order);
    return { state: replayed ? 'repeated' : 'done', answer: counterVendView(record, meter) };
  }

  private async owed(meter: MeterRef, amountPaisa: bigint, { repeated }: { repeated: boolean }) {
    const reader = { query: this.database.read.bind(this.database) };
    const state = (await readMeterStates(reader, [meter.meterId])).get(meter.meterId)!;
    const answer = { meterNo: meter.pan, amount: moneyView(amountPaisa), owed: moneyView(state.arrearsPaisa) };
    return { state: repeated ? ('repeated' as const) : ('done' as const), answer };
  }

  /** Who asks, where, under which key; and the record of it, in the transaction of what it tells of. */
  private by(
    user: SessionUser,
    key: Id,
    meter: MeterRef,
    action: AuditAction,
    facts: Readonly<Record<string, string>>,
    approvalId?: Id,
  ) {
    const actor = `user:${user.username}`;
    return {
      source: `till:${user.station}`,
      sourceRef: key,
      channel: 'counter' as const,
      actor,
      meterId: meter.meterId,
      alongside: async (tx: Tx, vend: VendRecord) => {
        const at = vend.issuedAt;
        if (approvalId) await useApproval(tx, approvalId, `vend:${vend.vendId}`, at);
        const detail = { ...facts, receiptNo: vend.receiptNo, station: user.station };
        await recordAudit(tx, { actor, action, subject: `meter:${meter.pan}`, detail, at });
      },
    };
  }

  private alongsideDues(
    user: SessionUser,
    meter: MeterRef,
    action: AuditAction,
    detail: Readonly<Record<string, string>>,
    approvalId: Id,
    key: Id,
  ) {
    return async (tx: Tx) => {
      const at = Date.now();
      await useApproval(tx, approvalId, `entry:${key}`, at);
      const actor = `user:${user.username}`;
      await recordAudit(tx, { actor, action, subject: `meter:${meter.pan}`, detail: { ...detail, approvalId }, at });
    };
  }

  /** Where cash goes; a repeat is answered whatever became of the shift since. @throws {DomainError} shift-needed … */
  private async cashOf(user: SessionUser, key: Id): Promise<`cash:${string}`> {
    try {
      return await this.tills.cashOf(user);
    } catch (error) {
      if (isDomainError(error) && (await this.vending.findByKey(`till:${user.station}`, key)))
        return `cash:${user.station}`;
      throw error;
    }
  }

  private async meter(meterNo: string): Promise<MeterRef> {
    if (!/^\d{11,18}$/.test(meterNo)) throw new FieldsInvalid([{ field: 'meterNo', code: 'field-malformed' }]);
    const meter = await this.meters.resolve(meterNo);
    if (!meter) throw new DomainError('meter-not-found');
    return meter;
  }

  private async card(meterId: Id): Promise<VendingMeter> {
    const reader = { query: this.database.read.bind(this.database), write: () => Promise.reject(new Error('reads')) };
    return (await loadVendingMeters(reader, [meterId])).get(meterId)!;
  }
}
