import {
  dhakaDay,
  dhakaMonth,
  DomainError,
  isDomainError,
  startOfDay,
  type Id,
  type InstantMs,
  type Paisa,
  type WattHours,
} from '@vend/kernel';
import { loadVendingMeters, readMeterStates } from '@vend/meters';
import type { Database, Lane, Reader, Tx } from '@vend/platform';
import type { PriceBooks, PublishedBook } from '@vend/pricebook';
import { energyValue, minimumRecharge, price, rechargeFor, slabEnd, type PricingState, type Quote } from '@vend/tariff';
import { askedFor, assertSameAsk, isSameAsk, type Ask } from './asked';
import { pricingStateOf } from './pricing';
import { openQuoteId, quoteFingerprint, sealQuoteId, type QuoteBinding } from './quote-id';
import type { Channel, QuoteAsk, QuoteOffer, RechargeAnswer, RechargeCommand, RechargeRecord } from './recharge';
import type { Member } from './recharge.group';
import { assertRegisterHolds } from './register';
import {
  keyText,
  readEnergySoldSince,
  readLastVends,
  readRecord,
  readRecordByKey,
  readRecordByReceipt,
  readRecordsOfVends,
} from './store/recharge.store';
import { UnderWay } from './under-way';

export interface VendingSettings {
  /** The price book's name. */
  readonly book: string;
  readonly quoteSecret: Buffer;
  readonly quoteTtlMs: number;
}

/** A meter's account between recharges. */
export interface MeterAccount {
  /** Put on its tokens since the Dhaka month began, without charges and VAT. */
  readonly boughtPaisa: Paisa;
  /** Bought since the month began; null for a meter that is credited in Taka. */
  readonly boughtWh: WattHours | null;
  /** What one kWh more would cost now, without VAT and rebate; null where that is not ours to say. */
  readonly nextUnitPaisa: Paisa | null;
  /** It costs that until so much was bought this month; null: however much, or not ours to say. */
  readonly nextUnitUntilWh: WattHours | null;
  readonly arrearsPaisa: Paisa;
}

/** A meter replaced more often than this while its payment is vended is a fault of ours. */
const MOVES_MAX = 3;

interface InFlight {
  readonly command: RechargeCommand;
  readonly answer: Promise<RechargeAnswer>;
}

/** Selling electricity: quotes, recharges, and what became of them. */
export class VendingService {
  private readonly inFlight = new Map<string, InFlight>();
  private readonly underWay: UnderWay;

  constructor(
    private readonly database: Database,
    private readonly lane: Lane<Member, RechargeAnswer>,
    private readonly books: PriceBooks,
    private readonly settings: VendingSettings,
    private readonly now: () => InstantMs,
  ) {
    this.underWay = new UnderWay(database, now);
  }

  /** Reads the price book, so that a process without one refuses to start. @throws {DomainError} price-book-unknown */
  async start(): Promise<void> {
    await this.books.latest(this.settings.book);
  }

  /**
   * Prices an amount for a meter, for a payer to look at; or finds the amount: for so much energy, or the least there is. Nothing is stored and nothing is locked: the recharge
   * prices again.
   *
   * @throws {DomainError} meter-not-found, meter-closed, connection-disconnected, above-meter-register, and pricing's refusals (below-minimum-recharge …)
   */
  async quote(meterId: Id, asked: Paisa | QuoteAsk, channel: Channel = 'counter'): Promise<QuoteOffer> {
    const now = this.now();
    const [meters, states, book] = await Promise.all([
      loadVendingMeters(readerOf(this.database), [meterId], now),
      readMeterStates(readerOf(this.database), [meterId]),
      this.books.latest(this.settings.book),
    ]);
    const meter = meters.get(meterId);
    const state = states.get(meterId);
    if (!meter || !state) throw new DomainError('meter-not-found');
    if (meter.status !== 'active') throw new DomainError('meter-closed');
    if (meter.supply !== 'connected') throw new DomainError('connection-disconnected');
    const pricedState = pricingStateOf(meter, state);
    const ask = typeof asked === 'bigint' ? { grossPaisa: asked } : asked;
    const grossPaisa = amountFor(ask, pricedState, now, book, channel);
    const quote = price(pricedState, grossPaisa, now, book.tariffs, { channel });
    assertRegisterHolds(meter, quote);
    const expiresAt = now + this.settings.quoteTtlMs;
    const binding = { meterId, grossPaisa, expiresAt, fingerprint: quoteFingerprint(quote) };
    return { quoteId: sealQuoteId(this.settings.quoteSecret, binding), expiresAt, quote, pricedState };
  }

