/**
 * The day after the storm: accounts send every company's statement and the bank's list over the api, first with lines that
 * somebody has bent, then as they should be; and what is broken must be what was bent, and in the end nothing.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  dhakaDay,
  formatTaka,
  newId,
  parseTaka,
  startOfDay,
  type InstantMs,
  type LocalDay,
  type Paisa,
} from '@vend/kernel';
import { LedgerService } from '@vend/ledger';
import { dayAfter, Settlement, type Bucket, type ImportRule } from '@vend/settlement';
import { STATEMENT_FAULTS } from '../../apps/sandbox/providers/provider-faults';
import { Clerk } from '../support/callers';
import { eventually, type System } from '../support/system';
import type { OursAt, TakenAt } from './gather';
import type { StormCompany } from './plan';
import { batchDifferences, bentIds, linesOf, unexplained, type OpenBreak, type StatementLine } from './reconcile';

/** What reconciliation made of a company. */
export interface Reconciled {
  readonly company: string;
  /** Of the statements as they should be. */
  readonly lines: number;
  /** Rows of theirs by bucket, with their sums. */
  readonly buckets: ReadonlyMap<Bucket, { readonly count: number; readonly amountPaisa: Paisa }>;
  /** Breaks of the bent lines, which all healed. */
  readonly bent: number;
  /** What the company still owes when the bank has its credits. */
  readonly receivablePaisa: Paisa;
}

interface Statements {
  readonly company: string;
  readonly days: readonly { readonly day: LocalDay; readonly csv: string; readonly bentCsv: string }[];
  readonly honest: readonly StatementLine[];
  readonly bent: readonly StatementLine[];
  readonly bankCsv: readonly string[];
  readonly credits: ReadonlyMap<string, Paisa>;
}

/** Notices follow other companies' payments, and have no statement. */
const settles = ({ profile }: StormCompany): boolean => profile !== 'bkash-webhook-v1';
/** A late line is another day's: looked for by the rows next to it and not by a break. */
const BENDS = STATEMENT_FAULTS.filter((fault) => fault !== 'late').join(',');
const WITHIN_MS = 300_000;
const LOOKS_MS = 120_000;
const BREAKS = 100_000;

/** Sends, compares and looks; days are as many as the books have, whichever midnights lie between. */
export class Reconciliation {
  /** One sentence for each row, batch or sum that nobody can explain. */
  readonly faults: string[] = [];
  private readonly settlement: Settlement;

  private constructor(
    private readonly system: System,
    private readonly accounts: Clerk,
    private readonly all: readonly Statements[],
    private readonly ours: readonly OursAt[],
    now: InstantMs,
  ) {
    this.settlement = new Settlement(system.admin, new LedgerService(system.admin), () => now);
  }

  /** @param books every line of the companies' books, and every payment of ours */
  static async open(
    system: System,
    companies: readonly StormCompany[],
    { taken, ours }: { readonly taken: readonly TakenAt[]; readonly ours: readonly OursAt[] },
  ): Promise<Reconciliation> {
    const login = system.logins.find(({ role }) => role === 'accounts')!;
    const accounts = await Clerk.login(system.apiUrl, login);
    const now = Date.now();
    const instants = [now, ...taken.flatMap(({ at, reversedAt }) => [at, reversedAt ?? at])];
    const [first, last] = [instants.reduce((a, b) => Math.min(a, b)), instants.reduce((a, b) => Math.max(a, b))];
    const days: LocalDay[] = [];
    // With the day after: before its statement is in, nothing that only we have is broken.
    for (let day = dhakaDay(first); day <= dayAfter(dhakaDay(last), 1); day = dayAfter(day, 1)) days.push(day);
    const all: Statements[] = [];
    for (const { code } of companies.filter(settles)) all.push(await statementsOf(system.sandboxUrl, code, days));
    // A week on, when every window has passed.
    return new Reconciliation(system, accounts, all, ours, startOfDay(dayAfter(days.at(-1)!, 7)));
  }

