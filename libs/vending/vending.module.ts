import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import { LedgerService } from '@vend/ledger';
import { Database, Lane } from '@vend/platform';
import { PriceBooks } from '@vend/pricebook';
import { VendCancellation } from './cancellation';
import { MeterDues } from './dues';
import { Orders } from './orders';
import { Penalties } from './penalties';
import { OfflinePacks } from './packs/packs.service';
import { Subscriptions } from '@vend/webhooks';
import type { TokenIssuer } from './ports';
import type { RechargeAnswer } from './recharge';
import { RechargeGroup, type Member } from './recharge.group';
import { RechargeRunner } from './recharge.runner';
import type { VendingErrorCode } from './vending.errors';
import { VendingService } from './vending.service';

/** The provider token under which an app offers its TokenIssuer (libs/issuer exports one). */
export const TOKEN_ISSUER = Symbol('TokenIssuer');

/** The provider token of the settings that the room was made with. */
export const VENDING_SETTINGS = Symbol('VendingModuleSettings');

export interface VendingModuleSettings {
  /** The price book's name: `first-light`. */
  readonly book: string;
  readonly quoteSecret: Buffer;
  readonly quoteTtlMs: number;
  readonly tokenDeadlineMs: number;
  readonly laneGroupMax: number;
  readonly laneWriters: number;
  readonly laneBacklogMax: number;
  /** How far past now the TIDs of one meter may run in a burst; two hours unless told. */
  readonly maxRunAheadMinutes?: number;
  /** The clock; the system's unless told. */
  readonly now?: () => number;
}

/** Every kind of vend beside the recharge, on the same parts. */
export function createOrders(
  database: Database,
  ledger: LedgerService,
  issuer: TokenIssuer,
  settings: VendingModuleSettings,
): Orders {
  return new Orders(database, ledger, issuer, new PriceBooks(database), settings, settings.now);
}

/**
 * Packs for an outage, on the same parts.
 *
 * @param sealingSecret tokens that nobody has paid for yet are sealed under it
 */
export function createPacks(
  database: Database,
  ledger: LedgerService,
  issuer: TokenIssuer,
  settings: VendingModuleSettings,
  sealingSecret: Buffer,
): OfflinePacks {
  const orders = createOrders(database, ledger, issuer, settings);
  return new OfflinePacks(
    database,
    orders,
    issuer,
    new PriceBooks(database),
    { ...settings, sealingSecret },
    settings.now,
  );
}

/** Puts the room together by hand, for Nest and for tests alike. */
export function createVending(
  database: Database,
  ledger: LedgerService,
  issuer: TokenIssuer,
  settings: VendingModuleSettings,
): VendingService {
  const now = settings.now ?? Date.now;
  const books = new PriceBooks(database);
  const group = new RechargeGroup(
    database,
    ledger,
    issuer,
    books,
    new Subscriptions(database, now),
    settings.book,
    { tokenDeadlineMs: settings.tokenDeadlineMs, maxRunAheadMinutes: settings.maxRunAheadMinutes ?? 120 },
    now,
  );
  const runner = new RechargeRunner(database, group);
  const lane = new Lane<Member, RechargeAnswer>(
    {
      name: 'recharges',
      groupMax: settings.laneGroupMax,
      writers: settings.laneWriters,
      backlogMax: settings.laneBacklogMax,
      full: () => new DomainError<VendingErrorCode>('lane-full'),
    },
    (members) => runner.runTogether(members),
    (member) => runner.runAlone(member),
  );
  return new VendingService(database, lane, books, settings, now);
}

@Global()
@Module({})
export class VendingModule {
  /** Needs Database, LedgerService and TOKEN_ISSUER from the app. */
  static forRoot(settings: VendingModuleSettings): DynamicModule {
    return {
      module: VendingModule,
      providers: [
        { provide: Penalties, inject: [Database], useFactory: (database: Database) => new Penalties(database) },
        {
          provide: VendingService,
          useFactory: async (database: Database, ledger: LedgerService, issuer: TokenIssuer) => {
            const vending = createVending(database, ledger, issuer, settings);
            await vending.start();
            return vending;
          },
          inject: [Database, LedgerService, TOKEN_ISSUER],
        },
        {
          provide: VendCancellation,
          useFactory: (database: Database, ledger: LedgerService) =>
            new VendCancellation(database, ledger, new PriceBooks(database), settings.now),
          inject: [Database, LedgerService],
        },
        {
          provide: Orders,
          useFactory: (database: Database, ledger: LedgerService, issuer: TokenIssuer) =>
            createOrders(database, ledger, issuer, settings),
          inject: [Database, LedgerService, TOKEN_ISSUER],
        },
        {
          provide: MeterDues,
          useFactory: (database: Database, ledger: LedgerService) => new MeterDues(database, ledger, settings.now),
          inject: [Database, LedgerService],
        },
        { provide: PriceBooks, useFactory: (database: Database) => new PriceBooks(database), inject: [Database] },
        { provide: VENDING_SETTINGS, useValue: settings },
      ],
      exports: [Penalties, VendingService, VendCancellation, Orders, MeterDues, PriceBooks, VENDING_SETTINGS],
    };
  }
}
