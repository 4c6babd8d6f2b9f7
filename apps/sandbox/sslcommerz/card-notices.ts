import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { ProviderFaults } from '../providers/provider-faults';
import type { PlayedProvider } from '../providers/providers-file';
import type { CardAttempt, CardSession } from './sslcommerz-sessions';

type Form = Readonly<Record<string, string>>;

const TIMEOUT_MS = 5_000;
/** A merchant that cannot be reached is told again, and then no more. */
const TRIES = 5;
const BETWEEN_TRIES_MS = 1_000;
const LATE_MS = 4_000;
/** A little behind the browser, as gateways are. */
const USUAL_MS = 100;

/** The notices (IPN) of the card gateway: by themselves, sometime, and in the order in which things go wrong. */
export class CardNotices {
  private readonly agent = new Agent({ connections: 16 });
  private readonly stopped = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly apiUrl: string,
    private readonly faults: ProviderFaults,
  ) {
    // Every notice that waits listens to it, and stops listening when it goes out: many at once are no leak.
    setMaxListeners(0, this.stopped.signal);
  }

  /**
   * Tells the merchant what became of an attempt. Resolves at once, but for a notice that comes before the browser's
   * return: then when it was sent.
   *
   * @param form the signed message with this status
   */
  async tell(
    provider: PlayedProvider,
    session: CardSession,
    { status, failedUntil }: CardAttempt,
    form: (status: string) => Form,
  ): Promise<void> {
    if (session.ipnUrl === '') return;
    const happens = (fault: Parameters<ProviderFaults['happens']>[1]) => this.faults.happens(provider.code, fault);
    if (happens('notice-never')) return;
    const lied = status === 'VALID' && happens('notice-contradicts');
    const send = (said: string) => this.send(session.ipnUrl, form(said));
    if (failedUntil > 0) {
      this.later(async () => {
        await send('FAILED');
        await this.wait(Math.max(0, failedUntil - Date.now()) + 200);
        await send(status);
      });
      return;
    }
    const early = happens('notice-early');
    const work = async () => {
      if (!early) await this.wait(happens('notice-late') ? LATE_MS : USUAL_MS);
      if (lied && happens('notice-reordered')) await Promise.all([send(status), send('FAILED')]);
      else if (lied) await send('FAILED');
      await send(status);
      if (happens('notice-twice')) await Promise.all([send(status), send(status)]);
    };
    if (early) await work();
    else this.later(work);
  }

  /** Gives up what is still to be told. */
  async close(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.underWay);
    await this.agent.destroy();
  }

  private later(work: () => Promise<void>): void {
    const running = work()
      .catch(() => undefined)
      .finally(() => this.underWay.delete(running));
    this.underWay.add(running);
  }

  private async send(url: string, form: Form): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      try {
        const { statusCode, body } = await request(this.reachable(url), {
          ...{ method: 'POST', dispatcher: this.agent, body: new URLSearchParams(form).toString() },
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.stopped.signal]),
        });
        await body.dump();
        if (statusCode < 300) return;
      } catch (error) {
        if (this.stopped.signal.aborted) throw error;
      }
      await this.wait(BETWEEN_TRIES_MS);
    }
  }

  /** The address that the merchant gave, by the way that this machine knows to it. */
  private reachable(url: string): string {
    const { pathname, search } = new URL(url);
    return new URL(pathname + search, this.apiUrl).toString();
  }

  private async wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopped.signal });
  }
}
