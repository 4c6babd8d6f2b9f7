import { DomainError, newId, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { recordAudit, type AuditAction, type AuditFacts } from '../audit';
import type { PersonRole, SessionUser } from '../identity';
import type { IdentityErrorCode } from '../identity.errors';
import { Logins } from '../sessions/logins';
import { hashPassword } from '../sessions/passwords';
import { accountSubject, forgetFailures } from '../store/login-failures';
import { stationExists } from '../store/offices';
import {
  insertPerson,
  listPeople,
  personCard,
  updateActive,
  updatePassword,
  updatePerson,
  type PersonCard,
} from '../store/people';
import { removeSecondFactor } from '../store/second-factors';
import { endSessionsOf, openSessionsOf, type SessionRecord } from '../store/sessions';
import { lockUser, type UserRecord } from '../store/users';

/** Somebody new; the password is for the first login. */
export interface NewPerson {
  readonly username: string;
  readonly name: string;
  readonly role: PersonRole;
  readonly station: string;
  readonly password: string;
}

export type PersonChanges = Partial<Pick<NewPerson, 'name' | 'role' | 'station'>>;

const refusal = (code: IdentityErrorCode) => new DomainError<IdentityErrorCode>(code);

/**
 * People's accounts, for administrators. Every change is on record with what was so before and after, and ends the
 * person's sessions when it changes what the person may do. Nobody does it to themselves.
 */
export class People {
  constructor(
    private readonly database: Database,
    private readonly logins: Logins,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** People by username. */
  list(page: { after?: string; limit: number }): Promise<PersonCard[]> {
    return listPeople(this.database, { ...page, at: this.now() });
  }

  /** @throws {DomainError} `person-not-found` */
  async show(username: string): Promise<PersonCard> {
    const card = await personCard(this.database, username, this.now());
    if (!card) throw refusal('person-not-found');
    return card;
  }

  /** @throws {DomainError} `person-not-found` */
  async sessionsOf(username: string): Promise<SessionRecord[]> {
    const { userId } = await this.show(username);
    return openSessionsOf(this.database, userId, this.now());
  }

  /** @throws {DomainError} `person-exists`, `station-not-found` */
  async create(person: NewPerson, by: SessionUser): Promise<PersonCard> {
    const at = this.now();
    const { username, name, role, station } = person;
    const hash = await hashPassword(person.password);
    try {
      await this.database.transaction(async (tx) => {
        if (!(await stationExists(tx, station))) throw refusal('station-not-found');
        await insertPerson(tx, { id: newId(at), username, name, role, station, hash, at });
        await this.audit(tx, 'user-changed', username, by, at, undefined, { name, role, station, active: true });
      });
    } catch (error) {
      if (isDuplicate(error)) throw refusal('person-exists');
      throw error;
    }
    return this.show(username);
  }

  /**
   * Another name, role or station. A role that needs a second factor is asked for one at the next login.
   *
   * @throws {DomainError} `person-not-found`, `person-own`, `station-not-found`
   */
  change(username: string, changes: PersonChanges, by: SessionUser): Promise<PersonCard> {
    return this.onAnother(username, by, async (tx, user, at) => {
      const { name, role, station } = { ...user, ...changes };
      if (changes.station !== undefined && !(await stationExists(tx, station))) throw refusal('station-not-found');
      const before = { name: user.name, role: user.role, station: user.station };
      const after = { name, role, station };
      if (JSON.stringify(before) === JSON.stringify(after)) return;
      await updatePerson(tx, username, after);
      await this.endAll(tx, user, by, at);
      await this.audit(tx, 'user-changed', username, by, at, before, after);
    });
  }

  /** Closes an account, or opens it again. @throws {DomainError} `person-not-found`, `person-own` */
  setActive(username: string, active: boolean, by: SessionUser): Promise<PersonCard> {
    return this.onAnother(username, by, async (tx, user, at) => {
      if (user.active === active) return;
      await updateActive(tx, username, active);
      await this.endAll(tx, user, by, at);
      await this.audit(tx, 'user-changed', username, by, at, { active: user.active }, { active });
    });
  }

  /** A new password for somebody who has forgotten it. @throws {DomainError} `person-not-found`, `person-own` */
  async setPassword(username: string, password: string, by: SessionUser): Promise<PersonCard> {
    const hash = await hashPassword(password);
    return this.onAnother(username, by, async (tx, user, at) => {
      await this.storePassword(tx, user, hash, by, at);
    });
  }

  /** Takes a lost second factor away; a new one is enrolled at the next login. @throws {DomainError} `person-not-found`, `person-own` */
  removeSecondFactor(username: string, by: SessionUser): Promise<PersonCard> {
    return this.onAnother(username, by, async (tx, user, at) => {
      await removeSecondFactor(tx, user.userId, at);
      await this.endAll(tx, user, by, at);
      await this.audit(
        tx,
        'second-factor-removed',
        username,
        by,
        at,
        { enrolled: user.totpEnrolled },
        { enrolled: false },
      );
    });
  }

  /** Forgets a person's failed logins. @throws {DomainError} `person-not-found`, `person-own` */
  unlock(username: string, by: SessionUser): Promise<PersonCard> {
    return this.onAnother(username, by, async (tx, _user, at) => {
      const failures = await forgetFailures(tx, accountSubject(username));
      await this.audit(tx, 'user-unlocked', username, by, at, { failures }, { failures: 0 });
    });
  }

  /** Ends all of a person's sessions. @returns how many @throws {DomainError} `person-not-found`, `person-own` */
  async endSessions(username: string, by: SessionUser): Promise<number> {
    let ended = 0;
    await this.onAnother(username, by, async (tx, user, at) => {
      const actor = `user:${by.username}`;
      ended = await endSessionsOf(tx, user.userId, actor, 'revoked', at);
      if (ended > 0) {
        await recordAudit(tx, {
          actor,
          action: 'session-ended',
          subject: accountSubject(username),
          detail: { ended },
          at,
        });
      }
    });
    return ended;
  }

  /**
   * Somebody's own new password, by the old one; ends the other sessions.
   *
   * @returns how many sessions ended
   * @throws {DomainError} `login-refused`, `login-locked`: the old one is wrong
   */
  async changeOwnPassword(user: SessionUser, sessionId: Id, old: string, password: string): Promise<number> {
    await this.logins.confirmPassword({ username: user.username, password: old });
    const hash = await hashPassword(password);
    return this.database.transaction(async (tx) => {
      const stored = await lockUser(tx, user.username);
      if (!stored) throw refusal('person-not-found');
      return this.storePassword(tx, stored, hash, user, this.now(), sessionId);
    });
  }

  private async storePassword(
    tx: Tx,
    user: UserRecord,
    hash: string,
    by: SessionUser,
    at: InstantMs,
    keep?: Id,
  ): Promise<number> {
    await updatePassword(tx, user.username, hash);
    const ended = await this.endAll(tx, user, by, at, keep);
    await this.audit(tx, 'password-changed', user.username, by, at);
    return ended;
  }

  private endAll(tx: Tx, { userId }: UserRecord, by: SessionUser, at: InstantMs, keep?: Id): Promise<number> {
    return endSessionsOf(tx, userId, `user:${by.username}`, 'user-changed', at, keep);
  }

  private async onAnother(
    username: string,
    by: SessionUser,
    work: (tx: Tx, user: UserRecord, at: InstantMs) => Promise<void>,
  ): Promise<PersonCard> {
    // Who manages people could otherwise take any role, or be talked out of a second factor.
    if (username === by.username) throw refusal('person-own');
    await this.database.transaction(async (tx) => {
      const user = await lockUser(tx, username);
      if (!user) throw refusal('person-not-found');
      await work(tx, user, this.now());
    });
    return this.show(username);
  }

  private audit(
    tx: Tx,
    action: AuditAction,
    username: string,
    by: SessionUser,
    at: InstantMs,
    before?: AuditFacts,
    after?: AuditFacts,
  ): Promise<void> {
    return recordAudit(tx, {
      actor: `user:${by.username}`,
      action,
      subject: accountSubject(username),
      before,
      after,
      at,
    });
  }
}
