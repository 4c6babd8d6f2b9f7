import { createHash, randomBytes } from 'node:crypto';
import { DomainError, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import { z } from 'zod';
import { recordAudit } from '../audit';
import { BoundedCache } from '../bounded-cache';
import { PERSON_ROLES, type Session, type SessionUser } from '../identity';
import type { IdentityErrorCode } from '../identity.errors';
import type { Origin } from '../origin';
import * as store from '../store/sessions';
import type { EndReason, SessionRecord } from '../store/sessions';
import { userById } from '../store/users';
import { Logins, type Credentials } from './logins';

/** An access token asks no database but for its session being open; so it is short. */
export const ACCESS_SECONDS = 600;
/** A till that has been silent this long logs in again. */
const IDLE_SECONDS = 2 * 3_600;
/** A working day; a shift that is longer logs in again. */
const SESSION_SECONDS = 12 * 3_600;
/** A refresh token whose answer was lost may be shown again for this long, and then only in place of that answer. */
export const REFRESH_GRACE_MS = 30_000;
/** So long a session that was ended may still be let in. */
export const REVOCATION_SEEN_MS = 3_000;
const OPEN_SESSIONS_KNOWN = 10_000;
const AGENT_MAX = 120;
const TOKEN = { issuer: 'prepaid-vending', audience: 'prepaid-vending/api', algorithm: 'HS256' } as const;

const CLAIMS = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
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

/** The person behind a request, and the session that lets the person in. */
export interface LiveSession {
  readonly user: SessionUser;
  readonly sessionId: Id;
}

const refusal = (code: IdentityErrorCode) => new DomainError<IdentityErrorCode>(code);
const hashOf = (refreshToken: string): Buffer => createHash('sha256').update(refreshToken).digest();

/** Sessions: opened by a login, kept going by rotating refresh tokens, ended by anybody who may. */
export class SessionsService {
  private readonly open: BoundedCache<boolean>;

  constructor(
    private readonly database: Database,
    private readonly jwt: TokenSigner,
    private readonly logins: Logins,
    private readonly now: () => InstantMs = Date.now,
  ) {
    this.open = new BoundedCache(OPEN_SESSIONS_KNOWN, REVOCATION_SEEN_MS, now);
  }

  /**
   * Opens a session of at most 12 hours: an access token for 10 minutes and a refresh token.
   *
   * @param agent the caller's User-Agent, for the list of sessions
   * @throws {DomainError} as `Logins.identify`
   * @example const { accessToken, refreshToken } = await sessions.login({ username: 'rahima', password });
   */
  async login(credentials: Credentials, agent?: string): Promise<Session> {
    const { user, recoveryCodes } = await this.logins.identify(credentials);
    const { origin } = credentials;
    const at = this.now();
    const sessionId = newId(at);
    const actor = `user:${user.username}`;
    const expiresAt = at + SESSION_SECONDS * 1000;
    const refresh = await this.database.transaction(async (tx) => {
      await store.insertSession(tx, {
        sessionId,
        userId: user.userId,
        station: user.station,
        openedAt: at,
        expiresAt,
        address: origin?.address ?? null,
        agent: agent?.replace(/[^\x20-\x7e]/g, '?').slice(0, AGENT_MAX) ?? null,
      });
      const detail = { station: user.station, session: sessionId };
      await recordAudit(tx, { actor, action: 'session-opened', subject: actor, detail, origin, at });
      return this.issue(tx, sessionId, null, expiresAt, at);
    });
    return { ...(await this.session(user, sessionId, refresh, at)), ...(recoveryCodes && { recoveryCodes }) };
  }

  /**
   * The next pair of tokens, with the person's present role and station. A refresh token is used once. Shown again, it
   * ends the whole session: one of its two holders is a thief, and nobody can tell which. Only an answer that was lost on
   * the way may be asked for again, within 30 seconds and as long as the lost token was not used: it is then replaced,
   * so that at no time two tokens are good, and a thief who got the lost one is found out by using it.
   *
   * @throws {DomainError} `refresh-refused`: unknown, used, too late, or the session has ended
   * @example const { accessToken, refreshToken } = await sessions.refresh(oldRefreshToken);
   */
  async refresh(refreshToken: string, origin?: Origin): Promise<Session> {
    const hash = hashOf(refreshToken);
    const at = this.now();
    const outcome = await this.database.transaction(async (tx) => {
      const session = await store.lockSessionOfToken(tx, hash);
      const token = session && (await store.readToken(tx, hash));
      if (!session || !token || session.endedAt !== null) return undefined;
      if (token.expiresAt <= at || session.expiresAt <= at) return undefined;
      const user = await userById(tx, session.userId);
      if (!user?.active) return undefined;
      const actor = `user:${user.username}`;
      if (await this.isReuse(tx, hash, token, at)) {
        await this.endIn(tx, session, { by: 'system:reuse', subject: actor, reason: 'reuse', origin, at });
        return undefined;
      }
      if (token.usedAt !== null) await store.supersedeSuccessors(tx, hash, at);
      await store.markTokenUsed(tx, hash, at);
      await store.touchSession(tx, session.sessionId, at);
      const refresh = await this.issue(tx, session.sessionId, hash, session.expiresAt, at);
      const { userId, username, name, role, station } = user;
      return { user: { userId, username, name, role, station }, sessionId: session.sessionId, refresh };
    });
    if (!outcome) throw refusal('refresh-refused');
    return this.session(outcome.user, outcome.sessionId, outcome.refresh, at);
  }

  /**
   * Who an access token lets in. Whether the session is still open is remembered for 3 seconds.
   *
   * @throws {DomainError} `session-invalid`; `session-expired`: too late, or the session was ended
   * @example const { user } = await sessions.authenticate(bearer);
   */
  async authenticate(accessToken: string): Promise<LiveSession> {
    const live = this.verify(accessToken);
    const { sessionId } = live;
    const isOpen = await this.open.get(sessionId, () => store.sessionIsOpen(this.database, sessionId, this.now()));
    if (!isOpen) throw refusal('session-expired');
    return live;
  }

  /** A person's open sessions, newest first. */
  sessionsOf(userId: Id): Promise<SessionRecord[]> {
    return store.openSessionsOf(this.database, userId, this.now());
  }

  /**
   * Ends one of a person's own sessions.
   *
   * @throws {DomainError} `session-not-found`: not there, not the person's, or ended before
   */
  async end(user: SessionUser, sessionId: Id, reason: 'logout' | 'revoked'): Promise<void> {
    const at = this.now();
    const actor = `user:${user.username}`;
    await this.database.transaction(async (tx) => {
      const session = await store.lockSession(tx, sessionId);
      if (!session || session.userId !== user.userId || session.endedAt !== null) throw refusal('session-not-found');
      await this.endIn(tx, session, { by: actor, subject: actor, reason, at });
    });
    this.open.forget(sessionId);
  }

  private async endIn(
    tx: Tx,
    { sessionId }: SessionRecord,
    how: { by: string; subject: string; reason: EndReason; origin?: Origin; at: InstantMs },
  ): Promise<void> {
    const { by, subject, reason, origin, at } = how;
    await store.endSession(tx, sessionId, by, reason, at);
    const detail = { session: sessionId, reason };
    await recordAudit(tx, { actor: by, action: 'session-ended', subject, detail, origin, at });
  }

  private async isReuse(tx: Tx, hash: Buffer, token: store.RefreshTokenRecord, at: InstantMs): Promise<boolean> {
    if (token.superseded) return true;
    if (token.usedAt === null) return false;
    return at - token.usedAt > REFRESH_GRACE_MS || (await store.successorWasUsed(tx, hash));
  }

  /** Stores the hash of a new refresh token. */
  private async issue(tx: Tx, sessionId: Id, parent: Buffer | null, sessionEnd: InstantMs, at: InstantMs) {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = Math.min(at + IDLE_SECONDS * 1000, sessionEnd);
    await store.insertRefreshToken(tx, { hash: hashOf(token), sessionId, parent, issuedAt: at, expiresAt });
    return { token, expiresAt };
  }

  private async session(
    user: SessionUser,
    sessionId: Id,
    refresh: { token: string; expiresAt: InstantMs },
    at: InstantMs,
  ): Promise<Session> {
    const { userId, ...person } = user;
    const issued = Math.floor(at / 1000);
    const accessToken = await this.jwt.signAsync(
      { ...person, sid: sessionId, iat: issued, exp: issued + ACCESS_SECONDS },
      { ...TOKEN, subject: userId },
    );
    return {
      sessionId,
      accessToken,
      expiresAt: (issued + ACCESS_SECONDS) * 1000,
      refreshToken: refresh.token,
      refreshExpiresAt: refresh.expiresAt,
      user,
    };
  }

  private verify(accessToken: string): LiveSession {
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
      throw refusal(expired ? 'session-expired' : 'session-invalid');
    }
    const claims = CLAIMS.safeParse(payload);
    if (!claims.success) throw refusal('session-invalid');
    const { sub, sid, username, name, role, station } = claims.data;
    return { user: { userId: sub, username, name, role, station }, sessionId: sid };
  }
}
