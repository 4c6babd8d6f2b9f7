/** Proves that price() reproduces the public receipts of four utilities to the paisa, in currency mode, and the units printed on them. */
import { dhakaMonth, formatKwh, formatTaka, parseTaka, startOfDay } from '@vend/kernel';
import { bookById, firstLightBook, price, quoteLines, type PricingState, type TariffBook } from '.';
import { estimateWh } from './price';

const NESCO_2021 = startOfDay('2021-06-15');
const NESCO_2025 = startOfDay('2025-06-15');
const DESCO_2022 = startOfDay('2022-11-20');
const BPDB_2024 = startOfDay('2024-05-10');
const nesco = bookById('nesco-history');
const desco = bookById('desco-history');
const bpdb = bookById('bpdb-history');

/** A single-phase LT-A connection with a utility's currency-mode meter, as all these receipts are. */
function receiptState(kilowatt: bigint, chargedThrough: number, meterOwner: 'utility' | 'customer' = 'utility') {
  const state: PricingState = {
    tariffClass: 'LT-A',
    phase: 1,
    sanctionedW: kilowatt * 1000n,
    meterOwner,
    crediting: 'currency',
    installedOn: '2020-03-10',
    rentUntil: null,
    chargedThrough,
    soldMonth: null,
    soldWh: 0n,
    arrearsPaisa: 0n,
    arrearsPlan: null,
    remainderPaisa: 0n,
  };
  return state;
}

interface Row {
  readonly who: string;
  readonly book: TariffBook;
  readonly at: number;
  readonly state: PricingState;
  /** gross, VAT, rent, demand, rebate, energy */
  readonly taka: readonly [string, string, string, string, string, string];
}

const rows: Row[] = [
  {
    who: 'NESCO 2021',
    book: nesco,
    at: NESCO_2021,
    state: receiptState(2n, 202105),
    taka: ['1000.00', '47.62', '40.00', '60.00', '9.03', '861.41'],
  },
  {
    who: 'NESCO 2021',
    book: nesco,
    at: NESCO_2021,
    state: receiptState(2n, 202105),
    taka: ['900.00', '42.86', '40.00', '60.00', '8.09', '765.23'],
  },
  {
    who: 'NESCO 2021',
    book: nesco,
    at: NESCO_2021,
    state: receiptState(2n, 202106),
    taka: ['1900.00', '90.48', '0.00', '0.00', '17.92', '1827.44'],
  },
  {
    who: 'NESCO 2021',
    book: nesco,
    at: NESCO_2021,
    state: receiptState(2n, 202106),
    taka: ['600.00', '28.57', '0.00', '0.00', '5.66', '577.09'],
  },
  {
    who: 'NESCO 2025',
    book: nesco,
    at: NESCO_2025,
    state: receiptState(2n, 202506),
    taka: ['1000.00', '47.62', '0.00', '0.00', '4.74', '957.12'],
  },
  {
    who: 'DESCO 2022, 11 months',
    book: desco,
    at: DESCO_2022,
    state: receiptState(6n, 202112),
    taka: ['2970.00', '141.43', '440.00', '1980.00', '23.89', '432.46'],
  },
  {
    who: 'DESCO 2022',
    book: desco,
    at: DESCO_2022,
    state: receiptState(6n, 202211),
    taka: ['500.00', '23.81', '0.00', '0.00', '4.76', '480.95'],
  },
  {
    who: 'BPDB 2024, 2 kW',
    book: bpdb,
    at: BPDB_2024,
    state: receiptState(2n, 202404),
    taka: ['2000.00', '95.24', '40.00', '84.00', '9.23', '1789.99'],
  },
  {
    who: 'BPDB 2024, 4 kW',
    book: bpdb,
    at: BPDB_2024,
    state: receiptState(4n, 202404),
    taka: ['2000.00', '95.24', '40.00', '168.00', '9.23', '1705.99'],
  },
];

