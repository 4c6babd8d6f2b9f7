import {
  DomainError,
  dhakaDay,
  dhakaMonth,
  idToBytes,
  monthOfDay,
  monthsBetween,
  nextMonth,
  type Id,
  type InstantMs,
  type YearMonth,
} from '@vend/kernel';
import { recordAudit } from '@vend/identity';
import { carriedRefundEntry, type AccountOf, type LedgerService } from '@vend/ledger';
import type { Database, Tx } from '@vend/platform';
import type { MeterState } from '../meters';
import { saveMeterStates } from '../store/meter-states';
import type { ChangeNote } from './history';
import type { Doing } from './installation';
import type { LifeErrorCode } from './life.errors';
import { doOnce } from './life-operations';
import { connectionsOf, findCustomer } from './store/records';
import { voidOpenKeyChanges } from './store/replacements';
import { changeConnection, changeCustomer, closeMeter } from './store/writes';
import { holdSupply, type HeldConnection } from './terms';

export interface CloseCommand extends Doing {
  readonly customerNo: string;
  /** Where the carried remainder is paid out from. */
  readonly cash: AccountOf<'cash' | 'bank'>;
  /** The drawer of that station out of which it is paid, when a shift is open there. */
  readonly drawer?: AccountOf<'cash'> | undefined;
}

export type Closed = {
  readonly customerId: Id;
  /** Paisa as a decimal string: what was carried for the customer and is handed out. */
  readonly paidOutPaisa: string;
  readonly meters: number;
  readonly closedOn: string;
};

/** Ends an account: nothing owed, nothing owing, no meter left on a wall. */
export class AccountClosing {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Closes a customer's account with all its connections and meters, and pays out what was carried. Refused while
   * anything is owed either way: arrears, sums due, or fixed charges of months up to this one.
   *
   * @throws {DomainError} customer-not-found, customer-closed; account-owes (facts.what), account-waits (a payment has
   *   no token yet); operation-differs
   * @example await closing.close({ key, by, reason: 'moved away', customerNo: '40000001', cash: 'cash:NESCO-RAJ-01' })
   */
  async close(command: CloseCommand): Promise<{ result: Closed; replayed: boolean }> {
    const at = this.now();
    // A repeat is the same whoever's drawer it was.
    const { key, by, reason, drawer, ...content } = command;
    await this.ledger.open([drawer ?? command.cash]);
    const operation = { key, kind: 'close', subjectId: key, content, by, at } as const;
    return doOnce(this.database, operation, (tx) => this.work(tx, command, { at, by, reason }));
  }

  private async work(tx: Tx, command: CloseCommand, note: ChangeNote): Promise<Closed> {
    const found = await findCustomer(tx, command.customerNo);
    if (!found) throw new DomainError<LifeErrorCode>('customer-not-found');
    const connections = await connectionsOf(tx, found.recordId);
    const held: HeldConnection[] = [];
    for (const { recordId } of connections) held.push(await holdSupply(tx, recordId, note.at));
    // The customer's row last, as whoever changes a connection does; two closings meet at the meters before it.
    const customer = (await findCustomer(tx, command.customerNo, true))!;
    if (customer.content.closedOn !== null) throw new DomainError<LifeErrorCode>('customer-closed');
    for (const each of held) await this.refuseUnsettled(tx, each, note.at);
    const closedOn = dhakaDay(note.at);
    let paidOutPaisa = 0n;
    let meters = 0;
    const entries = [];
    for (const { connection, meter, state } of held) {
      const content = { ...connection.content, supply: 'closed' as const, disconnectedOn: null };
      if (connection.content.supply !== 'closed') await changeConnection(tx, connection, content, null, note);
      if (!meter || !state) continue;
      meters += 1;
      await closeMeter(tx, meter, closedOn, note);
      await voidOpenKeyChanges(tx, meter.recordId, note);
      await saveMeterStates(tx, [{ ...state, remainderPaisa: 0n, keyChangeDue: false }]);
      if (state.remainderPaisa === 0n) continue;
      paidOutPaisa += state.remainderPaisa;
      const fact = { businessId: meter.recordId, bookedAt: note.at, meterId: meter.recordId };
      entries.push(carriedRefundEntry(fact, command.drawer ?? command.cash, state.remainderPaisa));
    }
    await changeCustomer(tx, customer, { ...customer.content, closedOn }, note);
    await recordAudit(tx, {
      actor: note.by,
      action: 'account-closed',
      subject: `customer:${command.customerNo}`,
      detail: { meters, paidOutPaisa: paidOutPaisa.toString(), reason: note.reason },
      at: note.at,
    });
    await this.ledger.post(tx, entries);
    return { customerId: customer.recordId, paidOutPaisa: paidOutPaisa.toString(), meters, closedOn };
  }

  private async refuseUnsettled(tx: Tx, held: HeldConnection, at: InstantMs): Promise<void> {
    const { state, meter } = held;
    if (!state || !meter) return;
    const what = owed(held, at);
    if (what) throw new DomainError<LifeErrorCode>('account-owes', { meterNo: meter.pan, what });
    const waiting = await tx.query(`SELECT 1 FROM recharges WHERE meter_id = ? AND state = 'RECEIVED' LIMIT 1`, [
      idToBytes(state.meterId),
    ]);
    if (waiting.length > 0) throw new DomainError<LifeErrorCode>('account-waits');
  }
}

/** What keeps an account open, in a word; undefined: nothing. */
function owed({ connection, meter, state }: HeldConnection, at: InstantMs): string | undefined {
  const { arrearsPaisa, pfcDuePaisa, penaltyDuePaisa, adjustmentDuePaisa } = state!;
  if (arrearsPaisa > 0n) return 'arrears';
  if (pfcDuePaisa > 0n || penaltyDuePaisa > 0n) return 'penalty';
  if (adjustmentDuePaisa !== 0n) return 'tariff-adjustment';
  const { disconnectedOn } = connection.content;
  const through = disconnectedOn === null ? dhakaMonth(at) : monthOfDay(disconnectedOn);
  return monthsUnpaid(state!, meter!.content.installedOn, through).length > 0 ? 'fixed-charges' : undefined;
}

/** The months up to this one whose fixed charges nobody has paid. */
function monthsUnpaid({ chargedThrough, charging }: MeterState, installedOn: string, through: YearMonth): YearMonth[] {
  const installed = charging?.since ?? monthOfDay(installedOn);
  const next = chargedThrough === null ? installed : nextMonth(chargedThrough);
  const wasOff = (month: YearMonth) => charging?.off.some(([from, last]) => from <= month && month <= last) ?? false;
  return monthsBetween(next > installed ? next : installed, through).filter((month) => !wasOff(month));
}