  /** Reads a quote id back. Expiry is judged by the recharge: a repeat of a paid one must be answered after it. */
  readQuoteId(quoteId: string): QuoteBinding {
    return openQuoteId(this.settings.quoteSecret, quoteId);
  }

  /**
   * Turns a payment into a vend, once per business key, whoever asks and however often. Equal calls under way at
   * the same time share one passage through the lane.
   *
   * @throws {DomainError} transaction-conflict, lane-full, token-server-down …: nothing was charged, but for
   *   outcome-unknown, which must be asked again with the same key
   */
  async recharge(command: RechargeCommand): Promise<RechargeAnswer> {
    const key = keyText(command);
    for (let running = this.inFlight.get(key); running; running = this.inFlight.get(key)) {
      const { grossPaisa } = running.command;
      if (isSameAsk(command, { asked: askedFor(running.command), grossPaisa })) {
        return { record: await this.withBook((await running.answer).record), replayed: true };
      }
      const first = await running.answer.catch(() => undefined);
      if (first) assertSameAsk(command, first.record);
    }
    const answer = this.lane.submit({ kind: 'new', command });
    this.inFlight.set(key, { command, answer });
    this.underWay.watch(command, answer);
    try {
      const { record, replayed } = await answer;
      return { record: await this.withBook(record), replayed };
    } finally {
      this.inFlight.delete(key);
    }
  }

  /**
   * Vends a payment that was kept because no token could be made. Does nothing when it is concluded already.
   *
   * @throws {DomainError} token-server-down: still not, try later; recharge-not-found
   */
  async complete(rechargeId: Id): Promise<RechargeRecord> {
    for (let attempt = 1; ; attempt++) {
      const record = await this.find(rechargeId);
      if (!record) throw new DomainError('recharge-not-found');
      if (record.state !== 'RECEIVED' || record.meterId === null) return record;
      try {
        const answer = await this.lane.submit({ kind: 'complete', rechargeId, meterId: record.meterId });
        return await this.withBook(answer.record);
      } catch (error) {
        // Its meter was replaced after we had read it: it waits for the new one.
        if (!isDomainError(error) || error.code !== 'payment-moved' || attempt === MOVES_MAX) throw error;
      }
    }
  }

  /**
   * What is in the books under this key, if it is what is asked for now: for repeats whose meter cannot be found any
   * more. undefined: nothing is.
   *
   * @throws {DomainError} transaction-conflict: the key was used for something else
   */
  async findRepeat(source: string, sourceRef: string, ask: Ask): Promise<RechargeRecord | undefined> {
    const record = await this.findByKey(source, sourceRef);
    if (record) assertSameAsk(ask, record);
    return record;
  }

  /** What became of a payment, by our id. */
  async find(rechargeId: Id): Promise<RechargeRecord | undefined> {
    const record = await readRecord(this.database, rechargeId);
    return record && this.withBook(record);
  }

  /** What became of a payment, by the number on its receipt. @example await vending.findByReceipt('NV-261121-7K3M9QXA2T') */
  async findByReceipt(receiptNo: string): Promise<RechargeRecord | undefined> {
    const record = await readRecordByReceipt(this.database, receiptNo);
    return record && this.withBook(record);
  }

  /** What became of a payment, by its business key. */
  async findByKey(source: string, sourceRef: string): Promise<RechargeRecord | undefined> {
    const record = await readRecordByKey(this.database, { source, sourceRef });
    return record && this.withBook(record);
  }

  /**
   * True while a payment is in hand, here or in another process, that the books do not show yet. Asked after
   * `findByKey` found nothing, and before anybody is told that there is no such payment.
   *
   * @example if (!record && (await vending.isUnderWay('provider:demo-bkash', 'CK12AB34CD'))) …
   */
  async isUnderWay(source: string, sourceRef: string): Promise<boolean> {
    const key = { source, sourceRef };
    return this.inFlight.has(keyText(key)) || this.underWay.isHeld(key);
  }

