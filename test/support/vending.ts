import { newId, type Id } from '@vend/kernel';
import { SoftwareSecurityModule, type OpenVendingKey } from '@vend/keystore';
import { LedgerService } from '@vend/ledger';
import {
  importMeters,
  MetersService,
  type KeySetIssuer,
  type KeySetOutcome,
  type KeySetRequest,
  type VendingKeyFacts,
} from '@vend/meters';
import { deriveDecoderKey, encodeTestDisplay, IEC_SAMPLE_TABLES, StsMeter, VendingKey } from '@vend/sts';
import {
  createOrders,
  createVending,
  TokenServerUnavailable,
  type CreditTokenOutcome,
  type CreditTokenRequest,
  type ManagementTokenOutcome,
  type ManagementTokenRequest,
  type Order,
  type Orders,
  type RechargeCommand,
  type TokenIssuer,
  type VendingModuleSettings,
  type VendingService,
} from '@vend/vending';
import type { FreshDatabase } from './database';
import { inPieces, meterCells, meterCsv, meterNo } from '../builders/meters';

/** An invented meter: its serial, and whatever else the test is about. */
export interface MeterDraft {
  readonly serial: number;
  readonly ea?: '07' | '11';
  readonly crediting?: 'currency' | 'energy';
  readonly office?: string;
  readonly sgc?: string;
  readonly krn?: number;
  readonly ken?: number;
  readonly baseDate?: 1993 | 2014 | 2035;
  readonly installedOn?: string;
  readonly chargedThrough?: string;
}

const FIRST_GROUP = { '07': '123456', '11': '201457' } as const;

function cellsOf({
  serial,
  ea = '07',
  crediting = 'energy',
  krn = 1,
  ken = 255,
  baseDate = 2014,
  ...rest
}: MeterDraft) {
  const keys = { krn: String(krn), ken: String(ken), baseDate: String(baseDate) };
  return meterCells(serial, { ea, crediting, sgc: FIRST_GROUP[ea], language: 'en', ...keys, ...rest });
}

type TestKey = [sgc: string, krn: number, dkga: 2 | 4, baseDate: 1993 | 2014, ken: number, hex: string];

/** Vending keys of the tests: made up, of no meter in the world. */
const TEST_KEYS: readonly TestKey[] = [
  ['123456', 1, 2, 2014, 255, 'abababababababab'],
  ['123456', 2, 2, 2014, 255, '0123456789abcdef'],
  ['201457', 1, 4, 2014, 255, 'abababababababab949494949494949401234567'],
  ['201457', 2, 4, 2014, 255, '000102030405060708090a0b0c0d0e0f10111213'],
  ['600876', 1, 4, 2014, 255, '1f1e1d1c1b1a191817161514131211100f0e0d0c'],
  ['300001', 1, 2, 1993, 255, 'fedcba9876543210'],
  ['300001', 2, 2, 2014, 255, '1032547698badcfe'],
  ['300002', 1, 4, 1993, 255, '00112233445566778899aabbccddeeff01020304'],
  ['300002', 2, 4, 2014, 255, 'ffeeddccbbaa99887766554433221100f1f2f3f4'],
  // Expired in January 2026, and about to expire in January 2027.
  ['400004', 1, 2, 2014, 96, '1323456789abcdef'],
  ['400005', 1, 2, 2014, 103, '2323456789abcdef'],
];

/**
 * The port filled with the real security module in this process: real keys, real tokens, without the network
 * between. It can be switched off, as a token server can be.
 */
class InProcessIssuer implements TokenIssuer, KeySetIssuer {
  down = false;
  /** How many calls were made, and how many tokens in all. */
  calls = 0;
  tokens = 0;
  setsMade = 0;
  private readonly module: SoftwareSecurityModule;

  /** The token server's clock, for keys that end. */
  constructor(private readonly now: () => number) {
    const keys = TEST_KEYS.map(([sgc, krn, dkga, baseDate, ken, hex]): OpenVendingKey => ({
      ...{ sgc, krn, dkga, baseDate, ken },
      ...{ kind: 'VUDK', state: 'active', issuedUntil: null, kcv: '000000', value: Buffer.from(hex, 'hex') },
    }));
    this.module = new SoftwareSecurityModule(keys, { tables: IEC_SAMPLE_TABLES, cacheSize: 10_000, now });
  }

  async vendingKeys(): Promise<VendingKeyFacts[]> {
    return [...this.module.keys()];
  }

  async *makeSets(groups: AsyncIterable<readonly KeySetRequest[]>): AsyncGenerator<KeySetOutcome[]> {
    for await (const group of groups) yield Promise.all(group.map((request) => this.makeSet(request)));
  }

  private async makeSet({ requestId, meter, target, withSupplyGroup }: KeySetRequest): Promise<KeySetOutcome> {
    if (this.down) return { requestId, ok: false, code: 'journal-unavailable', retryable: true };
    try {
      this.setsMade += 1;
      const set = await this.module.issueKeyChange(meter, { target, withSupplyGroup, now: this.now() });
      return { requestId, ok: true, set: { ...set, sampleTables: true } };
    } catch (error) {
      return { requestId, ok: false, code: (error as { code?: string }).code ?? 'unknown', retryable: false };
    }
  }

