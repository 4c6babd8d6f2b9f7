import { createHash } from 'node:crypto';
import { DomainError, dhakaDay, newId, type Id, type InstantMs } from '@vend/kernel';
import { recordAudit, roleMay, type AuditAction, type Role } from '@vend/identity';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { assertCaseMove, assertOutcomeTrue, type CaseOutcome, type CaseState } from './case.lifecycle';
import { readCaseNumber } from './case-number';
import { tellCustomer } from './case-sms';
import type { CaseCard, CaseEvent, CaseEventKind, CaseReader, CaseSubjectNames } from './cases';
import type { CasesErrorCode } from './cases.errors';
import { CASE_KINDS, deadlineOf, endOfDayAfter, REOPEN_DAYS, type CaseKind } from './kinds';
import {
  addEvent,
  changeCase,
  findRequest,
  insertCase,
  lockCase,
  readCase,
  readCaseById,
  readEvents,
  type CaseChange,
  type LockedCase,
} from './store/cases';
import { findWorker, readQueue } from './store/queue';
import { findSubjects } from './store/subjects';

/** A complaint, as it is told. */
export interface OpenCase {
  /** The Idempotency-Key: the same key is the same case, however often it is sent. */
  readonly key: Id;
  readonly kind: CaseKind;
  readonly about: CaseSubjectNames;
  readonly words: string;
}

/** Which open cases to list. */
export interface CaseQueueQuestion {
  /** `mine`: I own them. `queue`: they wait for my role. `office`: all that I may see. `overdue`: of these, the late ones. */
  readonly view: 'mine' | 'queue' | 'office' | 'overdue';
  readonly after?: { readonly dueAt: InstantMs; readonly caseId: Id };
  readonly limit: number;
}

/** A change of a case that was read at this version. */
export interface CaseMove {
  readonly number: string;
  readonly version: number;
}

/** Who a case goes to: a person, or the queue of a role. */
export type CaseTarget = { readonly owner: string } | { readonly queue: Role };

/** Complaints: opened, worked, closed. What moves money is in `MoneyWays`. */
export class CasesService {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Opens a case and queues the SMS with its number.
   *
   * @returns the case, and whether this key had opened it before
   * @throws {DomainError} case-subject-missing, case-subjects-differ, recharge-not-found, meter-not-found,
   *   case-key-conflict
   * @example await cases.open(reader, { key, kind: 'token-refused', about: { meterNo }, words: 'error 3 on the display' })
   */
  async open(reader: CaseReader, asked: OpenCase): Promise<{ card: CaseCard; replayed: boolean }> {
    const hash = createHash('sha256')
      .update(JSON.stringify([asked.kind, asked.about, asked.words]))
      .digest();
    const earlier = await this.replay(asked.key, hash);
    if (earlier) return earlier;
    const subjects = await findSubjects(this.database, asked.about);
    const { user } = reader;
    const worker = await findWorker(this.database, user.username);
    const at = this.now();
    const caseId = newId(at);
    try {
      await this.database.transaction(async (tx) => {
        const number = await insertCase(tx, {
          ...subjects,
          ...{ caseId, inboxId: null, requestId: asked.key, contentHash: hash, kind: asked.kind, words: asked.words },
          office: subjects.office ?? worker?.office ?? '',
          year: Number(dhakaDay(at).slice(0, 4)),
          queue: CASE_KINDS[asked.kind].queue,
          openedBy: `user:${user.username}`,
          openedAt: at,
          dueAt: deadlineOf(asked.kind, at),
        });
        const happened = { caseId, number, actor: `user:${user.username}`, at };
        await told(tx, { ...happened, what: 'opened', action: 'case-opened', detail: { kind: asked.kind } });
        if (subjects.customerId) await tellCustomer(tx, 'case-opened', caseId, subjects.customerId, at);
      });
    } catch (error) {
      // Two of the same request at once: the unique key lets one in, and the other finds it.
      const winner = isDuplicate(error) ? await this.replay(asked.key, hash) : undefined;
      if (winner) return winner;
      throw error;
    }
    return { card: (await readCaseById(this.database, caseId))!, replayed: false };
  }

  /**
   * A case by the number that the customer says, with what happened to it.
   *
   * @throws {DomainError} case-number-wrong, case-not-found
   */
  async show(reader: CaseReader, number: string): Promise<{ card: CaseCard; events: CaseEvent[] }> {
    const card = await this.visible(reader, number);
    return { card, events: await readEvents(this.database, card.caseId) };
  }

  /** Open cases, the most overdue first. */
  async queue({ user, offices }: CaseReader, { view, after, limit }: CaseQueueQuestion): Promise<CaseCard[]> {
    return readQueue(this.database, {
      ...{ offices, after, limit },
      ...(view === 'mine' && { owner: user.username, offices: 'all' as const }),
      ...(view === 'queue' && { queue: user.role }),
      ...(view === 'overdue' && { dueBefore: this.now() }),
    });
  }

  /** Adds a note; it needs no version, because it overwrites nothing. */
  async note(reader: CaseReader, number: string, words: string): Promise<CaseCard> {
    const card = await this.visible(reader, number);
    const at = this.now();
    const actor = `user:${reader.user.username}`;
    await this.database.transaction((tx) =>
      told(tx, { caseId: card.caseId, number: card.number, actor, at, what: 'note', action: 'case-noted', words }),
    );
    return this.again(card);
  }