  /**
   * A meter's last vends of every kind that stand, the latest first: for printing them again, and for a customer's list.
   *
   * @param before the last one of the page before: the list goes on after it
   */
  async lastOf(meterId: Id, count: number, before?: RechargeRecord): Promise<RechargeRecord[]> {
    const from = before?.vend && { receivedAt: before.receivedAt, vendId: before.vend.vendId };
    const vendIds = await readLastVends(this.database, meterId, count, from ?? undefined);
    const records = await this.findByVends(vendIds);
    const place = new Map(vendIds.map((vendId, index) => [vendId, index]));
    return records.sort((a, b) => place.get(a.vend!.vendId)! - place.get(b.vend!.vendId)!);
  }

  /**
   * What a meter's customer may ask of its account between recharges. Of a meter that is credited in Taka we do not count
   * the units: it prices them itself.
   *
   * @returns undefined for a meter that we do not know
   * @example (await vending.accountOf(meterId))?.boughtWh // 145100n
   */
  async accountOf(meterId: Id, at: InstantMs = this.now()): Promise<MeterAccount | undefined> {
    const since = new Date(startOfDay(`${dhakaDay(at).slice(0, 7)}-01`));
    const [meters, states, soldPaisa, book] = await Promise.all([
      loadVendingMeters(readerOf(this.database), [meterId], at),
      readMeterStates(readerOf(this.database), [meterId]),
      readEnergySoldSince(this.database, meterId, since),
      this.books.latest(this.settings.book),
    ]);
    const meter = meters.get(meterId);
    const state = states.get(meterId);
    if (!meter || !state) return undefined;
    const counted = meter.crediting === 'energy';
    return {
      boughtPaisa: soldPaisa,
      boughtWh: !counted ? null : state.soldMonth === dhakaMonth(at) ? state.soldWh : 0n,
      ...(counted ? nextUnit(pricingStateOf(meter, state), at, book) : NO_ONE_RATE),
      arrearsPaisa: state.arrearsPaisa,
    };
  }

  /** The records of vends, for their receipts. */
  async findByVends(vendIds: readonly Id[], reader: Reader = this.database): Promise<RechargeRecord[]> {
    const records = await readRecordsOfVends(reader, vendIds);
    for (const record of records) await this.withBook(record);
    return records;
  }

  /**
   * The quote that a credit vend was priced with, computed again from its stored input: for lines with their reasons.
   *
   * @param record as this service gave it, with its vend
   */
  quoteOf({ vend, channel }: RechargeRecord): { quote: Quote; pricedState: PricingState } {
    const pricing = vend?.kind === 'credit' ? vend.pricing : null;
    const book = pricing && this.books.known(pricing.tariffBook, pricing.priceRevision);
    if (!book) throw new Error('a record without a credit vend, or not read by this service');
    const quote = price(pricing.pricedState, vend!.amounts.grossPaisa, vend!.issuedAt, book.tariffs, { channel });
    return { quote, pricedState: pricing.pricedState };
  }

  /** Whoever holds a record may ask for its quote: the book that it was priced with is read with it. */
  private async withBook(record: RechargeRecord): Promise<RechargeRecord> {
    const pricing = record.vend?.pricing;
    if (pricing && !this.books.known(pricing.tariffBook, pricing.priceRevision)) {
      await this.books.at(pricing.tariffBook, pricing.priceRevision);
    }
    return record;
  }
}

/** The amount that a payer asks about, in steps that the channel can send. */
function amountFor(
  ask: QuoteAsk,
  state: PricingState,
  at: InstantMs,
  { tariffs }: PublishedBook,
  channel: Channel,
): Paisa {
  if ('grossPaisa' in ask) return ask.grossPaisa;
  if ('energyWh' in ask) return rechargeFor(state, ask.energyWh, at, tariffs, { channel });
  return minimumRecharge(state, at, tariffs, { channel });
}

type NextUnit = Pick<MeterAccount, 'nextUnitPaisa' | 'nextUnitUntilWh'>;
const NO_ONE_RATE: NextUnit = { nextUnitPaisa: null, nextUnitUntilWh: null };

/** One kWh more, without VAT and rebate; null where the class has no one rate. */
function nextUnit(state: PricingState, at: InstantMs, { tariffs }: PublishedBook): NextUnit {
  try {
    return {
      nextUnitPaisa: energyValue(state, 1_000n, at, tariffs),
      nextUnitUntilWh: slabEnd(state, at, tariffs),
    };
  } catch (error) {
    if (isDomainError(error)) return NO_ONE_RATE;
    throw error;
  }
}

/** A reader for store functions that only ask: one statement, its own snapshot. */
function readerOf(database: Database): Pick<Tx, 'query'> {
  return { query: (sql, parameters) => database.read(sql, parameters) };
}
