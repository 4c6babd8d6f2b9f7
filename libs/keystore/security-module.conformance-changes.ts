import assert from 'node:assert/strict';
import { DecoderKey, StsMeter } from '@vend/sts';
import type { ConformanceCase, OpenModule, PublicKeyLine } from './security-module.conformance-case';
import { refused } from './security-module.conformance-case';
import type { KeyChangeRequest, ManagementRequest, MeterKey, SecurityModule } from './security-module';
import type { TokenRefusalCode } from './keystore.errors';

// The second half of the conformance suite: management tokens and key changes.

const DES = 'abababababababab';
const HMAC = 'abababababababab949494949494949401234567';
const vudk = { kind: 'VUDK', ken: 255 } as const;

/** The keys behind the rows gen-kct-* and gen-* of test/vectors/sts-vectors.json. */
const CHANGE_KEYS: readonly PublicKeyLine[] = [
  { ...vudk, sgc: '000001', krn: 1, kind: 'VDDK', dkga: 2, baseDate: 1993, hex: '0123456789abcdef' },
  { ...vudk, sgc: '123456', krn: 1, dkga: 2, baseDate: 1993, hex: DES },
  { ...vudk, sgc: '123456', krn: 2, dkga: 2, baseDate: 2014, hex: 'fedcba9876543210' },
  { ...vudk, sgc: '201457', krn: 1, dkga: 4, baseDate: 2014, hex: HMAC },
  { ...vudk, sgc: '203557', krn: 6, dkga: 4, baseDate: 2035, ken: 85, hex: HMAC },
  { ...vudk, sgc: '201457', krn: 9, dkga: 4, baseDate: 2035, hex: '00112233445566778899aabbccddeeff01020304' },
  { ...vudk, sgc: '600876', krn: 8, dkga: 4, baseDate: 2014, hex: '0123456789abcdef0123456789abcdef01234567' },
  { ...vudk, sgc: '123456', krn: 4, dkga: 2, baseDate: 1993, hex: DES },
  // Expired since 2014-11: the way out of it must stay open, the way in must not.
  { ...vudk, sgc: '654321', krn: 1, dkga: 2, baseDate: 2014, ken: 6, hex: 'cdcdcdcdcdcdcdcd' },
];

const DES_METER: MeterKey = {
  pan: '600727000000000009',
  ea: '07',
  tct: '02',
  sgc: '123456',
  krn: 1,
  ti: '01',
  kt: 2,
  ken: 255,
  baseDate: 1993,
};
const HMAC_METER: MeterKey = { ...DES_METER, pan: '000001234567890151', sgc: '201457', baseDate: 2014 };
const IN_2026 = Date.UTC(2026, 10, 21, 4);

interface PublishedChange {
  readonly id: string;
  readonly from: MeterKey;
  /** The meter's key before and after, as published. */
  readonly keys: readonly [string, string];
  readonly request: KeyChangeRequest;
  readonly after: Partial<MeterKey>;
  readonly tokens: readonly string[];
}

/** Rows of sts-vectors.json by their ids: computed by independent implementations that agree. */
const PUBLISHED: readonly PublishedChange[] = [
  {
    id: 'gen-kct-00: EA07 from the default key, two tokens',
    from: { ...DES_METER, sgc: '000001', kt: 1 },
    keys: ['5f9c3944f7d863d9', 'e653341f9d5bf36f'],
    request: { target: { sgc: '123456', krn: 1, ti: '01', kt: 2 }, withSupplyGroup: false, now: Date.UTC(2020, 0, 1) },
    after: { sgc: '123456', krn: 1, kt: 2, ken: 255, baseDate: 1993 },
    tokens: ['49926899024815912342', '54848602015128592288'],
  },
  {
    id: 'gen-kct-02: EA07 rollover to 2014, two tokens',
    from: DES_METER,
    keys: ['e653341f9d5bf36f', 'a11afa570a7ea218'],
    request: { target: { sgc: '123456', krn: 2, ti: '01', kt: 2 }, withSupplyGroup: false, now: IN_2026 },
    after: { krn: 2, ken: 255, baseDate: 2014 },
    tokens: ['19586269850575484198', '07096203015985460281'],
  },
  {
    id: 'gen-kct-04: EA07 rollover to 2014, three tokens',
    from: DES_METER,
    keys: ['e653341f9d5bf36f', 'a11afa570a7ea218'],
    request: { target: { sgc: '123456', krn: 2, ti: '01', kt: 2 }, withSupplyGroup: true, now: IN_2026 },
    after: { krn: 2, ken: 255, baseDate: 2014 },
    tokens: ['51521634955088920919', '07096203015985460281', '50256991188208282725'],
  },
  {
    id: 'gen-kct-06: EA07, DKGA04, another supply group, rollover to 2035',
    from: HMAC_METER,
    keys: ['c22d8fa30413dcf4', 'd19ca4cff898b6d6'],
    request: { target: { sgc: '203557', krn: 6, ti: '02', kt: 2 }, withSupplyGroup: true, now: Date.UTC(2036, 0, 1) },
    after: { sgc: '203557', krn: 6, ti: '02', ken: 85, baseDate: 2035 },
    tokens: ['33467773324094836675', '62501613147149097503', '29353480737372064652'],
  },
  {
    id: 'gen-kct-08: EA11, another tariff index, four tokens',
    from: { ...HMAC_METER, ea: '11' },
    keys: ['29d8bf104eb19e408064d3796e947304', 'aef1433146a839456ab6e0317d48408e'],
    request: { target: { sgc: '201457', krn: 1, ti: '99', kt: 2 }, withSupplyGroup: false, now: IN_2026 },
    after: { ti: '99' },
    tokens: ['35947124727580629942', '29431531411291979896', '50096378871770684601', '60964282942209357652'],
  },
];

