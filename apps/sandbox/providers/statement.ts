import { dhakaDay, formatInstant, formatTaka, roundHalfUp, startOfDay, type LocalDay } from '@vend/kernel';
import type { BookedPayment } from './provider-book';
import { chance, type StatementFault } from './provider-faults';

/** The neutral form of CHANNELS.md, 1.9. */
const STATEMENT_COLUMNS = [
  'provider',
  'provider_trx_id',
  'biller_ref',
  'our_order_no',
  'amount',
  'provider_fee',
  'net',
  'trx_time',
  'status',
  'settlement_batch',
] as const;

/** One line of what a company says of a day. Amounts in paisa. */
export interface StatementRow {
  readonly trxId: string;
  readonly reference: string;
  readonly orderNo: string;
  readonly amountPaisa: bigint;
  readonly feePaisa: bigint;
  readonly at: number;
  readonly status: 'PAID' | 'REVERSED';
}

/** Terms under which the rows are made. */
export interface StatementTerms {
  readonly provider: string;
  readonly commissionBasisPoints: number;
}

const DAY_MS = 86_400_000;
const ONE_TAKA = 100n;
/** A payment that nobody made. */
const EXTRA_PAISA = 77_700n;

/**
 * What a company says of a Dhaka day, in order of time. A payment given back on its own day is one REVERSED line without
 * fee; one given back later stands as PAID on its day and, with a fee below zero, as REVERSED on the other.
 *
 * Faults of CHANNELS.md 7, number 22, each on one line of its own while there are enough: `missing` leaves one out,
 * `differs` says one Taka more, `duplicate` says one twice, `extra` says one that nobody paid, and `late` moves the
 * day's last line to the statement of the next day (ask for both with `late`).
 */
export function statementRows(
  payments: readonly BookedPayment[],
  day: LocalDay,
  terms: StatementTerms,
  faults: readonly StatementFault[] = [],
): StatementRow[] {
  const honest = honestRows(payments, day, terms);
  const late = faults.includes('late');
  const dayBefore = dhakaDay(startOfDay(day) - DAY_MS);
  const rows = late ? [...honestRows(payments, dayBefore, terms).slice(-1), ...honest.slice(0, -1)] : honest;
  return bent(rows, day, terms, faults);
}

/** The day's statement as a file. */
export function statementCsv(rows: readonly StatementRow[], day: LocalDay, { provider }: StatementTerms): string {
  const lines = rows.map((row) =>
    [
      provider,
      row.trxId,
      row.reference,
      row.orderNo,
      formatTaka(row.amountPaisa),
      formatTaka(row.feePaisa),
      formatTaka(netOf(row)),
      formatInstant(row.at),
      row.status,
      batchOf(provider, day),
    ]
      .map(quoted)
      .join(','),
  );
  return [STATEMENT_COLUMNS.join(','), ...lines, ''].join('\r\n');
}

/** What of a line reaches our bank. */
export function netOf({ amountPaisa, feePaisa, status }: StatementRow): bigint {
  if (status === 'PAID') return amountPaisa - feePaisa;
  return feePaisa === 0n ? 0n : -amountPaisa - feePaisa;
}

/** A company pays all of a day at once. */
function batchOf(provider: string, day: LocalDay): string {
  return `${provider}-${day.replaceAll('-', '')}`;
}

function honestRows(payments: readonly BookedPayment[], day: LocalDay, terms: StatementTerms): StatementRow[] {
  return payments
    .flatMap((payment) => rowsOf(payment, terms))
    .filter(({ at }) => dhakaDay(at) === day)
    .sort((a, b) => a.at - b.at || (a.trxId < b.trxId ? -1 : 1));
}

function rowsOf(payment: BookedPayment, { commissionBasisPoints }: StatementTerms): StatementRow[] {
  const { trxId, reference, amountPaisa, at, reversedAt } = payment;
  const feePaisa = roundHalfUp(amountPaisa * BigInt(commissionBasisPoints), 10_000n);
  const common = { trxId, reference, orderNo: payment.orderNo ?? '', amountPaisa };
  if (reversedAt === null) return [{ ...common, feePaisa, at, status: 'PAID' }];
  if (dhakaDay(reversedAt) === dhakaDay(at)) return [{ ...common, feePaisa: 0n, at, status: 'REVERSED' }];
  return [
    { ...common, feePaisa, at, status: 'PAID' },
    { ...common, feePaisa: -feePaisa, at: reversedAt, status: 'REVERSED' },
  ];
}

function bent(
  rows: readonly StatementRow[],
  day: LocalDay,
  terms: StatementTerms,
  faults: readonly StatementFault[],
): StatementRow[] {
  // By lot and not by time, and the same lines whenever it is asked again.
  const lots = rows.filter(({ status }) => status === 'PAID').sort((a, b) => chance(a.trxId) - chance(b.trxId));
  const struck = (fault: StatementFault): StatementRow | undefined =>
    faults.includes(fault) && lots.length > 0 ? lots.shift() : undefined;
  const [missing, differs, duplicate] = [struck('missing'), struck('differs'), struck('duplicate')];
  const said = rows.flatMap((row) => {
    if (row === missing) return [];
    if (row === differs) return [{ ...row, amountPaisa: row.amountPaisa + ONE_TAKA }];
    return row === duplicate ? [row, row] : [row];
  });
  return faults.includes('extra') ? [...said, extraRow(day, terms)] : said;
}

function extraRow(day: LocalDay, { provider, commissionBasisPoints }: StatementTerms): StatementRow {
  return {
    trxId: `X${day.replaceAll('-', '')}`,
    reference: `extra-${provider}`.slice(0, 32),
    orderNo: '',
    amountPaisa: EXTRA_PAISA,
    feePaisa: roundHalfUp(EXTRA_PAISA * BigInt(commissionBasisPoints), 10_000n),
    at: startOfDay(day) + DAY_MS / 2,
    status: 'PAID',
  };
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** What our bank says of the company's batch of a day: one line, or none when nothing was due. */
export function bankCreditCsv(rows: readonly StatementRow[], day: LocalDay, { provider }: StatementTerms): string {
  const net = rows.reduce((sum, row) => sum + netOf(row), 0n);
  const lines = net > 0n ? [[provider, batchOf(provider, day), day, formatTaka(net)].join(',')] : [];
  return ['provider,settlement_batch,day,amount', ...lines, ''].join('\r\n');
}
