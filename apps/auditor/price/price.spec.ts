/*
 * Proves that the price command gives the receipt rows of MONEY.md digit for digit, refuses what it must by line and code,
 * and answers an endless stream without keeping it. The command itself is run by test/e2e/auditor.e2e-spec.ts.
 */
import { PassThrough, Readable, Writable } from 'node:stream';
import { firstLightBook } from '@vend/tariff';
import { answerLines, MAX_LINE_CHARS } from '../ndjson';
import { PriceLines } from './answer';
import { Catalogue } from './catalogue';

const lines = new PriceLines(new Catalogue());

function ask(request: unknown): Record<string, unknown> & { error?: { code: string; where?: string; en: string } } {
  return JSON.parse(lines.answer(typeof request === 'string' ? request : JSON.stringify(request), 7).text) as never;
}

const household = { tariffClass: 'LT-A', sanctionedKw: '2', monthsDue: 0 };
const request = { at: '2021-06-15', amount: '1000.00', meter: household };

/** gross, VAT, rent, demand, rebate, energy */
type Row = readonly [string, string, string, string, string, string];
describe('receipt rows of MONEY.md 1', () => {
  it.each<[string, string, string, string, number, Row]>([
    ['NESCO 2021', 'nesco-history', '2021-06-15', '2', 1, ['1000.00', '47.62', '40.00', '60.00', '9.03', '861.41']],
    ['NESCO 2021', 'nesco-history', '2021-06-15', '2', 1, ['900.00', '42.86', '40.00', '60.00', '8.09', '765.23']],
    ['NESCO 2021', 'nesco-history', '2021-06-15', '2', 0, ['1900.00', '90.48', '0.00', '0.00', '17.92', '1827.44']],
    ['NESCO 2021', 'nesco-history', '2021-06-15', '2', 0, ['600.00', '28.57', '0.00', '0.00', '5.66', '577.09']],
    ['NESCO 2025', 'nesco-history', '2025-06-15', '2', 0, ['1000.00', '47.62', '0.00', '0.00', '4.74', '957.12']],
    [
      'DESCO 2022',
      'desco-history',
      '2022-11-20',
      '6',
      11,
      ['2970.00', '141.43', '440.00', '1980.00', '23.89', '432.46'],
    ],
    ['DESCO 2022', 'desco-history', '2022-11-20', '6', 0, ['500.00', '23.81', '0.00', '0.00', '4.76', '480.95']],
    ['BPDB 2024', 'bpdb-history', '2024-05-10', '2', 1, ['2000.00', '95.24', '40.00', '84.00', '9.23', '1789.99']],
    ['BPDB 2024', 'bpdb-history', '2024-05-10', '4', 1, ['2000.00', '95.24', '40.00', '168.00', '9.23', '1705.99']],
  ])('%s by its book, %s', (_who, book, at, sanctionedKw, monthsDue, row) => {
    const quote = ask({ book, at, amount: row[0], meter: { tariffClass: 'LT-A', sanctionedKw, monthsDue } });
    expect(['amount', 'vat', 'rent', 'demand', 'rebate', 'energy'].map((name) => quote[name])).toEqual(row);
  });

  it.each([
    ['nesco-2021', '861.41'],
    ['desco-2022', '861.50'],
    [{ percent: '1', divisor: '1.01' }, '861.41'],
  ])('with the rebate %j chosen by hand', (rebate, energy) => {
    expect(ask({ ...request, rebate, meter: { ...household, monthsDue: 1 } })).toMatchObject({ energy });
  });
});

