import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AutomaticCases, CasesService, MoneyWays, type CaseReader } from '@vend/cases';
import { Approvals, upsertStation, upsertUser, type SessionUser } from '@vend/identity';
import { newId, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import {
  BreakActions,
  Settlement,
  statementFiles,
  StatementImports,
  type ActAnswer,
  type Break,
  type BreakAction,
  type ImportRule,
  type SettlementPorts,
  type StatementImport,
} from '@vend/settlement';
import { InboxService } from '@vend/payments';
import type { Database } from '@vend/platform';
import { csvLine } from '@vend/tables';
import { MeterDues, OwedPayments } from '@vend/vending';
import { settlementPorts } from '../../apps/api/settlement/settlement-ports';
import { freshDatabase, type FreshDatabase } from './database';
import { seedProvider } from './providers';
import { VendingBench } from './vending';

/** The company of the tests: 1.5 %, one bank account. */
export const PROVIDER = 'demo-form';
/** One whose VAT has an account of its own, and a vendor that sells from its float, with 2 %. */
export const VAT_PROVIDER = 'demo-json';
export const VENDOR = 'demo-vendor';
const SECRET = Buffer.alloc(32, 7);

/** A line of a statement, in the neutral form; what is left out is usual. */
export interface StatementLine {
  readonly trxId: string;
  readonly amount: string;
  readonly fee?: string;
  readonly status?: string;
  readonly reference?: string;
  readonly batch?: string;
}

export function statementOf(lines: readonly StatementLine[]): string {
  const header = ['provider_trx_id', 'biller_ref', 'amount', 'provider_fee', 'status', 'settlement_batch'];
  return [
    csvLine(header),
    ...lines.map(({ trxId, reference = '', amount, fee = '0.00', status = 'PAID', batch = 'B-1' }) =>
      csvLine([trxId, reference, amount, fee, status, batch]),
    ),
  ].join('');
}

const FORMAT = {
  columns: Object.fromEntries(
    ['provider_trx_id', 'biller_ref', 'amount', 'provider_fee', 'status', 'settlement_batch'].map((name) => [
      name,
      name,
    ]),
  ),
  statuses: { PAID: 'PAID', REVERSED: 'REVERSED' },
};

interface FileOf {
  readonly kind: 'statement' | 'bank';
  readonly provider: string;
  readonly day: LocalDay;
  readonly rule: ImportRule;
}

/** Vending, a provider, its statements and people of accounts on a database of their own; the clock is in the test's hand. */
export class SettlementWorld {
  readonly first: SessionUser;
  readonly second: SessionUser;
  readonly bench: VendingBench;
  readonly approvals: Approvals;
  readonly settlement: Settlement;
  readonly imports: StatementImports;
  readonly ports: SettlementPorts;
  readonly actions: BreakActions;
  private readonly files: ReturnType<typeof statementFiles>;
  private readonly folder = mkdtempSync(join(tmpdir(), 'settlement-'));

  private constructor(readonly fresh: FreshDatabase) {
    this.bench = new VendingBench(fresh);
    const { ledger, vending, meters } = this.bench;
    const { database } = fresh;
    const now = () => this.bench.now;
    this.approvals = new Approvals(database, now);
    this.settlement = new Settlement(database, ledger, now);
    this.files = statementFiles(this.folder, 50_000_000);
    this.imports = this.importsOn(database);
    this.ports = settlementPorts({ vending, meters, dues: new MeterDues(database, ledger, now) });
    this.actions = this.actionsWith(this.ports);
    const person = (username: string): SessionUser => ({
      ...{ userId: newId(), username, name: username, role: 'accounts', station: 'S-1' },
    });
    this.first = person('rahima');
    this.second = person('selim');
  }

  static async create(): Promise<SettlementWorld> {
    const world = new SettlementWorld(await freshDatabase());
    const by = { actor: 'test', at: world.bench.now };
    const { database } = world.fresh;
    await database.transaction(async (tx) => {
      await upsertStation(tx, { code: 'S-1', name: 'S-1', office: 'Rajshahi' }, by);
      for (const { username } of [world.first, world.second]) {
        const person = { username, role: 'accounts', station: 'S-1', name: username } as const;
        await upsertUser(tx, { ...person, password: 'a password of a test' }, by);
      }
    });
    await seedProvider(database, SECRET, {
      ...{ code: PROVIDER, profile: 'biller-form-v1', commissionBasisPoints: 150, settlementBank: 'bank:MAIN' },
    });
    await seedProvider(database, SECRET, {
      ...{ code: VAT_PROVIDER, profile: 'biller-json-v1', settlementBank: 'bank:MAIN', vatBank: 'bank:VAT' },
    });
    await seedProvider(database, SECRET, {
      ...{ code: VENDOR, profile: 'xml-ack-v1', prepaid: true, lowFloatPaisa: 100_000n, commissionBasisPoints: 200 },
    });
    for (const code of [PROVIDER, VAT_PROVIDER, VENDOR]) {
      await world.settlement.setFormat(code, FORMAT, 'user:administrator');
    }
    return world;
  }

  /** Actions whose way to the other rooms, or to the database, is the test's. */
  actionsWith(ports: SettlementPorts, database: Database = this.fresh.database): BreakActions {
    const { ledger } = this.bench;
    const { approvals } = this;
    return new BreakActions({ database, ledger, approvals, ports }, () => this.bench.now);
  }

  /** A payment of ours as a biller books it. */
  async pay(meterId: Id, trxId: string, grossPaisa: bigint, source = `provider:${PROVIDER}`): Promise<Id> {
    const { record } = await this.bench.vending.recharge({
      ...{
        source,
        sourceRef: trxId,
        channel: 'mobile-money',
        actor: 'test',
        meterId,
        grossPaisa,
      },
      moneyIsTaken: true,
    });
    return record.rechargeId;
  }

  /** Takes a file in whole, as the worker does, and compares. */
  async statement(
    day: LocalDay,
    lines: readonly StatementLine[],
    rule: ImportRule = 'add',
    provider = PROVIDER,
  ): Promise<StatementImport> {
    return this.take({ kind: 'statement', provider, day, rule }, statementOf(lines));
  }

  async bank(text: string, day: LocalDay): Promise<StatementImport> {
    return this.take({ kind: 'bank', provider: '', day, rule: 'add' }, text);
  }

  async take(of: FileOf, text: string): Promise<StatementImport> {
    const id = await this.put(of, text);
    await this.imports.work(id);
    if (of.kind === 'statement') await this.settlement.compare(of.provider, of.day);
    else await this.settlement.settleAll();
    return this.imports.byId(id);
  }

  /** Receives a statement and leaves it to a worker. */
  order(of: FileOf, lines: readonly StatementLine[]): Promise<Id> {
    return this.put(of, statementOf(lines));
  }

  /** The imports of another process: on a database that may go away. */
  importsOn(database: Database): StatementImports {
    return new StatementImports(database, this.files);
  }

  private async put(of: FileOf, text: string): Promise<Id> {
    const made = { fileName: 'f', fileKind: 'csv', by: 'user:rahima', at: this.bench.now } as const;
    const source = Readable.from([Buffer.from(text)]);
    return (await this.imports.put({ ...of, ...made, id: newId() }, source, () => Promise.resolve())).id;
  }

  /** Goes to the morning so many days on. */
  nextDays(days: number): void {
    this.bench.now += days * 86_400_000;
  }

  breaks(): Promise<Break[]> {
    return this.settlement.breaks({ limit: 1_000 });
  }

  /** Asks, has the second person agree where that is needed, and asks again. */
  async act(breakId: Id, action: BreakAction, more: { key?: Id; reference?: string } = {}): Promise<ActAnswer> {
    const asked = { key: more.key ?? newId(), breakId, action, reason: 'for a test', reference: more.reference };
    const answer = await this.actions.act(this.first, asked);
    if (answer.state === 'done') return answer;
    await this.approvals.decide(this.second, answer.approvalId, 'APPROVED', null);
    return this.actions.act(this.first, asked);
  }

  /** Gives a payment that is owed back to who took it, by its case and with a second person. */
  async giveBack(rechargeId: Id): Promise<void> {
    const { database } = this.fresh;
    const { vending, ledger } = this.bench;
    const now = () => this.bench.now;
    await new AutomaticCases(database, new InboxService(database), vending, now).handle(rechargeId);
    const cases = new CasesService(database, now);
    const reader: CaseReader = { user: this.first, offices: 'all' };
    const cards = await cases.queue(reader, { view: 'office', limit: 1_000 });
    const { number } = cards.find(({ payment }) => payment?.rechargeId === rechargeId)!;
    const owed = new OwedPayments(ledger);
    const ways = new MoneyWays({ database, cases, vending, owed, approvals: this.approvals }, now);
    const asked = { key: newId(), number, from: 'provider', reference: 'V-1', reason: 'for a test' } as const;
    const answer = await ways.refund(reader, asked);
    if (answer.state !== 'pending') throw new Error('nobody was asked for a refund');
    await this.approvals.decide(this.second, answer.approvalId, 'APPROVED', null);
    const done = await ways.refund(reader, asked);
    if (done.state !== 'done' || done.replayed) throw new Error('a refund that two people agreed on was not made');
  }

  async balance(code: string): Promise<bigint> {
    const [row] = await this.fresh.database.read<{ paisa: string | null }>(
      `SELECT CAST(b.debit_paisa AS SIGNED) - b.credit_paisa AS paisa FROM ledger_accounts a
       JOIN ledger_balances b ON b.account_id = a.id WHERE a.code = ?`,
      [code],
    );
    return BigInt(row?.paisa ?? '0');
  }

  async destroy(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    await this.fresh.drop();
  }
}

/** Noon in Dhaka of a day. */
export function noonOf(day: LocalDay): InstantMs {
  return Date.parse(`${day}T12:00:00+06:00`);
}
