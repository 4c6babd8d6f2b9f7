import {
  DomainError,
  isDomainError,
  startOfDay,
  type ErrorTable,
  type Id,
  type InstantMs,
  type Paisa,
} from '@vend/kernel';
import { LEDGER_ERRORS } from '@vend/ledger';
import { truncatedName, type MeterRef, type MetersService } from '@vend/meters';
import { sourceOfProvider, type Provider } from '@vend/payments';
import type { Database } from '@vend/platform';
import { quoteLines, type Quote } from '@vend/tariff';
import {
  VENDING_ERRORS,
  type PaymentReversal,
  type RechargeCommand,
  type RechargeRecord,
  type VendingService,
} from '@vend/vending';
import { askOf, type CommitRegister } from './commit-register';
import type { AcceptedAsk, BillerCore, BillerLine, BillerPayment, BillerQuote, StatementLine } from './core';
import { commitsBetween, type CommitPlace, type DayRow, type RegisteredCommit } from './store/commits';

const DAY_MS = 86_400_000;
const LINES_A_PAGE = 1_000;
const CHANNEL = 'mobile-money';

interface Rooms {
  readonly database: Database;
  readonly vending: VendingService;
  readonly meters: MetersService;
  readonly reversal: PaymentReversal;
  readonly register: CommitRegister;
  /** The most that anybody may pay at once. */
  readonly maximumPaisa: Paisa;
}

/** The meter and the amount of a payment, however it said so. */
type Target = Pick<RechargeCommand, 'meterId' | 'reference' | 'grossPaisa' | 'quote' | 'moneyIsTaken'> & {
  readonly meter?: MeterRef;
};

/** Sells our recharges through other companies, in earnest: vending's words for what every contract wants. */
export class LiveBiller implements BillerCore {
  constructor(private readonly rooms: Rooms) {}

  async quote(
    provider: Provider,
    { reference, amountPaisa }: { readonly reference: string; readonly amountPaisa?: Paisa },
  ): Promise<BillerQuote> {
    const { vending, meters } = this.rooms;
    if (amountPaisa !== undefined) this.assertAmount(provider, amountPaisa);
    const meter = await meters.resolve(reference);
    if (!meter) throw new DomainError('meter-not-found');
    const asked = amountPaisa ?? ({ minimum: true } as const);
    const { quoteId, expiresAt, quote } = await vending.quote(meter.meterId, asked, CHANNEL);
    this.assertAmount(provider, quote.grossPaisa);
    return {
      ...{ quoteId, expiresAt, amountPaisa: quote.grossPaisa },
      customerName: truncatedName(meter.customerName),
      ...{ customerNo: meter.customerNo, meterNo: meter.pan },
      ...{ lines: linesOf(quote), energyWh: quote.energyWh, estimatedWh: quote.estimatedWh },
      tariffProgram: quote.basis.tariffClass,
    };
  }

  async commit(provider: Provider, ask: AcceptedAsk): Promise<BillerPayment> {
    if (ask.refusalCode !== null) return this.unbooked(ask, 'refused', ask.refusalCode);
    const { vending } = this.rooms;
    const source = sourceOfProvider(provider);
    try {
      const { meter, ...target } = await this.target(provider, ask);
      const { record } = await vending.recharge({
        ...{ source, sourceRef: ask.trxId, channel: CHANNEL, actor: `partner:${provider.code}` },
        ...target,
      });
      return await this.paymentOf(record, ask.acceptedAt, null, meter);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      // What an earlier call did decides, whatever the reference means by now.
      const record = await vending.findByKey(source, ask.trxId);
      if (record && error.code !== 'transaction-conflict') return this.paymentOf(record, ask.acceptedAt, null);
      return passes(error) ? this.unbooked(ask, 'in-progress', null) : this.unbooked(ask, 'refused', error.code);
    }
  }

  async status(provider: Provider, trxId: string): Promise<BillerPayment | undefined> {
    const { register, vending } = this.rooms;
    const commit = await register.find(provider, trxId);
    if (commit?.state === 'REFUSED') {
      return this.unbooked(withAck(commit), 'refused', commit.refusalCode);
    }
    // After the register: what is booked was registered before.
    const record = await vending.findByKey(sourceOfProvider(provider), trxId);
    if (record) return this.paymentOf(record, commit?.acceptedAt ?? record.receivedAt, commit?.acknowledgedAt ?? null);
    return commit && this.unbooked(withAck(commit), 'in-progress', null);
  }

