import assert from 'node:assert/strict';
import type { TokenRefusalCode } from './keystore.errors';
import { IN_FORCE, refused } from './security-module.conformance-case';
import type { ConformanceCase, OpenModule, PublicKeyLine } from './security-module.conformance-case';
import { keyChangeConformance, managementConformance } from './security-module.conformance-changes';
import { stateConformance } from './security-module.conformance-states';
import type { CreditRequest, MeterKey, SecurityModule } from './security-module';
import { checkValue } from './vending-key';

/** Keys printed in public documents, with the tokens and keys published for them (STS.md §8): never secret. */
export const CONFORMANCE_KEYS: readonly PublicKeyLine[] = [
  { sgc: '123456', krn: 1, kind: 'VUDK', dkga: 2, baseDate: 2014, ken: 255, hex: 'abababababababab' },
  {
    sgc: '201457',
    krn: 1,
    kind: 'VUDK',
    dkga: 4,
    baseDate: 2014,
    ken: 255,
    hex: 'abababababababab949494949494949401234567',
  },
  // Expires with the block of TIDs that starts 100 * 65536 minutes after the base date.
  { sgc: '123456', krn: 2, kind: 'VUDK', dkga: 2, baseDate: 2014, ken: 100, hex: 'cdcdcdcdcdcdcdcd' },
  { sgc: '123456', krn: 3, kind: 'VDDK', dkga: 2, baseDate: 2014, ken: 255, hex: 'efefefefefefefef' },
];

const EA07: MeterKey = {
  pan: '600727000000000009',
  ea: '07',
  tct: '02',
  sgc: '123456',
  krn: 1,
  ti: '01',
  kt: 2,
  ken: 255,
  baseDate: 2014,
};
const EA11: MeterKey = { ...EA07, ea: '11', sgc: '201457' };
const REQUEST: CreditRequest = { subclass: 0, tid: 0x64e602, rnd: 5, amountUnits: 256n };

/** A refusal by meter attributes, by request fields, and the code it must carry. */
const REFUSED: readonly [string, Partial<MeterKey>, Partial<CreditRequest>, TokenRefusalCode][] = [
  ['an unknown supply group', { sgc: '654321' }, {}, 'unknown-vending-key'],
  ['an unknown key revision', { krn: 9 }, {}, 'unknown-vending-key'],
  ['a supply group of 5 digits', { sgc: '12345' }, {}, 'meter-identity-invalid'],
  ['a wrong PAN check digit', { pan: '600727000000000008' }, {}, 'meter-identity-invalid'],
  ['a wrong DRN check digit', { pan: '600727000000000017' }, {}, 'meter-identity-invalid'],
  ['a PAN of 17 digits', { pan: '60072700000000000' }, {}, 'meter-identity-invalid'],
  ['a tariff index of 3 digits', { ti: '001' }, {}, 'meter-identity-invalid'],
  ['a KEN of 256', { ken: 256 }, {}, 'meter-identity-invalid'],
  ['another base date', { baseDate: 1993 }, {}, 'base-date-mismatch'],
  ['EA11 under a 64-bit key', { ea: '11' }, {}, 'ea-dkga-mismatch'],
  ['key type 1 under a vending key', { kt: 1 }, {}, 'key-type-refused'],
  ['key type 3 under a unique key', { kt: 3 }, {}, 'key-type-refused'],
  ['credit under a default key', { krn: 3, kt: 1 }, {}, 'key-type-refused'],
  ['a TID below zero', {}, { tid: -1 }, 'tid-out-of-range'],
  ['a TID of 25 bits', {}, { tid: 0x1000000 }, 'tid-out-of-range'],
  ['a broken TID', {}, { tid: 1.5 }, 'tid-out-of-range'],
  ['the minute 00:01', {}, { tid: 0x64e602 - (0x64e602 % 1440) + 1 }, 'tid-reserved'],
  ['RND 16', {}, { rnd: 16 }, 'rnd-out-of-range'],
  ['amount zero', {}, { amountUnits: 0n }, 'amount-out-of-range'],
  ['a negative amount', {}, { amountUnits: -1n }, 'amount-out-of-range'],
  ['a negative currency amount', {}, { subclass: 4, amountUnits: -100_000n }, 'amount-out-of-range'],
  ['more kWh than 16 bits say', {}, { amountUnits: 18_201_625n }, 'amount-out-of-range'],
  ['water', {}, { subclass: 1 as 0 }, 'subclass-unsupported'],
  ['a TID after the vending key expired', { krn: 2 }, { tid: 101 << 16 }, 'key-expired'],
  ["a TID after the meter's key expired", { ken: 99 }, { tid: 100 << 16 }, 'key-expired'],
];

