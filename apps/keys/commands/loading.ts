import { readFileSync } from 'node:fs';
import {
  assertCheckValue,
  checkValue,
  combineComponents,
  nextGeneration,
  openKeyLoadFile,
  parseComponent,
  sealVendingKey,
} from '@vend/keystore';
import type { VendingKeyAttributes } from '@vend/keystore';
import { Ceremony } from '../ceremony';
import { twoPeopleOf } from '../people';
import { attributesFrom, refuseLoadedAlready } from '../vending-keys';
import { UsageError } from '../usage';
import type { Command, Setting } from './command';

/** Two people enter a component each; neither sees the other's, and nobody sees the key. */
export const loadComponents: Command = async (setting) => {
  const { args, questions, print } = setting;
  const people = twoPeopleOf(args.list('by'));
  const attributes = attributesFrom(args);
  const { dkga } = attributes;
  await Ceremony.hold(args, questions, people, async (ceremony) => {
    refuseLoadedAlready(ceremony.file, attributes);
    const components: Buffer[] = [];
    try {
      for (const [i, person] of people.entries()) {
        const typed = await questions.secret(`component-${i + 1}`, `${person}, component ${i + 1}`);
        try {
          components.push(parseComponent(dkga, typed));
        } finally {
          typed.fill(0);
        }
        print(`component ${i + 1}: check value ${checkValue(dkga, components[i]!)}`);
      }
      const { value, kcv } = combineComponents(dkga, components[0]!, components[1]!);
      try {
        print(`key ${attributes.sgc}/${attributes.krn}: check value ${kcv}`);
        await agreeOn(setting, people, kcv);
        await add(ceremony, attributes, value, kcv);
      } finally {
        value.fill(0);
      }
    } finally {
      for (const component of components) component.fill(0);
    }
    print(`loaded ${attributes.sgc}/${attributes.krn}; it makes no token before it is activated`);
  });
};

/** A key that a key management centre sealed for this module; its letter says the check value. */
export const loadFile: Command = async (setting) => {
  const { args, questions, print } = setting;
  const people = twoPeopleOf(args.list('by'));
  const content = readFileSync(args.need('file'));
  await Ceremony.hold(args, questions, people, async (ceremony) => {
    const { key, kcv, value } = openKeyLoadFile(ceremony.serviceKeys.keyLoadKey, content);
    try {
      refuseLoadedAlready(ceremony.file, key);
      print(`key ${key.sgc}/${key.krn}: check value ${kcv}`);
      await agreeOn(setting, people, kcv);
      await add(ceremony, key, value, kcv);
    } finally {
      value.fill(0);
    }
    print(`loaded ${key.sgc}/${key.krn}; it makes no token before it is activated`);
  });
};

/** --kcv holds the check value of the letter; without it both people say so at the terminal. */
async function agreeOn({ args, questions }: Setting, people: readonly string[], kcv: string): Promise<void> {
  const expected = args.text('kcv');
  if (expected !== undefined) return assertCheckValue(kcv, expected);
  if (!questions.atTerminal) throw new UsageError('--kcv is missing: the check value in the letter');
  for (const person of people) {
    const typed = await questions.secret('kcv', `${person}, the check value in your letter`);
    assertCheckValue(kcv, typed.toString('latin1').trim());
  }
}

async function add(ceremony: Ceremony, key: VendingKeyAttributes, value: Buffer, kcv: string): Promise<void> {
  const { kek, file } = ceremony;
  const sealed = await sealVendingKey(kek, file.set, { ...key, state: 'loaded', issuedUntil: null, value });
  const keys = [...file.keys, sealed].sort((a, b) => (`${a.sgc}/${a.krn}` < `${b.sgc}/${b.krn}` ? -1 : 1));
  const { sgc, krn, kind, dkga, baseDate, ken } = key;
  const detail = { sgc, krn, kind, dkga, baseDate, ken, kcv };
  await ceremony.replace(await nextGeneration(kek, file, { keys }, Date.now()), detail);
}
