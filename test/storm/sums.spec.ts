// Proves that the storm's sums see a fault wherever one is hidden: each test doctors books that add up, in one place.
import { sums, type Ours, type Taken } from './sums';

const line = (no: number, over: Partial<Taken> = {}): Taken => ({
  provider: 'demo-form',
  trxId: `CK${no}`,
  amountPaisa: 50_000n,
  reversed: false,
  ...over,
});
const vended = (no: number, over: Partial<Ours> = {}): Ours => ({
  provider: 'demo-form',
  trxId: `CK${no}`,
  amountPaisa: 50_000n,
  state: 'APPLIED',
  vends: 1,
  vendedPaisa: 50_000n,
  tokens: 1,
  openCases: 0,
  refunds: 0,
  ...over,
});
const NOTHING_VENDED = { vends: 0, vendedPaisa: 0n, tokens: 0 };
const owed = (no: number, over: Partial<Ours> = {}) =>
  vended(no, { ...NOTHING_VENDED, state: 'REFUND_DUE', openCases: 1, ...over });
const refunded = (no: number, over: Partial<Ours> = {}) =>
  vended(no, { ...NOTHING_VENDED, state: 'REFUNDED', refunds: 1, ...over });

/** 1 vended, 2 owed with a case, 3 refunded, 4 given back outside and unknown to us, 5 refunded at the gateway. */
const TAKEN = [line(1), line(2), line(3), line(4, { reversed: true }), line(5, { reversed: true })];
const OURS = [vended(1), owed(2), refunded(3), refunded(5)];

const faultsWith = (taken: readonly Taken[], ours: readonly Ours[]) => sums(taken, ours).faults;
const doctored = (no: number, over: Partial<Ours>) => [
  ...OURS.filter(({ trxId }) => trxId !== `CK${no}`),
  { ...OURS.find(({ trxId }) => trxId === `CK${no}`)!, ...over },
];

it('finds nothing in books that add up, and says where the money is', () => {
  expect(sums(TAKEN, OURS)).toEqual({
    faults: [],
    whereabouts: { taken: 5, vended: 1, owedWithCase: 1, refunded: 2, givenBackOutside: 1 },
  });
});

it.each<[what: string, taken: readonly Taken[], ours: readonly Ours[], id: string]>([
  ['a missing vend', TAKEN, OURS.slice(1), 'CK1'],
  ['a second vend', TAKEN, doctored(1, { vends: 2, vendedPaisa: 100_000n, tokens: 2 }), 'CK1'],
  ['a second payment of ours', TAKEN, [...OURS, vended(1)], 'CK1'],
  ['a vend for other money', TAKEN, doctored(1, { vendedPaisa: 60_000n }), 'CK1'],
  ['a payment booked with other money', TAKEN, doctored(1, { amountPaisa: 60_000n, vendedPaisa: 60_000n }), 'CK1'],
  ['a vend without its token', TAKEN, doctored(1, { tokens: 0 }), 'CK1'],
  ['a vend that was also paid back', TAKEN, doctored(1, { refunds: 1 }), 'CK1'],
  ['a vend that nobody paid', [...TAKEN], [...OURS, vended(9)], 'CK9'],
  ['a lost refund', TAKEN, doctored(3, { refunds: 0 }), 'CK3'],
  ['a refund made twice', TAKEN, doctored(3, { refunds: 2 }), 'CK3'],
  ['money owed that nobody is told of', TAKEN, doctored(2, { openCases: 0 }), 'CK2'],
  ['a payment that nobody has ended', TAKEN, doctored(2, { state: 'RECEIVED', openCases: 0 }), 'CK2'],
  ['a vend of money that was given back', [line(1, { reversed: true }), ...TAKEN.slice(1)], OURS, 'CK1'],
  ['money given back twice: outside, and owed with us', TAKEN, [...OURS, owed(4)], 'CK4'],
  ['the same id at another company', TAKEN, doctored(1, { provider: 'demo-json' }), 'CK1'],
])('sees %s', (_what, taken, ours, id) => {
  const faults = faultsWith(taken, ours);
  expect(faults.length).toBeGreaterThan(0);
  expect(faults.every((fault) => fault.includes(id))).toBe(true);
});
