import { officesOf, recordAudit, type SessionUser } from '@vend/identity';
import { dhakaDay, DomainError, formatTaka, newId, type Id, type InstantMs } from '@vend/kernel';
import {
  accountsOf,
  balancesNow,
  cashReceivedEntry,
  cashSentEntry,
  type AccountOf,
  type LedgerService,
} from '@vend/ledger';
import type { Database } from '@vend/platform';
import { countedPaisa, type Counted } from './counted';
import type { CounterErrorCode } from './counter.errors';
import { safeOf } from './shift';
import { bankDeposit, depositOfKey, insertDeposit, lockDeposit, readDeposit, type BankDeposit } from './store/deposits';
import { lockStation, readTerms } from './store/stations';

/** Cash that is taken to the bank. */
export interface SendCash {
  /** The Idempotency-Key: the same key is the same slip. */
  readonly key: Id;
  /** The bank account's name in the books, without `bank:`. */
  readonly bank: string;
  /** The bank accounts that providers settle into: they may be named before anything was booked on them. */
  readonly settledInto: readonly AccountOf<'bank'>[];
  readonly counted: Counted;
}

/** A station's cash on its way to the bank: sent by one person with a slip, confirmed by another with the bank's paper. */
export class BankDeposits {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Writes a deposit slip: the cash leaves the safe of the sender's station.
   *
   * @throws {DomainError<CounterErrorCode>} count-malformed, deposit-empty, deposit-key-conflict; deposit-bank-unknown,
   *   with the names that there are; deposit-above-cash, with what the safe has. Nothing was booked then.
   * @example await deposits.send(user, { key, bank: 'sonali-1', settledInto: [], counted: { pieces: { '1000': 40 }, coins: '0' } })
   */
  async send(
    user: SessionUser,
    { key, bank, settledInto, counted }: SendCash,
  ): Promise<{ deposit: BankDeposit; replayed: boolean }> {
    const amountPaisa = countedPaisa(counted);
    if (amountPaisa === 0n) throw refusal('deposit-empty');
    const { station, username } = user;
    const safe = safeOf(station);
    // A name that nobody wrote before would make an account of its own, and the cash would be on its way there.
    const banks = [...new Set([...settledInto, ...(await accountsOf(this.database, 'bank'))])].sort();
    if (!banks.includes(`bank:${bank}`)) {
      const names = banks.map((code) => code.slice('bank:'.length)).join(', ');
      throw new DomainError<CounterErrorCode>('deposit-bank-unknown', { banks: names });
    }
    await this.ledger.open([safe, `bank:${bank}`]);
    return this.database.transaction(async (tx) => {
      // Two slips of one station come one after the other, so that the second finds what the first has left.
      const { office } = (await lockStation(tx, station))!;
      const earlier = await depositOfKey(tx, key);
      if (earlier) {
        const same = earlier.station === station && earlier.bank === bank && earlier.amountPaisa === amountPaisa;
        if (!same) throw refusal('deposit-key-conflict');
        return { deposit: earlier, replayed: true };
      }
      const inSafe = (await balancesNow(tx, [safe])).get(safe) ?? 0n;
      if (inSafe < amountPaisa) {
        throw new DomainError<CounterErrorCode>('deposit-above-cash', { inSafeTaka: formatTaka(inSafe) });
      }
      const at = this.now();
      const deposit: BankDeposit = {
        ...{ depositId: newId(at), station, bank, businessDay: dhakaDay(at), counted, amountPaisa, state: 'SENT' },
        ...{ sentBy: username, sentAt: at, bankedBy: null, bankedAt: null, reference: null },
      };
      await insertDeposit(tx, key, deposit);
      await this.record(tx, username, 'cash-sent', deposit, {}, at);
      const fact = { businessId: deposit.depositId, bookedAt: at, office };
      await this.ledger.post(tx, [cashSentEntry(fact, safe, amountPaisa)]);
      return { deposit, replayed: false };
    });
  }

  /**
   * Books that the bank has received a deposit; by another person than who sent it.
   *
   * @throws {DomainError<CounterErrorCode>} deposit-not-found, deposit-banked (under another reference), deposit-own
   * @example await deposits.confirm(user, depositId, 'FT26326A1B2C')
   */
  async confirm(
    user: SessionUser,
    depositId: Id,
    reference: string,
  ): Promise<{ deposit: BankDeposit; replayed: boolean }> {
    const found = await readDeposit(this.database, depositId);
    const terms = found && (await readTerms(this.database, found.station));
    const offices = await officesOf(this.database, user);
    if (!terms || (offices !== 'all' && !offices.includes(terms.office))) throw refusal('deposit-not-found');
    await this.ledger.open([`bank:${found.bank}`]);
    return this.database.transaction(async (tx) => {
      const deposit = (await lockDeposit(tx, depositId))!;
      if (deposit.state === 'BANKED') {
        if (deposit.reference === reference && deposit.bankedBy === user.username) return { deposit, replayed: true };
        throw refusal('deposit-banked');
      }
      if (deposit.sentBy === user.username) throw refusal('deposit-own');
      const at = this.now();
      await bankDeposit(tx, depositId, { by: user.username, at, reference });
      await this.record(tx, user.username, 'cash-banked', deposit, { reference }, at);
      const fact = { businessId: depositId, bookedAt: at, office: terms.office };
      await this.ledger.post(tx, [cashReceivedEntry(fact, `bank:${deposit.bank}`, deposit.amountPaisa)]);
      const banked = { bankedBy: user.username, bankedAt: at, reference };
      return { deposit: { ...deposit, state: 'BANKED', ...banked }, replayed: false };
    });
  }

  private record(
    tx: Parameters<typeof recordAudit>[0],
    username: string,
    action: 'cash-sent' | 'cash-banked',
    { depositId, station, bank, amountPaisa }: BankDeposit,
    detail: Readonly<Record<string, string>>,
    at: InstantMs,
  ): Promise<void> {
    const facts = { station, bank, amountTaka: formatTaka(amountPaisa), ...detail };
    return recordAudit(tx, {
      ...{ actor: `user:${username}`, action, subject: `bank-deposit:${depositId}`, detail: facts, at },
    });
  }
}

function refusal(code: CounterErrorCode) {
  return new DomainError<CounterErrorCode>(code);
}
