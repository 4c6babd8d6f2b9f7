import { DomainError, dhakaDay, monthOfDay, newId, previousMonth, type Id, type InstantMs } from '@vend/kernel';
import { recordAudit } from '@vend/identity';
import { meterMoveEntries, type LedgerService } from '@vend/ledger';
import type { Database, Tx } from '@vend/platform';
import type { MetersErrorCode } from '../meters.errors';
import type { MeterState, Phase } from '../meters';
import { saveMeterStates } from '../store/meter-states';
import { sinceMonth, type Charging } from './charging';
import type { ChangeNote, ConnectionContent, MeterContent } from './history';
import { emptyState, keyFacts, meterContent, type Doing, type NewMeter } from './installation';
import { doOnce } from './life-operations';
import { insertReplacement, moveDuePenalties, movePayments, saveMoved, voidOpenKeyChanges } from './store/replacements';
import type { StandingMeter } from './store/records';
import { changeConnection, closeMeter, insertMeter } from './store/writes';
import { connectionIdOf, holdSupply, termsOf } from './terms';
import type { Replaced } from './replaced';

export interface ReplaceCommand extends Doing {
  /** The meter that comes off the wall. */
  readonly oldMeterId: Id;
  readonly meter: NewMeter;
  /** The supply's phase, where the new meter changes it; null: as before. */
  readonly phase: Phase | null;
  /** What the old meter still showed, in its own unit, as read by whoever took it off; null: it could not be read. */
  readonly oldReading: string | null;
}

/**
 * Takes a meter off the wall and puts another in its place. What belongs to the customer goes over: units sold this
 * month, months charged, arrears and their plan, the carried remainder, sums due, payments that wait for a token. What
 * belongs to the meter stays: its number, its keys, its TIDs, its vends. Credit inside the old meter is not the server's
 * to move: that is a replacement vend.
 */
export class Replacements {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Replaces once, whoever asks and however often, under the lock that every vend of the old meter takes: a recharge
   * comes before, and its traces go over, or after, and finds the meter closed.
   *
   * @throws {DomainError} meter-not-found; meter-closed; meter-number-taken; meter-model-unknown, meter-model-differs;
   *   operation-differs
   * @example await replacements.replace({ key, by, reason: 'display dead', oldMeterId, meter, phase: null, oldReading: '12.4' })
   */
  async replace(command: ReplaceCommand): Promise<{ result: Replaced; replayed: boolean }> {
    const at = this.now();
    const { key, by, reason, ...content } = command;
    await this.ledger.open([]);
    const operation = { key, kind: 'replace', subjectId: command.oldMeterId, content, by, at } as const;
    return doOnce(this.database, operation, (tx) => this.work(tx, command, { at, by, reason }));
  }

  private async work(tx: Tx, command: ReplaceCommand, note: ChangeNote): Promise<Replaced> {
    const { oldMeterId, meter, key } = command;
    const connectionId = await connectionIdOf(tx, oldMeterId);
    if (!connectionId) throw new DomainError<MetersErrorCode>('meter-not-found');
    const { connection, meter: old, state } = await holdSupply(tx, connectionId, note.at);
    if (old?.recordId !== oldMeterId || !state) throw new DomainError<MetersErrorCode>('meter-closed');
    const today = dhakaDay(note.at);
    const phase = command.phase ?? connection.content.phase;
    const record = await meterContent(tx, meter, phase, today);
    const newMeterId = newId(note.at);
    await closeMeter(tx, old, today, note);
    await insertMeter(tx, { id: newMeterId, connectionId }, meter.number, record, note);
    if (phase !== connection.content.phase) {
      await changeConnection(tx, connection, { ...connection.content, phase }, connection.next, note);
    }
    await saveMeterStates(tx, [leftBehind(state), takenOver(state, newMeterId)]);
    await saveMoved(
      tx,
      newMeterId,
      state,
      chargingAfter(state, old.content, connection.content, { ...record, phase }, today),
    );
    await voidOpenKeyChanges(tx, oldMeterId, note);
    await moveDuePenalties(tx, oldMeterId, newMeterId);
    const paymentsMoved = await movePayments(tx, oldMeterId, newMeterId);
    const { remainderPaisa, arrearsPaisa } = state;
    const replaced: Replaced = {
      ...{ replacementId: key, connectionId, oldMeterId, newMeterId, newMeterNo: meter.number.pan },
      ...{ remainderPaisa: remainderPaisa.toString(), arrearsPaisa: arrearsPaisa.toString(), paymentsMoved },
      replacedOn: today,
    };
    await insertReplacement(tx, replaced, command.oldReading, note);
    await this.audit(tx, old, meter.number.pan, record, replaced, note);
    const fact = { businessId: key, bookedAt: note.at };
    await this.ledger.post(tx, meterMoveEntries(fact, oldMeterId, newMeterId, { remainderPaisa, arrearsPaisa }));
    return replaced;
  }

  private audit(tx: Tx, old: StandingMeter, newPan: string, record: MeterContent, done: Replaced, note: ChangeNote) {
    const { remainderPaisa, arrearsPaisa, paymentsMoved } = done;
    return recordAudit(tx, {
      actor: note.by,
      action: 'meter-replaced',
      subject: `meter:${old.pan}`,
      detail: { newMeterNo: newPan, remainderPaisa, arrearsPaisa, paymentsMoved, reason: note.reason },
      before: keyFacts(old.content),
      after: keyFacts(record),
      at: note.at,
    });
  }
}

/** What the customer owes and is owed, on the meter that is on the wall now. */
function takenOver(state: MeterState, newMeterId: Id): MeterState {
  // Its TIDs begin under its own key, and no key change waits for it.
  return { ...state, meterId: newMeterId, lastTid: 0, keyChangeDue: false };
}

/** The old meter keeps its last TID, which no token may ever repeat, and its last month charged. */
function leftBehind(state: MeterState): MeterState {
  const { lastTid, chargedThrough, charging, arrearsPlanJson } = state;
  return { ...emptyState(state.meterId), lastTid, chargedThrough, charging, arrearsPlanJson };
}

/** Months before this one are owed by the old meter's terms, if any are owed still: its owner, its phase, its rent's end. */
function chargingAfter(
  state: MeterState,
  old: MeterContent,
  connection: ConnectionContent,
  now: MeterContent & { readonly phase: Phase },
  today: string,
): Charging {
  const charging = sinceMonth(state.charging, old.installedOn);
  const terms = termsOf(connection, old);
  const through = previousMonth(monthOfDay(today));
  const rentEnd = old.rentUntil === null ? null : monthOfDay(old.rentUntil);
  const past = [...charging.past];
  if (rentEnd !== null && rentEnd < through) {
    past.push({ throughMonth: rentEnd, ...terms }, { throughMonth: through, ...terms, meterOwner: 'customer' });
  } else if (now.owner !== old.owner || now.phase !== connection.phase) {
    past.push({ throughMonth: through, ...terms });
  }
  return { ...charging, past };
}
