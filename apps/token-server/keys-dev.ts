/**
 * Development keys. Not a key ceremony: one person, one machine, random values, for the sandbox and tests.
 *
 *   keys-dev --out sealed.json --kek kekfile
 *       makes a KEK and two vending keys: 201457/1 (DKGA04, for EA11) and 123456/1 (DKGA02, for EA07)
 *   keys-dev --sealed sealed.json --kek kekfile --meters sample.csv --decoder-keys-out keys.json
 *       writes the decoder key of every meter of the file: what a virtual meter knows of itself
 *   keys-dev --export-decoder-key --sealed … --kek … --pan … --sgc … --ti … --krn … --kt … --ea … --decoder-keys-out …
 *       the same for one meter
 *
 * Values go to files of mode 0600, never to the terminal. Refuses with NODE_ENV=production.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openKeyFile, readKek, sealKeys, writeSecretFile } from '@vend/keystore';
import type { VendingKeyAttributes } from '@vend/keystore';
import { StsError } from '@vend/sts';
import { decoderKeysOf, metersOfCsv } from './decoder-keys';

const OPTIONS = {
  out: { type: 'string' },
  kek: { type: 'string' },
  sealed: { type: 'string' },
  meters: { type: 'string' },
  'decoder-keys-out': { type: 'string' },
  'export-decoder-key': { type: 'boolean' },
  pan: { type: 'string' },
  sgc: { type: 'string' },
  ti: { type: 'string' },
  krn: { type: 'string' },
  kt: { type: 'string' },
  ea: { type: 'string' },
} as const;

const DEVELOPMENT_KEYS: readonly VendingKeyAttributes[] = [
  { sgc: '201457', krn: 1, kind: 'VUDK', dkga: 4, baseDate: 2014, ken: 255 },
  { sgc: '123456', krn: 1, kind: 'VUDK', dkga: 2, baseDate: 2014, ken: 255 },
];

class UsageError extends Error {}

type Arguments = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** A named argument, or a usage error. */
function need(values: Arguments, name: 'out' | 'kek' | 'sealed' | 'decoder-keys-out'): string {
  const value = values[name];
  if (!value) throw new UsageError(`--${name} is missing`);
  return value;
}

function createKeys(out: string, kekFile: string): void {
  if (existsSync(out)) throw new UsageError(`${out} exists already: remove it first if you mean to lose its keys`);
  // A KEK without its file was left by an attempt that was cut short: it seals nothing yet, so it serves.
  const kek = existsSync(kekFile) ? readKek(kekFile) : createKek(kekFile);
  const keys = DEVELOPMENT_KEYS.map((attributes) => ({ ...attributes, value: randomValue(attributes.dkga) }));
  try {
    writeSecretFile(out, sealKeys(kek, keys), 'refuse');
  } finally {
    for (const secret of [kek, ...keys.map((key) => key.value)]) secret.fill(0);
  }
  for (const { sgc, krn, dkga } of keys)
    console.error(`sealed vending key ${sgc}/${krn} (DKGA0${dkga}), development only`);
}

function createKek(path: string): Buffer {
  const kek = randomBytes(32);
  writeSecretFile(path, `${kek.toString('hex')}\n`, 'refuse');
  return kek;
}

function randomValue(dkga: 2 | 4): Buffer {
  if (dkga === 4) return randomBytes(20);
  const value = randomBytes(8);
  value.forEach((byte, i) => {
    let ones = 0;
    for (let rest = byte >> 1; rest > 0; rest >>= 1) ones += rest & 1;
    value[i] = (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0);
  });
  return value;
}

function exportDecoderKeys(sealed: string, kekFile: string, meters: readonly object[], out: string): void {
  const vendingKeys = openKeyFile(sealed, kekFile);
  try {
    const { keys, skipped } = decoderKeysOf(vendingKeys, meters);
    for (const { line, reason } of skipped) console.error(`line ${line} left out: ${reason}`);
    writeSecretFile(out, `${JSON.stringify(keys, null, 1)}\n`, 'replace');
    console.error(`${Object.keys(keys).length} decoder keys written, development only`);
  } finally {
    for (const key of vendingKeys) key.value.fill(0);
  }
}

function run(args: string[]): void {
  if (process.env['NODE_ENV'] === 'production') throw new UsageError('development keys are not for production');
  const { values } = parseArgs({ args, options: OPTIONS, strict: true });
  if (values.meters ?? values['export-decoder-key']) {
    const meters = values.meters
      ? metersOfCsv(readFileSync(values.meters, 'utf8'))
      : [{ ...values, meterNo: values.pan }];
    exportDecoderKeys(need(values, 'sealed'), need(values, 'kek'), meters, need(values, 'decoder-keys-out'));
  } else {
    createKeys(need(values, 'out'), need(values, 'kek'));
  }
}

try {
  run(process.argv.slice(2));
} catch (error) {
  const code = error instanceof StsError ? ` (${error.code})` : '';
  console.error(`keys-dev: ${error instanceof Error ? error.message : String(error)}${code}`);
  process.exitCode = 1;
}
