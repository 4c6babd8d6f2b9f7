import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { BroadcastSender } from '@vend/broadcasts';
import { LoadInbox, MeterLinks, RemoteLoads } from '@vend/meterlink';
import { AutomaticCases, RefundBooking } from '@vend/cases';
import { Gateways, MessageInbox, OrderWorker, RefundWorker } from '@vend/checkout';
import { InboundService, optedOut, optedOutBetween, receiveInbound, type ReceivedSms } from '@vend/inbound';
import { LedgerService } from '@vend/ledger';
import { ImportJobs, MetersService } from '@vend/meters';
import { InboxService } from '@vend/payments';
import { createLogger, Database, queueConnection, readSecrets } from '@vend/platform';
import { CodeDesk } from '@vend/portal';
import { Settlement, statementFiles, StatementImports } from '@vend/settlement';
import { CLASS_TOPIC } from '@vend/sms';
import { ImportFiles } from '@vend/tables';
import { VendingService } from '@vend/vending';
import { WebhookDelivery, WebhookSender } from '@vend/webhooks';
import { BroadcastLoop } from './broadcasts/broadcast-loop';
import { InboxHandler } from './callbacks/inbox.handler';
import { CaseHandler } from './cases/case.handler';
import { checkoutHandlers } from './checkout/checkout.handlers';
import { ImportHandler } from './imports/import.handler';
import { InboundSmsHandler } from './inbound/inbound-sms.handler';
import { VendingFacts } from './inbound/meter-facts';
import { startWorkers } from './jobs';
import { ADDRESS_BOOK } from './messages/addresses';
import { MessageHandler } from './messages/message.handler';
import { fallbackGateway, SmsRoutes } from './messages/sms-routes';
import { messageSources } from './messages/sources';
import { PortalCodeHandler } from './portal/portal-code.handler';
import { ReceiptHandler } from './receipts/receipt.handler';
import { OutboxRelay } from './relay/outbox-relay';
import { MeterLinkEventHandler, RemoteLoadHandler } from './remote-loads/remote-load.handler';
import { StatementImportHandler } from './settlement/statement-import.handler';
import { PendingVendHandler } from './vends/pending-vend.handler';
import { WebhookLoop } from './webhooks/webhook-loop';
import { WORKER_CONFIG, type WorkerConfig } from './worker.config';