  async run(): Promise<Reconciled[]> {
    for (const { company, days } of this.all) {
      for (const { day, bentCsv } of days) await this.sendDay(company, day, 'add', bentCsv);
    }
    await this.sendBank();
    await this.imported();
    const bent = await this.look(({ honest, bent: lines, credits }) => [
      ...bentIds(honest, lines),
      ...batchDifferences(lines, credits).keys(),
    ]);
    for (const { company, days } of this.all) {
      const changed = days.filter(({ csv, bentCsv }) => csv !== bentCsv);
      for (const { day, csv } of changed) await this.sendDay(company, day, 'replace', csv);
    }
    await this.imported();
    await this.look(({ honest, credits }) => [...batchDifferences(honest, credits).keys()]);
    const reconciled: Reconciled[] = [];
    for (const of of this.all) {
      const own = bent.filter(({ provider }) => provider === of.company);
      reconciled.push(await this.resultOf(of, own.length));
    }
    return reconciled;
  }

  private sendDay(company: string, day: LocalDay, rule: ImportRule, csv: string): Promise<void> {
    return this.post(`statements?provider=${company}&day=${day}&rule=${rule}`, csv, `${company} ${day}`);
  }

  private async sendBank(): Promise<void> {
    const lines = this.all.flatMap(({ bankCsv }) =>
      bankCsv.flatMap((csv) => csv.split('\r\n').slice(1).filter(Boolean)),
    );
    if (lines.length === 0) return;
    await this.post('bank-credits', ['provider,settlement_batch,day,amount', ...lines, ''].join('\r\n'), 'the bank');
  }

  private async post(path: string, csv: string, what: string): Promise<void> {
    const headers = { 'content-type': 'text/csv', 'idempotency-key': newId() };
    const { status, text } = await this.accounts.post(`/v1/settlements/${path}`, csv, headers);
    if (status !== 202) throw new Error(`statement of ${what}: HTTP ${status} ${text}`);
  }

  /** The worker has taken everything in, line by line, and compared it. */
  private async imported(): Promise<void> {
    const { admin } = this.system;
    await eventually(
      'the worker has taken in every statement',
      async () => {
        const [row] = await admin.read<{ n: string }>(
          "SELECT COUNT(*) AS n FROM outbox WHERE topic = 'statement-import'",
        );
        return Number(row!.n) === 0;
      },
      WITHIN_MS,
    );
    const refused = await admin.read<{ provider: string; state: string; rejected: number }>(
      "SELECT provider, state, rows_rejected AS rejected FROM statement_imports WHERE state <> 'DONE' OR rows_rejected > 0",
    );
    for (const { provider, state, rejected } of refused) {
      this.faults.push(`a statement of ${provider || 'the bank'} is ${state}, with ${rejected} lines refused`);
    }
  }

  /**
   * Compares every day as the night does a week on, until what is broken is what should be. A repeat of the worker's own
   * comparison may still be under way on a busy machine: by its clock no window has passed, and it takes breaks back.
   */
  private async look(expectedOf: (of: Statements) => readonly string[]): Promise<readonly OpenBreak[]> {
    const expected = new Map(this.all.map((of) => [of.company, new Set(expectedOf(of))]));
    const deadlineMs = performance.now() + LOOKS_MS;
    for (;;) {
      const found = await this.openBreaks();
      const faults = unexplained(found, expected);
      if (faults.length > 0 && performance.now() < deadlineMs) {
        await pause(1_000);
        continue;
      }
      this.faults.push(...faults);
      return found;
    }
  }

