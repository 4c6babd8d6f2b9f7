import {
  dhakaDay,
  DomainError,
  formatTaka,
  idToBytes,
  type Id,
  type InstantMs,
  type LocalDay,
  type Paisa,
} from '@vend/kernel';
import { recordAudit } from '@vend/identity';
import type { LedgerService } from '@vend/ledger';
import { listProviders } from '@vend/payments';
import { isDuplicate, type Database } from '@vend/platform';
import { settleProvider, type Settled } from './bank';
import { dayAfter, type Break } from './breaks';
import { matchDay, type Matched } from './match/match-day';
import type { SettlementErrorCode } from './settlement.errors';
import { findProvider, sourceOf, type SettlementProvider } from './source';
import { STATEMENT_FORMAT, type StatementFormat } from './statement/format';
import { actionsOf, findBreak, listBreaks, type BreakQuestion, type DoneAction } from './store/breaks';
import { insertFormat, loadFormat } from './store/formats';
import { countingImports, idsOfDay } from './store/pages';
import { matchedAt, matchedDays, readBatches, readTotals, type BatchSums } from './store/totals';
import type { Total } from './match/day-totals';

/** Days before the last one that a night looks at again: a late file, a late call, a vend of yesterday's break. */
const NIGHT_DAYS = 4;
/** After so many days a day with payments and without a statement is somebody's to ask for. */
const STATEMENT_DAYS = 2;

/** A day of a provider for which payments are in and no statement is. */
export interface UnsettledDay {
  readonly provider: string;
  readonly day: LocalDay;
}

/** A day as it was compared last. */
export interface SettlementDay {
  readonly provider: string;
  readonly day: LocalDay;
  readonly matchedAt: InstantMs;
  readonly totals: readonly Total[];
  /** The batches with rows on this day. */
  readonly batches: readonly BatchSums[];
}

/** Comparing, booking and reading: what needs no person's word. */
export class Settlement {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Compares a day that a statement came for, and its neighbours, in which its late payments are; then what the bank has.
   *
   * @throws {DomainError<SettlementErrorCode>} statement-provider-unknown
   * @example await settlement.compare('demo-form', '2026-11-22')
   */
  async compare(provider: string, day: LocalDay): Promise<Matched[]> {
    const row = await this.provider(provider);
    const known = new Set(await matchedDays(this.database, provider, dayAfter(day, -1)));
    const matched: Matched[] = [];
    for (const each of [-1, 0, 1].map((days) => dayAfter(day, days))) {
      const stated = (await countingImports(this.database, provider, each)).length > 0;
      if (stated || known.has(each)) matched.push(await this.match(row, each));
    }
    await this.settle(row);
    return matched;
  }

  /** Books what a bank's list brought, for every provider. */
  async settleAll(): Promise<Settled[]> {
    const settled: Settled[] = [];
    for (const provider of await listProviders(this.database)) settled.push(await this.settle(provider));
    return settled;
  }

  /**
   * The night's look: breaks whose window has passed are raised, those that late rows have explained heal, and days whose
   * statement never came are counted.
   */
  async night(day: LocalDay): Promise<Record<'compared' | 'opened' | 'healed' | 'unsettledDays', number>> {
    const figures = { compared: 0, opened: 0, healed: 0, unsettledDays: 0 };
    for (const provider of await listProviders(this.database)) {
      for (const each of await matchedDays(this.database, provider.code, dayAfter(day, -NIGHT_DAYS))) {
        const { opened, healed } = await this.match(provider, each);
        figures.compared++;
        figures.opened += opened;
        figures.healed += healed;
      }
      const { opened, healed } = await this.settle(provider);
      figures.opened += opened;
      figures.healed += healed;
    }
    figures.unsettledDays = (await this.unsettled(dhakaDay(this.now()))).length;
    return figures;
  }