  /**
   * Gives a case to a person or back to a queue.
   *
   * @throws {DomainError} case-changed, case-closed, case-owner-unfit
   */
  async assign(reader: CaseReader, move: CaseMove, to: CaseTarget): Promise<CaseCard> {
    if ('queue' in to && !roleMay(to.queue, 'case.work')) throw new DomainError<CasesErrorCode>('case-owner-unfit');
    if ('owner' in to) {
      const worker = await findWorker(this.database, to.owner);
      if (!worker || !roleMay(worker.role, 'case.work')) throw new DomainError<CasesErrorCode>('case-owner-unfit');
    }
    const owner = 'owner' in to ? to.owner : null;
    const words = 'owner' in to ? `to ${to.owner}` : `to the queue of ${to.queue}`;
    return this.move(reader, move, { what: 'assigned', action: 'case-assigned', words }, (locked) => ({
      state: owner === null ? 'OPEN' : 'ASSIGNED',
      queue: 'queue' in to ? to.queue : locked.queue,
      owner,
    }));
  }

  /** Says what a case waits for; its deadline runs on. @throws {DomainError} case-changed, case-closed */
  async wait(reader: CaseReader, move: CaseMove, waitingFor: string): Promise<CaseCard> {
    const event = { what: 'waiting', action: 'case-waiting', words: waitingFor } as const;
    return this.move(reader, move, event, ({ queue, owner }) => ({ state: 'WAITING', queue, owner, waitingFor }));
  }

  /**
   * Closes a case with an outcome that is true, and queues the SMS that says so.
   *
   * @throws {DomainError} case-changed, case-closed, case-money-open, case-outcome-untrue
   */
  async close(
    reader: CaseReader,
    move: CaseMove,
    { outcome, words }: { readonly outcome: CaseOutcome; readonly words: string },
  ): Promise<CaseCard> {
    const event = { what: 'closed', action: 'case-closed', words: `${outcome}: ${words}` } as const;
    const by = `user:${reader.user.username}`;
    return this.move(reader, move, event, async (locked, at, tx) => {
      assertOutcomeTrue(outcome, locked.paymentState);
      const once = `closed-${locked.closings + 1}`;
      if (locked.customerId) await tellCustomer(tx, 'case-closed', locked.caseId, locked.customerId, at, once);
      return { state: 'CLOSED', queue: locked.queue, owner: locked.owner, closed: { outcome, words, at, by } };
    });
  }

  /**
   * Takes a closed case up again, with a deadline from now: to its owner, else to its queue.
   *
   * @throws {DomainError} case-changed, case-not-closed, case-reopen-late
   */
  async reopen(reader: CaseReader, move: CaseMove, words: string): Promise<CaseCard> {
    return this.move(reader, move, { what: 'reopened', action: 'case-reopened', words }, (locked, at) => {
      if (locked.closedAt === null) throw new DomainError<CasesErrorCode>('case-not-closed');
      if (at >= endOfDayAfter(locked.closedAt, REOPEN_DAYS)) throw new DomainError<CasesErrorCode>('case-reopen-late');
      return reopened(locked, at);
    });
  }

  /**
   * The case of a number, if this reader may see it.
   *
   * @throws {DomainError} case-number-wrong, case-not-found
   */
  async visible({ user, offices }: CaseReader, number: string): Promise<CaseCard> {
    const card = await readCase(this.database, readCaseNumber(number));
    const seen =
      offices === 'all' || card?.office === '' || card?.owner === user.username || offices.includes(card?.office ?? '');
    if (!card || !seen) throw new DomainError<CasesErrorCode>('case-not-found');
    return card;
  }

  private async replay(key: Id, hash: Buffer): Promise<{ card: CaseCard; replayed: true } | undefined> {
    const earlier = await findRequest(this.database, key);
    if (!earlier) return undefined;
    if (!earlier.hash.equals(hash)) throw new DomainError<CasesErrorCode>('case-key-conflict');
    return { card: (await readCaseById(this.database, earlier.caseId))!, replayed: true };
  }

  private async move(
    reader: CaseReader,
    { number, version }: CaseMove,
    event: Pick<Told, 'what' | 'action' | 'words'>,
    changeOf: (locked: LockedCase, at: InstantMs, tx: Tx) => CaseChange | Promise<CaseChange>,
  ): Promise<CaseCard> {
    const card = await this.visible(reader, number);
    await this.database.transaction(async (tx) => {
      const locked = (await lockCase(tx, card))!;
      const at = this.now();
      if (locked.version !== version) {
        throw new DomainError<CasesErrorCode>('case-changed', { version: locked.version });
      }
      const change = await changeOf(locked, at, tx);
      assertCaseMove(locked.state, change.state);
      await changeCase(tx, locked, change);
      const moved = { from: locked.state, to: change.state satisfies CaseState };
      const actor = `user:${reader.user.username}`;
      await told(tx, { ...event, caseId: card.caseId, number: card.number, actor, at, detail: moved });
    });
    return this.again(card);
  }

  private async again({ caseId }: CaseCard): Promise<CaseCard> {
    return (await readCaseById(this.database, caseId))!;
  }
}

/** What a re-opened case becomes. */
export function reopened({ kind, queue, owner }: LockedCase, at: InstantMs): CaseChange {
  return { state: owner === null ? 'OPEN' : 'ASSIGNED', queue, owner, dueAt: deadlineOf(kind, at) };
}

/** What happened, for the case's own history and for the audit trail. */
export interface Told {
  readonly caseId: Id;
  readonly number: string;
  readonly actor: string;
  readonly at: InstantMs;
  readonly what: CaseEventKind;
  readonly action: AuditAction;
  /** Kept with the case, not with the trail: a person wrote it, and it may hold anything. */
  readonly words?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Writes what happened to both, in the transaction of what it tells of. */
export async function told(tx: Tx, { caseId, number, actor, at, what, action, words, detail }: Told): Promise<void> {
  await addEvent(tx, caseId, { at, actor, what, words });
  await recordAudit(tx, { actor, action, subject: `case:${number}`, detail, at });
}
