// Proves the software module by the conformance suite of all security modules, by published tokens, and by looking for key bytes it left behind.
import { IEC_SAMPLE_TABLES } from '@vend/sts';
import { CONFORMANCE_KEYS, securityModuleConformance } from './security-module.conformance';
import { IN_FORCE } from './security-module.conformance-case';
import type { PublicKeyLine } from './security-module.conformance-case';
import type { CreditRequest, MeterKey } from './security-module';
import { SoftwareSecurityModule } from './software-module';
import { checkValue } from './vending-key';
import type { OpenVendingKey } from './vending-key';

function openedKeys(keys: readonly PublicKeyLine[] = CONFORMANCE_KEYS): OpenVendingKey[] {
  return keys.map(({ hex, ...key }) => {
    const value = Buffer.from(hex, 'hex');
    return { ...IN_FORCE, ...key, kcv: checkValue(key.dkga, value), value };
  });
}

function open(cacheSize: number, keys?: readonly PublicKeyLine[], now?: () => number): SoftwareSecurityModule {
  return new SoftwareSecurityModule(openedKeys(keys), { tables: IEC_SAMPLE_TABLES, cacheSize, now });
}

it.each(securityModuleConformance(async (...setting) => open(...setting)))('$name', ({ run }) => run());

const DES = 'abababababababab';
const HMAC = 'abababababababab949494949494949401234567';
type Published = [string, string, Partial<MeterKey>, CreditRequest, string];

// Rows of sts-vectors.json by their ids: computed by independent implementations that agree.
it.each<Published>([
  [
    'gen-018: EA07, DKGA02, kWh',
    DES,
    { pan: '600727000000000009', ea: '07', sgc: '999999', ti: '07', krn: 1 },
    { subclass: 0, tid: 0x64e602, rnd: 13, amountUnits: 16_383n },
    '66534092839007520297',
  ],
  [
    'gen-cur-7-4-04: EA07, DKGA04, currency',
    HMAC,
    { pan: '000001000000000082', ea: '07', sgc: '201457', ti: '01', krn: 1 },
    { subclass: 4, tid: 0x6480de, rnd: 0, amountUnits: 100_000n },
    '23691179120376725687',
  ],
  [
    'gen-174: EA11, DKGA04, kWh',
    HMAC,
    { pan: '600727000000000009', ea: '11', sgc: '201457', ti: '07', krn: 4 },
    { subclass: 0, tid: 0xffffff, rnd: 9, amountUnits: 1_234n },
    '06860311992553724651',
  ],
])('makes the published token %s', async (_id, hex, attributes, request, digits) => {
  const meter = { tct: '02', kt: 2, ken: 255, baseDate: 2014, ...attributes } as MeterKey;
  const value = Buffer.from(hex, 'hex');
  const dkga: 2 | 4 = value.length === 8 ? 2 : 4;
  const { sgc, krn } = meter;
  const key = {
    sgc,
    krn,
    kind: 'VUDK' as const,
    dkga: dkga,
    baseDate: 2014 as const,
    ken: 255,
    kcv: '000000',
    ...IN_FORCE,
    value,
  };
  const module = new SoftwareSecurityModule([key], { tables: IEC_SAMPLE_TABLES, cacheSize: 1 });
  expect((await module.issueCredit(meter, request)).digits).toBe(digits);
});

it('zeroes the buffers it was given', () => {
  const keys = openedKeys();
  new SoftwareSecurityModule(keys, { tables: IEC_SAMPLE_TABLES, cacheSize: 1 });
  expect(keys.every(({ value }) => value.every((byte) => byte === 0))).toBe(true);
});

it('shows no key when it is printed by mistake', () => {
  const module = open(1);
  const printed = JSON.stringify({ module, keys: module.keys() });
  for (const { hex } of CONFORMANCE_KEYS) expect(printed).not.toContain(hex);
  expect(module.keys().every((key) => !('value' in key))).toBe(true);
});
