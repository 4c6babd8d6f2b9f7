import { officesOf, recordAudit, type SessionUser } from '@vend/identity';
import { dhakaDay, DomainError, formatTaka, newId, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import { balancesNow, lastEntryOf, shiftCloseEntry, shiftFloatEntry, type LedgerService } from '@vend/ledger';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { countedPaisa, type Counted } from './counted';
import type { CounterErrorCode } from './counter.errors';
import { drawerOf, safeOf, type Shift, type ShiftCount } from './shift';
import {
  closeShift,
  currentShift,
  insertCount,
  insertShift,
  lastCounts,
  lockShift,
  moveShift,
  readShift,
  shiftOfKey,
  type StoredShift,
} from './store/shifts';
import { readTerms } from './store/stations';

/** What a clerk begins with. */
export interface OpenShift {
  /** The Idempotency-Key: the same key is the same shift. */
  readonly key: Id;
  /** Name of the drawer at the station: 1 to 7 letters and digits; `a1` is the drawer `A1`. */
  readonly till: string;
  /** The float, as the clerk counted it. */
  readonly float: Counted;
}

/** What the clerk found in the drawer. */
export interface CountShift {
  readonly counted: Counted;
  /** Why it is more or less than the books say; needed when it is. */
  readonly explanation?: string | undefined;
}

/** A supervisor's word on a count. */
export interface CloseShift {
  readonly key: Id;
  /** Which count it is about: another one made meanwhile is not closed unseen. */
  readonly count: number;
}

/**
 * A clerk's shift at one drawer. Its cash is an account of the books of its own (`cash:<station>.<till>`), so that what the
 * drawer should hold is a balance and no sum of ours. Between two shifts, and from the count on, the account is sealed: the
 * database refuses whatever is posted to it, so a sale is in the shift or it is refused.
 */
export class Shifts {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Opens a shift and takes its float from the station's safe.
   *
   * @throws {DomainError<CounterErrorCode>} shift-not-kept, shift-clerk-open, shift-till-taken, shift-key-conflict,
   *   count-malformed. Nothing was booked then.
   * @example await shifts.open(user, { key, till: '1', float: { pieces: { '500': 4 }, coins: '0' } })
   */
  async open(user: SessionUser, { key, till: asked, float }: OpenShift): Promise<{ shift: Shift; replayed: boolean }> {
    const floatPaisa = countedPaisa(float);
    // To the books the two are one account, and it has one name.
    const till = asked.toUpperCase();
    const { username: clerk, station } = user;
    const earlier = await this.openedBefore(key, { clerk, station, till, floatPaisa });
    if (earlier) return { shift: earlier, replayed: true };
    const terms = await readTerms(this.database, station);
    if (!terms?.keepsShifts) throw refusal('shift-not-kept');
    if (await currentShift(this.database, clerk)) throw refusal('shift-clerk-open');
    const [drawer, safe] = [drawerOf({ station, till }), safeOf(station)];
    await this.ledger.open([drawer, safe]);
    try {
      const shift = await this.database.transaction(async (tx) => {
        await this.ledger.unseal(tx, drawer, [safe]);
        const [before, afterEntry] = await Promise.all([balancesNow(tx, [drawer]), lastEntryOf(tx, drawer)]);
        const at = this.now();
        const opened: StoredShift = {
          ...{ shiftId: newId(at), openKey: key, station, till, clerk, businessDay: dhakaDay(at), state: 'OPEN' },
          ...{ floatPaisa, openedAt: at, beforePaisa: before.get(drawer) ?? 0n, afterEntry, lastEntry: null },
          ...{ counts: 0, closedAt: null, closedBy: null, closeKey: null },
        };
        await insertShift(tx, opened);
        await this.record(tx, user, 'shift-opened', opened, { floatTaka: formatTaka(floatPaisa) }, at);
        const fact = {
          businessId: opened.shiftId,
          bookedAt: Math.max(at, instantOf(afterEntry) + 1),
          office: terms.office,
        };
        if (floatPaisa > 0n) await this.ledger.post(tx, [shiftFloatEntry(fact, drawer, safe, floatPaisa)]);
        return opened;
      });
      return { shift, replayed: false };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // A twin with the same key, or whoever was quicker at this till.
      const twin = await this.openedBefore(key, { clerk, station, till, floatPaisa });
      if (twin) return { shift: twin, replayed: true };
      throw refusal((await currentShift(this.database, clerk)) ? 'shift-clerk-open' : 'shift-till-taken');
    }
  }

  /**
   * Writes down what the clerk counted; from then on the drawer takes nothing more. It may be counted again until a
   * supervisor closes it.
   *
   * @throws {DomainError<CounterErrorCode>} shift-not-found, shift-not-open, count-malformed; shift-unexplained, with what
   *   was expected. Nothing was changed then, and the drawer goes on selling.
   * @example await shifts.count(user, shiftId, { counted: { pieces: { '1000': 12 }, coins: '0' } })
   */
  async count(user: SessionUser, shiftId: Id, { counted, explanation }: CountShift): Promise<void> {
    const countedSum = countedPaisa(counted);
    const found = await readShift(this.database, shiftId);
    if (!found || found.clerk !== user.username) throw refusal('shift-not-found');
    const drawer = drawerOf(found);
    await this.ledger.open([drawer]);
    await this.database.transaction(async (tx) => {
      const shift = (await lockShift(tx, shiftId))!;
      if (shift.state === 'CLOSED') throw refusal('shift-not-open');
      await this.ledger.seal(tx, drawer);
      const expectedPaisa = (await balancesNow(tx, [drawer])).get(drawer)! - shift.beforePaisa;
      const difference = countedSum - expectedPaisa;
      if (difference !== 0n && explanation === undefined) {
        throw new DomainError<CounterErrorCode>('shift-unexplained', {
          expectedTaka: formatTaka(expectedPaisa),
          differenceTaka: formatTaka(difference),
        });
      }
      const at = this.now();
      const count: ShiftCount = {
        ...{ no: shift.counts + 1, countedAt: at, counted, countedPaisa: countedSum, expectedPaisa },
        explanation: difference === 0n ? null : (explanation ?? null),
      };
      await insertCount(tx, shiftId, count);
      await moveShift(tx, shiftId, { state: 'COUNTED', counts: count.no });
      const detail = { countedTaka: formatTaka(countedSum), expectedTaka: formatTaka(expectedPaisa) };
      await this.record(tx, user, 'shift-counted', shift, detail, at);
    });
  }

  /**
   * Sends a counted shift back to its clerk, who may sell on and count again.
   *
   * @throws {DomainError<CounterErrorCode>} shift-not-found, shift-not-counted, shift-own
   * @example await shifts.sendBack(user, shiftId, 'a bundle of 500 was not counted')
   */
  async sendBack(user: SessionUser, shiftId: Id, reason: string): Promise<void> {
    const drawer = drawerOf(await this.visible(user, shiftId));
    await this.ledger.open([drawer]);
    await this.database.transaction(async (tx) => {
      const shift = await this.waiting(tx, user, shiftId);
      await moveShift(tx, shiftId, { state: 'OPEN', counts: shift.counts });
      await this.record(tx, user, 'shift-sent-back', shift, { reason }, this.now());
      await this.ledger.unseal(tx, drawer, []);
    });
  }

  /**
   * Closes a counted shift: the counted cash goes into the safe, the difference is over or short, the drawer is empty and
   * stays sealed. It happens once, whoever closes and however often.
   *
   * @throws {DomainError<CounterErrorCode>} shift-not-found, shift-not-counted, shift-count-changed, shift-own
   * @example await shifts.close(supervisor, shiftId, { key, count: 1 })
   */
  async close(user: SessionUser, shiftId: Id, { key, count: no }: CloseShift): Promise<{ replayed: boolean }> {
    const found = await this.visible(user, shiftId);
    const [drawer, safe] = [drawerOf(found), safeOf(found.station)];
    const office = (await readTerms(this.database, found.station))!.office;
    await this.ledger.open([drawer, safe]);
    return this.database.transaction(async (tx) => {
      if ((await lockShift(tx, shiftId))!.closeKey === key) return { replayed: true };
      const shift = await this.waiting(tx, user, shiftId);
      if (shift.counts !== no) throw refusal('shift-count-changed');
      const { countedPaisa: counted, expectedPaisa } = (await lastCounts(tx, [shiftId])).get(shiftId)!;
      const at = this.now();
      const lastEntry = await lastEntryOf(tx, drawer);
      await closeShift(tx, shiftId, { key, by: user.username, at, lastEntry });
      const detail = { countedTaka: formatTaka(counted), differenceTaka: formatTaka(counted - expectedPaisa) };
      await this.record(tx, user, 'shift-closed', shift, detail, at);
      const fact = { businessId: shiftId, bookedAt: at, office };
      await this.ledger.unseal(tx, drawer, [safe, 'cash-over-short']);
      await this.ledger.post(tx, shiftCloseEntry(fact, drawer, safe, { expectedPaisa, countedPaisa: counted }));
      await this.ledger.seal(tx, drawer);
      return { replayed: false };
    });
  }

  /**
   * A shift that this person may see: the own one, or one of the offices of who reads all.
   *
   * @throws {DomainError<CounterErrorCode>} shift-not-found
   */
  async visible(user: SessionUser, shiftId: Id): Promise<StoredShift> {
    const shift = await readShift(this.database, shiftId);
    if (shift?.clerk === user.username) return shift;
    if (!shift || user.role === 'clerk') throw refusal('shift-not-found');
    const offices = await officesOf(this.database, user);
    const terms = await readTerms(this.database, shift.station);
    if (offices !== 'all' && !(terms && offices.includes(terms.office))) throw refusal('shift-not-found');
    return shift;
  }

  /** Locked, counted, and another person's. */
  private async waiting(tx: Tx, user: SessionUser, shiftId: Id): Promise<StoredShift> {
    const shift = (await lockShift(tx, shiftId))!;
    if (shift.state !== 'COUNTED') throw refusal('shift-not-counted');
    if (shift.clerk === user.username) throw refusal('shift-own');
    return shift;
  }

  private async openedBefore(
    key: Id,
    asked: { clerk: string; station: string; till: string; floatPaisa: Paisa },
  ): Promise<Shift | undefined> {
    const earlier = await shiftOfKey(this.database, key);
    if (!earlier) return undefined;
    const { clerk, station, till, floatPaisa } = earlier;
    const same = clerk === asked.clerk && station === asked.station && till === asked.till;
    if (!same || floatPaisa !== asked.floatPaisa) throw refusal('shift-key-conflict');
    return earlier;
  }

  private record(
    tx: Tx,
    { username }: SessionUser,
    action: 'shift-opened' | 'shift-counted' | 'shift-sent-back' | 'shift-closed',
    { shiftId, station, till, clerk }: Shift,
    detail: Readonly<Record<string, string>>,
    at: InstantMs,
  ): Promise<void> {
    const facts = { ...detail, station, till, clerk };
    return recordAudit(tx, { actor: `user:${username}`, action, subject: `shift:${shiftId}`, detail: facts, at });
  }
}

function refusal(code: CounterErrorCode) {
  return new DomainError<CounterErrorCode>(code);
}

/** An entry's id begins with the millisecond it was booked at. */
function instantOf(entryId: Id): InstantMs {
  return Number.parseInt(entryId.replaceAll('-', '').slice(0, 12), 16);
}