  async reverse(provider: Provider, trxId: string, _reason: string): Promise<BillerPayment> {
    const { register, reversal } = this.rooms;
    const commit = await register.find(provider, trxId);
    if (!commit) throw new DomainError('transaction-not-found');
    if (commit.state === 'REFUSED') {
      return this.unbooked(withAck(commit), 'refused', commit.refusalCode);
    }
    const ask = askOf(commit);
    const { meterId, grossPaisa } = await this.meant(ask);
    const record = await reversal.reverse({
      ...{ source: sourceOfProvider(provider), sourceRef: trxId, channel: CHANNEL, actor: `partner:${provider.code}` },
      ...{ meterId, grossPaisa, reference: ask.reference },
    });
    const payment = await this.paymentOf(record, commit.acceptedAt, commit.acknowledgedAt);
    await register.end(commit, payment, null);
    return payment;
  }

  async acknowledge(provider: Provider, trxId: string): Promise<BillerPayment> {
    const { register } = this.rooms;
    const commit = await register.find(provider, trxId);
    if (!commit) throw new DomainError('transaction-not-found');
    await register.acknowledge(commit);
    return (await this.status(provider, trxId))!;
  }

  async statement(
    provider: Provider,
    day: string,
    after?: string,
  ): Promise<{ readonly lines: readonly StatementLine[]; readonly next: string | null }> {
    const from = startOfDay(day);
    const span = { from, until: from + DAY_MS, after: placeOf(after), limit: LINES_A_PAGE };
    const rows = await commitsBetween(this.rooms.database, provider.code, sourceOfProvider(provider), span);
    const last = rows.length === LINES_A_PAGE ? rows.at(-1)! : null;
    return {
      lines: rows.map((row) => ({
        ...{ trxId: row.trxId, reference: row.reference, state: stateOfDay(row), bookedAt: row.acceptedAt },
        amountPaisa: row.payment?.paisa ?? this.amountOf(askOf(row)),
      })),
      next: last && `${last.acceptedAt}.${Buffer.from(last.trxId).toString('base64url')}`,
    };
  }

  /** @throws {DomainError} amount-not-positive, below-minimum-recharge, above-maximum-recharge */
  private assertAmount({ minimumPaisa, maximumPaisa }: Provider, amountPaisa: Paisa): void {
    if (amountPaisa <= 0n) throw new DomainError('amount-not-positive');
    if (minimumPaisa !== null && amountPaisa < minimumPaisa) throw new DomainError('below-minimum-recharge');
    const most = this.rooms.maximumPaisa;
    if (amountPaisa > (maximumPaisa !== null && maximumPaisa < most ? maximumPaisa : most)) {
      throw new DomainError('above-maximum-recharge');
    }
  }

  /** @throws {DomainError} meter-not-found, reference-ambiguous, quote-malformed, and an amount that is not possible */
  private async target(provider: Provider, ask: AcceptedAsk): Promise<Target> {
    const { vending, meters } = this.rooms;
    if (ask.quoteId !== undefined) {
      const { meterId, grossPaisa, expiresAt, fingerprint } = vending.readQuoteId(ask.quoteId);
      this.assertAmount(provider, grossPaisa);
      return { meterId, grossPaisa, quote: { expiresAt, fingerprint, binding: true }, moneyIsTaken: false };
    }
    const { reference = '', amountPaisa: grossPaisa = 0n } = ask;
    this.assertAmount(provider, grossPaisa);
    const meter = await meters.resolve(reference);
    if (!meter) throw new DomainError('meter-not-found');
    return { meter, meterId: meter.meterId, reference, grossPaisa, moneyIsTaken: true };
  }