/** The relay and the workers of one process: started when the rooms are ready, stopped before they close. */
@Injectable()
export class WorkerRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log;
  private readonly secrets;
  private routes: SmsRoutes | undefined;
  private readonly links: MeterLinks;
  private readonly loads: RemoteLoads;
  private readonly loadInbox: LoadInbox;
  private readonly imports: ImportHandler;
  private readonly statements: StatementImportHandler;
  private connection: Redis | undefined;
  private workers: Worker[] = [];
  private relay: OutboxRelay | undefined;
  private broadcasts: BroadcastLoop | undefined;
  private readonly webhookSender: WebhookSender;
  private webhooks: WebhookLoop | undefined;

  constructor(
    @Inject(WORKER_CONFIG) private readonly config: WorkerConfig,
    private readonly database: Database,
    private readonly vending: VendingService,
    private readonly meters: MetersService,
    private readonly inbox: InboxService,
    private readonly automaticCases: AutomaticCases,
    private readonly gateways: Gateways,
    private readonly messages: MessageInbox,
    private readonly booking: RefundBooking,
  ) {
    this.log = createLogger('worker', config.LOG_LEVEL);
    this.secrets = readSecrets(config.SECRETS_FILE);
    const { sealingSecret } = this.secrets;
    this.links = new MeterLinks(database, sealingSecret, config.METER_LINK_TIMEOUT_MS);
    this.loads = new RemoteLoads(database, (code) => this.links.of(code), {
      answerMs: config.METER_LINK_ANSWER_SECONDS * 1_000,
      giveUpMs: config.METER_LINK_GIVE_UP_SECONDS * 1_000,
    });
    // The size was limited when the file was received.
    const files = new ImportFiles(config.IMPORT_DIR, Number.MAX_SAFE_INTEGER);
    this.imports = new ImportHandler(database, new ImportJobs(database, files), this.log);
    this.statements = new StatementImportHandler(
      database,
      new StatementImports(database, statementFiles(config.IMPORT_DIR, Number.MAX_SAFE_INTEGER)),
      new Settlement(database, new LedgerService(database)),
      this.log,
    );
    this.loadInbox = new LoadInbox(database, sealingSecret);
    this.webhookSender = new WebhookSender({
      timeoutMs: config.WEBHOOK_TIMEOUT_MS,
      anyAddress: config.WEBHOOK_ADDRESSES === 'any',
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    const { database, vending, log } = this;
    this.connection = queueConnection(this.config.REDIS_URL);
    this.connection.on('error', (error) => log.warn({ err: error }, 'redis'));
    this.routes = this.openRoutes(this.connection);
    await this.routes.start();
    const { sms } = this.routes;
    const receiptLink = this.config.RECEIPT_URL === '' ? undefined : this.config.RECEIPT_URL;
    const sources = messageSources({ vending, secret: this.secrets.sealingSecret, receiptLink });
    const messages = { database, sms, sources, addresses: ADDRESS_BOOK, log };
    this.workers = startWorkers(
      {
        receipt: new ReceiptHandler(database, vending, sms, log, receiptLink),
        'pending-vend': new PendingVendHandler(database, vending, log),
        import: this.imports,
        'statement-import': this.statements,
        inbox: new InboxHandler(database, this.inbox, this.meters, vending, log),
        'remote-load': new RemoteLoadHandler(database, this.loads, log),
        'meter-link-event': new MeterLinkEventHandler(database, this.loadInbox, this.loads, log),
        case: new CaseHandler(database, this.automaticCases, log),
        ...this.checkoutHandlers(),
        'sms-inbound': new InboundSmsHandler(database, new InboundService(database, new VendingFacts(vending)), log),
        'portal-code': new PortalCodeHandler(database, new CodeDesk(database, this.secrets.sealingSecret), log),
        'sms-token': new MessageHandler(CLASS_TOPIC.token, messages),
        'sms-code': new MessageHandler(CLASS_TOPIC['one-time-code'], messages),
        'sms-pending': new MessageHandler(CLASS_TOPIC.pending, messages),
        'sms-reminder': new MessageHandler(CLASS_TOPIC.reminder, messages),
        'sms-notice': new MessageHandler(CLASS_TOPIC.notice, messages),
      },
      this.connection,
      log,
    );
    const leaseMs = this.config.OUTBOX_LEASE_SECONDS * 1_000;
    this.relay = new OutboxRelay(database, this.connection.duplicate(), { pollMs: 100, leaseMs }, log);
    this.relay.start();
    const sender = new BroadcastSender(database, { gateway: sms, optedOut, leaseMs });
    this.broadcasts = new BroadcastLoop(database, sender, optedOutBetween, log);
    this.broadcasts.start();
    const delivery = new WebhookDelivery(database, this.secrets.sealingSecret, this.webhookSender);
    this.webhooks = new WebhookLoop(database, delivery, log);
    this.webhooks.start();
  }

  /** Lets running jobs end; what they leave undone is still in the outbox. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.relay?.stop(), this.broadcasts?.stop(), this.webhooks?.stop()]);
    await this.webhookSender.close();
    this.imports.stop();
    this.statements.stop();
    await Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.all([this.routes?.close(), this.links.close(), this.gateways.close()]);
    this.connection?.disconnect();
  }

  private checkoutHandlers() {
    const { database, gateways, messages, meters, vending, booking, config, log } = this;
    const settings = { publicUrl: () => config.API_PUBLIC_URL, askMs: config.CHECKOUT_ASK_SECONDS * 1_000 };
    const orders = new OrderWorker({ database, gateways, meters, vending }, settings);
    const refunds = new RefundWorker({ database, gateways, booking }, settings);
    return checkoutHandlers({ database, orders, messages, refunds, log });
  }

  private openRoutes(redis: Redis): SmsRoutes {
    const { SMS_GATEWAY_URL: url, SMS_SENDER: sender } = this.config;
    const { smsApiToken, sealingSecret } = this.secrets;
    const fallback = fallbackGateway(url, smsApiToken, sender);
    const onInbound = async (gateway: string, sms: ReceivedSms) => {
      await receiveInbound(this.database, gateway, sms);
    };
    return new SmsRoutes(this.database, redis, { sealingSecret, fallback, onInbound }, this.log);
  }

  /** True when Redis answers: without it nobody is woken. */
  async redisReachable(): Promise<boolean> {
    return this.connection?.status === 'ready' && (await this.connection.ping()) === 'PONG';
  }
}
