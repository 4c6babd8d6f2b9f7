import type { InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { BusinessKey } from './store/recharge.store';
import { deleteUnderWay, insertUnderWay, isHeld } from './store/under-way.store';

/**
 * Most payments are through after one of these and cost nothing here; who is still in hand after two is told of. No
 * provider asks what became of a payment so soon.
 */
const ROUND_MS = 200;
/** Longer than any payment is worked on; a process that died is not waited for longer. */
const HELD_MS = 60_000;

interface Hand {
  readonly key: BusinessKey;
  told: boolean;
}

/**
 * Which payments are in hand, here or in another process, before the books can tell: whoever asks for one of them must
 * not hear that there is none, or the provider gives the money back while the vend is being made.
 *
 * All slow payments of a round are told in one commit: when everything is slow, a commit for each would make it slower.
 */
export class UnderWay {
  private young = new Set<Hand>();
  private old = new Set<Hand>();
  private ended: BusinessKey[] = [];
  private rounds: NodeJS.Timeout | undefined;
  private telling = false;

  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs,
  ) {}

  /** Tells the other processes of a payment that takes long, and that it is over when it is. */
  watch(key: BusinessKey, answer: Promise<unknown>): void {
    const hand: Hand = { key, told: false };
    this.young.add(hand);
    this.wake();
    const over = () => {
      this.young.delete(hand);
      this.old.delete(hand);
      if (!hand.told) return;
      this.ended.push(key);
      this.wake();
    };
    void answer.then(over, over);
  }

  /** True while some process says that it has the payment in hand. */
  isHeld(key: BusinessKey): Promise<boolean> {
    return isHeld(this.database, key, this.now());
  }

  private wake(): void {
    this.rounds ??= setInterval(() => void this.round(), ROUND_MS).unref();
  }

  /** One at a time, so that no end is written before its beginning. */
  private async round(): Promise<void> {
    if (this.telling) return;
    const [slow, over] = [[...this.old], this.ended];
    [this.old, this.young, this.ended] = [this.young, new Set(), []];
    if (slow.length + over.length === 0) return this.restIfIdle();
    this.telling = true;
    for (const hand of slow) hand.told = true;
    const at = this.now();
    try {
      await this.database.transaction(async (tx) => {
        if (over.length > 0) await deleteUnderWay(tx, over);
        if (slow.length > 0) {
          const begun = slow.map(({ key }) => key);
          await insertUnderWay(tx, begun, at, at + HELD_MS);
        }
      });
    } catch {
      // Whoever cannot write it down has told nobody wrong: the payments themselves go their way, and a row that stays
      // ends by itself.
    } finally {
      this.telling = false;
    }
  }

  private restIfIdle(): void {
    if (this.old.size > 0) return;
    clearInterval(this.rounds);
    this.rounds = undefined;
  }
}
