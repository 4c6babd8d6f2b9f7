import { parse } from 'csv-parse/sync';
import type { OpenVendingKey } from '@vend/keystore';
import { deriveDecoderKey, meterPanOfDrn, StsError, VendingKey } from '@vend/sts';
import type { BaseDate, KeyType } from '@vend/sts';
import { z } from 'zod';

const meterRow = z.object({
  /** MeterPAN, or the DRN printed on the meter. */
  meterNo: z.string().regex(/^(\d{18}|\d{13}|\d{11})$/),
  sgc: z.string().regex(/^\d{6}$/),
  krn: z.coerce.number().int().min(1).max(9),
  ti: z.coerce.number().int().min(0).max(99),
  kt: z.coerce.number().int().min(0).max(3),
  ea: z.string().regex(/^(0?7|11)$/),
});

/** What a virtual meter knows of itself. The key is a secret of this one meter; no vending key follows from it. */
interface DecoderKeyEntry {
  readonly decoderKeyHex: string;
  readonly ea: '07' | '11';
  readonly baseDate: BaseDate;
  readonly sgc: string;
  readonly krn: number;
  /** Two digits. */
  readonly ti: string;
  readonly kt: KeyType;
  readonly ken: number;
}

export interface DecoderKeys {
  /** By MeterPAN. */
  readonly keys: Record<string, DecoderKeyEntry>;
  readonly skipped: readonly { readonly line: number; readonly reason: string }[];
}

/**
 * Reads meters from a CSV file whose header names at least meterNo, sgc, krn, ti, kt and ea. Rows that the
 * importer would refuse stay in the list with what they have: `decoderKeysOf` leaves them out with a reason.
 */
export function metersOfCsv(text: string): Record<string, string>[] {
  return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
}

/**
 * The decoder key of each meter, derived from its vending key.
 *
 * @param vendingKeys opened; neither kept nor erased here
 */
export function decoderKeysOf(vendingKeys: readonly OpenVendingKey[], rows: readonly object[]): DecoderKeys {
  const keys: Record<string, DecoderKeyEntry> = {};
  const skipped: { line: number; reason: string }[] = [];
  const ready = new Map(
    vendingKeys.map((key) => [`${key.sgc}/${key.krn}`, { info: key, key: new VendingKey(key.value) }]),
  );
  rows.forEach((row, index) => {
    // The header is line 1.
    const line = index + 2;
    try {
      const meter = meterRow.parse(row);
      const vending = ready.get(`${meter.sgc}/${meter.krn}`);
      if (!vending) return skipped.push({ line, reason: 'unknown-vending-key' });
      const [pan, entry] = entryOf(meter, vending);
      keys[pan] = entry;
    } catch (error) {
      skipped.push({ line, reason: reasonOf(error) });
    }
  });
  for (const { key } of ready.values()) key.wipe();
  return { keys, skipped };
}

function entryOf(
  meter: z.infer<typeof meterRow>,
  { info, key }: { readonly info: OpenVendingKey; readonly key: VendingKey },
): [string, DecoderKeyEntry] {
  const pan = meter.meterNo.length === 18 ? meter.meterNo : meterPanOfDrn(meter.meterNo);
  const attributes = {
    pan,
    ea: meter.ea === '11' ? ('11' as const) : ('07' as const),
    kt: meter.kt as KeyType,
    sgc: meter.sgc,
    ti: meter.ti,
    krn: meter.krn,
    ken: info.ken,
    baseDate: info.baseDate,
  };
  const dkga = info.dkga === 2 ? '02' : '04';
  const decoderKey = deriveDecoderKey({ ...attributes, dkga, vendingKey: key });
  const { ea, baseDate, sgc, krn, ti, kt, ken } = attributes;
  const entry = {
    decoderKeyHex: decoderKey.exportHex(),
    ea,
    baseDate,
    sgc,
    krn,
    ti: String(ti).padStart(2, '0'),
    kt,
    ken,
  };
  decoderKey.wipe();
  return [pan, entry];
}

function reasonOf(error: unknown): string {
  if (error instanceof StsError) return error.code;
  if (error instanceof z.ZodError) return `${error.issues[0]?.path.join('.') ?? 'row'} is not valid`;
  throw error;
}