describe('requests', () => {
  it('may ask for energy, or for the least there is', () => {
    const meter = { ...household, crediting: 'energy' };
    expect(ask({ at: '2026-11-21', kwh: '100', meter })).toMatchObject({ amount: '475.41', energyKwh: '100.0' });
    const newMonth = { ...meter, monthsDue: 1 };
    expect(ask({ at: '2026-11-21', minimum: true, meter: newMonth })).toMatchObject({ amount: '105.45' });
    expect(ask({ at: '2026-11-21', minimum: true, channel: 'mobile-money', meter: newMonth })).toMatchObject({
      amount: '106.00',
    });
  });

  it('chain: what follows from one is the meter of the next', () => {
    const meter = { ...household, crediting: 'energy', monthsDue: undefined, installedOn: '2026-11-01' };
    const first = ask({ at: '2026-11-21', amount: '500.00', meter });
    const second = ask({ at: '2026-11-22', amount: '500.00', meter: { ...meter, ...(first['next'] as object) } });
    expect(first['months']).toEqual(['2026-11']);
    expect(second['months']).toEqual([]);
    expect(second['remainderIn']).toBe(first['remainderOut']);
  });

  it('take a version by name whatever its date, several by their dates, and one that is written out', () => {
    const demandOf = (changes: object) =>
      ask({ ...request, ...changes, meter: { ...household, monthsDue: 1 } })['demand'];
    expect(demandOf({ version: 'bd-retail-2024-02' })).toBe('84.00');
    expect(demandOf({ versions: ['bd-retail-2020-03', 'bd-retail-2024-02'] })).toBe('60.00');
    const own = {
      id: 'own',
      title: { bn: 'নিজের', en: 'Own' },
      publishedOn: null,
      effectiveFrom: '2020-01-01',
      lifeline: 'none',
      vatPercent: 5,
      meterRentTk: { singlePhase: '10.00', threePhase: '20.00' },
      classes: [
        {
          code: 'LT-A',
          level: 'LT',
          name: { bn: 'আ', en: 'A' },
          demandTk: '31.00',
          energy: { kind: 'flat', flat: '5.00' },
        },
      ],
    };
    expect(demandOf({ versions: [own] })).toBe('62.00');
    expect(demandOf({ version: { ...own, classes: [{ ...own.classes[0], demandTk: '-1.00' }] } })).toBeUndefined();
  });

  it('price every class of 2020 in both modes, but for HT-4, which is refused by name', () => {
    const classes = [...firstLightBook.versions[0]!.classes.keys()];
    expect(classes).toHaveLength(23);
    for (const tariffClass of classes) {
      for (const crediting of ['currency', 'energy']) {
        const meter = { tariffClass, crediting, phase: 3, sanctionedKw: '10', monthsDue: 1 };
        const quote = ask({ at: '2026-11-21', amount: '20000.00', meter });
        if (tariffClass === 'HT-4') expect(quote.error?.code).toBe('demand-charge-unknown');
        else expect(quote).toMatchObject({ rent: '250.00', vat: '952.38' });
      }
    }
  });

  it('say why on every line, in both languages', () => {
    const meter = {
      ...household,
      monthsDue: 1,
      crediting: 'energy',
      soldMonth: '2021-05',
      soldKwh: '40',
      arrears: '100.00',
      arrearsPlan: { kind: 'percent', percent: '10', capPercent: '50' },
      pfcDue: '5.00',
      penaltyDue: '6.00',
      adjustmentDue: '7.00',
      remainder: '0.30',
    };
    const quote = ask({ ...request, meter }) as unknown as {
      lines: { code: string; amount: string; why: { bn: string; en: string } }[];
    };
    expect(quote.lines.map(({ code }) => code)).toEqual([
      'arrears',
      'vat',
      'meter-rent',
      'demand-charge',
      'power-factor',
      'penalty',
      'adjustment',
      'rebate',
      'lifeline-credit',
      'remainder-used',
      'energy',
      'remainder-carried',
    ]);
    for (const { why } of quote.lines)
      expect([why.en.length > 5, /[\u0980-\u09ff]/.test(why.bn) || /^[\d.]/.test(why.bn)]).toEqual([true, true]);
    const sum = quote.lines.reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0);
    expect(sum).toBe(100_000);
  });
});

