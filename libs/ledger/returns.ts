import type { Paisa, YearMonth } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { AccountCode } from './chart';
import { balanceOf, horizon, type Balance } from './store/balances';
import { daysOfMonth, movements, type Movement, type MovementQuestion } from './store/movements';

/** Debits and credits by account; both columns have the same sum, in every office and in all. */
export interface TrialBalance {
  readonly rows: readonly (Balance & { readonly office: string })[];
  readonly debitPaisa: Paisa;
  readonly creditPaisa: Paisa;
  /** True when every day of it is closed: it will not change any more. */
  readonly closed: boolean;
}

/**
 * What the days moved on each account, by office. A meter's entries belong to its customer's office, others to the
 * office that made them, or to none ('') for head office.
 *
 * @example const { rows } = await trialBalance(database, { fromDay: '2026-11-21', toDay: '2026-11-21' });
 */
export async function trialBalance(database: Database, question: MovementQuestion): Promise<TrialBalance> {
  const { closedThrough } = await horizon(database);
  const byAccount = new Map<string, { office: string; code: AccountCode; debit: Paisa; credit: Paisa }>();
  for (const { office, code, debitPaisa, creditPaisa } of await movements(database, question)) {
    const key = `${office}\n${code}`;
    const row = byAccount.get(key) ?? { office, code, debit: 0n, credit: 0n };
    byAccount.set(key, { ...row, debit: row.debit + debitPaisa, credit: row.credit + creditPaisa });
  }
  const rows = [...byAccount.values()].map((row) => ({
    office: row.office,
    ...balanceOf(row.code, row.debit, row.credit),
  }));
  return {
    rows,
    debitPaisa: sum(rows, (row) => row.debitPaisa),
    creditPaisa: sum(rows, (row) => row.creditPaisa),
    closed: question.toDay <= closedThrough,
  };
}

/** One supply of the VAT return: what was sold, what was taken back, and the tax in it. */
export interface VatLine {
  readonly office: string;
  /** Electricity has its VAT inside the price, a service fee has it added. */
  readonly supply: 'electricity' | 'service-fee';
  /** What customers paid for it, VAT included, less what was taken back. */
  readonly grossPaisa: Paisa;
  readonly vatPaisa: Paisa;
  /** Gross less VAT. */
  readonly netPaisa: Paisa;
  readonly sold: number;
  readonly takenBack: number;
}

export interface MonthlyReturn<Line> {
  readonly month: YearMonth;
  readonly lines: readonly Line[];
  /** True when the month's last day is closed: the figures are final. */
  readonly closed: boolean;
}

/**
 * The VAT of a Dhaka month by office and supply. A cancellation counts in the month in which it was made.
 *
 * @example (await vatReturn(database, 202611)).lines.reduce((sum, line) => sum + line.vatPaisa, 0n)
 */
export async function vatReturn(database: Database, month: YearMonth): Promise<MonthlyReturn<VatLine>> {
  const { moved, closed } = await monthOf(database, month);
  const lines = officesOf(moved).flatMap((office) =>
    (['electricity', 'service-fee'] as const).map((supply): VatLine => {
      const [sale, back] = supply === 'electricity' ? ['vend', 'cancellation'] : ['fee', 'reversal:fee'];
      const of = (template: string) => moved.filter((m) => m.office === office && m.template === template);
      const paid = (rows: Movement[]) => sum(rows.filter(isFunds), (m) => m.debitPaisa - m.creditPaisa);
      const vat = (rows: Movement[]) => sum(rows.filter(isVat), (m) => m.creditPaisa - m.debitPaisa);
      const grossPaisa = paid(of(sale)) + paid(of(back));
      const vatPaisa = vat(of(sale)) + vat(of(back));
      const count = (template: string) => sumCounts(of(template).filter(isVat));
      return {
        office,
        supply,
        grossPaisa,
        vatPaisa,
        netPaisa: grossPaisa - vatPaisa,
        sold: count(sale),
        takenBack: count(back),
      };
    }),
  );
  return { month, lines: lines.filter(({ sold, takenBack }) => sold + takenBack > 0), closed };
}

/** What was given to customers, by office. */
export interface RebateLine {
  readonly office: string;
  readonly account: 'rebate' | 'lifeline-credit';
  readonly givenPaisa: Paisa;
  readonly takenBackPaisa: Paisa;
  readonly netPaisa: Paisa;
  readonly given: number;
  readonly takenBack: number;
}

/**
 * Rebates and lifeline credits of a Dhaka month, for the claim on whoever bears them.
 *
 * @example (await rebateReturn(database, 202611)).lines[0]?.netPaisa
 */
export async function rebateReturn(database: Database, month: YearMonth): Promise<MonthlyReturn<RebateLine>> {
  const { moved, closed } = await monthOf(database, month);
  const lines = officesOf(moved).flatMap((office) =>
    (['rebate', 'lifeline-credit'] as const).map((account): RebateLine => {
      const of = (template: string) =>
        moved.filter((m) => m.office === office && m.code === account && m.template === template);
      const givenPaisa = sum(of('vend'), (m) => m.debitPaisa - m.creditPaisa);
      const takenBackPaisa = sum(of('cancellation'), (m) => m.creditPaisa - m.debitPaisa);
      const given = sumCounts(of('vend'));
      const takenBack = sumCounts(of('cancellation'));
      return { office, account, givenPaisa, takenBackPaisa, netPaisa: givenPaisa - takenBackPaisa, given, takenBack };
    }),
  );
  return { month, lines: lines.filter(({ given, takenBack }) => given + takenBack > 0), closed };
}

async function monthOf(database: Database, month: YearMonth) {
  const { fromDay, toDay } = daysOfMonth(month);
  const { closedThrough } = await horizon(database);
  const moved = await movements(database, { fromDay, toDay });
  return { moved, closed: toDay <= closedThrough };
}

const FUNDS = /^(cash|receivable|float|bank):|^unspent-payments$/;
const isFunds = ({ code }: Movement) => FUNDS.test(code);
const isVat = ({ code }: Movement) => code === 'vat-payable';

function officesOf(moved: readonly Movement[]): string[] {
  return [...new Set(moved.map(({ office }) => office))].sort();
}

function sum<Row>(rows: readonly Row[], paisa: (row: Row) => Paisa): Paisa {
  return rows.reduce((total, row) => total + paisa(row), 0n);
}

function sumCounts(rows: readonly Movement[]): number {
  return rows.reduce((total, { entries }) => total + entries, 0);
}