type Management = [string, MeterKey, ManagementRequest, { subclass: number; value: bigint }, string];

/** Rows of sts-vectors.json by their ids. */
const MANAGEMENT: readonly Management[] = [
  [
    'gen-054: a power limit, EA07',
    DES_METER,
    { kind: 'max-power-limit', value: 20_000n, tid: 0, rnd: 10 },
    { subclass: 0, value: 20_004n },
    '38092740688684108605',
  ],
  [
    'gen-224: a power limit, EA11',
    { ...HMAC_METER, pan: '600727475001502312', ea: '11', krn: 9, baseDate: 2035 },
    { kind: 'max-power-limit', value: 16_383n, tid: 480, rnd: 0 },
    { subclass: 0, value: 16_383n },
    '69539217439794104329',
  ],
  [
    'gen-233: all registers cleared, EA11',
    { ...HMAC_METER, pan: '600727999999999909', ea: '11', krn: 9, ti: '07', baseDate: 2035 },
    { kind: 'clear-credit', value: 65_535n, tid: 611_170, rnd: 15 },
    { subclass: 1, value: 65_535n },
    '35720916320075321513',
  ],
  [
    'gen-151: tamper cleared, EA07 under DKGA04',
    { ...HMAC_METER, pan: '600727011234567804', sgc: '600876', krn: 8, ti: '07' },
    { kind: 'clear-tamper', value: 0n, tid: 6_612_482, rnd: 1 },
    { subclass: 5, value: 0n },
    '61326605163042944452',
  ],
  [
    'gen-066: no unbalance at all, EA07',
    { ...DES_METER, krn: 4 },
    { kind: 'phase-unbalance-limit', value: 0n, tid: 0, rnd: 14 },
    { subclass: 6, value: 0n },
    '67493020602679249679',
  ],
];

function during(open: OpenModule, use: (module: SecurityModule) => Promise<void>): () => Promise<void> {
  return async () => {
    // A cache of one: whatever a key change needs at once must not depend on it.
    const module = await open(1, CHANGE_KEYS);
    try {
      await use(module);
    } finally {
      module.close();
    }
  };
}

/** Management tokens: published digits, what the meter reads, and the refusals. */
export function managementConformance(open: OpenModule): ConformanceCase[] {
  const tamper: ManagementRequest = { kind: 'clear-tamper', value: 0n, tid: 6_612_482, rnd: 1 };
  const refusals: readonly [string, Partial<MeterKey>, Partial<ManagementRequest>, TokenRefusalCode][] = [
    ['a limit above 18201624 W', {}, { kind: 'max-power-limit', value: 18_201_625n }, 'value-out-of-range'],
    ['a limit below zero', {}, { kind: 'phase-unbalance-limit', value: -1n }, 'value-out-of-range'],
    ['a limit beyond all numbers', {}, { kind: 'max-power-limit', value: 1n << 63n }, 'value-out-of-range'],
    ['an unknown register', {}, { kind: 'clear-credit', value: 8n }, 'value-out-of-range'],
    ['a tamper value', {}, { value: 1n }, 'value-out-of-range'],
    ['a TID of 25 bits', {}, { tid: 1 << 24 }, 'tid-out-of-range'],
    ['the minute 00:01', {}, { tid: 1441 }, 'tid-reserved'],
    ['RND 16', {}, { rnd: 16 }, 'rnd-out-of-range'],
    ['an expired key', { ken: 5 }, {}, 'key-expired'],
    ['an unknown key', { krn: 8 }, {}, 'unknown-vending-key'],
    ['an unknown kind', {}, { kind: 'water-factor' as 'clear-tamper' }, 'subclass-unsupported'],
  ];
  return [
    ...MANAGEMENT.map(([id, meter, request, read, digits]) => ({
      name: `makes the published management token ${id}`,
      run: during(open, async (module) => {
        const { kcv, ...token } = await module.issueManagement(meter, request);
        assert.deepEqual(token, { ...read, digits });
        assert.equal(kcv, module.keys().find((key) => key.sgc === meter.sgc && key.krn === meter.krn)?.kcv);
      }),
    })),
    {
      name: 'makes management tokens also under a default key, which takes no credit',
      run: during(open, async (module) => {
        const onDefault: MeterKey = { ...DES_METER, sgc: '000001', kt: 1 };
        assert.match((await module.issueManagement(onDefault, tamper)).digits, /^\d{20}$/);
        const credit = { subclass: 0, tid: 6_612_482, rnd: 1, amountUnits: 10n } as const;
        await refused('key-type-refused', module.issueCredit(onDefault, credit));
      }),
    },
    ...refusals.map(([what, meter, request, code]) => ({
      name: `refuses ${what} in a management token: ${code}`,
      run: during(open, (module) =>
        refused(code, module.issueManagement({ ...HMAC_METER, ...meter }, { ...tamper, ...request })),
      ),
    })),
  ];
}

