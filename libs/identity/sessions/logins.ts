import { createHmac, randomBytes } from 'node:crypto';
import { DomainError, type InstantMs } from '@vend/kernel';
import { seal, unseal, type Database, type Tx } from '@vend/platform';
import { recordAudit, type AuditEvent } from '../audit';
import type { SessionUser } from '../identity';
import type { IdentityErrorCode } from '../identity.errors';
import type { Origin } from '../origin';
import { accountSubject, forgetFailures, lockFailures, storeFailures, takeBack } from '../store/login-failures';
import { storePendingSecret, storeRecoveryCodes, useRecoveryCode, useStep } from '../store/second-factors';
import { findUser, USERNAME, type UserRecord } from '../store/users';
import { ACCOUNT_RULE, ADDRESS_RULE, attempted } from './lockout';
import { hashPassword, passwordFits } from './passwords';
import {
  needsSecondFactor,
  newRecoveryCodes,
  newTotpSecret,
  recoveryCodeHash,
  totpStep,
  totpUri,
} from './second-factor';

/** What somebody shows to be let in. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Six digits from the phone, or a recovery code; for people with a second factor. */
  readonly code?: string;
  readonly origin?: Origin;
}

/** Who it is; with the recovery codes, shown this once, when a second factor has just come into force. */
export interface Identified {
  readonly user: SessionUser;
  readonly recoveryCodes?: readonly string[];
}

const refusal = (code: IdentityErrorCode, facts = {}) => new DomainError<IdentityErrorCode>(code, facts);

/** Finds out who somebody is: password, second factor, and a lock-out for those who guess. */
export class Logins {
  /** Made at once: made at the first stranger's login it would make that answer twice as slow. */
  private readonly decoyHash = hashPassword(randomBytes(16).toString('hex'));

