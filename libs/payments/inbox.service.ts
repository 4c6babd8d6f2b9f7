import { DomainError, newId, type Id, type InstantMs } from '@vend/kernel';
import {
  Database,
  isDuplicate,
  Lane,
  leaveToWorker,
  leaveToWorkerAgain,
  settleOutbox,
  type Settled,
  type Tx,
} from '@vend/platform';
import type { InboxConclusion, InboxState } from './inbox.lifecycle';
import type { PaymentsErrorCode } from './payments.errors';
import {
  concludeInboxRow,
  findInboxEvent,
  findInboxRows,
  insertInboxRows,
  knownInboxEvents,
  type NewInboxRow,
} from './store/inbox';
import { parseTopUp, type TopUp } from './top-up';

/** The width of the column; the agreed body is under 500 bytes. */
const MAX_EVENT_BYTES = 16_384;

/** A stored event, ready to be worked. */
export interface InboxItem {
  readonly inboxId: Id;
  readonly partnerCode: string;
  readonly state: InboxState;
  readonly receivedAt: InstantMs;
  readonly topUp: TopUp;
}

/** How the work on an event ended. */
export interface InboxEnding {
  readonly inboxId: Id;
  readonly state: InboxConclusion;
  /** A machine code: `vended`, `pending`, or the refusal's code. */
  readonly outcome: string;
  readonly rechargeId?: Id;
}

export interface InboxReceipt {
  readonly inboxId: Id;
  /** True when the same event, byte for byte, had been stored before. */
  readonly duplicate: boolean;
}

/**
 * Where outside events are written down before anybody acts on them (STYLE.md: do not act directly on an outside
 * event). Stored means durable and known to the worker: the row and its outbox row share one commit.
 */
export class InboxService {
  /** Providers call in bursts: whatever waits shares a commit, as recharges do (docs/adr/0001-group-commit-lane.md). */
  private readonly lane: Lane<NewInboxRow, InboxReceipt>;

  constructor(private readonly database: Database) {
    this.lane = new Lane(
      {
        ...{ name: 'callbacks', groupMax: 128, writers: 2, backlogMax: 4_096 },
        full: () => new DomainError<PaymentsErrorCode>('inbox-full'),
      },
      (rows) => this.storeTogether(rows),
      (row) => this.storeAlone(row),
    );
  }

  /**
   * Stores a top-up event whose signature was already found good on these bytes. A signed but malformed event is
   * refused and not stored: only its sender can correct it, and a 400 tells them at once.
   *
   * @param partnerCode who signed it; events of different partners never meet
   * @param rawBody the bytes as received, kept as the evidence
   * @throws {DomainError<PaymentsErrorCode>} event-malformed, event-too-large; event-conflict when the same event
   *   id came with other bytes before; inbox-full when more wait than can be stored soon
   * @example const { inboxId, duplicate } = await inbox.receive('demo-bkash', request.rawBody, Date.now());
   */
  async receive(partnerCode: string, rawBody: Buffer, now: InstantMs): Promise<InboxReceipt> {
    if (rawBody.length > MAX_EVENT_BYTES) throw new DomainError('event-too-large', { maximumBytes: MAX_EVENT_BYTES });
    const { eventId } = parseTopUp(rawBody);
    return this.lane.submit({ id: newId(now), partnerCode, eventKey: eventId, rawBody, receivedAt: new Date(now) });
  }

  /** Stores what is new of a group; a repeat, of a stored event or of one in this very group, is looked up afterwards. */
  private async storeTogether(rows: readonly NewInboxRow[]): Promise<Settled<InboxReceipt>[]> {
    const fresh = await this.database.transaction(async (tx) => {
      const taken = new Set(await knownInboxEvents(tx, rows));
      const unknown = rows.filter((row) => {
        const event = `${row.partnerCode} ${row.eventKey}`;
        return !taken.has(event) && taken.add(event);
      });
      if (unknown.length > 0) await this.insert(tx, unknown);
      return new Set(unknown.map(({ id }) => id));
    });
    return Promise.all(
      rows.map((row) => settled(fresh.has(row.id) ? Promise.resolve(stored(row)) : this.repeated(row))),
    );
  }