/** Key changes: published sets, a virtual meter that takes them, and the refusals. */
export function keyChangeConformance(open: OpenModule): ConformanceCase[] {
  return [...PUBLISHED.flatMap((row) => publishedChange(open, row)), wayOut(open), ...changeRefusals(open)];
}

function publishedChange(open: OpenModule, row: PublishedChange): ConformanceCase[] {
  const { id, from, keys, request, tokens } = row;
  const after: MeterKey = { ...from, ...row.after };
  return [
    {
      name: `makes the published set ${id}, again and again`,
      run: during(open, async (module) => {
        for (const now of [request.now, request.now + 86_400_000]) {
          const set = await module.issueKeyChange(from, { ...request, now });
          const kcvOf = (key: MeterKey) => module.keys().find((k) => k.sgc === key.sgc && k.krn === key.krn)!.kcv;
          assert.deepEqual(set, {
            tokens,
            after,
            rollover: from.baseDate !== after.baseDate,
            fromKcv: kcvOf(from),
            toKcv: kcvOf(after),
          });
        }
      }),
    },
    {
      name: `makes a meter take the set ${id}, and then credit under its new key`,
      run: during(open, async (module) => {
        const attributes = { ...from, ti: Number(from.ti) };
        const meter = new StsMeter(DecoderKey.fromHex(keys[0], attributes));
        const answers = (await module.issueKeyChange(from, request)).tokens.map((t) => meter.enter(t, 0).result);
        assert.equal(answers.at(-1), 'Accept');
        assert.equal(meter.key.exportHex(), keys[1]);
        const { krn, ken, baseDate, kt } = meter.key;
        const wanted = { krn: after.krn, ken: after.ken, baseDate: after.baseDate, kt: after.kt };
        assert.deepEqual({ krn, ken, baseDate, kt }, wanted);
        const credit = await module.issueCredit(after, { subclass: 0, tid: 525_600, rnd: 5, amountUnits: 256n });
        assert.equal(meter.enter(credit.digits, 0).result, 'Accept');
      }),
    },
  ];
}

function wayOut(open: OpenModule): ConformanceCase {
  return {
    name: 'leads away from an expired key',
    run: during(open, async (module) => {
      const expired: MeterKey = { ...DES_METER, sgc: '654321', baseDate: 2014, ken: 6 };
      const target = { sgc: '123456', krn: 2, ti: '01', kt: 2 } as const;
      const set = await module.issueKeyChange(expired, { target, withSupplyGroup: true, now: IN_2026 });
      assert.equal(set.tokens.length, 3);
      assert.deepEqual(set.after, { ...expired, ...target, ken: 255 });
    }),
  };
}

function changeRefusals(open: OpenModule): ConformanceCase[] {
  const target = { sgc: '123456', krn: 2, ti: '01', kt: 2 } as const;
  const rows: readonly [string, Partial<MeterKey>, Partial<KeyChangeRequest['target']>, TokenRefusalCode][] = [
    ['to an expired key', { baseDate: 2014, krn: 2 }, { sgc: '654321', krn: 1 }, 'target-key-expired'],
    ['to a key whose base date has gone by', {}, { krn: 1 }, 'target-key-expired'],
    ['to a base date to come', { ...HMAC_METER }, { sgc: '203557', krn: 6 }, 'before-base-date'],
    ['back to an older base date', { baseDate: 2014, krn: 2 }, { krn: 1 }, 'base-date-step-refused'],
    ['over two base dates', {}, { sgc: '203557', krn: 6 }, 'base-date-step-refused'],
    ['to an unknown key', {}, { krn: 7 }, 'unknown-vending-key'],
    ['from an unknown key', { krn: 7 }, {}, 'unknown-vending-key'],
    ['to a key type its vending key does not make', {}, { kt: 1 }, 'key-type-refused'],
    ['to an algorithm its vending key does not know', { ...HMAC_METER, ea: '11' }, {}, 'ea-dkga-mismatch'],
    ['to a tariff index of 3 digits', {}, { ti: '001' }, 'meter-identity-invalid'],
    ['to a supply group of 5 digits', {}, { sgc: '12345' }, 'meter-identity-invalid'],
    ['from another base date than its key has', { baseDate: 2014 }, {}, 'base-date-mismatch'],
  ];
  return rows.map(([what, meter, to, code]) => ({
    name: `refuses a key change ${what}: ${code}`,
    run: during(open, (module) => {
      const request = { target: { ...target, ...to }, withSupplyGroup: false, now: IN_2026 };
      return refused(code, module.issueKeyChange({ ...DES_METER, ...meter }, request));
    }),
  }));
}
