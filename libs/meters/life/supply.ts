import { DomainError, dhakaDay, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import { recordAudit, type AuditAction, type AuditFacts } from '@vend/identity';
import type { Database, Tx } from '@vend/platform';
import type { MetersErrorCode } from '../meters.errors';
import { saveCharging } from '../store/meter-states';
import { withFormerTerms, withoutMonthsOff } from './charging';
import type { ChangeNote, ConnectionContent } from './history';
import type { Doing } from './installation';
import type { LifeErrorCode } from './life.errors';
import { doOnce, type LifeKind, type LifeResult } from './life-operations';
import type { NextTerms, StandingConnection } from './store/records';
import { changeConnection } from './store/writes';
import { connectionIdOf, holdSupply, termsOf, type HeldConnection } from './terms';

export interface SupplyCommand extends Doing {
  /** The meter on the connection's wall. */
  readonly meterId: Id;
}

export interface TermsCommand extends SupplyCommand {
  /** What changes; null: as it is. */
  readonly tariffClass: string | null;
  readonly sanctionedW: bigint | null;
  /** The first day on which it counts: today or later. */
  readonly from: LocalDay;
}

export type SupplyChanged = {
  readonly connectionId: Id;
  readonly supply: ConnectionContent['supply'];
  readonly on: LocalDay;
};
export type TermsChanged = {
  readonly connectionId: Id;
  readonly tariffClass: string;
  readonly sanctionedW: string;
  readonly from: LocalDay;
  /** False: it waits for its day. */
  readonly inForce: boolean;
};

/** Changes of a connection: whether it is supplied, and on what terms. */
export class Supplies {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Disconnects: from now on its meter is sold nothing, and months in which it is off all the time owe no fixed charges.
   * Under the lock that every vend takes: a recharge comes before, or finds the connection off.
   *
   * @throws {DomainError} meter-not-found, meter-closed; connection-not-connected; operation-differs
   */
  disconnect(command: SupplyCommand): Promise<{ result: SupplyChanged; replayed: boolean }> {
    return this.once('disconnect', command, async (tx, { connection }, note) => {
      if (connection.content.supply !== 'connected') throw refusal('connection-not-connected');
      const on = dhakaDay(note.at);
      return this.setSupply(tx, connection, 'disconnected', on, note);
    });
  }

  /**
   * Connects again. The whole months between are not owed. A fee may be due for it: that is the counter's to collect.
   *
   * @throws {DomainError} meter-not-found, meter-closed; connection-not-disconnected; operation-differs
   */
  reconnect(command: SupplyCommand): Promise<{ result: SupplyChanged; replayed: boolean }> {
    return this.once('reconnect', command, async (tx, { connection, state }, note) => {
      const { supply, disconnectedOn } = connection.content;
      if (supply !== 'disconnected' || disconnectedOn === null) throw refusal('connection-not-disconnected');
      const on = dhakaDay(note.at);
      if (state) await saveCharging(tx, state.meterId, withoutMonthsOff(state.charging, disconnectedOn, on));
      return this.setSupply(tx, connection, 'connected', on, note);
    });
  }

  /**
   * Changes load or class from a day on. What is owed for months before that day's month keeps the former terms; the
   * month itself is owed by what holds at its first recharge (MONEY.md 2). A later day takes effect by itself, and takes
   * the place of a change that was still waiting.
   *
   * @throws {DomainError} meter-not-found, meter-closed; change-date-past; operation-differs
   * @example await supplies.changeTerms({ key, by, reason, meterId, tariffClass: null, sanctionedW: 5_000n, from: '2026-12-01' })
   */
  changeTerms(command: TermsCommand): Promise<{ result: TermsChanged; replayed: boolean }> {
    return this.once('change-terms', command, async (tx, held, note) => {
      const today = dhakaDay(note.at);
      if (command.from < today) throw refusal('change-date-past');
      const { content, next } = held.connection;
      const wanted = {
        tariffClass: command.tariffClass ?? content.tariffClass,
        sanctionedW: command.sanctionedW?.toString() ?? content.sanctionedW,
      };
      const inForce = command.from === today;
      if (inForce) await this.changeNow(tx, held, { ...content, ...wanted }, carriedOn(next, content, wanted), note);
      else {
        const { by, reason } = note;
        const later = { ...wanted, sanctionedW: BigInt(wanted.sanctionedW), from: command.from, by, reason };
        await changeConnection(tx, held.connection, content, later, note);
      }
      await this.audit(tx, held.connection, 'connection-changed', note, {
        before: { tariffClass: content.tariffClass, sanctionedW: content.sanctionedW },
        after: { ...wanted, from: command.from },
      });
      return { connectionId: held.connection.recordId, ...wanted, from: command.from, inForce };
    });
  }

  private async changeNow(
    tx: Tx,
    { connection, meter, state }: HeldConnection,
    to: ConnectionContent,
    next: NextTerms | null,
    note: ChangeNote,
  ): Promise<void> {
    await changeConnection(tx, connection, to, next, note);
    if (!meter || !state) return;
    const former = termsOf(connection.content, meter.content);
    await saveCharging(tx, meter.recordId, withFormerTerms(state.charging, former, dhakaDay(note.at)));
  }

  private async setSupply(
    tx: Tx,
    connection: StandingConnection,
    supply: 'connected' | 'disconnected',
    on: LocalDay,
    note: ChangeNote,
  ): Promise<SupplyChanged> {
    const { content, next } = connection;
    const to = { ...content, supply, disconnectedOn: supply === 'disconnected' ? on : null };
    await changeConnection(tx, connection, to, next, note);
    const action = supply === 'disconnected' ? 'connection-disconnected' : 'connection-reconnected';
    await this.audit(tx, connection, action, note, { before: { supply: content.supply }, after: { supply } });
    return { connectionId: connection.recordId, supply, on };
  }

  private audit(
    tx: Tx,
    { recordId }: StandingConnection,
    action: AuditAction,
    { at, by, reason }: ChangeNote,
    change: { before: AuditFacts; after: AuditFacts },
  ) {
    return recordAudit(tx, { actor: by, action, subject: `connection:${recordId}`, detail: { reason }, ...change, at });
  }

  private async once<Result extends LifeResult>(
    kind: LifeKind,
    command: SupplyCommand,
    work: (tx: Tx, held: HeldConnection, note: ChangeNote) => Promise<Result>,
  ): Promise<{ result: Result; replayed: boolean }> {
    const at = this.now();
    const { key, by, reason, ...content } = command;
    const operation = { key, kind, subjectId: command.meterId, content, by, at };
    return doOnce(this.database, operation, async (tx) => {
      const connectionId = await connectionIdOf(tx, command.meterId);
      if (!connectionId) throw new DomainError<MetersErrorCode>('meter-not-found');
      const held = await holdSupply(tx, connectionId, at);
      if (held.meter?.recordId !== command.meterId) throw new DomainError<MetersErrorCode>('meter-closed');
      return work(tx, held, { at, by, reason });
    });
  }
}

/** What waits for its day and says nothing of what changes now, keeps to it: a new class does not fall back with a new load. */
function carriedOn(
  next: NextTerms | null,
  was: ConnectionContent,
  now: Pick<ConnectionContent, 'tariffClass' | 'sanctionedW'>,
): NextTerms | null {
  if (next === null) return null;
  const sameLoad = next.sanctionedW.toString() === was.sanctionedW;
  return {
    ...next,
    tariffClass: next.tariffClass === was.tariffClass ? now.tariffClass : next.tariffClass,
    sanctionedW: sameLoad ? BigInt(now.sanctionedW) : next.sanctionedW,
  };
}

function refusal(code: LifeErrorCode): DomainError<LifeErrorCode> {
  return new DomainError(code);
}
