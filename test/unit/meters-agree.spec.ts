// Proves that rooms that may not import each other mean the same: meters and sts by the same meter number, meters
// and tariff by the same classes; and that the sample file is what its maker makes and all of it can be imported.
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { TARIFF_CLASSES, luhnCheckDigit, meterNumber, parseMeterNumber } from '@vend/meters';
import * as sts from '@vend/sts';
import { firstLightBook } from '@vend/tariff';
import { sampleCsv } from '../fixtures/make-sample';
import { csvRows } from '@vend/tables';

const digits = (length: number) =>
  fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => String(n).padStart(length, '0'));

/** The number as a text, or that it was refused: the two rooms have errors of their own. */
function outcome(read: () => string): string {
  try {
    return read();
  } catch {
    return 'refused';
  }
}

describe('meters and sts', () => {
  it('make the same numbers of a manufacturer and a serial', () => {
    fc.assert(
      fc.property(fc.oneof(digits(2), digits(4)), digits(8), (manufacturer, serial) => {
        const { pan, drn } = meterNumber(manufacturer, serial);
        expect(sts.makeDrn(manufacturer, serial)).toBe(drn);
        expect(sts.meterPanOfDrn(drn)).toBe(pan);
        expect(sts.parseMeterPan(pan)).toMatchObject({ drn });
      }),
    );
  });

  it('accept and refuse the same numbers', () => {
    const body = fc.oneof(
      digits(11).map((text) => `600727${text}`),
      digits(13).map((text) => `0000${text}`),
      digits(15).map((text) => `00${text}`),
    );
    fc.assert(
      fc.property(body, fc.option(fc.nat(9), { nil: undefined }), (text, last) => {
        const pan = text + (last ?? luhnCheckDigit(text));
        expect(outcome(() => parseMeterNumber(pan).drn)).toBe(outcome(() => sts.parseMeterPan(pan).drn));
      }),
      { numRuns: 2_000 },
    );
  });
});

it('meters and tariff know the same classes', () => {
  expect([...TARIFF_CLASSES].sort()).toEqual([...firstLightBook.versions[0]!.classes.keys()].sort());
});

describe('the sample of 200 customers', () => {
  const file = readFileSync('test/fixtures/customers-200.csv', 'utf8');

  it('is the file that its maker makes', () => {
    expect(sampleCsv()).toBe(file);
  });

  it('has 200 rows, a phone each out of the invented block, and the mix it promises', async () => {
    const rows: Record<string, string>[] = [];
    let header: readonly string[] = [];
    for await (const group of csvRows(Readable.from([file]))) {
      for (const { line, fields } of group.rows) {
        if (line === 1) header = fields!;
        else rows.push(Object.fromEntries(header.map((name, i) => [name, fields![i]!])));
      }
    }
    expect(rows).toHaveLength(200);
    expect(rows.map((row) => Number(row['mobile']))).toEqual(
      Array.from({ length: 200 }, (_, i) => (i < 180 ? 8_801_700_000_001 : 8_801_500_000_001) + i),
    );
    const values = (column: string) => [...new Set(rows.map((row) => row[column]))].sort();
    expect(values('tariffClass')).toEqual(['LT-A', 'LT-E']);
    expect(values('phase')).toEqual(['1', '3']);
    expect(values('crediting')).toEqual(['currency', 'energy']);
    expect(values('sgc')).toEqual(['123456', '201457']);
    expect(rows.every((row) => (row['ea'] === '11') === (row['sgc'] === '201457'))).toBe(true);
    expect(new Set(rows.map((row) => row['meterNo']!.length))).toEqual(new Set([18, 11]));
    expect(new Set(rows.map((row) => parseMeterNumber(row['meterNo']!).pan)).size).toBe(200);
    expect(new Set(rows.map((row) => parseMeterNumber(row['meterNo']!).drn.length))).toEqual(new Set([11, 13]));
    expect(rows.filter((row) => row['language'] === 'bn').length).toBeGreaterThan(150);
  });
});
