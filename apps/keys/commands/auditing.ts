import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  hexBytes,
  moduleIdOf,
  readCheckpoints,
  sealKeyLoadFile,
  trimmed,
  verifyLog,
  writeSecretFile,
} from '@vend/keystore';
import type { ServiceKeyName } from '@vend/keystore';
import { attributesFrom } from '../vending-keys';
import { UsageError } from '../usage';
import type { Arguments } from '../arguments';
import type { Command } from './command';
import { unverifiedFile } from './kek';

/** Reads the whole log and names every line that is not as it was written. Exit status 1 when there is one. */
export const checkLog: Command = async ({ args, print }) => {
  const publicKeys = args.list('public-key').map((given) => publicKeyOf(given, 'ed25519'));
  if (publicKeys.length === 0) throw new UsageError('--public-key is missing: who may have signed the log?');
  const kept = args.text('checkpoints');
  const checkpoints = kept === undefined ? [] : await readCheckpoints(kept);
  const report = await verifyLog(args.need('log-dir'), { publicKeys, checkpoints });
  if (args.flag('json')) print(JSON.stringify(report));
  else {
    for (const { line, fault, says } of report.faults) print(`line ${line}: ${fault}: ${says}`);
    if (report.unfinishedBytes > 0) print(`${report.unfinishedBytes} bytes of a line that was never promised`);
    if (kept === undefined) print('no checkpoints from elsewhere were given: lines cut off at the end cannot be seen');
    print(
      `${report.lines} lines, ${report.signedLines} of them signed, ${report.faults.length} faults; head ${report.head}`,
    );
  }
  return report.faults.length === 0 ? 0 : 1;
};

/** The public key by which the audit logs of this key file are verified. Keep it where the log is not. */
export const exportPublicKey: Command = async ({ args, print }) => {
  print(publicTextOf(args, 'audit-signing'));
};

/** What a key management centre seals keys for. The id is for comparing by telephone. */
export const moduleId: Command = async ({ args, print }) => {
  const text = publicTextOf(args, 'key-load');
  print(`${text}\nid ${moduleIdOf(publicKeyOf(text, 'x25519')).replace(/(.{4})(?=.)/g, '$1 ')}`);
};

/** The other side of load-file: seals a key for a module. */
export const sealForModule: Command = async ({ args, questions, print }) => {
  const publicKey = publicKeyOf(args.need('to'), 'x25519');
  const key = attributesFrom(args);
  const out = args.need('out');
  const typed = await questions.secret('key', `The key of ${key.sgc}/${key.krn}`);
  const value = hexBytes(trimmed(typed), key.dkga === 2 ? 8 : 20, ' ');
  typed.fill(0);
  if (!value) throw new UsageError('the key is not 16 (DKGA02) or 40 (DKGA04) hexadecimal digits');
  try {
    const content = sealKeyLoadFile(publicKey, key, value);
    writeSecretFile(out, content, 'refuse');
    print(`${out}: check value ${(JSON.parse(content) as { kcv: string }).kcv}`);
  } finally {
    value.fill(0);
  }
};

function publicTextOf(args: Arguments, name: ServiceKeyName): string {
  const found = unverifiedFile(args).services.find((key) => key.name === name)?.publicKey;
  if (!found) throw new UsageError('the key file has no such key: bring it up to date with upgrade');
  return found;
}

/** SPKI in base64, or a file that holds it: the first line counts. @throws {UsageError} */
function publicKeyOf(given: string, type: 'ed25519' | 'x25519'): KeyObject {
  const text = existsSync(given) ? readFileSync(given, 'utf8') : given;
  try {
    const key = createPublicKey({
      key: Buffer.from(text.split('\n')[0]!.trim(), 'base64'),
      format: 'der',
      type: 'spki',
    });
    if (key.asymmetricKeyType === type) return key;
  } catch {
    // Said below.
  }
  throw new UsageError(`a public key (${type}, SPKI in base64) is expected`);
}