  private async openBreaks(): Promise<OpenBreak[]> {
    for (const { company, days } of this.all) {
      for (const { day } of days) await this.settlement.compare(company, day);
    }
    const breaks = await this.settlement.breaks({ states: ['OPEN', 'CLAIMED'], limit: BREAKS });
    const open = await this.system.admin.read<{ id: string }>(
      "SELECT HEX(id) AS id FROM cases WHERE state <> 'CLOSED' AND kind = 'settlement-break'",
    );
    const openCases = new Set(open.map(({ id }) => id));
    return breaks.map((it) => ({
      ...it,
      caseIsOpen: it.caseId !== null && openCases.has(it.caseId.replaceAll('-', '').toUpperCase()),
    }));
  }

  private async resultOf({ company, days, honest, credits }: Statements, bent: number): Promise<Reconciled> {
    const buckets = new Map<Bucket, { count: number; amountPaisa: Paisa }>();
    const rows = { ours: 0, theirs: 0 };
    for (const { day } of days) {
      for (const { side, bucket, count, amountPaisa } of (await this.settlement.day(company, day)).totals) {
        rows[side] += count;
        if (side === 'theirs') {
          const known = buckets.get(bucket) ?? { count: 0, amountPaisa: 0n };
          buckets.set(bucket, { count: known.count + count, amountPaisa: known.amountPaisa + amountPaisa });
        }
        if (bucket === 'matched' || bucket === 'reversed') continue;
        this.faults.push(`${company} ${day}: ${count} ${side} in ${bucket}, Tk ${formatTaka(amountPaisa)}`);
      }
    }
    const ours = this.ours.filter(({ provider }) => provider === company).length;
    if (rows.theirs !== honest.length || rows.ours !== ours) {
      const are = `${rows.theirs} and ${rows.ours} are in buckets`;
      this.faults.push(`${company}: of ${honest.length} lines and ${ours} payments of ours ${are}`);
    }
    const receivablePaisa = await this.receivable(company);
    const due = [...batchDifferences(honest, credits).values()].reduce((sum, paisa) => sum + paisa, 0n);
    if (receivablePaisa !== due) {
      this.faults.push(
        `${company} owes Tk ${formatTaka(receivablePaisa)} in our books, by its statements Tk ${formatTaka(due)}`,
      );
    }
    return { company, lines: honest.length, buckets, bent, receivablePaisa };
  }

  private async receivable(company: string): Promise<Paisa> {
    const [row] = await this.system.admin.read<{ paisa: string }>(
      `SELECT CAST(b.debit_paisa AS SIGNED) - CAST(b.credit_paisa AS SIGNED) AS paisa FROM ledger_balances b
       JOIN ledger_accounts a ON a.id = b.account_id WHERE a.code = ?`,
      [`receivable:${company}`],
    );
    return BigInt(row?.paisa ?? 0);
  }
}

/** What a company and the bank say of these days; the day with the most lines also with some of them bent. */
async function statementsOf(sandboxUrl: string, company: string, days: readonly LocalDay[]): Promise<Statements> {
  const said: { day: LocalDay; csv: string }[] = [];
  const bankCsv: string[] = [];
  for (const day of days) {
    said.push({ day, csv: await textOf(`${sandboxUrl}/providers/${company}/statement?day=${day}`) });
    bankCsv.push(await textOf(`${sandboxUrl}/providers/${company}/bank-credits?day=${day}`));
  }
  const longest = said.reduce((a, b) => (b.csv.length > a.csv.length ? b : a)).day;
  const bentOne = await textOf(`${sandboxUrl}/providers/${company}/statement?day=${longest}&faults=${BENDS}`);
  const all = said.map((each) => ({ ...each, bentCsv: each.day === longest ? bentOne : each.csv }));
  const credits = bankCsv.flatMap((csv) => csv.split('\r\n').slice(1).filter(Boolean));
  return {
    ...{ company, days: all, bankCsv },
    honest: all.flatMap(({ csv }) => linesOf(csv)),
    bent: all.flatMap(({ bentCsv }) => linesOf(bentCsv)),
    credits: new Map(credits.map((line) => [line.split(',')[1]!, parseTaka(line.split(',')[3]!)])),
  };
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url}: HTTP ${response.status} ${text.slice(0, 300)}`);
  return text;
}
