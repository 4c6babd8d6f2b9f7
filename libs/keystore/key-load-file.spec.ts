// Proves that a key-load file opens in the module it was made for and nowhere else, and that nothing in it can be changed.
import { createPublicKey } from 'node:crypto';
import { moduleIdOf, openKeyLoadFile, sealKeyLoadFile } from './key-load-file';
import { HMAC_KEY, refusalCodeOf } from './keystore.fixture';
import { developmentServiceKeys } from './service-keys';

const { keyLoadKey } = developmentServiceKeys();
const stranger = developmentServiceKeys().keyLoadKey;
const key = { sgc: '201457', krn: 2, kind: 'VUDK', dkga: 4, baseDate: 2014, ken: 255 } as const;
const value = Buffer.from(HMAC_KEY, 'hex');
const text = sealKeyLoadFile(createPublicKey(keyLoadKey), key, value);

it('gives the key back to the module it was sealed for', () => {
  expect(openKeyLoadFile(keyLoadKey, Buffer.from(text))).toEqual({ key, value, kcv: '0F353D' });
});

it('shows who may open it and what key it is, and nothing of its value', () => {
  expect(JSON.parse(text)).toMatchObject({ module: moduleIdOf(createPublicKey(keyLoadKey)), key, kcv: '0F353D' });
  expect(text).not.toContain(HMAC_KEY);
  expect(text).not.toContain(value.toString('base64').slice(0, 20));
});

it('is foreign to any other module, also when it is made to name that one', async () => {
  expect(await refusalCodeOf(() => openKeyLoadFile(stranger, Buffer.from(text)))).toBe('key-load-file-foreign');
  const renamed = text.replace(/"module": "\w+"/, `"module": "${moduleIdOf(createPublicKey(stranger))}"`);
  expect(await refusalCodeOf(() => openKeyLoadFile(stranger, Buffer.from(renamed)))).toBe('key-load-file-tampered');
});

it.each([
  ['another supply group', (t: string) => t.replace('201457', '201458')],
  ['another key revision', (t: string) => t.replace('"krn": 2', '"krn": 3')],
  ['another base date', (t: string) => t.replace('2014,', '2035,')],
  ['a later expiry', (t: string) => t.replace('"ken": 255', '"ken": 254')],
  ['another check value', (t: string) => t.replace('0F353D', '0F353E')],
  [
    'another value',
    (t: string) =>
      t.replace(/"sealed": "(.{30})./, (_all, head) => `"sealed": "${head}${t.includes(`${head}A`) ? 'B' : 'A'}`),
  ],
])('is tampered with %s', async (_what, change) => {
  const changed = change(text);
  expect(changed).not.toBe(text);
  expect(await refusalCodeOf(() => openKeyLoadFile(keyLoadKey, Buffer.from(changed)))).toBe('key-load-file-tampered');
});

it.each([
  '',
  '{}',
  'klf',
  text.replace('"version": 1', '"version": 2'),
  text.replace(/"ephemeral": "..../, '"ephemeral": "AAAA'),
])('is malformed as %#', async (content) => {
  expect(await refusalCodeOf(() => openKeyLoadFile(keyLoadKey, Buffer.from(content)))).toBe('key-load-file-malformed');
});

it('refuses a public key of small order, which would seal for everybody', async () => {
  // The point 0: every shared secret with it is zero (RFC 7748, 6.1).
  const zero = Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), Buffer.alloc(32)]).toString('base64');
  const crafted = text.replace(/"ephemeral": "[^"]+"/, `"ephemeral": "${zero}"`);
  expect(await refusalCodeOf(() => openKeyLoadFile(keyLoadKey, Buffer.from(crafted)))).toBe('key-load-file-tampered');
});
