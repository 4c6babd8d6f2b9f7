import { parseTaka, roundHalfUp, type InstantMs, type Paisa } from '@vend/kernel';
import type { SourceRow } from '@vend/tables';
import { STATEMENT_FIELDS, type StatementField, type StatementFormat } from './format';
import { timeReader } from './time-form';

/** `REVERSED` takes an earlier payment back; `VOID` was taken and given back in one line, and moved nothing. */
export type StatementStatus = 'PAID' | 'REVERSED' | 'VOID';

/** What a provider says of one of its transactions. */
export interface StatementRow {
  readonly line: number;
  readonly trxId: string;
  readonly status: StatementStatus;
  readonly amountPaisa: Paisa;
  /** What it keeps of it, or with `REVERSED` no longer keeps. */
  readonly feePaisa: Paisa;
  readonly trxAt: InstantMs | null;
  /** The number that the payer typed; '' when the file does not say. */
  readonly billerRef: string;
  readonly ourOrderNo: string;
  /** The settlement it will be paid with; the day, when the file does not say. */
  readonly batch: string;
}

/** What is wrong with a line, and where. */
export interface LineFault {
  readonly line: number;
  readonly column: string;
  readonly code: LineFaultCode;
}

/** Why a line is not stored, in words; the same for statements and for the bank's list. */
export const LINE_FAULTS = {
  unreadable: { en: 'a quotation mark is lost, or the line is too long', bn: 'উদ্ধৃতি চিহ্ন হারিয়েছে, বা লাইন খুব লম্বা' },
  'value-missing': { en: 'there is no value', bn: 'মান নেই' },
  'values-too-many': { en: 'more values than columns', bn: 'কলামের চেয়ে বেশি মান' },
  'digits-lost': {
    en: 'a spreadsheet keeps it as a number: digits are lost',
    bn: 'স্প্রেডশিটে সংখ্যা হিসেবে রাখা, অঙ্ক হারিয়েছে',
  },
  'transaction-id-invalid': { en: 'not a transaction id: 1 to 64 characters without blanks', bn: 'লেনদেন নম্বর নয়' },
  'amount-invalid': { en: 'not an amount above zero with at most two decimals', bn: 'টাকার অঙ্ক ঠিক নয়' },
  'fee-invalid': { en: 'not a fee between zero and the amount', bn: 'ফি ঠিক নয়' },
  'net-differs': { en: 'the net is not the amount less the fee', bn: 'অঙ্ক থেকে ফি বাদ দিলে নিট মেলে না' },
  'status-unknown': { en: 'a state that the format of this provider does not name', bn: 'অজানা অবস্থা' },
  'time-invalid': { en: 'not a time in the form of this provider', bn: 'সময়ের রূপ ঠিক নয়' },
  'reference-invalid': { en: 'not a reference', bn: 'রেফারেন্স ঠিক নয়' },
  'provider-differs': { en: 'a line of another provider', bn: 'অন্য প্রোভাইডারের লাইন' },
  'provider-unknown': { en: 'no such provider', bn: 'এমন কোনো প্রোভাইডার নেই' },
  'account-differs': { en: "not one of this provider's bank accounts", bn: 'এই প্রোভাইডারের ব্যাংক হিসাব নয়' },
  'date-invalid': { en: 'not a date YYYY-MM-DD', bn: 'তারিখ ঠিক নয়' },
} as const satisfies Readonly<Record<string, { readonly en: string; readonly bn: string }>>;
export type LineFaultCode = keyof typeof LINE_FAULTS;

