import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { BillerDesk, BILLERS, BillersModule, CommitRegister, LiveBiller, TriggerBiller } from '@vend/billers';
import { BroadcastsModule, Wordings } from '@vend/broadcasts';
import { CasesModule } from '@vend/cases';
import { CheckoutModule, type CheckoutModuleSettings } from '@vend/checkout';
import { Approvals, IdentityModule } from '@vend/identity';
import { InboundModule } from '@vend/inbound';
import type { TokenIssuerOptions } from '@vend/issuer';
import type { Paisa } from '@vend/kernel';
import { LedgerModule, LedgerService } from '@vend/ledger';
import { PublishedTemplates, Templates } from '@vend/messages';
import { MeterLinkModule } from '@vend/meterlink';
import { Campaigns, ImportJobs, MetersModule, MetersUnderKeys } from '@vend/meters';
import { PaymentsModule, Providers, VendorFloats } from '@vend/payments';
import { PortalModule } from '@vend/portal';
import { Database, PlatformModule, type PlatformSettings, type Secrets } from '@vend/platform';
import { partPricePaisa } from '@vend/sms';
import { ImportFiles } from '@vend/tables';
import {
  createPacks,
  OfflinePacks,
  TOKEN_ISSUER,
  VendingModule,
  type TokenIssuer,
  type VendingModuleSettings,
} from '@vend/vending';
import { Webhooks } from '@vend/webhooks';
import { ApprovalsController } from './approvals/approvals.controller';
import { WatchModule } from '@vend/watch';
import { AuditController } from './audit/audit.controller';
import { BroadcastsController } from './broadcasts/broadcasts.controller';
import { BroadcastsDesk, QUIET_HOURS } from './broadcasts/broadcasts.service';
import { BillerController } from './biller/biller.controller';
import { BillerService } from './biller/biller.service';
import { SandboxBiller } from './biller/sandbox-biller';
import { BillersController } from './billers/billers.controller';
import { CaseMoneyController } from './cases/case-money.controller';
import { CasesController } from './cases/cases.controller';
import { CallbacksController } from './callbacks/callbacks.controller';
import { CheckoutController } from './checkout/checkout.controller';
import { CheckoutReturnController, GatewayMessagesController } from './checkout/gateway-messages.controller';
import { MeterLinkController } from './callbacks/meter-link.controller';
import { SmsPushController } from './callbacks/sms-push.controller';
import { ConnectionPeopleController } from './customers/connection-people.controller';
import { DrawersModule } from './counter/drawers.module';
import { ShiftsController } from './counter/shifts.controller';
import { StationCashController } from './counter/station-cash.controller';
import { CustomersController } from './customers/customers.controller';
import { NoticeChoicesController } from './customers/notice-choices.controller';
import { LifeService } from './customers/life.service';
import { FloatsController } from './floats/floats.controller';
import { HttpModule } from './http/http.module';
import { AmountLimits } from './http/limits';
import { ImportsController } from './imports/imports.controller';
import { KeysController } from './keys/keys.controller';
import { KeyChangesController } from './key-changes/key-changes.controller';
import { LimitsController } from './limits/limits.controller';
import { MeterAccountController } from './meters/meter-account.controller';
import { MeterLifeController } from './meters/meter-life.controller';
import { MeterModelsController } from './meters/meter-models.controller';
import { MetersController } from './meters/meters.controller';
import { PacksController } from './packs/packs.controller';
import { DashboardController } from './dashboard/dashboard.controller';
import { PacksService } from './packs/packs.service';
import { PaymentProvidersController } from './payment-providers/payment-providers.controller';
import { PaymentProvidersService } from './payment-providers/payment-providers.service';
import { PenaltiesController } from './penalties/penalties.controller';
import { PenaltiesService } from './penalties/penalties.service';
import { HealthController } from './operations/health.controller';
import { MyMetersController } from './my/my-meters.controller';
import { MyPaymentsController } from './my/my-payments.controller';
import { MySessionsController } from './my/my-sessions.controller';
import { OfficesController } from './offices/offices.controller';
import { PeopleController } from './people/people.controller';
import { QuotesController } from './quotes/quotes.controller';
import { RechargeViews } from './recharges/recharge.views';
import { MyReceiptFilesController } from './receipts/my-receipt-files.controller';
import { ReceiptFilesController } from './receipts/receipt-files.controller';
import { CustomerPage, ReceiptFiles } from './receipts/receipt-files';
import { RechargesController } from './recharges/recharges.controller';
import { RechargesService } from './recharges/recharges.service';
import { ReviewsController } from './reviews/reviews.controller';
import { WatchRulesController } from './reviews/watch-rules.controller';
import { GatewaysController } from './messages/gateways.controller';
import { GatewaysService } from './messages/gateways.service';
import { MessagesController } from './messages/messages.controller';
import { RemoteLoadsController } from './remote-loads/remote-loads.controller';
import { CounterMoneyController } from './vends/counter-money.controller';
import { CounterMoneyService } from './vends/counter-money.service';
import { SettlementController } from './settlement/settlement.controller';
import { settlementProviders } from './settlement/settlement.providers';
import { StatementsController } from './settlement/statements.controller';
import { PageSessionsController } from './sessions/page-sessions.controller';
import { SessionsController } from './sessions/sessions.controller';
import { ReceiptsSmsController } from './sms/receipts-sms.controller';
import { ReceiptsSmsService } from './sms/receipts-sms.service';
import { TemplatesController } from './sms/templates.controller';
import { CalculatorController } from './tariffs/calculator.controller';
import { TariffsController } from './tariffs/tariffs.controller';
import { TariffDesk } from './tariffs/tariffs.service';
import { TraceController } from './trace/trace.controller';
import { TokenIssuerModule } from './token-issuer.module';
import { CancellationsController } from './vends/cancellations.controller';
import { ReprintsController } from './vends/reprints.controller';
import { VendsController } from './vends/vends.controller';
import { VendsService } from './vends/vends.service';
import { WebhooksController } from './webhooks/webhooks.controller';

