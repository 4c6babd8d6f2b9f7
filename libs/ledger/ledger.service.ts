import { DomainError, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { FIXED_ACCOUNTS, type AccountCode, type AccountOf } from './chart';
import type { Entry, EntryTemplate } from './entry';
import type { LedgerErrorCode } from './ledger.errors';
import {
  closeDayRow,
  ensureAccounts,
  findEntry,
  insertEntries,
  rollUpChunk,
  sealRow,
  settleRow,
  type StoredEntry,
} from './store/ledger.store';

/** About how many entries one transaction adds to the totals: short enough that nobody waits for it. */
const ROLL_UP_ENTRIES = 1_000;

/** The only way into the books. */
export class LedgerService {
  private readonly accountIds = new Map<AccountCode, number>();

  constructor(private readonly database: Database) {}

  /**
   * Makes the accounts known before a transaction begins that will post to them; cheap when they are.
   *
   * @example await ledger.open(['cash:NESCO-RAJ-01']);
   */
  async open(codes: readonly AccountCode[]): Promise<void> {
    // The fixed accounts too, also when none is named: a process may begin with entries between them alone.
    const wanted = [...new Set([...FIXED_ACCOUNTS, ...codes])];
    if (wanted.every((code) => this.accountIds.has(code))) return;
    const opened = await ensureAccounts(this.database, wanted);
    for (const [code, id] of opened) this.accountIds.set(code, id);
  }

  /**
   * Posts entries in the caller's transaction. Call it last: it ends with the shared balance rows, which are then
   * locked for the commit alone. An entry that comes late, behind what is settled already, is booked just after it
   * on the same open day.
   *
   * @throws {DomainError<LedgerErrorCode>} ledger-overdrawn, ledger-day-closed, ledger-date-ahead …; nothing of the
   *   call is booked then, and the caller should roll back
   * @throws {DatabaseFailure} a duplicate-key error when a fact is already booked
   * @example await database.transaction((tx) => ledger.post(tx, [paymentEntry(fact, 'receivable:demo-bkash', 50_000n)]));
   */
  async post(tx: Tx, entries: readonly Entry[]): Promise<void> {
    if (entries.length > 0) await insertEntries(tx, entries, this.accountIds);
  }

  /**
   * Lets a drawer's account take postings again, in the caller's transaction; the accounts beside it, which the same
   * transaction posts to, are locked with it.
   *
   * @example await ledger.unseal(tx, 'cash:NESCO-RAJ-01.1', ['cash:NESCO-RAJ-01', 'cash-over-short']);
   */
  unseal(tx: Tx, drawer: AccountOf<'cash'>, beside: readonly AccountCode[]): Promise<void> {
    return sealRow(
      tx,
      this.idOf(drawer),
      beside.map((code) => this.idOf(code)),
      false,
    );
  }

  /**
   * Holds a drawer's account as it is: until it is unsealed the database refuses every posting to it
   * (`ledger-drawer-sealed`). It waits for those who are posting, and whoever comes after finds it sealed.
   *
   * @example await ledger.seal(tx, 'cash:NESCO-RAJ-01.1');
   */
  seal(tx: Tx, drawer: AccountOf<'cash'>): Promise<void> {
    return sealRow(tx, this.idOf(drawer), [], true);
  }

  private idOf(code: AccountCode): number {
    const id = this.accountIds.get(code);
    if (id === undefined) throw new Error(`account ${code} was not opened before the transaction`);
    return id;
  }

  /**
   * Posts one entry, or finds that this very fact is booked already. For callers that repeat when unsure.
   *
   * @returns the entry in the books, and whether this call put it there
   * @throws {DomainError<LedgerErrorCode>} ledger-entry-conflict: the fact is booked with other postings; and what
   *   `post` throws
   * @example const { entry, repeated } = await database.transaction((tx) => ledger.postOnce(tx, entry));
   */
  async postOnce(tx: Tx, entry: Entry): Promise<{ entry: StoredEntry; repeated: boolean }> {
    const { template, businessId } = entry;
    const booked = await findEntry(tx, template, businessId);
    if (booked) return { entry: sameOrConflict(booked, entry), repeated: true };
    try {
      await this.post(tx, [entry]);
      return { entry: (await findEntry(tx, template, businessId))!, repeated: false };
    } catch (error) {
      // The unique key decides between two that post at once; the loser has waited for the winner's commit.
      if (!isDuplicate(error)) throw error;
      return { entry: sameOrConflict(await findEntry(tx, template, businessId), entry), repeated: true };
    }
  }

  /**
   * The entry of a fact, if it is booked.
   *
   * @param tx to be given inside a transaction: another connection there would wait for a pool that waits for this one
   * @example await ledger.entry('settlement', businessId)
   */
  entry(template: EntryTemplate, businessId: Id, tx?: Pick<Tx, 'query'>): Promise<StoredEntry | undefined> {
    const { database } = this;
    return findEntry(tx ?? { query: (sql, parameters) => database.read(sql, parameters) }, template, businessId);
  }

  /**
   * Closes a business day and every day before it, for ever: waits for those who are posting at this moment, and
   * whoever comes after finds the day closed. Again is harmless.
   *
   * @param actor `user:selim` or `worker:nightly`; kept with the day
   * @throws {DomainError<LedgerErrorCode>} ledger-day-not-over
   * @example await ledger.closeDay('2026-11-21', 'worker:nightly');
   */
  async closeDay(day: LocalDay, actor: string): Promise<void> {
    await this.database.transaction((tx) => closeDayRow(tx, day, actor));
    await this.rollUp();
  }

  /**
   * Says that nothing at or before this instant will be booked any more, so that totals and snapshots may cover it.
   *
   * @example await ledger.settle(Date.now() - 30_000); await ledger.rollUp();
   */
  async settle(throughMs: InstantMs): Promise<void> {
    await settleRow(this.database, throughMs);
  }

  /**
   * Adds everything settled to the day totals and snapshots, in short transactions. Any number of processes may.
   *
   * @param maxEntries stop after about so many
   * @returns how many entries were added, and how far the totals reach
   */
  async rollUp(maxEntries = Number.POSITIVE_INFINITY): Promise<{ entries: number; rolledMs: InstantMs }> {
    for (let entries = 0; ;) {
      const chunk = await rollUpChunk(this.database, ROLL_UP_ENTRIES);
      entries += chunk.entries;
      if (chunk.entries === 0 || entries >= maxEntries) return { entries, rolledMs: chunk.rolledMs };
    }
  }
}

/** @throws {DomainError<LedgerErrorCode>} ledger-entry-conflict when what is booked is not what was asked */
function sameOrConflict(booked: StoredEntry | undefined, asked: Entry): StoredEntry {
  if (booked && contentOf(booked) === contentOf(asked)) return booked;
  throw new DomainError<LedgerErrorCode>('ledger-entry-conflict', { template: asked.template });
}

/** What makes two entries the same: everything but the time of the booking. */
function contentOf({ meterId, postings }: Pick<Entry, 'meterId' | 'postings'>): string {
  return JSON.stringify([meterId, postings.map((p) => [p.debit, p.credit, p.amountPaisa.toString()])]);
}
