/* Proves what a meter's display says to each short code, and when the meter switches the house off, by a table of states. */
import { offCause, SHORT_CODES, shortCode, type MeterFacts } from './short-codes';

const FACTS: MeterFacts = {
  pan: '600727000000000009',
  balance: { kwh: '25.6', taka: '0.00000' },
  tokensAccepted: 3,
  tampered: false,
  loadW: 1_250,
  limitW: 2_000,
  lastCredit: { amount: '25.6', unit: 'kWh', atMs: Date.parse('2026-11-22T10:15:00+06:00') },
};
const CURRENCY = { kwh: '0.0', taka: '12.50024' };

it.each<[string, Partial<MeterFacts>, string]>([
  ['801', {}, '25.6 kWh'],
  ['801', { balance: CURRENCY }, '12.50024 BDT'],
  ['804', {}, '600727000000000009'],
  ['807', {}, 'ON'],
  ['807', { loadW: 2_001 }, 'OFF OVERLOAD'],
  ['808', {}, '1.25 kW'],
  ['815', {}, '2026-11-22 10:15'],
  ['815', { lastCredit: null }, '– –'],
  ['817', {}, '25.6 kWh'],
  ['869', {}, '2.00 kW'],
  ['869', { limitW: null }, 'NO LIMIT'],
  ['889', {}, 'SEQ 3'],
])('%s of %j', (code, change, shown) => expect(shortCode(code, { ...FACTS, ...change })).toBe(shown));

it('knows no other number', () => {
  for (const code of ['800', '80', '8010', '__proto__', 'toString']) expect(shortCode(code, FACTS)).toBeUndefined();
  for (const { bn, en } of Object.values(SHORT_CODES))
    expect([/[ঀ-৿]/.test(bn), /^[A-Z]/.test(en)]).toEqual([true, true]);
});

it.each<[Partial<MeterFacts>, ReturnType<typeof offCause>]>([
  [{}, null],
  [{ balance: CURRENCY }, null],
  [{ balance: { kwh: '0.0', taka: '0.00000' } }, 'no-credit'],
  [{ balance: { kwh: '-0.4', taka: '0.00000' } }, 'no-credit'],
  [{ limitW: null, loadW: 90_000 }, null],
  [{ loadW: 2_000 }, null],
  [{ loadW: 2_001, balance: { kwh: '0.0', taka: '0.00000' } }, 'overload'],
  [{ tampered: true, loadW: 9_000 }, 'tamper'],
])('%j is switched off for %s', (change, cause) => expect(offCause({ ...FACTS, ...change })).toBe(cause));
