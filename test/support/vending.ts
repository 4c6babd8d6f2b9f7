import { newId, type Id } from '@vend/kernel';
import { SoftwareSecurityModule, type OpenVendingKey } from '@vend/keystore';
import { LedgerService } from '@vend/ledger';
import { importMeters, MetersService } from '@vend/meters';
import { deriveDecoderKey, IEC_SAMPLE_TABLES, StsMeter, VendingKey } from '@vend/sts';
import { firstLightBook } from '@vend/tariff';
import {
  createVending,
  TokenServerUnavailable,
  type CreditTokenOutcome,
  type CreditTokenRequest,
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
  readonly sgc?: string;
  readonly installedOn?: string;
  readonly chargedThrough?: string;
}

function cellsOf({ serial, ea = '07', crediting = 'energy', ...rest }: MeterDraft) {
  return meterCells(serial, { ea, crediting, sgc: ea === '07' ? '123456' : '201457', language: 'en', ...rest });
}

/** Vending keys of the tests: made up, of no meter in the world. */
const DES_KEY = 'abababababababab';
const HMAC_KEY = 'abababababababab949494949494949401234567';

/**
 * The port filled with the real security module in this process: real keys, real tokens, without the network
 * between. It can be switched off, as a token server can be.
 */
class InProcessIssuer implements TokenIssuer {
  down = false;
  /** How many calls were made, and how many tokens in all. */
  calls = 0;
  tokens = 0;
  private readonly module: SoftwareSecurityModule;

  constructor() {
    const key = (sgc: string, dkga: 2 | 4, hex: string): OpenVendingKey => ({
      sgc,
      krn: 1,
      kind: 'VUDK',
      dkga,
      baseDate: 2014,
      ken: 255,
      state: 'active',
      issuedUntil: null,
      kcv: '000000',
      value: Buffer.from(hex, 'hex'),
    });
    this.module = new SoftwareSecurityModule([key('123456', 2, DES_KEY), key('201457', 4, HMAC_KEY)], {
      tables: IEC_SAMPLE_TABLES,
      cacheSize: 10_000,
    });
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
  const ea = draft.ea ?? '07';
  const key = deriveDecoderKey({
    dkga: ea === '07' ? '02' : '04',
    vendingKey: VendingKey.fromHex(ea === '07' ? DES_KEY : HMAC_KEY),
    pan: meterNo(draft.serial).pan,
    ea,
    kt: 2,
    sgc: ea === '07' ? '123456' : '201457',
    ti: 1,
    krn: 1,
    ken: 255,
    baseDate: 2014,
  });
  return new StsMeter(key, { lockout: null });
}

/** A vending room on a real database, with its clock in the test's hand. */
export class VendingBench {
  readonly issuer = new InProcessIssuer();
  readonly ledger: LedgerService;
  readonly meters: MetersService;
  readonly vending: VendingService;
  now = Date.UTC(2026, 10, 21, 4, 30);

  constructor(
    readonly fresh: FreshDatabase,
    settings: Partial<VendingModuleSettings> = {},
  ) {
    this.ledger = new LedgerService(fresh.database);
    this.meters = new MetersService(fresh.database);
    this.vending = createVending(fresh.database, this.ledger, this.issuer, {
      book: firstLightBook,
      quoteSecret: Buffer.alloc(32, 1),
      quoteTtlMs: 900_000,
      tokenDeadlineMs: 1_000,
      laneGroupMax: 64,
      laneWriters: 2,
      laneBacklogMax: 1_000,
      now: () => this.now,
      ...settings,
    });
  }

  /** Imports meters as the office would, and returns their ids in order. */
  async install(...drafts: readonly MeterDraft[]): Promise<Id[]> {
    const csv = inPieces(meterCsv(drafts.map(cellsOf)));
    const report = await importMeters(this.fresh.database, csv, { nowMs: this.now });
    if (report.rejected > 0) throw new Error(JSON.stringify(report.faults));
    return Promise.all(drafts.map(async ({ serial }) => (await this.meters.resolve(meterNo(serial).pan))!.meterId));
  }
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
