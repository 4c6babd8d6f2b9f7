import { DomainError, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import { loadVendingMeters, readMeterStates } from '@vend/meters';
import type { Database, Reader, Tx } from '@vend/platform';
import { bookById, price, type PricingState, type Quote, type TariffBook } from '@vend/tariff';
import type { Lane } from './lane';
import { pricingStateOf } from './pricing';
import { openQuoteId, quoteFingerprint, sealQuoteId, type QuoteBinding } from './quote-id';
import type { QuoteOffer, RechargeAnswer, RechargeCommand, RechargeRecord, VendRecord } from './recharge';
import type { Member } from './recharge.group';
import { assertSameContent } from './recharge.runner';
import { keyText, readRecord, readRecordByKey, readRecordsOfVends } from './store/recharge.store';

export interface VendingSettings {
  readonly quoteSecret: Buffer;
  readonly quoteTtlMs: number;
}

interface InFlight {
  readonly command: RechargeCommand;
  readonly answer: Promise<RechargeAnswer>;
}

/** Selling electricity: quotes, recharges, and what became of them. */
export class VendingService {
  private readonly inFlight = new Map<string, InFlight>();

  constructor(
    private readonly database: Database,
    private readonly lane: Lane<Member, RechargeAnswer>,
    private readonly book: TariffBook,
    private readonly settings: VendingSettings,
    private readonly now: () => InstantMs,
  ) {}

  /**
   * Prices an amount for a meter, for a payer to look at. Nothing is stored and nothing is locked: the recharge
   * prices again.
   *
   * @throws {DomainError} meter-not-found, meter-closed, and pricing's refusals (below-minimum-recharge …)
   */
  async quote(meterId: Id, grossPaisa: Paisa): Promise<QuoteOffer> {
    const now = this.now();
    const [meters, states] = await Promise.all([
      loadVendingMeters(readerOf(this.database), [meterId]),
      readMeterStates(readerOf(this.database), [meterId]),
    ]);
    const meter = meters.get(meterId);
    const state = states.get(meterId);
    if (!meter || !state) throw new DomainError('meter-not-found');
    if (meter.status !== 'active') throw new DomainError('meter-closed');
    const pricedState = pricingStateOf(meter, state);
    const quote = price(pricedState, grossPaisa, now, this.book);
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
      const { meterId, grossPaisa } = running.command;
      if (meterId === command.meterId && grossPaisa === command.grossPaisa) {
        return { record: (await running.answer).record, replayed: true };
      }
      const first = await running.answer.catch(() => undefined);
      if (first) assertSameContent(command, first.record);
    }
    const answer = this.lane.submit({ kind: 'new', command });
    this.inFlight.set(key, { command, answer });
    try {
      return await answer;
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
    const record = await this.find(rechargeId);
    if (!record) throw new DomainError('recharge-not-found');
    if (record.state !== 'RECEIVED' || record.meterId === null) return record;
    return (await this.lane.submit({ kind: 'complete', rechargeId, meterId: record.meterId })).record;
  }

  /** What became of a payment, by our id. */
  find(rechargeId: Id): Promise<RechargeRecord | undefined> {
    return readRecord(this.database, rechargeId);
  }

  /** What became of a payment, by its business key. */
  findByKey(source: string, sourceRef: string): Promise<RechargeRecord | undefined> {
    return readRecordByKey(this.database, { source, sourceRef });
  }

  /** The records of vends, for their receipts. */
  findByVends(vendIds: readonly Id[], reader: Reader = this.database): Promise<RechargeRecord[]> {
    return readRecordsOfVends(reader, vendIds);
  }

  /** The quote that a vend was priced with, computed again from its stored input: for lines with their reasons. */
  quoteOf(vend: VendRecord): { quote: Quote; pricedState: PricingState } {
    const book = vend.tariffBook === this.book.id ? this.book : bookById(vend.tariffBook);
    const quote = price(vend.pricedState, vend.amounts.grossPaisa, vend.issuedAt, book);
    return { quote, pricedState: vend.pricedState };
  }
}

/** A reader for store functions that only ask: one statement, its own snapshot. */
function readerOf(database: Database): Pick<Tx, 'query'> {
  return { query: (sql, parameters) => database.read(sql, parameters) };
}
