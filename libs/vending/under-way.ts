import type { InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { BusinessKey } from './store/recharge.store';
import { deleteUnderWay, insertUnderWay, isHeld } from './store/under-way.store';

/** Most payments are through by then and cost nothing here; no provider asks what became of one so soon. */
const SLOW_MS = 300;
/** Longer than any payment is worked on; a process that died is not waited for longer. */
const HELD_MS = 60_000;

/**
 * Which payments are in hand, here or in another process, before the books can tell: whoever asks for one of them must
 * not hear that there is none, or the provider gives the money back while the vend is being made.
 */
export class UnderWay {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs,
  ) {}

  /** Tells the other processes of a payment that takes long, and that it is over when it is. */
  watch(key: BusinessKey, answer: Promise<unknown>): void {
    let told: Promise<unknown> | undefined;
    const timer = setTimeout(() => {
      const at = this.now();
      // Whoever cannot write it down has told nobody wrong: the payment itself goes its way.
      told = this.database.transaction((tx) => insertUnderWay(tx, key, at, at + HELD_MS)).catch(() => undefined);
    }, SLOW_MS);
    const over = async () => {
      clearTimeout(timer);
      await told;
      if (told) await this.database.transaction((tx) => deleteUnderWay(tx, key)).catch(() => undefined);
    };
    void answer.then(over, over);
  }

  /** True while some process says that it has the payment in hand. */
  isHeld(key: BusinessKey): Promise<boolean> {
    return isHeld(this.database, key, this.now());
  }
}