/**
 * What it means to be a SecurityModule, as cases for any test runner.
 *
 * @param open makes a fresh module, with CONFORMANCE_KEYS unless told otherwise
 * @example it.each(securityModuleConformance(open))('$name', ({ run }) => run())
 */
export function securityModuleConformance(open: OpenModule): ConformanceCase[] {
  const withModule =
    (use: (module: SecurityModule) => Promise<void>, cacheSize = 1000) =>
    async (): Promise<void> => {
      const module = await open(cacheSize);
      try {
        await use(module);
      } finally {
        module.close();
      }
    };
  const refusals = REFUSED.map(([what, meter, request, code]) => ({
    name: `refuses ${what}: ${code}`,
    run: withModule((module) => refused(code, module.issueCredit({ ...EA07, ...meter }, { ...REQUEST, ...request }))),
  }));
  return [
    ...credits(withModule),
    ...refusals,
    ...readings(withModule),
    ...custody(open, withModule),
    ...managementConformance(open),
    ...keyChangeConformance(open),
    ...stateConformance(open),
  ];
}

type WithModule = (use: (module: SecurityModule) => Promise<void>, cacheSize?: number) => () => Promise<void>;

function credits(withModule: WithModule): ConformanceCase[] {
  return [
    {
      name: 'gives the same token for the same request, for EA07 and EA11, kWh and currency',
      run: withModule(async (module) => {
        for (const meter of [EA07, EA11]) {
          for (const subclass of [0, 4] as const) {
            const once = await module.issueCredit(meter, { ...REQUEST, subclass });
            assert.match(once.digits, /^\d{20}$/);
            assert.deepEqual(await module.issueCredit(meter, { ...REQUEST, subclass }), once);
          }
        }
      }),
    },
    {
      name: 'gives the same token whether the decoder key was kept or derived anew',
      run: withModule(async (module) => {
        const other = { ...EA07, pan: '000001000000000082' };
        const first = await module.issueCredit(EA07, REQUEST);
        const second = await module.issueCredit(other, REQUEST);
        assert.notEqual(first.digits, second.digits);
        assert.deepEqual(await module.issueCredit(EA07, REQUEST), first);
        assert.deepEqual(await module.issueCredit(other, REQUEST), second);
      }, 1),
    },
    {
      name: 'gives another token when any field of the request or key differs',
      run: withModule(async (module) => {
        const variants = [
          module.issueCredit(EA07, REQUEST),
          module.issueCredit(EA07, { ...REQUEST, tid: REQUEST.tid + 1 }),
          module.issueCredit(EA07, { ...REQUEST, rnd: 6 }),
          module.issueCredit(EA07, { ...REQUEST, amountUnits: 257n }),
          module.issueCredit({ ...EA07, ti: '02' }, REQUEST),
          module.issueCredit({ ...EA07, krn: 2 }, { ...REQUEST, tid: 100 << 16 }),
          module.issueCredit({ ...EA11, ea: '07' }, REQUEST),
          module.issueCredit(EA11, REQUEST),
        ];
        const digits = (await Promise.all(variants)).map((token) => token.digits);
        assert.equal(new Set(digits).size, digits.length);
      }),
    },
    {
      name: 'says what the meter will credit: never less, rounded up as STS does',
      run: withModule(async (module) => {
        // STS.md 3.1 and 3.2: 20000 tenths become 20004; 12.50 Taka become 12.50024.
        const energy = await module.issueCredit(EA07, { ...REQUEST, amountUnits: 20_000n });
        const money = await module.issueCredit(EA07, { ...REQUEST, subclass: 4, amountUnits: 1_250_000n });
        assert.deepEqual([energy.creditedUnits, money.creditedUnits], [20_004n, 1_250_024n]);
      }),
    },
    {
      name: 'still serves the last minute before a key expires',
      run: withModule(async (module) => {
        await module.issueCredit({ ...EA07, krn: 2 }, { ...REQUEST, tid: (101 << 16) - 1 });
        await module.issueCredit({ ...EA07, ken: 99 }, { ...REQUEST, tid: (100 << 16) - 1 });
      }),
    },
  ];
}