export interface ApiSettings {
  readonly platform: PlatformSettings;
  readonly secrets: Pick<Secrets, 'jwtSecret' | 'quoteSecret' | 'sealingSecret'>;
  readonly tokenServer: TokenIssuerOptions;
  readonly vending: Omit<VendingModuleSettings, 'quoteSecret'>;
  readonly maximumPaisa: Paisa;
  /** Where import files are kept, and how large one may be. */
  readonly imports: { readonly folder: string; readonly maxBytes: number };
  /** Notices to all: their usual quiet hours, and what a part costs while no gateway's row says it. */
  readonly notices: { readonly quietHours: string; readonly partCostPaisa: Paisa };
  /** Paying on our own page: where the outside reaches us, and how much is let in. */
  readonly checkout: Omit<CheckoutModuleSettings, 'sealingSecret'>;
  /** Where webhooks may go; `public` when left out. */
  readonly webhookAddresses?: 'public' | 'any';
  /** Proxies in front that say truly who called; none when left out. */
  readonly trustedProxies?: readonly string[];
  /** Where the build has put the pages: dist/pages. */
  readonly pages: string;
  readonly logger: Logger;
}

/** The rooms that the API opens its doors to, and the controllers that translate. */
@Module({})
export class ApiModule {
  static forRoot(settings: ApiSettings): DynamicModule {
    const { platform, secrets, tokenServer, vending, maximumPaisa, imports, notices, checkout, logger } = settings;
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot(platform),
        LedgerModule,
        DrawersModule,
        MetersModule,
        PaymentsModule,
        CasesModule,
        CheckoutModule.forRoot({ ...checkout, sealingSecret: secrets.sealingSecret }),
        InboundModule,
        PortalModule.forRoot(secrets),
        BroadcastsModule,
        IdentityModule.forRoot(secrets),
        MeterLinkModule.forRoot(secrets),
        TokenIssuerModule.forRoot(tokenServer),
        VendingModule.forRoot({ ...vending, quoteSecret: secrets.quoteSecret }),
        WatchModule,
        BillersModule.forRoot({ sealingSecret: secrets.sealingSecret, maximumPaisa }),
        HttpModule.forRoot({ maximumPaisa, logger }),
      ],
      controllers: [
        SessionsController,
        PageSessionsController,
        ApprovalsController,
        PeopleController,
        OfficesController,
        AuditController,
        MetersController,
        CustomersController,
        NoticeChoicesController,
        MeterAccountController,
        MeterLifeController,
        ConnectionPeopleController,
        MeterModelsController,
        ImportsController,
        QuotesController,
        RechargesController,
        ReceiptFilesController,
        VendsController,
        CancellationsController,
        ReprintsController,
        BillerController,
        BillersController,
        CallbacksController,
        SmsPushController,
        MeterLinkController,
        CheckoutController,
        MySessionsController,
        MyMetersController,
        MyPaymentsController,
        MyReceiptFilesController,
        GatewayMessagesController,
        CheckoutReturnController,
        RemoteLoadsController,
        MessagesController,
        GatewaysController,
        PaymentProvidersController,
        FloatsController,
        ShiftsController,
        StationCashController,
        TraceController,
        DashboardController,
        KeyChangesController,
        KeysController,
        TariffsController,
        CalculatorController,
        CounterMoneyController,
        PacksController,
        LimitsController,
        ReviewsController,
        WatchRulesController,
        CasesController,
        CaseMoneyController,
        StatementsController,
        SettlementController,
        PenaltiesController,
        TemplatesController,
        BroadcastsController,
        ReceiptsSmsController,
        WebhooksController,
        HealthController,
      ],
      providers: [
        LifeService,
        PenaltiesService,
        RechargesService,
        RechargeViews,
        ReceiptFiles,
        { provide: CustomerPage, useValue: new CustomerPage(() => `${checkout.publicUrl()}/my/`) },
        VendsService,
        BillerService,
        {
          provide: SandboxBiller,
          inject: [Database, AmountLimits],
          useFactory: (database: Database, limits: AmountLimits) =>
            new SandboxBiller(new TriggerBiller(database), limits),
        },
        {
          provide: Webhooks,
          inject: [Database],
          useFactory: (database: Database) =>
            new Webhooks(database, secrets.sealingSecret, { anyAddress: settings.webhookAddresses === 'any' }),
        },
        {
          provide: BillerDesk,
          inject: [Database, Providers, CommitRegister, LiveBiller],
          useFactory: (database: Database, providers: Providers, register: CommitRegister, live: LiveBiller) => {
            const sandbox = new TriggerBiller(database);
            return new BillerDesk({
              ...{ database, providers, register, profiles: BILLERS, sessionSecret: secrets.quoteSecret },
              coreOf: ({ mode }) => (mode === 'live' ? live : sandbox),
              onFault: (error, at) => logger.error({ err: error, ...at }, 'a biller was answered that we failed'),
            });
          },
        },
        CounterMoneyService,
        TariffDesk,
        { provide: Campaigns, inject: [Database], useFactory: (database: Database) => new Campaigns(database) },
        {
          provide: MetersUnderKeys,
          inject: [Database],
          useFactory: (database: Database) => new MetersUnderKeys(database),
        },
        {
          provide: ImportJobs,
          inject: [Database],
          useFactory: (database: Database) =>
            new ImportJobs(database, new ImportFiles(imports.folder, imports.maxBytes)),
        },
        ...settlementProviders(imports),
        BroadcastsDesk,
        { provide: QUIET_HOURS, useValue: notices.quietHours },
        {
          provide: Wordings,
          inject: [Database],
          useFactory: (database: Database) =>
            new Wordings(
              new PublishedTemplates(database),
              async () => (await partPricePaisa(database)) ?? notices.partCostPaisa,
            ),
        },
        {
          provide: VendorFloats,
          inject: [Database, LedgerService, Approvals, Providers],
          useFactory: (database: Database, ledger: LedgerService, approvals: Approvals, providers: Providers) =>
            new VendorFloats({ database, ledger, approvals, providers }),
        },
        PacksService,
        ReceiptsSmsService,
        {
          provide: Templates,
          inject: [Database, Approvals],
          useFactory: (database: Database, approvals: Approvals) =>
            new Templates(database, approvals, () => partPricePaisa(database)),
        },
        {
          provide: GatewaysService,
          inject: [Database, Approvals],
          useFactory: (database: Database, approvals: Approvals) =>
            new GatewaysService(database, approvals, secrets.sealingSecret),
        },
        {
          provide: PaymentProvidersService,
          inject: [Database, Approvals],
          useFactory: (database: Database, approvals: Approvals) =>
            new PaymentProvidersService(database, approvals, secrets.sealingSecret),
        },
        {
          provide: OfflinePacks,
          useFactory: (database: Database, ledger: LedgerService, issuer: TokenIssuer) =>
            createPacks(
              database,
              ledger,
              issuer,
              { ...vending, quoteSecret: secrets.quoteSecret },
              secrets.sealingSecret,
            ),
          inject: [Database, LedgerService, TOKEN_ISSUER],
        },
      ],
    };
  }
}