  constructor(
    private readonly database: Database,
    private readonly sealingSecret: Buffer,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * The person of these credentials. Refused attempts are in the audit trail, and counted by account and by address;
   * a name that nobody has is counted and delayed like any other.
   *
   * @throws {DomainError} `login-refused`: unknown user, wrong password and closed account alike, in the same time;
   *   `login-locked` with retryAfterSeconds, whatever the password; once the password was right, `second-factor-needed`,
   *   `second-factor-enrolment-needed`, `second-factor-refused`
   * @example const { user } = await logins.identify({ username: 'selim', password, code: '287082' });
   */
  async identify(credentials: Credentials): Promise<Identified> {
    const { user, subjects } = await this.passwordHolder(credentials);
    const { code } = credentials;
    let recoveryCodes: readonly string[] | undefined;
    if (user.totpEnrolled || needsSecondFactor(user.role)) {
      if (user.totpSealed === null) return this.notYet(subjects, 'second-factor-enrolment-needed');
      if (code === undefined) {
        return this.notYet(subjects, user.totpEnrolled ? 'second-factor-needed' : 'second-factor-enrolment-needed');
      }
      recoveryCodes = await this.useCode(user, code, credentials);
    }
    await this.database.transaction(async (tx) => {
      for (const subject of subjects) {
        if (subject === accountSubject(user.username)) await forgetFailures(tx, subject);
        else await takeBack(tx, subject);
      }
    });
    const { userId, username, name, role, station } = user;
    return { user: { userId, username, name, role, station }, ...(recoveryCodes && { recoveryCodes }) };
  }

  /**
   * A new secret for the phone of somebody who has no second factor in force. It comes into force by the first login
   * with a code of it; asking again before that replaces it.
   *
   * @returns the secret in base32 and as the otpauth address that phones scan; both must not reach a log
   * @throws {DomainError} as `identify`; `second-factor-enrolled`: only an administrator takes one away
   * @example const { secret, uri } = await logins.enrol({ username: 'selim', password });
   */
  async enrol(credentials: Credentials): Promise<{ secret: string; uri: string }> {
    const { user, subjects } = await this.passwordHolder(credentials);
    const secret = newTotpSecret();
    const sealed = seal(this.sealingSecret, Buffer.from(secret), totpContext(user));
    const actor = accountSubject(user.username);
    const { origin } = credentials;
    const stored = await this.database.transaction(async (tx) => {
      for (const subject of subjects) await takeBack(tx, subject);
      if (!(await storePendingSecret(tx, user.userId, sealed))) return false;
      await recordAudit(tx, { actor, action: 'second-factor-made', subject: actor, origin, at: this.now() });
      return true;
    });
    if (!stored) throw refusal('second-factor-enrolled');
    return { secret, uri: totpUri(user.username, secret) };
  }

  /**
   * That somebody who is logged in still knows the password, before it is changed.
   *
   * @throws {DomainError} `login-refused`, `login-locked`
   */
  async confirmPassword(credentials: Credentials): Promise<void> {
    const { subjects } = await this.passwordHolder(credentials);
    await this.database.transaction(async (tx) => {
      for (const subject of subjects) await takeBack(tx, subject);
    });
  }

  /** The person of a right password; the attempt stays counted until it is taken back. */
  private async passwordHolder({ username: typed, password, origin }: Credentials) {
    const username = typed.toLowerCase();
    const user = USERNAME.test(username) ? await findUser(this.database, username) : undefined;
    const subjects = this.subjectsOf(user, username, origin);
    await this.count(subjects, origin);
    // A password is hashed whoever asks: otherwise the time of the answer tells which usernames exist.
    const fits = await passwordFits(user?.passwordHash ?? (await this.decoyHash), password);
    if (user && fits && user.active) return { user, subjects };
    // What was typed as a username may be a password: the trail names existing users only.
    const subject = user ? accountSubject(user.username) : 'user:unknown';
    await this.audit({ actor: 'anonymous', action: 'session-refused', subject, origin, at: this.now() });
    throw refusal('login-refused');
  }

  /**
   * Under which names the attempt is counted. Names that nobody has share 65,536 places that only this installation can
   * tell apart: a stranger cannot fill the table, and what was typed, which may be a password, is not kept.
   */
  private subjectsOf(user: UserRecord | undefined, username: string, origin: Origin | undefined): string[] {
    const place = createHmac('sha256', this.sealingSecret).update(`login:${username}`).digest('hex').slice(0, 4);
    const account = user ? accountSubject(user.username) : `unknown:${place}`;
    // In the order in which the rows are locked everywhere.
    return origin?.address ? [`address:${networkOf(origin.address)}`, account] : [account];
  }

  private async count(subjects: readonly string[], origin: Origin | undefined): Promise<void> {
    const waitUntil = await this.database.transaction(async (tx) => {
      const at = this.now();
      const known = await lockFailures(tx, subjects);
      const locked = subjects.map((subject) => known.get(subject)?.lockedUntil ?? 0).filter((until) => until > at);
      if (locked.length > 0) return Math.max(...locked);
      for (const subject of subjects) {
        const rule = subject.startsWith('address:') ? ADDRESS_RULE : ACCOUNT_RULE;
        const next = attempted(known.get(subject), rule, at);
        if (next === 'locked') throw new Error('a lock was passed over');
        await storeFailures(tx, subject, next);
        if (next.lockedUntil === null) continue;
        const detail = { failures: next.failures, seconds: Math.round((next.lockedUntil - at) / 1000) };
        await recordAudit(tx, { actor: 'anonymous', action: 'login-locked', subject, detail, origin, at });
      }
      return undefined;
    });
    if (waitUntil === undefined) return;
    throw refusal('login-locked', { retryAfterSeconds: Math.ceil((waitUntil - this.now()) / 1000) });
  }

  /** The password was right and something is still missing: neither a failure, nor a success that would forget failures. */
  private async notYet(subjects: readonly string[], code: IdentityErrorCode): Promise<never> {
    await this.database.transaction(async (tx) => {
      for (const subject of subjects) await takeBack(tx, subject);
    });
    throw refusal(code);
  }

  /** @returns recovery codes when this code was the first of its secret */
  private async useCode(
    user: UserRecord,
    code: string,
    { origin }: Credentials,
  ): Promise<readonly string[] | undefined> {
    const at = this.now();
    const actor = accountSubject(user.username);
    const outcome = await this.database.transaction(async (tx) => {
      const used = await this.spend(tx, user, code, at);
      if (!used) {
        await recordAudit(tx, { actor: 'anonymous', action: 'second-factor-refused', subject: actor, origin, at });
        return 'refused';
      }
      if (used === 'recovery') {
        await recordAudit(tx, { actor, action: 'recovery-code-used', subject: actor, origin, at });
      }
      if (user.totpEnrolled) return undefined;
      const codes = newRecoveryCodes();
      await storeRecoveryCodes(
        tx,
        user.userId,
        codes.map((each) => recoveryCodeHash(each)!),
        at,
      );
      await recordAudit(tx, { actor, action: 'second-factor-enrolled', subject: actor, origin, at });
      return codes;
    });
    if (outcome === 'refused') throw refusal('second-factor-refused');
    return outcome;
  }

  private async spend(tx: Tx, user: UserRecord, code: string, at: InstantMs): Promise<'step' | 'recovery' | undefined> {
    const secret = unseal(this.sealingSecret, user.totpSealed!, totpContext(user)).toString();
    const step = totpStep(secret, code, at);
    if (step !== undefined) return (await useStep(tx, user.userId, step, at)) ? 'step' : undefined;
    const hash = user.totpEnrolled ? recoveryCodeHash(code) : undefined;
    return hash && (await useRecoveryCode(tx, user.userId, hash, at)) ? 'recovery' : undefined;
  }

  private audit(event: AuditEvent): Promise<void> {
    return this.database.transaction((tx) => recordAudit(tx, event));
  }
}

/** A sealed secret fits one person's row. */
export function totpContext({ userId }: Pick<SessionUser, 'userId'>): string {
  return `totp:${userId}`;
}

/** An IPv6 caller has 2^64 addresses to ask from: they count as one. @example networkOf('2001:db8::1') // '2001:db8:0:0::/64' */
export function networkOf(address: string): string {
  if (!address.includes(':') || /^::ffff:\d+\./.test(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = address.includes('::')
    ? [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
    : left;
  return `${groups.slice(0, 4).join(':')}::/64`;
}
