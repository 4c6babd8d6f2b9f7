import { existsSync, readFileSync } from 'node:fs';
import {
  admitGeneration,
  openServiceKeys,
  readKeyFile,
  readKek,
  rememberGeneration,
  SoftwareKek,
  upgradedKeyFile,
  verifyKeyFile,
  writeKeyFile,
} from '@vend/keystore';
import { askForShares, Ceremony, kekAccessOf, kekOf, openJournal, ownSeenFile, shortHash } from '../ceremony';
import { peopleOf, twoPeopleOf } from '../people';
import { UsageError } from '../usage';
import type { Command } from './command';

/** A copy that was verified first. It is sealed: without the custodians it opens nothing. */
export const backup: Command = async ({ args, questions, print }) => {
  const people = peopleOf(args.list('by'));
  await Ceremony.hold(args, questions, people, async (ceremony) => {
    const { file } = ceremony;
    const to = args.need('to');
    writeKeyFile(to, file, 'refuse');
    const sha256 = shortHash(readFileSync(to));
    await ceremony.log('done', { generation: file.generation, sha256 });
    print(`generation ${file.generation} of ${file.keys.length} keys copied to ${to}; SHA-256 begins ${sha256}`);
  });
};

/** Puts a backup in place on a machine that has no key file, and makes it the generation that counts here. */
export const restore: Command = async ({ args, questions, print }) => {
  const people = twoPeopleOf(args.list('by'));
  const [keyFile, from] = [args.need('key-file'), args.need('from')];
  if (existsSync(keyFile))
    throw new UsageError(`${keyFile} is there already: move it away if the backup shall replace it`);
  const file = readKeyFile(from);
  const kek = await kekOf(args, questions, file.kek);
  try {
    await verifyKeyFile(kek, file);
    const serviceKeys = await openServiceKeys(kek, file);
    const journal = await openJournal(args, serviceKeys);
    try {
      const detail = { step: args.command, generation: file.generation, kek: file.kek, keys: file.keys.length };
      const line = { caller: people.join(' + '), requestId: `restore-${file.set}-${file.generation}` };
      await journal.append([{ ...line, kind: 'key-operation', outcome: 'begun', detail }]);
      writeKeyFile(keyFile, file, 'refuse');
      rememberGeneration(ownSeenFile(args.need('journal-dir')), serviceKeys.generationKey, file);
      rememberGeneration(args.need('seen-file'), serviceKeys.generationKey, file);
      await journal.append([{ ...line, kind: 'key-operation', outcome: 'done', detail }]);
    } finally {
      await journal.close();
    }
    print(`restored generation ${file.generation} with ${file.keys.length} keys to ${keyFile}`);
  } finally {
    kek.close();
  }
};

/** Two people say that this file is meant, although it is older than the last one used, or unknown here. */
export const acceptGeneration: Command = async ({ args, questions, print }) => {
  const people = twoPeopleOf(args.list('by'));
  const step = async (ceremony: Ceremony): Promise<void> => {
    const { file } = ceremony;
    await ceremony.log('begun', { generation: file.generation });
    ceremony.remember(file, true);
    await ceremony.log('done', { generation: file.generation });
    print(`generation ${file.generation} of ${file.changedAt} is accepted by ${people.join(' and ')}`);
  };
  await Ceremony.hold(args, questions, people, step, false);
};

/** Brings a key file of the first version up to date, with the same KEK. */
export const upgrade: Command = async ({ args, questions, print }) => {
  const people = twoPeopleOf(args.list('by'));
  const access = kekAccessOf(args);
  if (access.kind === 'pkcs11') throw new UsageError('files of the first version know no token');
  const master = access.kind === 'ask' ? await askForShares(questions) : await readKek(access.source);
  const kek = new SoftwareKek(master);
  try {
    const path = args.need('key-file');
    const file = await upgradedKeyFile(path, master, Date.now());
    if (!file) return print('the key file is up to date');
    const serviceKeys = await openServiceKeys(kek, file);
    const journal = await openJournal(args, serviceKeys);
    try {
      writeKeyFile(path, file, 'replace');
      admitGeneration(ownSeenFile(args.need('journal-dir')), serviceKeys.generationKey, file);
      const detail = { step: args.command, kek: file.kek, keys: file.keys.length };
      const line = { caller: people.join(' + '), requestId: `upgrade-${file.set}` };
      await journal.append([{ ...line, kind: 'key-operation', outcome: 'done', detail }]);
    } finally {
      await journal.close();
    }
    print(`key file brought up to date: ${file.keys.length} keys, all active`);
  } finally {
    master.fill(0);
    kek.close();
  }
};
