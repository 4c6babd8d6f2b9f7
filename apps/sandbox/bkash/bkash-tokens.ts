import { randomBytes } from 'node:crypto';

const HOUR_MS = 3_600_000;
const GRANTS_AN_HOUR = 2;
const LIFE_SECONDS = 3_600;

interface Granted {
  readonly id_token: string;
  readonly refresh_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

/**
 * bKash's tokens, with its limit: who asks more than twice in an hour is blocked for an hour. In memory: a restart
 * forgets tokens, as an expiry would.
 */
export class BkashTokens {
  private readonly asked = new Map<string, number[]>();
  private readonly blockedUntil = new Map<string, number>();
  private readonly alive = new Map<string, { provider: string; expiresAt: number; refreshToken: string }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @returns undefined: blocked */
  grant(provider: string): Granted | undefined {
    const now = this.now();
    const asked = [...(this.asked.get(provider) ?? []).filter((at) => now - at < HOUR_MS), now];
    this.asked.set(provider, asked);
    if (now < (this.blockedUntil.get(provider) ?? 0)) return undefined;
    if (asked.length > GRANTS_AN_HOUR) {
      this.blockedUntil.set(provider, now + HOUR_MS);
      return undefined;
    }
    const [idToken, refreshToken] = [
      `id-${randomBytes(48).toString('base64url')}`,
      randomBytes(48).toString('base64url'),
    ];
    this.alive.set(idToken, { provider, expiresAt: now + LIFE_SECONDS * 1000, refreshToken });
    return { id_token: idToken, refresh_token: refreshToken, token_type: 'Bearer', expires_in: LIFE_SECONDS };
  }

  isRefreshToken(provider: string, refreshToken: string): boolean {
    return [...this.alive.values()].some((token) => token.provider === provider && token.refreshToken === refreshToken);
  }

  isValid(provider: string, idToken: string | undefined): boolean {
    const token = idToken === undefined ? undefined : this.alive.get(idToken);
    return token?.provider === provider && this.now() < token.expiresAt;
  }

  /** It is not valid any more, although its time has not come. */
  expire(idToken: string | undefined): void {
    if (idToken !== undefined) this.alive.delete(idToken);
  }

  /** How often a provider's merchant has asked, ever since the start or within the last hour of asking. */
  askedBy(provider: string): number {
    return this.asked.get(provider)?.length ?? 0;
  }

  isBlocked(provider: string): boolean {
    return this.now() < (this.blockedUntil.get(provider) ?? 0);
  }

  /** Every token that is alive. */
  tokensOf(provider: string): string[] {
    return [...this.alive].filter(([, token]) => token.provider === provider).map(([idToken]) => idToken);
  }
}
