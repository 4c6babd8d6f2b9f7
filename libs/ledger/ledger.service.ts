import type { Database, Tx } from '@vend/platform';
import { FIXED_ACCOUNTS, type AccountCode } from './chart';
import type { Entry } from './entry';
import { ensureAccounts, insertEntries } from './store/ledger.store';

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
   * locked for the commit alone.
   *
   * @throws a duplicate-key error when a fact is already booked, and a CHECK violation when an account that may
   *   not go negative would; both roll the whole transaction back
   */
  async post(tx: Tx, entries: readonly Entry[]): Promise<void> {
    if (entries.length > 0) await insertEntries(tx, entries, this.accountIds);
  }
}
