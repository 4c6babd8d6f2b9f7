import { DomainError } from '@vend/kernel';
import type * as Pkcs11 from 'pkcs11js';
import { promptHidden } from '../hidden-prompt';
import { trimmed } from '../hex-digits';
import type { KeystoreErrorCode } from '../keystore.errors';
import { readGuardedFile } from '../secret-file';
import { loginRefusal, meansGone, returnCodeOf, unavailable } from './pkcs11-errors';

export type Cryptoki = typeof Pkcs11;
export type Handle = Pkcs11.Handle;
export type Template = Pkcs11.Template;

/** Where the token is, and who may use it. */
export interface Pkcs11Access {
  /** Path of the PKCS#11 library. */
  readonly library: string;
  readonly tokenLabel: string;
  /** The user PIN: path, `fd:3`, or `prompt`. */
  readonly pinSource: string;
}

/** A session of its own for one operation at a time: a session can only do one. */
export interface Session {
  readonly api: Pkcs11.PKCS11;
  readonly ck: Cryptoki;
  readonly handle: Handle;
}

/** A session for operations, and the connection it belongs to. */
interface PooledSession {
  readonly handle: Handle;
  readonly epoch: number;
}

const SESSIONS = 4;

/** A library is initialised once in a process, whoever uses it. */
const libraries = new Map<string, { api: Pkcs11.PKCS11; users: number }>();

/**
 * Logs in to a token.
 *
 * @throws {DomainError} `pkcs11-unavailable`, `pkcs11-token-not-found`, `pkcs11-pin-unreadable`,
 * `pkcs11-pin-permissive`, `pkcs11-pin-wrong`, `pkcs11-pin-locked`
 */
export async function openPkcs11Token(access: Pkcs11Access): Promise<Pkcs11Token> {
  const ck = await cryptoki();
  const pin = access.pinSource === 'prompt' ? await promptHidden('PIN of the token (not shown): ') : readPin(access);
  try {
    return new Pkcs11Token(ck, access, pin);
  } catch (error) {
    pin.fill(0);
    throw error;
  }
}

/** Loaded when asked for: it is an optional package, which needs a compiler where no binary is at hand. */
async function cryptoki(): Promise<Cryptoki> {
  try {
    const loaded = (await import('pkcs11js')) as Cryptoki & { default?: Cryptoki };
    return loaded.default ?? loaded;
  } catch {
    throw new DomainError<KeystoreErrorCode>('pkcs11-unavailable', { reason: 'package pkcs11js is not installed' });
  }
}

function readPin({ pinSource }: Pkcs11Access): Buffer {
  const text = readGuardedFile(pinSource, {
    forbiddenMode: 0o077,
    unreadable: 'pkcs11-pin-unreadable',
    permissive: 'pkcs11-pin-permissive',
  });
  const pin = Buffer.from(trimmed(text));
  text.fill(0);
  return pin;
}

/** A logged-in token with a few sessions, shared by what opens keys through it. */
export class Pkcs11Token {
  private readonly api: Pkcs11.PKCS11;
  /** Holds the session objects: they live as long as the session that made them. */
  private holder!: Handle;
  private idle: PooledSession[] = [];
  private readonly waiting: ((session: PooledSession) => void)[] = [];
  private connections = 0;
  private users = 1;
  private closed = false;

  /** @param pin kept for reconnecting, and erased on close */
  constructor(
    private readonly ck: Cryptoki,
    private readonly access: Pkcs11Access,
    private readonly pin: Buffer,
  ) {
    this.api = initialised(ck, access.library);
    try {
      this.connect();
    } catch (error) {
      released(access.library);
      throw error;
    }
  }

  /** Changes when the connection was made anew: handles of before are worth nothing then. */
  get epoch(): number {
    return this.connections;
  }

  /**
   * Does one operation in a session of its own, as soon as one is free.
   *
   * @throws {DomainError} `module-unavailable`; other PKCS#11 errors as they are
   */
  async use<T>(work: (session: Session) => T | Promise<T>): Promise<T> {
    this.refuseClosed();
    const session = this.idle.pop() ?? (await new Promise<PooledSession>((resolve) => this.waiting.push(resolve)));
    try {
      return await work({ api: this.api, ck: this.ck, handle: session.handle });
    } catch (error) {
      throw meansGone(error) ? unavailable(error) : error;
    } finally {
      this.release(session);
    }
  }

