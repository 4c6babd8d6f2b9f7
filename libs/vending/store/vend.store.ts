import { dhakaDay, idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { VendKind } from '@vend/ledger';
import type { Row, Tx } from '@vend/platform';
import { pricedStateFromJson, pricedStateToJson } from '../pricing';
import type { VendDetail, VendPricing, VendRecord, VendToken } from '../recharge';

/** A vend about to be written. */
export interface NewVend {
  readonly rechargeId: Id;
  readonly meterId: Id;
  readonly vend: VendRecord;
  /** Those of the vend, in their order, with what nobody is shown. */
  readonly tokens: readonly NewToken[];
}

/** A token about to be written. */
export interface NewToken {
  readonly token: VendToken;
  /** Base date of the key that it was made under: for a key change the key that is in the meter before it. */
  readonly baseDate: number;
  /** 4 bits; null where the token has no TID. */
  readonly rnd: number | null;
  /** What was asked for, in the token's unit; null where the token has no TID. */
  readonly amountUnits: bigint | null;
  /** Under which it was made; null: `creditRequestId` and `keyChangeRequestId` say it. */
  readonly requestId: string | null;
}

/** Inserts vends and their tokens. @throws a duplicate-key error when a TID was issued before */
export async function insertVends(tx: Tx, vends: readonly NewVend[]): Promise<void> {
  if (vends.length === 0) return;
  const vendRows = vends.map(({ rechargeId, meterId, vend: v }) => [
    idToBytes(v.vendId),
    idToBytes(rechargeId),
    idToBytes(meterId),
    v.kind,
    v.receiptNo,
    'ISSUED',
    new Date(v.issuedAt),
    dhakaDay(v.issuedAt),
    ...AMOUNT_COLUMNS.map(([key]) => v.amounts[key].toString()),
    v.energyWh?.toString() ?? null,
    v.estimatedWh?.toString() ?? null,
    v.pricing?.tariffBook ?? null,
    v.pricing?.priceRevision ?? null,
    v.pricing?.tariffVersion ?? null,
    v.pricing?.rebateProfile ?? null,
    v.pricing && pricedStateToJson(v.pricing.pricedState),
    v.detail && JSON.stringify(v.detail),
  ]);
  const vendsIn = tx.write(
    `INSERT INTO vends (id, recharge_id, meter_id, kind, receipt_no, state, issued_at, business_day,
       ${AMOUNT_COLUMNS.map(([, column]) => column).join(', ')}, energy_wh, estimated_wh,
       tariff_book, price_revision, tariff_version, rebate_profile, pricing_input, detail) VALUES ?`,
    [vendRows],
  );
  const tokenRows = vends.flatMap(({ vend, meterId, tokens }) =>
    tokens.map((token) => tokenRow(vend.vendId, meterId, token)),
  );
  const tokensIn =
    tokenRows.length > 0 &&
    tx.write(
      `INSERT INTO vend_tokens (vend_id, sequence, of_count, kind, subclass, meter_id, base_date, tid, rnd, digits,
         amount_units, credited_units, sample_tables, request_id) VALUES ?`,
      [tokenRows],
    );
  await Promise.all([vendsIn, tokensIn]);
}

function tokenRow(vendId: Id, meterId: Id, { token, baseDate, rnd, amountUnits, requestId }: NewToken) {
  return [
    idToBytes(vendId),
    token.sequence,
    token.of,
    token.kind,
    token.subclass,
    idToBytes(meterId),
    baseDate,
    token.tid,
    rnd,
    token.digits,
    amountUnits?.toString() ?? null,
    takenOf(token)?.toString() ?? null,
    token.sampleTables,
    requestId,
  ];
}

/** What the meter takes out of a token: credit, or the value that it is told; null: nothing that is counted. */
function takenOf(token: VendToken): bigint | null {
  return 'value' in token ? token.value : token.creditedUnits;
}

const AMOUNT_COLUMNS = [
  ['grossPaisa', 'gross_paisa'],
  ['vatPaisa', 'vat_paisa'],
  ['rentPaisa', 'rent_paisa'],
  ['demandPaisa', 'demand_paisa'],
  ['arrearsPaisa', 'arrears_paisa'],
  ['pfcPaisa', 'pfc_paisa'],
  ['penaltyPaisa', 'penalty_paisa'],
  ['rebatePaisa', 'rebate_paisa'],
  ['lifelineCreditPaisa', 'lifeline_credit_paisa'],
  ['adjustmentPaisa', 'adjustment_paisa'],
  ['energyPaisa', 'energy_paisa'],
  ['remainderInPaisa', 'remainder_in_paisa'],
  ['remainderOutPaisa', 'remainder_out_paisa'],
  ['feePaisa', 'fee_paisa'],
  ['depositPaisa', 'deposit_paisa'],
  ['grantedPaisa', 'granted_paisa'],
] as const;

/** The columns of `vends v` and `vend_tokens t` that `vendOfRows` reads. */
export const VEND_COLUMNS = `v.id AS vend_id, v.kind AS vend_kind, v.receipt_no, v.issued_at, v.energy_wh, v.estimated_wh,
    v.tariff_book, v.price_revision, v.tariff_version, v.rebate_profile, v.pricing_input, v.detail,
    ${AMOUNT_COLUMNS.map(([, column]) => `v.${column}`).join(', ')},
    t.sequence, t.of_count, t.kind AS token_kind, t.subclass, t.tid, t.digits, t.credited_units, t.sample_tables`;

/** The parts of a vend out of its row. */
export function amountsOfRow(row: Row): VendRecord['amounts'] {
  const parts: [string, bigint][] = AMOUNT_COLUMNS.map(([key, column]) => [key, BigInt(row[column] as string)]);
  return Object.fromEntries(parts) as unknown as VendRecord['amounts'];
}

/** A vend out of its rows, one for each token; one row without a token when it has none. */
export function vendOfRows(rows: readonly Row[]): VendRecord {
  const row = rows[0]!;
  const energy = row['energy_wh'] as string | null;
  const estimate = row['estimated_wh'] as string | null;
  return {
    vendId: idFromBytes(row['vend_id'] as Buffer),
    kind: row['vend_kind'] as VendKind,
    receiptNo: row['receipt_no'] as string,
    issuedAt: (row['issued_at'] as Date).getTime(),
    amounts: amountsOfRow(row),
    energyWh: energy === null ? null : BigInt(energy),
    estimatedWh: estimate === null ? null : BigInt(estimate),
    pricing: row['pricing_input'] === null ? null : pricingOfRow(row),
    detail: row['detail'] === null ? null : (JSON.parse(jsonText(row['detail'])) as VendDetail),
    tokens: rows.flatMap((each) => (each['sequence'] === null ? [] : [tokenOf(each)])),
  };
}

function pricingOfRow(row: Row): VendPricing {
  return {
    tariffBook: row['tariff_book'] as string,
    priceRevision: row['price_revision'] as number,
    tariffVersion: row['tariff_version'] as string,
    rebateProfile: row['rebate_profile'] as string,
    pricedState: pricedStateFromJson(jsonText(row['pricing_input'])),
  };
}

/** MariaDB gives JSON as text, MySQL as an object. */
function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function tokenOf(row: Row): VendToken {
  const token = {
    sequence: row['sequence'] as number,
    of: row['of_count'] as number,
    subclass: row['subclass'] as number,
    digits: row['digits'] as string,
    sampleTables: Boolean(row['sample_tables']),
  };
  const kind = row['token_kind'] as VendToken['kind'];
  if (kind === 'key-change' || kind === 'test-display') return { ...token, kind, tid: null, creditedUnits: null };
  const tid = row['tid'] as number;
  const taken = BigInt(row['credited_units'] as string);
  return kind === 'credit'
    ? { ...token, kind, tid, creditedUnits: taken }
    : { ...token, kind, tid, creditedUnits: null, value: taken };
}