describe('refusals', () => {
  it.each<[string, unknown, string, string | undefined]>([
    ['not JSON', '{', 'bad-request', 'line'],
    ['an unknown field', { ...request, colour: 'red' }, 'bad-request', 'request'],
    ['an unknown field of the meter', { ...request, meter: { ...household, colour: 1 } }, 'bad-request', 'meter'],
    ['a number for an amount', { ...request, amount: 1000 }, 'bad-request', 'amount'],
    ['three decimals', { ...request, amount: '1000.001' }, 'bad-request', 'amount'],
    ['amount and energy', { ...request, kwh: '1' }, 'bad-request', 'request'],
    ['a day that does not exist', { ...request, at: '2021-02-29' }, 'bad-request', 'at'],
    ['an instant without offset', { ...request, at: '2021-02-28T10:00:00' }, 'bad-request', 'at'],
    [
      'no word on the months owed',
      { ...request, meter: { ...household, monthsDue: undefined } },
      'bad-request',
      'meter',
    ],
    ['an unknown book', { ...request, book: 'nowhere' }, 'bad-request', 'book'],
    ['an unknown rebate', { ...request, rebate: 'nowhere' }, 'bad-request', 'rebate'],
    ['a rebate without a divisor', { ...request, rebate: { percent: '1' } }, 'bad-request', 'rebate'],
    [
      'a rebate divided by nothing',
      { ...request, rebate: { percent: '1', divisor: '0' } },
      'tariff-book-invalid',
      undefined,
    ],
    ['too little', { ...request, amount: '0.10' }, 'below-minimum-recharge', undefined],
    ['too much', { ...request, amount: '600000.00' }, 'above-maximum-recharge', undefined],
    ['nothing', { ...request, amount: '0.00' }, 'amount-not-positive', undefined],
    [
      'an unknown class',
      { ...request, meter: { ...household, tariffClass: 'LT-Q' } },
      'tariff-class-unknown',
      undefined,
    ],
    ['a day before all tariffs', { ...request, at: '2019-12-31' }, 'tariff-not-in-force', undefined],
    [
      'an arrears plan above 100 %',
      {
        ...request,
        meter: { ...household, arrears: '10.00', arrearsPlan: { kind: 'percent', percent: '101', capPercent: '50' } },
      },
      'state-impossible',
      undefined,
    ],
  ])('%s', (_what, wrong, code, where) => {
    const { error, line } = ask(wrong) as unknown as { error: { code: string; where?: string }; line: number };
    expect([error.code, error.where, line]).toEqual([code, where, 7]);
  });

  it('name the line and its id', () => {
    expect(ask({ ...request, id: 'row-9', amount: '0.00' })).toMatchObject({ id: 'row-9', line: 7 });
  });
});

describe('the stream', () => {
  const good = JSON.stringify(request);

  it('answers one for one, in order, across chunks, and counts what it refused', async () => {
    const text = `${good}\n\n{"id":1}\r\n${good}`;
    const pieces = Array.from({ length: Math.ceil(text.length / 7) }, (_, i) => text.slice(i * 7, i * 7 + 7));
    const output = new PassThrough();
    const totals = await answerLines(Readable.from(pieces.map((piece) => Buffer.from(piece))), output, lines);
    output.end();
    const answers = (await output.toArray())
      .join('')
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each) as { line?: number });
    expect(totals).toEqual({ lines: 3, failures: 1 });
    // The second line is empty: the refusal names the third.
    expect(answers.map(({ line }) => line)).toEqual([undefined, 3, undefined]);
  });

  it('refuses an endless line once, without keeping it', async () => {
    const output = new PassThrough();
    const long = 'x'.repeat(MAX_LINE_CHARS);
    const totals = await answerLines(
      Readable.from([long, long, long, `\n${good}\n`].map((each) => Buffer.from(each))),
      output,
      lines,
    );
    expect(totals).toEqual({ lines: 2, failures: 1 });
  });

  it('reads no further while its answers are not taken', async () => {
    let read = 0;
    let taken = 0;
    let most = 0;
    function* chunks(): Generator<Buffer> {
      for (; read < 2_000; read++) yield Buffer.from(`${good}\n`);
    }
    const slow = new Writable({
      highWaterMark: 1_024,
      write(chunk: Buffer, _encoding, done) {
        taken += chunk.toString().split('\n').length - 1;
        most = Math.max(most, read - taken);
        setImmediate(done);
      },
    });
    await answerLines(Readable.from(chunks(), { objectMode: false, highWaterMark: 1_024 }), slow, lines);
    await new Promise<void>((resolve) => slow.end(resolve));
    expect(taken).toBe(2_000);
    expect(most).toBeLessThan(100);
  });
});