function readings(withModule: WithModule): ConformanceCase[] {
  return [
    {
      name: 'reads back what it made',
      run: withModule(async (module) => {
        for (const meter of [EA07, EA11]) {
          const { digits } = await module.issueCredit(meter, { ...REQUEST, subclass: 4, amountUnits: 1_250_000n });
          const reading = { tokenClass: 0, subclass: 4, tid: REQUEST.tid, amountUnits: 1_250_024n };
          assert.deepEqual(await module.verify(meter, digits), reading);
        }
      }),
    },
    {
      name: 'does not take a token for another meter, or with a digit changed',
      run: withModule(async (module) => {
        const { digits } = await module.issueCredit(EA11, REQUEST);
        await refused('token-not-authentic', module.verify({ ...EA11, pan: '000001000000000082' }, digits));
        const last = (Number(digits.at(-1)) + 1) % 10;
        await refused('token-not-authentic', module.verify(EA11, digits.slice(0, 19) + last));
      }),
    },
    ...['', '1234', '1234567890123456789x', '99999999999999999999', '123456789012345678901'].map((digits) => ({
      name: `calls ${JSON.stringify(digits)} malformed`,
      run: withModule((module) => refused('token-malformed', module.verify(EA11, digits))),
    })),
  ];
}

function custody(open: OpenModule, withModule: WithModule): ConformanceCase[] {
  return [
    {
      name: 'lists its keys by attributes and check value, without values',
      run: withModule(async (module) => {
        const expected = CONFORMANCE_KEYS.map(({ hex, ...key }) => ({
          ...IN_FORCE,
          ...key,
          kcv: checkValue(key.dkga, Buffer.from(hex, 'hex')),
        })).sort((a, b) => (`${a.sgc}/${a.krn}` < `${b.sgc}/${b.krn}` ? -1 : 1));
        assert.deepEqual(module.keys(), expected);
        await Promise.resolve();
      }),
    },
    {
      name: 'names the check value of the key a token was made with',
      run: withModule(async (module) => {
        const { kcv } = await module.issueCredit(EA11, REQUEST);
        assert.equal(kcv, module.keys().find((key) => key.sgc === '201457')?.kcv);
      }),
    },
    {
      name: 'does nothing more once closed',
      run: async () => {
        const module = await open(10);
        await module.issueCredit(EA07, REQUEST);
        module.close();
        await refused('module-closed', module.issueCredit(EA07, REQUEST));
        await refused('module-closed', module.verify(EA07, '51043465443420856213'));
        const tamper = { kind: 'clear-tamper', value: 0n, tid: REQUEST.tid, rnd: 5 } as const;
        await refused('module-closed', module.issueManagement(EA07, tamper));
        const change = { target: EA07, withSupplyGroup: false, now: Date.UTC(2026, 10, 21) };
        await refused('module-closed', module.issueKeyChange(EA07, change));
        module.close();
      },
    },
  ];
}
