import { parseTaka, type LocalDay, type Paisa } from '@vend/kernel';
import type { SourceRow } from '@vend/tables';
import { isDay } from '../breaks';
import type { HeaderFault, LineFault, LineFaultCode } from './row';

/** Money that a bank says came in. */
export interface BankRow {
  readonly line: number;
  /** The ledger's account without `bank:`, as the providers' rows name it. */
  readonly account: string;
  readonly valueDate: LocalDay;
  readonly amountPaisa: Paisa;
  readonly provider: string;
  readonly batch: string;
  /** The bank's own number of it; '' when the list has none. */
  readonly bankRef: string;
}

/** What each value may be called. */
const NAMES = {
  account: ['bank_account'],
  valueDate: ['value_date', 'day'],
  amount: ['amount'],
  reference: ['reference'],
  provider: ['provider'],
  batch: ['settlement_batch', 'batch'],
  bankRef: ['bank_ref'],
} as const;
type Column = keyof typeof NAMES;
/** `<provider>/<batch>`, as a provider writes it into the transfer. */
const REFERENCE = /^([A-Za-z0-9._-]{1,32})\/([A-Za-z0-9 ._:/#-]{1,40})$/;
const BATCH = /^[A-Za-z0-9 ._:/#-]{1,40}$/;
const BANK_REF = /^[\x20-\x7e]{0,40}$/;

/** Which bank accounts each provider pays into; undefined: no such provider. */
export type AccountsOf = (provider: string) => readonly string[] | undefined;

/**
 * Reads a bank's list of credits: `bank_account,value_date,amount,reference`, where the reference is
 * `<provider>/<batch>`, or the two in columns of their own (`provider`, `settlement_batch`). Without an account it is the
 * one that the provider settles to. `bank_ref` is the bank's own number.
 */
export class BankReader {
  private constructor(
    private readonly places: ReadonlyMap<Column, number>,
    private readonly accountsOf: AccountsOf,
  ) {}

  static of(header: readonly string[], accountsOf: AccountsOf): BankReader | HeaderFault {
    const headings = header.map((text) => text.trim().toLowerCase());
    const places = new Map<Column, number>();
    for (const [column, names] of Object.entries(NAMES)) {
      const place = headings.findIndex((heading) => (names as readonly string[]).includes(heading));
      if (place >= 0) places.set(column as Column, place);
    }
    const missing = (['valueDate', 'amount'] as const).filter((column) => !places.has(column));
    const named = places.has('reference') || (places.has('provider') && places.has('batch'));
    const wanted = [...missing.map((column) => NAMES[column][0]), ...(named ? [] : ['reference'])];
    return wanted.length > 0 ? { missing: wanted } : new BankReader(places, accountsOf);
  }

  read({ line, fields }: SourceRow): { readonly row: BankRow } | { readonly fault: LineFault } {
    const refuse = (column: string, code: LineFaultCode) => ({ fault: { line, column, code } });
    if (!fields) return refuse('', 'unreadable');
    const text = (column: Column) => {
      const place = this.places.get(column);
      return place === undefined ? '' : (fields[place] ?? '');
    };
    const [, named, ofReference] = REFERENCE.exec(text('reference')) ?? [];
    const provider = text('provider') || named;
    const batch = text('batch') || ofReference;
    if (provider === undefined || batch === undefined || !BATCH.test(batch)) {
      return refuse('reference', 'reference-invalid');
    }
    const accounts = this.accountsOf(provider);
    if (!accounts) return refuse('reference', 'provider-unknown');
    const account = text('account') || (accounts[0] ?? '');
    if (!accounts.includes(account)) return refuse('bank_account', 'account-differs');
    const valueDate = text('valueDate');
    if (!isDay(valueDate)) return refuse('value_date', 'date-invalid');
    const amountPaisa = takaOrZero(text('amount'));
    if (amountPaisa <= 0n) return refuse('amount', 'amount-invalid');
    const bankRef = text('bankRef');
    if (!BANK_REF.test(bankRef)) return refuse('bank_ref', 'reference-invalid');
    return { row: { line, account, valueDate, amountPaisa, provider, batch, bankRef } };
  }
}

function takaOrZero(text: string): Paisa {
  try {
    return parseTaka(text);
  } catch {
    return 0n;
  }
}
