import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import {
  createKeyFile,
  handoverPath,
  openPkcs11Token,
  openServiceKeys,
  Pkcs11Kek,
  readKeyFile,
  SoftwareKek,
  underAnotherKek,
  writeHandover,
  writeKeyFile,
} from '@vend/keystore';
import type { KeyEncryptionKey, SealedKeyFile } from '@vend/keystore';
import { rememberGeneration } from '@vend/keystore';
import type { Arguments } from '../arguments';
import { askForShares, Ceremony, kekAccessOf, openJournal, ownSeenFile } from '../ceremony';
import { twoPeopleOf } from '../people';
import { handOutShares } from '../shares';
import { UsageError } from '../usage';
import type { Command, Setting } from './command';

/** Makes a KEK, hands out its shares, and only then seals a new, empty key file under it. */
export const createKek: Command = async (setting) => {
  const { args, say, print } = setting;
  const people = twoPeopleOf(args.list('by'));
  const [keyFile, journalDirectory] = [args.need('key-file'), args.need('journal-dir')];
  if (existsSync(keyFile)) throw new UsageError(`${keyFile} is there already: a key file is never overwritten`);
  const made = await madeKek(setting, args.text('shares') !== undefined);
  try {
    const file = await createKeyFile(made.kek, [], Date.now());
    const serviceKeys = await openServiceKeys(made.kek, file);
    const journal = await openJournal(args, serviceKeys);
    try {
      writeKeyFile(keyFile, file, 'refuse');
      rememberGeneration(ownSeenFile(journalDirectory), serviceKeys.generationKey, file);
      const detail = { step: args.command, kek: file.kek, generation: 1, module: made.kek.kind, ...made.splitting };
      const record = { kind: 'key-operation', outcome: 'done', detail } as const;
      await journal.append([{ caller: people.join(' + '), requestId: `create-kek-${file.kek}`, ...record }]);
    } finally {
      await journal.close();
    }
    say(made.says);
    print(`KEK ${file.kek} (${made.kek.kind}); key file of generation 1 without keys: ${keyFile}`);
  } finally {
    made.close();
  }
};

/** Brings the KEK that custodians hold in shares into a PKCS#11 token. */
export const importKek: Command = async ({ args, questions, print }) => {
  const people = twoPeopleOf(args.list('by'));
  const access = kekAccessOf(args);
  if (access.kind !== 'pkcs11') throw new UsageError('import-kek is for --module pkcs11');
  const master = await askForShares(questions);
  const token = await openPkcs11Token(access);
  try {
    const kek = Pkcs11Kek.import(token, master);
    print(`KEK ${kek.id} is in the token (${people.join(' and ')}); it cannot be taken out of it`);
  } finally {
    master.fill(0);
    token.close();
  }
};

/**
 * Moves the key file to a new KEK. Shares are handed out first; the file changes last, in one piece; the running
 * token server follows at its next SIGHUP, over the handover or inside its token.
 */
export const rotateKek: Command = async (setting) => {
  const { args, questions, print, say } = setting;
  const people = twoPeopleOf(args.list('by'));
  await Ceremony.hold(args, questions, people, async (ceremony) => {
    const { kek: old, file } = ceremony;
    const made = await madeKek(setting, old.kind === 'software' || args.text('shares') !== undefined, old);
    try {
      const next = await underAnotherKek(old, made.kek, file, Date.now());
      if (made.master && !args.flag('no-handover')) {
        await writeHandover(args.need('key-file'), old, made.kek, made.master);
      }
      await ceremony.replace(next, { kek: next.kek, from: file.kek, ...made.splitting });
      say(made.says);
      print(`KEK ${next.kek} in place of ${file.kek}; generation ${next.generation}`);
      say('now: kill -HUP the token servers; when each says "key file read again": npm run keys -- finish-rotation');
    } finally {
      made.close();
    }
  });
};

/** Removes the way from the old KEK to the new one. */
export const finishRotation: Command = async ({ args, questions, print }) => {
  const people = twoPeopleOf(args.list('by'));
  await Ceremony.hold(args, questions, people, async (ceremony) => {
    rmSync(handoverPath(args.need('key-file')), { force: true });
    await ceremony.log('done', { kek: ceremony.file.kek });
    print('the handover is gone: the old KEK opens nothing any more, save older copies of the key file');
  });
};

interface MadeKek {
  readonly kek: KeyEncryptionKey;
  /** Null when the token made it and nobody knows it. */
  readonly master: Buffer | null;
  readonly splitting: Record<string, number>;
  readonly says: string;
  close(): void;
}

/** A new KEK: split among custodians, or known to a token alone. */
async function madeKek(setting: Setting, inShares: boolean, old?: KeyEncryptionKey): Promise<MadeKek> {
  const { args, questions } = setting;
  const access = kekAccessOf(args);
  if (!inShares && access.kind !== 'pkcs11') throw new UsageError('--shares is missing');
  // The token of a KEK that is being replaced is open already.
  const own = access.kind === 'pkcs11' && !(old instanceof Pkcs11Kek) ? await openPkcs11Token(access) : null;
  const token = old instanceof Pkcs11Kek ? old.token : own;
  if (!inShares) {
    const kek = Pkcs11Kek.generate(token!);
    const says = "made in the token: only the token's own backup can bring it back";
    return { kek, master: null, splitting: {}, says, close: () => own?.close() };
  }
  const master = randomBytes(32);
  try {
    const says = await handOutShares(args, questions, master);
    const kek = token ? Pkcs11Kek.import(token, master) : new SoftwareKek(master);
    const splitting = { shares: args.whole('shares'), threshold: args.whole('threshold') };
    const close = (): void => {
      master.fill(0);
      if (own) own.close();
      else if (!token) kek.close();
    };
    return { kek, master: token ? null : master, splitting, says, close };
  } catch (error) {
    master.fill(0);
    own?.close();
    throw error;
  }
}

/** The key file as it lies there, for commands that need no KEK. */
export function unverifiedFile(args: Arguments): SealedKeyFile {
  return readKeyFile(args.need('key-file'));
}
