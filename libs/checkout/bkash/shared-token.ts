import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, type InstantMs } from '@vend/kernel';
import type { GatewayTokenRow } from '../store/gateway-tokens';
import { nextStep, tokenGranted, type GrantOfToken, type TokenState } from './shared-token.rules';

/** What came of asking for a token. `sent` is false only when bKash cannot have heard of it. */
export type GrantOutcome = { readonly granted: GrantOfToken } | { readonly failed: string; readonly sent: boolean };

/** @param refreshToken undefined: with the password */
export type AskForToken = (refreshToken: string | undefined) => Promise<GrantOutcome>;

const LOOK_AGAIN_MS = 100;

/**
 * A provider's token, shared by all processes through its row: whoever asks bKash writes that down first, so that two
 * questions an hour stay two whoever dies or asks at once (ADR 0035).
 *
 * @example const idToken = await shared.get(); // and after a 401: await shared.get(idToken)
 */
export class SharedToken {
  /** @param patienceMs how long to wait for another process that is asking; also how long one question may take */
  constructor(
    private readonly row: GatewayTokenRow,
    private readonly ask: AskForToken,
    private readonly patienceMs: number,
    private readonly now: () => InstantMs,
  ) {}

  /**
   * @param rejected the token that bKash has just refused
   * @throws {DomainError} gateway-unavailable: there is none, and none may be asked for now
   */
  async get(rejected?: string): Promise<string> {
    const giveUpAt = performance.now() + this.patienceMs;
    for (;;) {
      const seen = nextStep(await this.row.read(), this.now(), rejected);
      if (seen.step === 'use') return seen.token.idToken;
      if (seen.step === 'blocked') throw unavailable('token-limit');
      if (seen.step === 'ask') {
        const token = await this.tryToAsk(rejected);
        if (token !== undefined) return token;
      }
      if (performance.now() >= giveUpAt) throw unavailable('token-awaited');
      await pause(LOOK_AGAIN_MS);
    }
  }

  /** @returns undefined: somebody else was quicker */
  private async tryToAsk(rejected: string | undefined): Promise<string | undefined> {
    const now = this.now();
    const mine = await this.row.change((state) => {
      const step = nextStep(state, now, rejected);
      if (step.step !== 'ask') return { result: undefined };
      const asked = [now, ...state.asked].slice(0, 2);
      return {
        state: { ...state, asked, askingUntil: now + this.patienceMs },
        result: { refreshToken: step.refreshToken },
      };
    });
    if (!mine) return undefined;
    const outcome = await this.ask(mine.refreshToken);
    const granted = 'granted' in outcome ? tokenGranted(outcome.granted, this.now(), Math.random()) : undefined;
    await this.row.change((state) => ({ state: afterAsking(state, now, outcome, granted), result: undefined }));
    if (granted) return granted.idToken;
    // The one before goes on, while it lives.
    const last = nextStep(await this.row.read(), this.now(), rejected);
    if (last.step === 'use') return last.token.idToken;
    throw unavailable('failed' in outcome ? outcome.failed : 'token-awaited');
  }
}

/** A question that bKash never heard does not count; one that it refused makes the refresh token worthless. */
function afterAsking(
  state: TokenState,
  askedAt: InstantMs,
  outcome: GrantOutcome,
  granted: TokenState['token'],
): TokenState {
  if (granted) return { ...state, token: granted, askingUntil: null };
  if ('failed' in outcome && !outcome.sent) {
    return { ...state, asked: state.asked.filter((at) => at !== askedAt), askingUntil: null };
  }
  return { ...state, token: state.token && { ...state.token, refreshToken: undefined }, askingUntil: null };
}

function unavailable(reason: string): DomainError {
  return new DomainError('gateway-unavailable', { reason });
}
