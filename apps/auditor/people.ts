import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Logins, roleMay, type Permission, type SessionUser } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { readConfig, readSecrets, type Database } from '@vend/platform';

/**
 * The person behind a command; every refused attempt is in the audit trail. A command opens no session: it needs to know
 * who it is, and nothing to carry around.
 *
 * @param sealingSecret of SECRETS_FILE: second factors are sealed under it
 * @throws {DomainError} as `Logins.identify`; role-not-allowed
 * @example const jahangir = await authenticate(database, sealingSecret, { username: 'jahangir', password, code }, 'tariff.change');
 */
export async function authenticate(
  database: Database,
  sealingSecret: Buffer,
  credentials: { username: string; password: string; code?: string },
  permission: Permission,
): Promise<SessionUser> {
  const { user } = await new Logins(database, sealingSecret).identify(credentials);
  if (!roleMay(user.role, permission)) throw new DomainError('role-not-allowed');
  return user;
}

/**
 * Asks who runs a command, by password and, where one is needed, by a code of the second factor: at the terminal, or
 * from the first and the second line of a file descriptor.
 *
 * @throws {DomainError} as `authenticate`
 */
export async function personBehind(
  database: Database,
  username: string,
  fd: string | undefined,
  permission: Permission,
): Promise<SessionUser> {
  const { sealingSecret } = readSecrets(readConfig(['SECRETS_FILE']).SECRETS_FILE);
  const [password, given] = fd === undefined ? [await askUnseen(`Password of ${username}`)] : await linesOf(Number(fd));
  if (password === undefined) throw new Error('no password was given');
  try {
    const code = given?.trim() === '' ? undefined : given?.trim();
    return await authenticate(database, sealingSecret, { username, password, code }, permission);
  } catch (error) {
    const asks = fd === undefined && error instanceof DomainError && error.code === 'second-factor-needed';
    if (!asks) throw error;
    const code = (await askUnseen(`Code of ${username}'s second factor`)).trim();
    return authenticate(database, sealingSecret, { username, password, code }, permission);
  }
}

/** Typed at the terminal unseen; never an argument. */
async function askUnseen(what: string): Promise<string> {
  if (!process.stdin.isTTY) throw new Error('no terminal to type the password at: give --password-fd');
  process.stderr.write(`${what}: `);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('close', () => reject(new Error(`nothing was given: ${what}`)));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

/** The first two lines of a file descriptor. */
async function linesOf(fd: number): Promise<string[]> {
  const input = fd === 0 ? process.stdin : createReadStream('', { fd });
  const lines = createInterface({ input });
  const found: string[] = [];
  try {
    for await (const line of lines) if (found.push(line) === 2) break;
    return found;
  } finally {
    lines.close();
  }
}
