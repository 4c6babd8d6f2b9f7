/**
 * Development keys. Not a key ceremony: one person, one machine, random values, for the sandbox and tests.
 *
 *   keys-dev --out sealed.json --kek kekfile
 *       makes a KEK and two vending keys: 201457/1 (DKGA04, for EA11) and 123456/1 (DKGA02, for EA07)
 *   keys-dev --upgrade --sealed sealed.json --kek kekfile
 *       brings a key file of an older checkout up to date; does nothing to one that is
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
import {
  createKeyFile,
  openKeyFile,
  readKek,
  SoftwareKek,
  upgradedKeyFile,
  writeKeyFile,
  writeSecretFile,
} from '@vend/keystore';
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
  upgrade: { type: 'boolean' },
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

async function createKeys(out: string, kekFile: string): Promise<void> {
  if (existsSync(out)) throw new UsageError(`${out} exists already: remove it first if you mean to lose its keys`);
  // A KEK without its file was left by an attempt that was cut short: it seals nothing yet, so it serves.
  const master = existsSync(kekFile) ? await readKek(kekFile) : createKek(kekFile);
  const kek = new SoftwareKek(master);
  const inForce = { state: 'active', issuedUntil: null } as const;
  const keys = DEVELOPMENT_KEYS.map((key) => ({ ...key, ...inForce, value: randomValue(key.dkga) }));
  try {
    writeKeyFile(out, await createKeyFile(kek, keys, Date.now()), 'refuse');
  } finally {
    kek.close();
    for (const secret of [master, ...keys.map((key) => key.value)]) secret.fill(0);
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

async function upgrade(sealed: string, kekFile: string): Promise<void> {
  const master = await readKek(kekFile);
  try {
    const file = await upgradedKeyFile(sealed, master, Date.now());
    if (file) writeKeyFile(sealed, file, 'replace');
    console.error(file ? 'key file brought up to date' : 'key file is up to date');
  } finally {
    master.fill(0);
  }
}

async function exportDecoderKeys(
  sealed: string,
  kekFile: string,
  meters: readonly object[],
  out: string,
): Promise<void> {
  const vendingKeys = await openKeyFile(sealed, kekFile);
  try {
    const { keys, skipped } = decoderKeysOf(vendingKeys, meters);
    for (const { line, reason } of skipped) console.error(`line ${line} left out: ${reason}`);
    writeSecretFile(out, `${JSON.stringify(keys, null, 1)}\n`, 'replace');
    console.error(`${Object.keys(keys).length} decoder keys written, development only`);
  } finally {
    for (const key of vendingKeys) key.value.fill(0);
  }
}

async function run(args: string[]): Promise<void> {
  if (process.env['NODE_ENV'] === 'production') throw new UsageError('development keys are not for production');
  const { values } = parseArgs({ args, options: OPTIONS, strict: true });
  if (values.upgrade) {
    await upgrade(need(values, 'sealed'), need(values, 'kek'));
  } else if (values.meters ?? values['export-decoder-key']) {
    const meters = values.meters
      ? metersOfCsv(readFileSync(values.meters, 'utf8'))
      : [{ ...values, meterNo: values.pan }];
    await exportDecoderKeys(need(values, 'sealed'), need(values, 'kek'), meters, need(values, 'decoder-keys-out'));
  } else {
    await createKeys(need(values, 'out'), need(values, 'kek'));
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  const code = error instanceof StsError ? ` (${error.code})` : '';
  console.error(`keys-dev: ${error instanceof Error ? error.message : String(error)}${code}`);
  process.exitCode = 1;
});