  /** What a payment was about, as far as that can be told. */
  private async meant(ask: AcceptedAsk): Promise<{ readonly meterId: Id | null; readonly grossPaisa: Paisa }> {
    try {
      if (ask.quoteId !== undefined) return this.rooms.vending.readQuoteId(ask.quoteId);
      const meter = await this.rooms.meters.resolve(ask.reference ?? '');
      return { meterId: meter?.meterId ?? null, grossPaisa: this.amountOf(ask) };
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return { meterId: null, grossPaisa: this.amountOf(ask) };
    }
  }

  private amountOf({ amountPaisa, quoteId }: AcceptedAsk): Paisa {
    if (amountPaisa !== undefined || quoteId === undefined) return amountPaisa ?? 0n;
    try {
      return this.rooms.vending.readQuoteId(quoteId).grossPaisa;
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return 0n;
    }
  }

  /** A payment that the books do not have. */
  private unbooked(
    ask: AcceptedAsk & { readonly acknowledgedAt?: InstantMs | null },
    state: 'refused' | 'in-progress',
    refusalCode: string | null,
  ): BillerPayment {
    return {
      ...{ trxId: ask.trxId, state, refusalCode, amountPaisa: this.amountOf(ask) },
      ...NOTHING_VENDED,
      ...{ customerName: null, customerNo: null, meterNo: null },
      ...{ bookedAt: ask.acceptedAt, acknowledgedAt: ask.acknowledgedAt ?? null },
    };
  }

  private async paymentOf(
    record: RechargeRecord,
    bookedAt: InstantMs,
    acknowledgedAt: InstantMs | null,
    known?: MeterRef,
  ): Promise<BillerPayment> {
    const { vending, meters } = this.rooms;
    const { meterId, vend } = record;
    const meter = known?.meterId === meterId ? known : meterId === null ? undefined : await meters.byId(meterId);
    const state = STATES[record.state];
    const vended = state === 'vended' && vend;
    const quote = vended && vending.quoteOf(record).quote;
    return {
      ...{ trxId: record.sourceRef, state, refusalCode: record.refusalCode, amountPaisa: record.grossPaisa },
      customerName: meter ? truncatedName(meter.customerName) : null,
      ...{ customerNo: meter?.customerNo ?? null, meterNo: meter?.pan ?? null },
      ...NOTHING_VENDED,
      ...(vended && {
        ...{ receiptNo: vend.receiptNo, energyWh: vend.energyWh, estimatedWh: vend.estimatedWh },
        tokens: vend.tokens.map(({ digits }) => digits),
      }),
      ...(quote && { lines: linesOf(quote), tariffProgram: quote.basis.tariffClass }),
      loadsItself: (meter?.headEnd ?? null) !== null,
      ...(state === 'in-progress' && { kept: true }),
      ...{ bookedAt, acknowledgedAt },
    };
  }
}

const STATES = {
  APPLIED: 'vended',
  RECEIVED: 'in-progress',
  REFUND_DUE: 'refund-due',
  REFUNDED: 'reversed',
} as const satisfies Record<RechargeRecord['state'], BillerPayment['state']>;

const NOTHING_VENDED = { receiptNo: null, tokens: [], lines: [], energyWh: null, estimatedWh: null } as const;

function stateOfDay({ state, payment }: DayRow): BillerPayment['state'] {
  if (payment) return STATES[payment.state as RechargeRecord['state']];
  return state === 'REFUSED' ? 'refused' : 'in-progress';
}

function linesOf(quote: Quote): BillerLine[] {
  return quoteLines(quote).map(({ code, amountPaisa, label: { en, bn } }) => ({ code, amountPaisa, en, bn }));
}

/** Hindrances that pass by themselves. */
function passes({ code }: DomainError): boolean {
  const table: ErrorTable<string> = { ...VENDING_ERRORS, ...LEDGER_ERRORS };
  return table[code]?.retryable ?? false;
}

const withAck = (commit: RegisteredCommit) => ({ ...askOf(commit), acknowledgedAt: commit.acknowledgedAt });

/** @throws {DomainError} cursor-malformed */
function placeOf(after: string | undefined): CommitPlace | null {
  if (after === undefined) return null;
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,88})$/.exec(after) ?? [];
  if (at === undefined) throw new DomainError('cursor-malformed');
  return { at: Number(at), trxId: Buffer.from(id!, 'base64url').toString() };
}
