// Proves that an invented meter is priced as the printed receipts are, and that what is left out is a household with a month due.
import { parseTaka, startOfDay } from '@vend/kernel';
import { bookById, price } from '@vend/tariff';
import { inventedState } from './calculation';

const at = startOfDay('2021-06-15');

it('gives the receipt of NESCO 2021 for its household', () => {
  const state = inventedState({ sanctionedKw: '2', crediting: 'currency', monthsDue: 1 }, at);
  const quote = price(state, parseTaka('1000.00'), at, bookById('nesco-history'));
  expect([quote.vatPaisa, quote.rentPaisa, quote.demandPaisa, quote.energyPaisa]).toEqual([
    4_762n,
    4_000n,
    6_000n,
    86_141n,
  ]);
});

it('counts the months due back from the month of the instant', () => {
  expect(inventedState({ monthsDue: 0 }, at).chargedThrough).toBe(202106);
  expect(inventedState({}, at).chargedThrough).toBe(202105);
  expect(inventedState({ monthsDue: 8 }, at).chargedThrough).toBe(202010);
});

it('is a single-phase household with an energy meter of the utility, when nothing is said', () => {
  expect(inventedState({}, at)).toMatchObject({
    ...{ tariffClass: 'LT-A', phase: 1, sanctionedW: 2_000n, meterOwner: 'utility', crediting: 'energy', soldWh: 0n },
  });
  expect(inventedState({ phase: '3', owner: 'customer', soldKwh: '75.5' }, at)).toMatchObject({
    ...{ phase: 3, meterOwner: 'customer', soldMonth: 202106, soldWh: 75_500n },
  });
});