describe('receipt rows of MONEY.md 1', () => {
  it.each(rows)('$who, Tk $taka.0', ({ book, at, state, taka }) => {
    const quote = price(state, parseTaka(taka[0]), at, book);
    const shown = [
      quote.grossPaisa,
      quote.vatPaisa,
      quote.rentPaisa,
      quote.demandPaisa,
      quote.rebatePaisa,
      quote.energyPaisa,
    ];
    expect(shown.map(formatTaka)).toEqual(taka);
    expect(quoteLines(quote).reduce((sum, line) => sum + line.amountPaisa, 0n)).toBe(quote.grossPaisa);
  });

  it('names the eleven idle months that one recharge pays', () => {
    const quote = price(receiptState(6n, 202112), 297_000n, DESCO_2022, desco);
    expect(quote.months).toEqual(Array.from({ length: 11 }, (_, index) => 202201 + index));
    expect(quote.next.chargedThrough).toBe(202211);
    const demand = quoteLines(quote).find((line) => line.code === 'demand-charge');
    expect(demand?.why.en).toBe('Tk 30.00 x 6 kW x 11 months: Jan 2022 to Nov 2022');
    expect(demand?.why.bn).toBe('30.00 টাকা × 6 কিলোওয়াট × 11 মাস: জানুয়ারি 2022 থেকে নভেম্বর 2022');
  });

  it('prices the default book the same in November 2026', () => {
    const at = startOfDay('2026-11-21');
    const quote = price(receiptState(2n, 202610), 100_000n, at, firstLightBook);
    expect(dhakaMonth(at)).toBe(202611);
    expect(formatTaka(quote.energyPaisa)).toBe('861.41');
    expect([quote.tariffVersion, quote.rebateProfile]).toEqual(['bd-retail-2020-03', 'nesco-2021']);
  });
});

describe('units estimated on currency-mode receipts (MONEY.md 4)', () => {
  it.each([
    ['1000.00', 202105, '174.5'],
    ['1900.00', 202106, '334.73'],
    ['600.00', 202106, '124.8'],
  ] as const)('gross %s, charged through %i: %s kWh', (gross, chargedThrough, kwh) => {
    const quote = price(receiptState(2n, chargedThrough), parseTaka(gross), NESCO_2021, nesco);
    expect(formatKwh(quote.estimatedWh ?? 0n)).toBe(kwh);
    expect(quote.energyWh).toBeNull();
  });

  it('puts Tk 380.51 at 90.43 kWh', () => {
    const curve = nesco.versionAt(NESCO_2021).classes.get('LT-A')?.estimateCurve;
    expect(estimateWh(curve!, 38_051n)).toBe(90_430n);
  });
});

describe('the reasons', () => {
  it('explains a first recharge of the month line by line, in the order of the receipt', () => {
    const quote = price(receiptState(2n, 202105), 100_000n, NESCO_2021, nesco);
    expect(quoteLines(quote).map(({ code, amountPaisa, why }) => [code, amountPaisa, why.en])).toEqual([
      ['vat', 4762n, '5 % inside Tk 1000.00 (5/105 of it)'],
      ['meter-rent', 4000n, 'single-phase meter, Tk 40.00 x 1 month: Jun 2021'],
      ['demand-charge', 6000n, 'Tk 30.00 x 2 kW x 1 month: Jun 2021'],
      ['rebate', -903n, '1 % of Tk 912.38 / 1.01 = 9.03 (1000.00 - VAT 47.62 - rent 40.00)'],
      ['energy', 86141n, 'all the rest is credited to the meter; about 174.5 kWh (estimate)'],
    ]);
  });

  it("has no line for what is absent: the customer's own meter pays no rent", () => {
    const quote = price(receiptState(2n, 202105, 'customer'), 100_000n, NESCO_2021, nesco);
    expect(quoteLines(quote).map((line) => line.code)).toEqual(['vat', 'demand-charge', 'rebate', 'energy']);
    expect(quote.rentPaisa).toBe(0n);
  });

  it('writes ASCII digits in Bangla and only GSM-friendly ASCII in English', () => {
    for (const line of quoteLines(price(receiptState(2n, 202105), 100_000n, NESCO_2021, nesco))) {
      expect(line.why.en + line.label.en).toMatch(/^[\x20-\x7e]+$/);
      expect(line.why.bn + line.label.bn).not.toMatch(/[০-৯৳]/);
      expect(line.label.bn).toMatch(/[\u0980-\u09ff]/);
    }
  });
});