  private async storeAlone(row: NewInboxRow): Promise<InboxReceipt> {
    try {
      await this.database.transaction((tx) => this.insert(tx, [row]));
      return stored(row);
    } catch (error) {
      // The unique key, not a look beforehand, decides between two copies that arrive together.
      if (!isDuplicate(error)) throw error;
      return this.repeated(row);
    }
  }

  private async insert(tx: Tx, rows: readonly NewInboxRow[]): Promise<void> {
    const wakes = rows.map(({ id }) => ({ topic: 'inbox', refId: id }) as const);
    await Promise.all([insertInboxRows(tx, rows), leaveToWorker(tx, wakes, rows[0]!.receivedAt)]);
  }

  private async repeated({ partnerCode, eventKey, rawBody }: NewInboxRow): Promise<InboxReceipt> {
    const earlier = await findInboxEvent(this.database, partnerCode, eventKey);
    if (!earlier?.rawBody.equals(rawBody)) throw new DomainError('event-conflict');
    return { inboxId: earlier.id, duplicate: true };
  }

  /**
   * Reads events for the worker; those that are not there are left out. Takes no lock: two workers on one row make one
   * recharge, because the recharge has the provider's transaction id as its business key.
   *
   * @example const waiting = (await inbox.takeAll(refIds)).filter(({ state }) => state === 'RECEIVED');
   */
  async takeAll(inboxIds: readonly Id[]): Promise<InboxItem[]> {
    const rows = await findInboxRows(this.database, inboxIds);
    return rows.map((row) => ({
      inboxId: row.id,
      partnerCode: row.partnerCode,
      state: row.state,
      receivedAt: row.receivedAt.getTime(),
      topUp: parseTopUp(row.rawBody),
    }));
  }

  /** One of them. @returns undefined when there is no such row */
  async take(inboxId: Id): Promise<InboxItem | undefined> {
    return (await this.takeAll([inboxId]))[0];
  }

  /**
   * Ends the work on events and takes their outbox rows away, in the caller's transaction. A CASE without a payment
   * leaves the worker a case to open.
   *
   * @returns those that this call ended: one that had been concluded before keeps its first conclusion
   * @example await database.transaction((tx) => inbox.conclude(tx, [{ inboxId, state: 'DONE', outcome: 'vended', rechargeId }]));
   */
  async conclude(tx: Tx, endings: readonly InboxEnding[]): Promise<Id[]> {
    // In one order for all: two workers on the same events wait for each other instead of in a circle.
    const inOrder = [...endings].sort((a, b) => (a.inboxId < b.inboxId ? -1 : 1));
    const ids = inOrder.map(({ inboxId }) => inboxId);
    const [moved] = await Promise.all([
      Promise.all(inOrder.map((ending) => concludeInboxRow(tx, ending))),
      settleOutbox(tx, 'inbox', ids),
    ]);
    const ended = inOrder.filter((_, index) => moved[index]);
    // With a payment of its own, the payment has told of itself.
    const forPeople = ended.filter(({ state, rechargeId }) => state === 'CASE' && rechargeId === undefined);
    await leaveToWorkerAgain(
      tx,
      'case',
      forPeople.map(({ inboxId }) => inboxId),
      new Date(),
    );
    return ended.map(({ inboxId }) => inboxId);
  }
}

function stored({ id }: NewInboxRow): InboxReceipt {
  return { inboxId: id, duplicate: false };
}

async function settled<R>(answer: Promise<R>): Promise<Settled<R>> {
  try {
    return { ok: true, value: await answer };
  } catch (error) {
    return { ok: false, error };
  }
}
