import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { BillersController } from './billers/billers.controller';
import { DialectClient } from './billers/dialect-client';
import { MobileMoneyCompanies } from './billers/mfs';
import type { SandboxConfig } from './config';
import { Bkash } from './bkash/bkash';
import { BkashController } from './bkash/bkash.controller';
import { BkashPayments } from './bkash/bkash-payments';
import { BkashTokens } from './bkash/bkash-tokens';
import { BillerClient } from './gateway/biller-client';
import { GatewayController } from './gateway/gateway.controller';
import { MobileMoney } from './gateway/mobile-money';
import { Partners } from './gateway/partners';
import { HeadEnd } from './head-end/head-end';
import { HeadEndController } from './head-end/head-end.controller';
import { HeadEndKeys } from './head-end/head-end-keys';
import { MetersController } from './meters/meters.controller';
import { VirtualMeters } from './meters/virtual-meters';
import { Nagad } from './nagad/nagad';
import { NagadController } from './nagad/nagad.controller';
import { NagadPayments } from './nagad/nagad-payments';
import { PagesController } from './pages.controller';
import { PhoneInbox } from './phones/phone-inbox';
import { PhonesController } from './phones/phones.controller';
import { ProviderBook } from './providers/provider-book';
import { ProviderFaults } from './providers/provider-faults';
import { ProvidersController } from './providers/providers.controller';
import { ProvidersFile } from './providers/providers-file';
import { Payer } from './payers/payer';
import { PayersController } from './payers/payers.controller';
import { SmsAggregator } from './sms/sms-aggregator';
import { SmsFaults } from './sms/sms-faults';
import { SmsGatewayController } from './sms/sms-gateway.controller';
import { SmsPageController } from './sms/sms-page.controller';
import { SmscCenter } from './smsc/smsc-center';
import { SmscController } from './smsc/smsc.controller';
import { SnsController } from './sns/sns.controller';
import { SnsHost } from './sns/sns-host';
import { SnsPublisher } from './sns/sns-publisher';
import { CardNotices } from './sslcommerz/card-notices';
import { Sslcommerz } from './sslcommerz/sslcommerz';
import { SslcommerzController } from './sslcommerz/sslcommerz.controller';
import { SslcommerzSessions } from './sslcommerz/sslcommerz-sessions';

/** Everything outside the utility, in one process: an SMS gateway, phones, meters and a mobile-money provider. */
@Module({
  controllers: [
    PagesController,
    PhonesController,
    SmsGatewayController,
    SmsPageController,
    SmscController,
    MetersController,
    GatewayController,
    BillersController,
    HeadEndController,
    ProvidersController,
    BkashController,
    NagadController,
    SnsController,
    SslcommerzController,
    PayersController,
  ],
})
export class SandboxModule implements OnApplicationShutdown {
  constructor(
    private readonly inbox: PhoneInbox,
    private readonly meters: VirtualMeters,
    private readonly mobileMoney: MobileMoney,
    private readonly companies: MobileMoneyCompanies,
    private readonly smsc: SmscCenter,
    private readonly headEnd: HeadEnd,
    private readonly book: ProviderBook,
    private readonly bkashPayments: BkashPayments,
    private readonly nagadPayments: NagadPayments,
    private readonly sns: SnsPublisher,
    private readonly snsHost: SnsHost,
    private readonly cards: SslcommerzSessions,
    private readonly cardNotices: CardNotices,
    private readonly payer: Payer,
  ) {}

