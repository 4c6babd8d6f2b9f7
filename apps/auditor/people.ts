import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { SessionsService, roleMay, type Permission, type SessionUser, type TokenSigner } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import type { Database } from '@vend/platform';

/** A command opens no session: it needs to know who it is, and nothing to carry around. */
const NO_TOKENS: TokenSigner = {
  signAsync: () => Promise.resolve(''),
  verify: () => {
    throw new Error('a command has no access token');
  },
};

/**
 * The person behind a command, by username and password; every attempt is in the audit trail.
 *
 * @throws {DomainError} login-refused; role-not-allowed
 * @example const selim = await authenticate(database, 'selim', password, 'tariff.change');
 */
export async function authenticate(
  database: Database,
  username: string,
  password: string,
  permission: Permission,
): Promise<SessionUser> {
  const { user } = await new SessionsService(database, NO_TOKENS).login(username, password);
  if (!roleMay(user.role, permission)) throw new DomainError('role-not-allowed');
  return user;
}

/** A password's first line from a file descriptor, or, without one, typed at the terminal unseen. Never an argument. */
export async function readPassword(username: string, fd: number | undefined): Promise<string> {
  if (fd !== undefined) return firstLine(fd === 0 ? process.stdin : createReadStream('', { fd }));
  if (!process.stdin.isTTY) throw new Error('no terminal to type the password at: give --password-fd');
  process.stderr.write(`Password of ${username}: `);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('close', () => reject(new Error('no password was given')));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line;
    throw new Error('no password was given');
  } finally {
    lines.close();
  }
}
