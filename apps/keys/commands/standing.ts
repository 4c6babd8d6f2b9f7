import { DomainError, dhakaDay } from '@vend/kernel';
import { moved, nextGeneration, withStanding } from '@vend/keystore';
import type { VendingKeyInfo, VendingKeyStanding, VendingKeyState } from '@vend/keystore';
import { Ceremony } from '../ceremony';
import { peopleOf, twoPeopleOf } from '../people';
import { keyNamed, keysWith, listedKey, tableOf } from '../vending-keys';
import { UsageError } from '../usage';
import type { Command, Setting } from './command';
import { unverifiedFile } from './kek';

const DAY_MS = 86_400_000;

/** Check values, states and days left; verified when the KEK is given. */
export const list: Command = async ({ args, questions, print, say }) => {
  const unverified = args.text('kek') === undefined && args.text('module') === undefined;
  const file = unverified
    ? unverifiedFile(args)
    : await Ceremony.hold(args, questions, ['list'], async (ceremony) => ceremony.file);
  const keys = file.keys.map((key) => listedKey(key, Date.now()));
  if (args.flag('json')) {
    print(JSON.stringify({ generation: file.generation, kek: file.kek, verified: !unverified, keys }));
    return;
  }
  if (unverified) say('not verified: no KEK was given (--kek)');
  print(`generation ${file.generation}, KEK ${file.kek}, changed ${file.changedAt}`);
  print(keys.length > 0 ? tableOf(keys) : 'no keys');
};

const stateTo = (state: VendingKeyState): Command => {
  return (setting) => change(setting, (key) => ({ state: moved(key, state).state }));
};
export const activate = stateTo('active');
export const retire = stateTo('retired');

/** The last day on which tokens are made under a key. */
export const setIssuedUntil: Command = (setting) => {
  const until = setting.args.need('until');
  if (until !== 'none' && !/^\d{4}-\d{2}-\d{2}$/.test(until)) throw new UsageError('--until is YYYY-MM-DD or none');
  return change(setting, () => ({ issuedUntil: until === 'none' ? null : until }));
};

/** Ends a key at once: yesterday was its last day. */
export const expire: Command = (setting) => {
  return change(setting, () => ({ issuedUntil: dhakaDay(Date.now() - DAY_MS) }));
};

/** Takes a key out of the file; never one in use. Older copies of the file still hold it. */
export const remove: Command = async ({ args, questions, print }) => {
  const people = twoPeopleOf(args.list('by'));
  await Ceremony.hold(args, questions, people, async (ceremony) => {
    const key = keyNamed(args, ceremony.file);
    if (key.state === 'active') throw new DomainError('key-state-move-refused', { from: key.state, to: 'removed' });
    const keys = keysWith(ceremony.file, key, null);
    const { sgc, krn, kcv } = key;
    const next = await nextGeneration(ceremony.kek, ceremony.file, { keys }, Date.now());
    await ceremony.replace(next, { sgc, krn, kcv });
    print(`removed ${sgc}/${krn} (check value ${kcv}); generation ${next.generation}`);
  });
};

async function change(
  { args, questions, print }: Setting,
  to: (key: VendingKeyInfo) => Partial<VendingKeyStanding>,
): Promise<void> {
  const people = peopleOf(args.list('by'));
  await Ceremony.hold(args, questions, people, async (ceremony) => {
    const { kek, file } = ceremony;
    const key = keyNamed(args, file);
    const changed = await withStanding(kek, file.set, key, to(key));
    const next = await nextGeneration(kek, file, { keys: keysWith(file, key, changed) }, Date.now());
    const { sgc, krn, kcv, state, issuedUntil } = changed;
    await ceremony.replace(next, { sgc, krn, kcv, state, issuedUntil: issuedUntil ?? 'none' });
    print(tableOf([listedKey(changed, Date.now())]));
    print(`generation ${next.generation}; token servers follow at SIGHUP`);
  });
}