  /** Days of the last two weeks with payments and without a statement, though it is time for one. */
  async unsettled(today: LocalDay): Promise<UnsettledDay[]> {
    const missing: UnsettledDay[] = [];
    for (const { code, prepaid } of await listProviders(this.database)) {
      for (let days = STATEMENT_DAYS; days <= 14; days++) {
        const day = dayAfter(today, -days);
        if ((await countingImports(this.database, code, day)).length > 0) continue;
        const { after, through } = idsOfDay(day);
        const [payment] = await this.database.read(
          `SELECT 1 AS it FROM recharges WHERE source = ? AND id > ? AND id <= ? AND business_day = ? LIMIT 1`,
          [sourceOf({ code, prepaid }), idToBytes(after), idToBytes(through), day],
        );
        if (payment) missing.push({ provider: code, day });
      }
    }
    return missing;
  }

  /** @throws {DomainError<SettlementErrorCode>} settlement-day-not-matched */
  async day(provider: string, day: LocalDay): Promise<SettlementDay> {
    const at = await matchedAt(this.database, { provider, day });
    if (at === undefined) throw new DomainError<SettlementErrorCode>('settlement-day-not-matched');
    const totals = await readTotals(this.database, { provider, day });
    const own = new Set(totals.map(({ batch }) => batch));
    const batches = (await readBatches(this.database, provider, day)).filter(({ batch }) => own.has(batch));
    return { provider, day, matchedAt: at, totals, batches };
  }

  breaks(asked: BreakQuestion): Promise<Break[]> {
    return listBreaks(this.database, asked);
  }

  /** @throws {DomainError<SettlementErrorCode>} break-not-found */
  async break(breakId: Id): Promise<{ readonly broken: Break; readonly done: readonly DoneAction[] }> {
    const broken = await findBreak(this.database, breakId);
    if (!broken) throw new DomainError<SettlementErrorCode>('break-not-found');
    return { broken, done: await actionsOf(this.database, breakId) };
  }

  /** The format in force; version null: the neutral one. @throws {DomainError} statement-provider-unknown */
  async format(provider: string): Promise<{ readonly version: number | null; readonly format: StatementFormat }> {
    await this.provider(provider);
    return loadFormat(this.database, provider);
  }

  /**
   * Sets how a provider writes its statements, for files that are taken in from now on.
   *
   * @throws {DomainError<SettlementErrorCode>} statement-provider-unknown; statement-format-invalid, with the field
   */
  async setFormat(provider: string, content: unknown, by: string): Promise<number> {
    await this.provider(provider);
    const read = STATEMENT_FORMAT.safeParse(content);
    if (!read.success) {
      const [issue] = read.error.issues;
      const facts = { field: issue?.path.join('.') ?? '', because: issue?.message ?? '' };
      throw new DomainError<SettlementErrorCode>('statement-format-invalid', facts);
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.database.transaction(async (tx) => {
          const at = this.now();
          const version = await insertFormat(tx, { provider, format: read.data, by, at });
          const subject = `provider:${provider}`;
          await recordAudit(tx, { actor: by, action: 'statement-format-set', subject, detail: { version }, at });
          return version;
        });
      } catch (error) {
        if (!isDuplicate(error) || attempt >= 3) throw error;
      }
    }
  }

  private match(provider: SettlementProvider, day: LocalDay): Promise<Matched> {
    return matchDay(this.database, { provider: provider.code, source: sourceOf(provider), day }, this.now());
  }

  private settle(provider: SettlementProvider): Promise<Settled> {
    return settleProvider({ database: this.database, ledger: this.ledger }, provider, this.now());
  }

  /** @throws {DomainError<SettlementErrorCode>} statement-provider-unknown */
  async provider(code: string): Promise<SettlementProvider> {
    const provider = await findProvider(this.database, code);
    if (!provider) throw new DomainError<SettlementErrorCode>('statement-provider-unknown');
    return provider;
  }
}

/** What a day's side comes to, over all its buckets. @example sumOfSide(day.totals, 'theirs') */
export function sumOfSide(
  totals: readonly Total[],
  side: Total['side'],
): { count: number; amountPaisa: Paisa; taka: string } {
  const own = totals.filter((total) => total.side === side);
  const amountPaisa = own.reduce((sum, total) => sum + total.amountPaisa, 0n);
  return { count: own.reduce((sum, total) => sum + total.count, 0), amountPaisa, taka: formatTaka(amountPaisa) };
}