  async issueManagement(requests: readonly ManagementTokenRequest[]): Promise<ManagementTokenOutcome[]> {
    if (this.down) throw new TokenServerUnavailable('switched off');
    this.calls += 1;
    this.tokens += requests.length;
    return Promise.all(requests.map((request) => this.makeManagement(request)));
  }

  private async makeManagement(request: ManagementTokenRequest): Promise<ManagementTokenOutcome> {
    const { requestId } = request;
    try {
      if (request.kind === 'test-display') {
        const { digits, subclass } = encodeTestDisplay(request);
        return { requestId, ok: true, digits, subclass, value: 0n, sampleTables: false };
      }
      const { meter, ...asked } = request;
      const { digits, subclass, value } = await this.module.issueManagement(meter, asked);
      return { requestId, ok: true, digits, subclass, value, sampleTables: true };
    } catch (error) {
      return { requestId, ok: false, code: (error as { code?: string }).code ?? 'unknown', retryable: false };
    }
  }

  async issueCredit(requests: readonly CreditTokenRequest[]): Promise<CreditTokenOutcome[]> {
    if (this.down) throw new TokenServerUnavailable('switched off');
    this.calls += 1;
    this.tokens += requests.length;
    return Promise.all(
      requests.map(async ({ requestId, meter, ...request }): Promise<CreditTokenOutcome> => {
        try {
          const { digits, creditedUnits } = await this.module.issueCredit(meter, request);
          return { requestId, ok: true, digits, creditedUnits, sampleTables: true };
        } catch (error) {
          return { requestId, ok: false, code: (error as { code?: string }).code ?? 'unknown', retryable: false };
        }
      }),
    );
  }
}

/** The virtual meter that belongs to a draft, with its own key. */
export function virtualMeter(draft: MeterDraft): StsMeter {
  const { ea = '07', krn = 1, ken = 255, baseDate = 2014, serial } = draft;
  const sgc = draft.sgc ?? FIRST_GROUP[ea];
  const [, , dkga, , , hex] = TEST_KEYS.find((key) => key[0] === sgc && key[1] === krn)!;
  const key = deriveDecoderKey({
    dkga: dkga === 2 ? '02' : '04',
    vendingKey: VendingKey.fromHex(hex),
    pan: meterNo(serial).pan,
    ...{ ea, kt: 2, sgc, ti: 1, krn, ken, baseDate },
  });
  return new StsMeter(key, { lockout: null });
}

/** A vending room on a real database, with its clock in the test's hand. */
export class VendingBench {
  readonly issuer = new InProcessIssuer(() => this.now);
  readonly ledger: LedgerService;
  readonly meters: MetersService;
  readonly vending: VendingService;
  readonly orders: Orders;
  now = Date.UTC(2026, 10, 21, 4, 30);

  constructor(
    readonly fresh: FreshDatabase,
    settings: Partial<VendingModuleSettings> = {},
  ) {
    this.ledger = new LedgerService(fresh.database);
    this.meters = new MetersService(fresh.database);
    const all = {
      book: 'first-light',
      quoteSecret: Buffer.alloc(32, 1),
      quoteTtlMs: 900_000,
      tokenDeadlineMs: 1_000,
      laneGroupMax: 64,
      laneWriters: 2,
      laneBacklogMax: 1_000,
      now: () => this.now,
      ...settings,
    };
    this.vending = createVending(fresh.database, this.ledger, this.issuer, all);
    this.orders = createOrders(fresh.database, this.ledger, this.issuer, all);
  }

  /** One meter, with the thing itself. */
  async put(draft: MeterDraft): Promise<BenchMeter> {
    const [meterId] = await this.install(draft);
    return { meterId: meterId!, meter: virtualMeter(draft), draft };
  }

  /** Imports meters as the office would, and returns their ids in order. */
  async install(...drafts: readonly MeterDraft[]): Promise<Id[]> {
    const csv = inPieces(meterCsv(drafts.map(cellsOf)));
    const report = await importMeters(this.fresh.database, csv, { nowMs: this.now });
    if (report.rejected > 0) throw new Error(JSON.stringify(report.faults));
    return Promise.all(drafts.map(async ({ serial }) => (await this.meters.resolve(meterNo(serial).pan))!.meterId));
  }
}

/** An installed meter as the books know it, the thing on the wall, and what both were made from. */
interface BenchMeter {
  readonly meterId: Id;
  readonly meter: StsMeter;
  readonly draft: MeterDraft;
}

/** A mobile-money payment; override what the test is about. */
export function payment(meterId: Id, over: Partial<RechargeCommand> = {}): RechargeCommand {
  return {
    source: 'provider:demo-a',
    sourceRef: newId(),
    channel: 'mobile-money',
    actor: 'partner:demo-a',
    meterId,
    grossPaisa: 50_000n,
    moneyIsTaken: true,
    ...over,
  };
}

/** Who orders a vend that is no recharge, at a counter; override what the test is about. */
export function counterOrder(meterId: Id, over: Partial<Order> = {}) {
  return {
    source: 'till:NESCO-RAJ-01',
    sourceRef: newId(),
    channel: 'counter',
    actor: 'user:rahima',
    meterId,
    ...over,
  } as const;
}

/** A counter's recharge. */
export function counterSale(meterId: Id, over: Partial<RechargeCommand> = {}): RechargeCommand {
  return payment(meterId, {
    source: 'till:NESCO-RAJ-01',
    channel: 'counter',
    actor: 'user:rahima',
    moneyIsTaken: false,
    ...over,
  });
}