/** As long as the key of a payment of ours: a vendor's charges have the quote's id, of more than fifty characters. */
const TRX_ID = /^[\x21-\x7e]{1,64}$/;
const REFERENCE = /^[\x20-\x7e]{0,40}$/;
const BATCH = /^[A-Za-z0-9 ._:/#-]{1,40}$/;

/** What a file is of, and how it is written. */
export interface StatementTerms {
  readonly provider: string;
  /** YYYY-MM-DD, the batch of rows that name none. */
  readonly day: string;
  readonly format: StatementFormat;
  /** Used where a file does not say what the provider keeps; hundredths of a percent. */
  readonly commissionBasisPoints: number;
}

/** A header without a column that the format names. */
export interface HeaderFault {
  readonly missing: readonly string[];
}

type Reading = { readonly row: StatementRow } | { readonly fault: LineFault } | { readonly skipped: true };

/** Reads the rows of one file: made of its header. */
export class StatementReader {
  private constructor(
    private readonly terms: StatementTerms,
    private readonly places: ReadonlyMap<StatementField, number>,
    private readonly width: number,
    private readonly timeOf: (text: string) => InstantMs | undefined,
    private readonly statuses: ReadonlyMap<string, StatementStatus | 'SKIP'>,
  ) {}

  /**
   * @returns what is missing, when the header has not the columns of the format
   * @example const reader = StatementReader.of(['provider_trx_id', 'amount'], terms)
   */
  static of(header: readonly string[], terms: StatementTerms): StatementReader | HeaderFault {
    const headings = header.map((text) => text.trim().toLowerCase());
    const { columns, timeForm, statuses } = terms.format;
    const places = new Map<StatementField, number>();
    const missing: string[] = [];
    for (const field of STATEMENT_FIELDS) {
      const heading = columns[field];
      if (heading === undefined) continue;
      const place = headings.indexOf(heading.toLowerCase());
      if (place >= 0) places.set(field, place);
      else missing.push(heading);
    }
    if (missing.length > 0) return { missing };
    const words = new Map(Object.entries(statuses).map(([word, meaning]) => [word.toLowerCase(), meaning]));
    return new StatementReader(terms, places, header.length, timeReader(timeForm), words);
  }

  read({ line, fields, numbers }: SourceRow): Reading {
    if (!fields) return { fault: { line, column: '', code: 'unreadable' } };
    if (fields.length > this.width) return { fault: { line, column: '', code: 'values-too-many' } };
    let fault: LineFault | undefined;
    const refuse = (field: StatementField, code: LineFaultCode) => {
      fault ??= { line, column: this.terms.format.columns[field] ?? field, code };
      return undefined;
    };
    const text = (field: StatementField) => {
      const place = this.places.get(field);
      return place === undefined ? '' : (fields[place] ?? '');
    };
    const place = this.places.get('provider_trx_id')!;
    const said = this.statusOf(text('status'));
    if (said === 'SKIP') return { skipped: true };
    if (!said) refuse('status', 'status-unknown');
    const trxId = text('provider_trx_id');
    if (numbers?.[place] === true && trxId.length > 15) refuse('provider_trx_id', 'digits-lost');
    if (trxId === '') refuse('provider_trx_id', 'value-missing');
    else if (!TRX_ID.test(trxId)) refuse('provider_trx_id', 'transaction-id-invalid');
    const provider = text('provider');
    if (provider !== '' && provider !== this.terms.provider) refuse('provider', 'provider-differs');
    const amountPaisa = this.moneyOf(text('amount'), said);
    if (amountPaisa === undefined || amountPaisa <= 0n) refuse('amount', 'amount-invalid');
    const feePaisa = this.feeOf(text('provider_fee'), amountPaisa ?? 0n, said);
    if (feePaisa === undefined || feePaisa < 0n || feePaisa > (amountPaisa ?? 0n))
      refuse('provider_fee', 'fee-invalid');
    const net = text('net');
    const netPaisa = net === '' ? undefined : this.moneyOf(net, said);
    const status = said === 'REVERSED' && netPaisa === 0n ? 'VOID' : said;
    const expected = status === 'VOID' ? feePaisa : (amountPaisa ?? 0n) - (feePaisa ?? 0n);
    if (net !== '' && netPaisa !== expected) refuse('net', 'net-differs');
    const time = text('trx_time');
    const trxAt = time === '' ? null : this.timeOf(time);
    if (trxAt === undefined) refuse('trx_time', 'time-invalid');
    const [billerRef, ourOrderNo, batch] = [text('biller_ref'), text('our_order_no'), text('settlement_batch')];
    if (!REFERENCE.test(billerRef)) refuse('biller_ref', 'reference-invalid');
    if (!REFERENCE.test(ourOrderNo)) refuse('our_order_no', 'reference-invalid');
    if (batch !== '' && !BATCH.test(batch)) refuse('settlement_batch', 'reference-invalid');
    if (fault) return { fault };
    return {
      row: {
        ...{ line, trxId, status: status!, amountPaisa: amountPaisa!, feePaisa: feePaisa!, trxAt: trxAt! },
        ...{ billerRef, ourOrderNo, batch: batch === '' ? this.terms.day : batch },
      },
    };
  }

  /** A file without a column of states has payments only. */
  private statusOf(text: string): StatementStatus | 'SKIP' | undefined {
    return this.places.has('status') ? this.statuses.get(text.toLowerCase()) : 'PAID';
  }

  /** Reversed rows are written with a minus by some, without by others. */
  private moneyOf(text: string, status: StatementStatus | undefined): Paisa | undefined {
    const { decimalMark, groupMark } = this.terms.format;
    let plain = groupMark === '' ? text : text.replaceAll(groupMark, '');
    if (decimalMark === ',') plain = plain.replace(',', '.');
    if (status === 'REVERSED' && plain.startsWith('-')) plain = plain.slice(1);
    try {
      return parseTaka(plain);
    } catch {
      return undefined;
    }
  }

  private feeOf(text: string, amountPaisa: Paisa, status: StatementStatus | undefined): Paisa | undefined {
    if (text !== '') return this.moneyOf(text, status);
    return roundHalfUp(amountPaisa * BigInt(this.terms.commissionBasisPoints), 10_000n);
  }
}
