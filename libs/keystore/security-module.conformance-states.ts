import assert from 'node:assert/strict';
import type { InstantMs } from '@vend/kernel';
import { refused } from './security-module.conformance-case';
import type { ConformanceCase, OpenModule, PublicKeyLine } from './security-module.conformance-case';
import type { MeterKey, SecurityModule } from './security-module';
import type { TokenRefusalCode } from './keystore.errors';

// The third part of the conformance suite: what a key may be used for in each of its states.

const key = { sgc: '201457', kind: 'VUDK', dkga: 4, baseDate: 2014, ken: 255 } as const;
const hexOf = (krn: number): string => `${krn}`.repeat(40);

/** KRN 1 is in force; 2 waits; 3 has served; 4 ends on the last day of 2026; 5 has served, and ended too. */
const STATE_KEYS: readonly PublicKeyLine[] = [
  { ...key, krn: 1, hex: hexOf(1), state: 'active', issuedUntil: null },
  { ...key, krn: 2, hex: hexOf(2), state: 'loaded', issuedUntil: null },
  { ...key, krn: 3, hex: hexOf(3), state: 'retired', issuedUntil: null },
  { ...key, krn: 4, hex: hexOf(4), state: 'active', issuedUntil: '2026-12-31' },
  { ...key, krn: 5, hex: hexOf(5), state: 'retired', issuedUntil: '2026-12-31' },
];

/** The last millisecond of 2026 in Dhaka, six hours ahead of UTC. */
const LAST_MOMENT: InstantMs = Date.UTC(2026, 11, 31, 18) - 1;

function meterUnder(krn: number): MeterKey {
  return {
    pan: '600727000000000009',
    ea: '11',
    tct: '02',
    sgc: '201457',
    krn,
    ti: '01',
    kt: 2,
    ken: 255,
    baseDate: 2014,
  };
}

const token = { tid: 6_612_482, rnd: 5 } as const;
const credit = (module: SecurityModule, krn: number) =>
  module.issueCredit(meterUnder(krn), { ...token, subclass: 0, amountUnits: 256n });
const management = (module: SecurityModule, krn: number) =>
  module.issueManagement(meterUnder(krn), { ...token, kind: 'clear-tamper', value: 0n });
const change = (module: SecurityModule, from: number, to: number) => {
  const target = { sgc: '201457', krn: to, ti: '01', kt: 2 } as const;
  return module.issueKeyChange(meterUnder(from), { target, withSupplyGroup: false, now: LAST_MOMENT });
};

type Ask = (module: SecurityModule) => Promise<unknown>;

const ALLOWED: readonly [string, InstantMs, Ask][] = [
  ['credit under an active key', LAST_MOMENT, (m) => credit(m, 1)],
  ['credit in the last moment of the last day', LAST_MOMENT, (m) => credit(m, 4)],
  ['a key change from an active key to another', LAST_MOMENT, (m) => change(m, 1, 4)],
  ['a key change away from a retired key', LAST_MOMENT, (m) => change(m, 3, 1)],
  ['a key change away from a key that has ended', LAST_MOMENT + 1, (m) => change(m, 4, 1)],
  ['a key change away from a key that is retired and has ended', LAST_MOMENT + 1, (m) => change(m, 5, 1)],
];

const REFUSED: readonly [string, InstantMs, Ask, TokenRefusalCode][] = [
  ['credit under a key that is only loaded', LAST_MOMENT, (m) => credit(m, 2), 'key-not-active'],
  ['credit under a retired key', LAST_MOMENT, (m) => credit(m, 3), 'key-not-active'],
  ['credit in the first moment after the last day', LAST_MOMENT + 1, (m) => credit(m, 4), 'key-expired'],
  ['a management token under a key that is only loaded', LAST_MOMENT, (m) => management(m, 2), 'key-not-active'],
  ['a management token under a retired key', LAST_MOMENT, (m) => management(m, 3), 'key-not-active'],
  ['a management token after the last day', LAST_MOMENT + 1, (m) => management(m, 4), 'key-expired'],
  ['a key change to a key that is only loaded', LAST_MOMENT, (m) => change(m, 1, 2), 'key-not-active'],
  ['a key change to a retired key', LAST_MOMENT, (m) => change(m, 1, 3), 'key-not-active'],
  ['a key change to a key that has ended', LAST_MOMENT + 1, (m) => change(m, 1, 4), 'target-key-expired'],
  ['a key change from a key that is only loaded', LAST_MOMENT, (m) => change(m, 2, 1), 'key-not-active'],
];

/** What each state of a vending key permits. */
export function stateConformance(open: OpenModule): ConformanceCase[] {
  const at = (nowMs: InstantMs, use: (module: SecurityModule) => Promise<unknown>) => async (): Promise<void> => {
    const module = await open(100, STATE_KEYS, () => nowMs);
    try {
      await use(module);
    } finally {
      module.close();
    }
  };
  return [
    ...ALLOWED.map(([what, nowMs, ask]) => ({ name: `permits ${what}`, run: at(nowMs, ask) })),
    ...REFUSED.map(([what, nowMs, ask, code]) => ({
      name: `refuses ${what}: ${code}`,
      run: at(nowMs, (module) => refused(code, ask(module))),
    })),
    {
      name: 'reads a token also under a key that has served or ended',
      run: async () => {
        let nowMs = LAST_MOMENT;
        const module = await open(100, STATE_KEYS, () => nowMs);
        const { digits } = await credit(module, 4);
        nowMs += 1;
        assert.equal((await module.verify(meterUnder(4), digits)).tid, token.tid);
        module.close();
      },
    },
  ];
}
