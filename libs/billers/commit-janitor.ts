import type { Provider, Providers } from '@vend/payments';
import type { CommitRegister } from './commit-register';
import type { BillerCore } from './core';
import type { BillerProfile } from './profile';
import type { RegisteredCommit } from './store/commits';

const AT_ONCE = 100;

interface Parts {
  readonly providers: Pick<Providers, 'byCode'>;
  readonly profiles: Readonly<Partial<Record<string, BillerProfile>>>;
  readonly register: CommitRegister;
  readonly core: BillerCore;
  /** A payment that its provider should have acknowledged by now. */
  readonly onUnacknowledged: (commit: RegisteredCommit, provider: Provider) => Promise<void>;
  readonly onFault: (error: unknown, provider: string) => void;
}

/**
 * Ends the payments that were registered and that nobody works any more: the process that had accepted them is gone, or
 * the hindrance passes only now. Under the same business key as the first try, so that however many try, there is one
 * vend. It walks the index of what is due, and costs a payment that goes well nothing.
 */
export class CommitJanitor {
  constructor(private readonly parts: Parts) {}

  /**
   * Looks once, until nothing is due.
   *
   * @returns how many were looked at
   * @example await janitor.run();
   */
  async run(): Promise<number> {
    for (let seen = 0; ;) {
      const taken = await this.parts.register.takeDue(AT_ONCE);
      await Promise.all(
        taken.map(async (each) => {
          try {
            await this.work(each);
          } catch (error) {
            // It is taken for half a minute, and comes back.
            this.parts.onFault(error, each.commit.provider);
          }
        }),
      );
      seen += taken.length;
      if (taken.length < AT_ONCE) return seen;
    }
  }

  private async work({ commit, ask }: Awaited<ReturnType<CommitRegister['takeDue']>>[number]): Promise<void> {
    const { providers, profiles, register, core, onUnacknowledged } = this.parts;
    const provider = await providers.byCode(commit.provider);
    if (!provider) throw new Error('a payment is registered for a provider without a row');
    if (commit.state !== 'WORKING') {
      await onUnacknowledged(commit, provider);
      await register.endWatch(commit);
      return;
    }
    const payment = await core.commit(provider, ask);
    await register.end(commit, payment, null, profiles[provider.profile]?.acknowledgedWithinMs);
  }
}