  static with(config: SandboxConfig): DynamicModule {
    return {
      module: SandboxModule,
      providers: [
        SmsFaults,
        ProviderFaults,
        { provide: ProvidersFile, useFactory: () => new ProvidersFile(config.providersFile) },
        { provide: ProviderBook, useFactory: () => ProviderBook.open(config.stateDir) },
        { provide: BkashTokens, useFactory: () => new BkashTokens() },
        { provide: BkashPayments, useFactory: () => BkashPayments.open(config.stateDir) },
        {
          provide: Bkash,
          inject: [BkashPayments, ProviderBook, ProviderFaults],
          useFactory: (payments: BkashPayments, book: ProviderBook, faults: ProviderFaults) =>
            new Bkash(payments, book, faults),
        },
        { provide: NagadPayments, useFactory: () => NagadPayments.open(config.stateDir) },
        {
          provide: Nagad,
          inject: [NagadPayments, ProviderBook, ProviderFaults],
          useFactory: (payments: NagadPayments, book: ProviderBook, faults: ProviderFaults) =>
            new Nagad(payments, book, faults),
        },
        SnsHost,
        {
          provide: SnsPublisher,
          inject: [ProvidersFile, ProviderBook, ProviderFaults, SnsHost],
          useFactory: (...parts: [ProvidersFile, ProviderBook, ProviderFaults, SnsHost]) => openSns(parts, config),
        },
        { provide: SslcommerzSessions, useFactory: () => SslcommerzSessions.open(config.stateDir) },
        {
          provide: CardNotices,
          inject: [ProviderFaults],
          useFactory: (faults: ProviderFaults) => new CardNotices(config.apiUrl, faults),
        },
        {
          provide: Sslcommerz,
          inject: [SslcommerzSessions, ProviderBook, ProviderFaults, CardNotices],
          useFactory: (
            sessions: SslcommerzSessions,
            book: ProviderBook,
            faults: ProviderFaults,
            notices: CardNotices,
          ) => new Sslcommerz(sessions, book, faults, notices),
        },
        {
          provide: Payer,
          inject: [ProviderFaults],
          useFactory: (faults: ProviderFaults) => new Payer(config.apiUrl, faults),
        },
        { provide: PhoneInbox, useFactory: () => PhoneInbox.open(config.stateDir) },
        { provide: SmsAggregator, inject: [PhoneInbox], useFactory: (inbox: PhoneInbox) => new SmsAggregator(inbox) },
        {
          provide: SmscCenter,
          inject: [PhoneInbox],
          useFactory: (inbox: PhoneInbox) => openSmsc(inbox, config),
        },
        {
          provide: VirtualMeters,
          useFactory: () => VirtualMeters.open(config.stateDir, config.decoderKeysFile),
        },
        { provide: HeadEndKeys, useFactory: () => new HeadEndKeys(config.headEndsFile) },
        {
          provide: HeadEnd,
          inject: [VirtualMeters],
          useFactory: (meters: VirtualMeters) => new HeadEnd(meters, config.apiUrl),
        },
        {
          provide: MobileMoneyCompanies,
          inject: [ProvidersFile, ProviderBook, ProviderFaults],
          useFactory: (file: ProvidersFile, book: ProviderBook, faults: ProviderFaults) =>
            new MobileMoneyCompanies(file, book, faults, new DialectClient(config.apiUrl)),
        },
        { provide: Partners, useFactory: () => new Partners(config.partnersFile) },
        {
          provide: MobileMoney,
          inject: [Partners, ProviderBook, ProviderFaults],
          useFactory: (partners: Partners, book: ProviderBook, chances: ProviderFaults) =>
            new MobileMoney(partners, new BillerClient(config.apiUrl), book, chances),
        },
      ],
    };
  }

  /** After the last answer: the files hold all that was acknowledged already, this only closes them. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.smsc.close(), this.sns.close(), this.snsHost.close()]);
    await Promise.all([this.cardNotices.close(), this.payer.close(), this.cards.close()]);
    await Promise.all([this.inbox.close(), this.meters.close(), this.mobileMoney.close(), this.headEnd.close()]);
    await Promise.all([this.bkashPayments.close(), this.nagadPayments.close(), this.book.close()]);
  }
}

/** The short message centre, its phones those of the inbox; without a port of its own nobody can bind to it. */
async function openSmsc(inbox: PhoneInbox, config: SandboxConfig): Promise<SmscCenter> {
  const center = new SmscCenter({
    show: async (msisdn, { no, text }) => void (await inbox.receive({ csmsId: `smpp-${no}`, msisdn, text })),
  });
  if (config.smppPort !== undefined) await center.listen(config.smppPort, config.host);
  return center;
}

/** Notices of what the companies take; without a port of its own nobody could fetch a certificate, and none is sent. */
async function openSns(
  [file, book, faults, host]: [ProvidersFile, ProviderBook, ProviderFaults, SnsHost],
  config: SandboxConfig,
): Promise<SnsPublisher> {
  const publisher = new SnsPublisher(file, book, faults, host, config.apiUrl);
  if (config.snsPort === undefined) return publisher;
  await host.listen(config.snsPort, config.host, () => publisher.webhooks());
  book.tell = (payment) => publisher.tell(payment);
  return publisher;
}
