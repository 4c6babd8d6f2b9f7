/* Proves which months owe fixed charges, by which terms, and with which words, when a connection's past is not that of its present meter. */
import { startOfDay } from '@vend/kernel';
import { firstLightBook, price, quoteLines, type ChargingHistory } from '.';
import { meter } from './testing';

const at = startOfDay('2026-11-21');
const NOTHING: ChargingHistory = { since: null, off: [], past: [] };
const quoteOf = (charging: Partial<ChargingHistory>) =>
  price(
    meter({ chargedThrough: 202606, installedOn: '2026-01-10', charging: { ...NOTHING, ...charging } }),
    500_000n,
    at,
    firstLightBook,
  );

it('leaves out the months in which the connection was off, and no others', () => {
  expect(quoteOf({}).months).toEqual([202607, 202608, 202609, 202610, 202611]);
  expect(quoteOf({ off: [[202603, 202607], [202610, 202610]] }).months).toEqual([202608, 202609, 202611]); // prettier-ignore
});

it('owes the months before the meter was installed that its predecessor left', () => {
  const replaced = meter({ chargedThrough: 202608, installedOn: '2026-11-05' });
  expect(price(replaced, 500_000n, at, firstLightBook).months).toEqual([202611]);
  const charging = { ...NOTHING, since: 202401 };
  expect(price({ ...replaced, charging }, 500_000n, at, firstLightBook).months).toEqual([202609, 202610, 202611]);
});

it('charges each month by the terms of then, the oldest that reach it, and says so', () => {
  const terms = { tariffClass: 'LT-A', phase: 1, meterOwner: 'utility' } as const;
  const quote = quoteOf({
    past: [
      { ...terms, throughMonth: 202607, sanctionedW: 1_000n },
      { ...terms, throughMonth: 202609, sanctionedW: 4_000n, phase: 3 },
      { ...terms, throughMonth: 202610, sanctionedW: 2_000n, meterOwner: 'customer' },
    ],
  });
  const { charges } = quote.basis;
  // Tk 30 a kW; rent Tk 40 single phase, 250 three phase, none for the customer's own meter.
  expect(charges.map(({ demandPaisa }) => demandPaisa)).toEqual([3_000n, 12_000n, 12_000n, 6_000n, 6_000n]);
  expect(charges.map(({ rentPaisa }) => rentPaisa)).toEqual([4_000n, 25_000n, 25_000n, 0n, 4_000n]);
  const why = quoteLines(quote).find(({ code }) => code === 'demand-charge')!.why.en;
  expect(why).toMatch(/x 1 kW x 1 month: .*; Tk 30\.00 x 4 kW x 2 months: .*; Tk 30\.00 x 2 kW x 2 months/);
});
