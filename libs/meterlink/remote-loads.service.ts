import type { Id, InstantMs } from '@vend/kernel';
import { offerAt, settleOutbox, type Database, type Tx } from '@vend/platform';
import type { LoadEvent } from './load-event';
import type { AskOutcome, LoadOrder, MeterLink, PushOutcome } from './meter-link';
import type { RemoteLoad } from './remote-load';
import { stepsOf } from './remote-load.lifecycle';
import { moved } from './remote-load.moves';
import { lockLoad, readSurroundings, saveLoad } from './store/remote-loads';

/** How patient we are. */
export interface RemoteLoadSettings {
  /** After how long without an acknowledgement the head-end is asked. */
  readonly answerMs: number;
  /** After how long a load without an answer is given up. */
  readonly giveUpMs: number;
}

/** What became of one turn of work on a load. */
export type LoadTurn = 'gone' | 'waiting' | 'sent' | 'loaded' | 'failed' | 'retry-later';

/** Between two tries: from a second, doubling, never longer than this. */
const RETRY_BOUND_MS = 30_000;
const BEHIND_EARLIER_MS = 1_000;

type Plan =
  | { readonly what: 'nothing'; readonly turn: LoadTurn }
  | { readonly what: 'push'; readonly load: RemoteLoad; readonly order: LoadOrder }
  | { readonly what: 'ask'; readonly load: RemoteLoad; readonly order: LoadOrder };

/**
 * Carries tokens into meters behind a head-end. The outbox row of a load stays until the load has ended, so the same
 * row that wakes the worker to push is, later, the janitor that asks and in the end gives up.
 */
export class RemoteLoads {
  constructor(
    private readonly database: Database,
    private readonly linkOf: (headEnd: string) => Promise<MeterLink | undefined>,
    private readonly settings: RemoteLoadSettings,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * One turn of work on a load: push it, or ask about it, or give it up. Any number of workers may do it at once: the
   * head-end knows a repeat by the load's id, and every move is made under the row's lock.
   *
   * @example await loads.work(loadId) // 'sent'
   */
  async work(loadId: Id): Promise<LoadTurn> {
    // The attempt is on record before anything leaves: from here on a cancellation knows that it may be in the meter.
    const plan = await this.database.transaction((tx) => this.plan(tx, loadId));
    if (plan.what === 'nothing') return plan.turn;
    const link = await this.linkOf(plan.load.headEnd);
    if (!link) return this.settle(loadId, plan.load.round, { kind: 'retry-later', reason: 'head-end-configuration' });
    const heard = plan.what === 'push' ? await link.push(plan.order) : await link.ask(plan.order);
    // What it has never heard of (its memory is gone, or our push was never taken) is pushed again.
    const outcome = heard.kind === 'unknown' ? await link.push(plan.order) : heard;
    return this.settle(loadId, plan.load.round, outcome);
  }

  /**
   * Applies a head-end's word, in the caller's transaction. LOADED is final; a failure of an earlier round, or of a load
   * that the meter has, changes nothing.
   *
   * @returns what it did, for the record: `loaded`, `failed`, `unchanged`, `stale-round`, `load-unknown`, `not-its-load`
   */
  async hear(tx: Tx, headEnd: string, event: LoadEvent): Promise<string> {
    const load = await lockLoad(tx, { loadId: event.loadId });
    if (!load) return 'load-unknown';
    if (load.headEnd !== headEnd) return 'not-its-load';
    // An earlier sending may have loaded it all the same; that it failed says nothing of the present one.
    if (event.word === 'failed' && event.round !== load.round) return 'stale-round';
    const moved = await this.conclude(tx, load, event.word, event.reason);
    return moved ? event.word : 'unchanged';
  }

  private async plan(tx: Tx, loadId: Id): Promise<Plan> {
    const load = await lockLoad(tx, { loadId });
    if (!load || load.state === 'LOADED' || load.state === 'FAILED') {
      await settleOutbox(tx, 'remote-load', [loadId]);
      return { what: 'nothing', turn: 'gone' };
    }
    const { cancelled, waitsForEarlier, meterNo, tokens } = await readSurroundings(tx, load);
    if (cancelled) return this.end(tx, load, 'vend-cancelled');
    if (this.now() - load.openedAt > this.settings.giveUpMs) {
      return this.end(tx, load, load.state === 'SENT' ? 'no-answer' : (load.reason ?? 'not-sent'));
    }
    const order = { loadId, round: load.round, meterNo, tokens };
    if (load.state === 'SENT') return { what: 'ask', load, order };
    if (waitsForEarlier) {
      await offerAt(tx, 'remote-load', [loadId], new Date(this.now() + BEHIND_EARLIER_MS));
      return { what: 'nothing', turn: 'waiting' };
    }
    const tried = { ...load, attempts: load.attempts + 1 };
    await saveLoad(tx, tried);
    return { what: 'push', load: tried, order };
  }

  private async end(tx: Tx, load: RemoteLoad, reason: string): Promise<Plan> {
    await this.conclude(tx, load, 'failed', reason);
    return { what: 'nothing', turn: 'failed' };
  }

  /** Writes down what the head-end answered; an acknowledgement may have been worked meanwhile, and stands. */
  private settle(
    loadId: Id,
    round: number,
    outcome: PushOutcome | AskOutcome | { kind: 'retry-later'; reason: string },
  ): Promise<LoadTurn> {
    return this.database.transaction(async (tx) => {
      const load = await lockLoad(tx, { loadId });
      if (!load || load.round !== round || load.state === 'LOADED' || load.state === 'FAILED') return 'gone';
      switch (outcome.kind) {
        case 'loaded':
          await this.conclude(tx, load, 'loaded', null);
          return 'loaded';
        case 'failed':
        case 'refused':
          await this.conclude(tx, load, 'failed', outcome.reason);
          return 'failed';
        case 'taken':
          if (load.state === 'UNSENT') await saveLoad(tx, { ...moved(load, 'SENT', this.now()), reason: null });
          await offerAt(tx, 'remote-load', [loadId], new Date(this.now() + this.settings.answerMs));
          return 'sent';
        case 'working':
        case 'unknown':
          await offerAt(tx, 'remote-load', [loadId], new Date(this.now() + this.settings.answerMs));
          return 'waiting';
        case 'retry-later':
          await saveLoad(tx, { ...load, reason: outcome.reason });
          await offerAt(tx, 'remote-load', [loadId], new Date(this.now() + pauseMs(load.attempts)));
          return 'retry-later';
      }
    });
  }

  private async conclude(tx: Tx, load: RemoteLoad, word: 'loaded' | 'failed', reason: string | null): Promise<boolean> {
    const steps = stepsOf(load.state, word);
    if (steps.length === 0) return false;
    const end = steps.reduce((at, state) => moved(at, state, this.now()), load);
    await saveLoad(tx, { ...end, reason });
    await settleOutbox(tx, 'remote-load', [load.loadId]);
    return true;
  }
}

function pauseMs(attempts: number): number {
  return Math.min(RETRY_BOUND_MS, 1_000 * 2 ** Math.min(attempts, 10));
}