  /** Does something quick, not to be awaited, in the session that holds the objects. */
  hold<T>(work: (session: Session) => T): T {
    this.refuseClosed();
    try {
      return work({ api: this.api, ck: this.ck, handle: this.holder });
    } catch (error) {
      throw meansGone(error) ? unavailable(error) : error;
    }
  }

  /** Which of these mechanisms the token lacks, by name. */
  lacks(names: readonly (keyof Cryptoki & `CKM_${string}`)[]): string[] {
    const offered = this.api.C_GetMechanismList(this.slot());
    return names.filter((name) => !offered.includes(this.ck[name]));
  }

  /**
   * Makes the connection anew after the token was away.
   *
   * @throws {DomainError} as `openPkcs11Token`
   */
  reconnect(): void {
    this.refuseClosed();
    try {
      this.api.C_CloseAllSessions(this.slot());
    } catch {
      // They are gone already, or the token is: connecting tells.
    }
    this.connect();
  }

  /** For one more user, who closes it too: it stays open until the last has. */
  retained(): this {
    this.refuseClosed();
    this.users += 1;
    return this;
  }

  close(): void {
    this.users -= 1;
    if (this.closed || this.users > 0) return;
    this.closed = true;
    this.pin.fill(0);
    try {
      for (const handle of [this.holder, ...this.idle.map((session) => session.handle)])
        this.api.C_CloseSession(handle);
    } catch {
      // A token that is gone has closed them itself.
    }
    this.idle = [];
    released(this.access.library);
  }

  private connect(): void {
    const slot = this.slot();
    const { CKF_SERIAL_SESSION, CKF_RW_SESSION, CKU_USER } = this.ck;
    try {
      this.holder = this.api.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION);
      this.login(CKU_USER);
      const epoch = this.connections + 1;
      this.idle = Array.from({ length: SESSIONS }, () => {
        return { handle: this.api.C_OpenSession(slot, CKF_SERIAL_SESSION), epoch };
      });
    } catch (error) {
      throw loginRefusal(error);
    }
    this.connections += 1;
    while (this.waiting.length > 0 && this.idle.length > 0) this.waiting.shift()!(this.idle.pop()!);
  }

  private login(user: number): void {
    try {
      this.api.C_Login(this.holder, user, this.pin.toString('utf8'));
    } catch (error) {
      // All sessions of a process share one login.
      if (returnCodeOf(error) !== 'CKR_USER_ALREADY_LOGGED_IN') throw error;
    }
  }

  private slot(): Handle {
    try {
      const { tokenLabel } = this.access;
      const slots = this.api.C_GetSlotList(true);
      const found = slots.find((slot) => this.api.C_GetTokenInfo(slot).label.trim() === tokenLabel);
      if (found) return found;
    } catch (error) {
      throw unavailable(error);
    }
    throw new DomainError<KeystoreErrorCode>('pkcs11-token-not-found');
  }

  private release(session: PooledSession): void {
    // A session of an earlier connection is closed: it must not be handed on.
    if (session.epoch !== this.connections || this.closed) return;
    const next = this.waiting.shift();
    if (next) next(session);
    else this.idle.push(session);
  }

  private refuseClosed(): void {
    if (this.closed) throw new DomainError<KeystoreErrorCode>('module-closed');
  }
}

function initialised(ck: Cryptoki, library: string): Pkcs11.PKCS11 {
  const known = libraries.get(library);
  if (known) {
    known.users += 1;
    return known.api;
  }
  const api = new ck.PKCS11();
  try {
    api.load(library);
    // Operations run in threads of the pool.
    api.C_Initialize({ flags: ck.CKF_OS_LOCKING_OK });
  } catch (error) {
    const reason = returnCodeOf(error) ?? 'library cannot be loaded';
    throw new DomainError<KeystoreErrorCode>('pkcs11-unavailable', { reason });
  }
  libraries.set(library, { api, users: 1 });
  return api;
}

function released(library: string): void {
  const known = libraries.get(library);
  if (!known) return;
  known.users -= 1;
  if (known.users > 0) return;
  libraries.delete(library);
  try {
    known.api.C_Finalize();
    known.api.close();
  } catch {
    // Nothing is left to be done with it.
  }
}
