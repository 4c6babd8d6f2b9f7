import { DomainError, type InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { recordAudit } from './audit';
import { PERSON_ROLES, type Session, type SessionUser } from './identity';
import type { IdentityErrorCode } from './identity.errors';
import { hashPassword, passwordFits } from './passwords';
import { USERNAME, findUser } from './store/users';

/** A working day; a shift that is longer logs in again. */
export const SESSION_SECONDS = 8 * 3_600;
const TOKEN = { issuer: 'prepaid-vending', audience: 'prepaid-vending/api', algorithm: 'HS256' } as const;

const CLAIMS = z.object({
  sub: z.uuid(),
  username: z.string(),
  name: z.string(),
  role: z.enum(PERSON_ROLES),
  station: z.string(),
});

/** Makes and checks JSON Web Tokens under one secret; `JwtService` of @nestjs/jwt does. */
export interface TokenSigner {
  signAsync(claims: object, options: typeof TOKEN & { subject: string }): Promise<string>;
  /** @throws an Error named TokenExpiredError when it is too late, another when anything else is wrong */
  verify(
    token: string,
    options: { algorithms: [typeof TOKEN.algorithm]; issuer: string; audience: string; clockTimestamp: number },
  ): unknown;
}

/** Logins and the access tokens they give. */
export class SessionsService {
  /** Made at once: made at the first stranger's login it would make that answer twice as slow. */
  private readonly decoyHash = hashPassword(randomBytes(16).toString('hex'));

  constructor(
    private readonly database: Database,
    private readonly jwt: TokenSigner,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Opens a session of 8 hours. Every attempt is in the audit trail, refused ones too.
   *
   * @throws {DomainError} `login-refused`: unknown user, wrong password and closed account alike, in the same time
   * @example const { accessToken } = await sessions.login('rahima', password);
   */
  async login(username: string, password: string): Promise<Session> {
    const user = USERNAME.test(username.toLowerCase())
      ? await findUser(this.database, username.toLowerCase())
      : undefined;
    // A password is hashed whoever asks: otherwise the time of the answer tells which usernames exist.
    const fits = await passwordFits(user?.passwordHash ?? (await this.decoyHash), password);
    const at = this.now();
    if (!user || !fits || !user.active) {
      // What was typed as a username may be a password: the trail names existing users only.
      const subject = user ? `user:${user.username}` : 'user:unknown';
      await this.audit({ actor: 'anonymous', action: 'session-refused', subject, at });
      throw new DomainError<IdentityErrorCode>('login-refused');
    }
    const { userId, name, role, station } = user;
    const session = await this.open({ userId, username: user.username, name, role, station }, at);
    const actor = `user:${user.username}`;
    await this.audit({ actor, action: 'session-opened', subject: actor, detail: { station }, at });
    return session;
  }

  /**
   * The person of an access token. Checks signature, issuer, audience and time; asks no database.
   *
   * @throws {DomainError} `session-invalid`, `session-expired`
   * @example const user = sessions.verify(bearer);
   */
  verify(accessToken: string): SessionUser {
    let payload: unknown;
    try {
      payload = this.jwt.verify(accessToken, {
        algorithms: [TOKEN.algorithm],
        issuer: TOKEN.issuer,
        audience: TOKEN.audience,
        clockTimestamp: Math.floor(this.now() / 1000),
      });
    } catch (error) {
      const expired = error instanceof Error && error.name === 'TokenExpiredError';
      throw new DomainError<IdentityErrorCode>(expired ? 'session-expired' : 'session-invalid');
    }
    const claims = CLAIMS.safeParse(payload);
    if (!claims.success) throw new DomainError<IdentityErrorCode>('session-invalid');
    const { sub, ...person } = claims.data;
    return { userId: sub, ...person };
  }

  private async open(user: SessionUser, at: InstantMs): Promise<Session> {
    const { userId, ...person } = user;
    const issued = Math.floor(at / 1000);
    const accessToken = await this.jwt.signAsync(
      { ...person, iat: issued, exp: issued + SESSION_SECONDS },
      { ...TOKEN, subject: userId },
    );
    return { accessToken, expiresAt: (issued + SESSION_SECONDS) * 1000, user };
  }

  private audit(event: Parameters<typeof recordAudit>[1]): Promise<void> {
    return this.database.transaction((tx) => recordAudit(tx, event));
  }
}
