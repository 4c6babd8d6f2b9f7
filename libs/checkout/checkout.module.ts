import { Module, type DynamicModule } from '@nestjs/common';
import { PROVIDER_REFUNDS } from '@vend/cases';
import { MetersModule, MetersService } from '@vend/meters';
import { openProviders } from '@vend/payments';
import { Database, type Secrets } from '@vend/platform';
import { VendingService } from '@vend/vending';
import { CheckoutService, type CheckoutSettings } from './checkout.service';
import { Gateways } from './gateways';
import { MessageInbox } from './message-inbox';
import { RefundDesk } from './refund-desk';
import type { SnsTrust } from './sns/sns-trust';
import { findOrder } from './store/orders';

export interface CheckoutModuleSettings extends CheckoutSettings {
  readonly sealingSecret: Secrets['sealingSecret'];
  readonly snsTrust: SnsTrust;
}

/** Paying on our own page. Needs the global Database and VendingService; gives the cases a way to have gateways refund. */
@Module({})
export class CheckoutModule {
  static forRoot({ sealingSecret, snsTrust, ...settings }: CheckoutModuleSettings): DynamicModule {
    return {
      module: CheckoutModule,
      global: true,
      imports: [MetersModule],
      providers: [
        {
          provide: Gateways,
          inject: [Database, VendingService],
          useFactory: (database: Database, vending: VendingService) =>
            new Gateways(openProviders(database, sealingSecret), {
              ...{ database, sealingSecret, snsTrust, vending },
              orderOfTrx: async (provider, trxId) => (await findOrder(database, { provider, trxId }))?.orderId,
            }),
        },
        {
          provide: CheckoutService,
          inject: [Database, Gateways, MetersService, VendingService],
          useFactory: (database: Database, gateways: Gateways, meters: MetersService, vending: VendingService) =>
            new CheckoutService({ database, gateways, meters, vending }, settings),
        },
        {
          provide: MessageInbox,
          inject: [Database, Gateways],
          useFactory: (database: Database, gateways: Gateways) => new MessageInbox(database, gateways, sealingSecret),
        },
        {
          provide: PROVIDER_REFUNDS,
          inject: [Database],
          useFactory: (database: Database) => new RefundDesk(database),
        },
      ],
      exports: [Gateways, CheckoutService, MessageInbox, PROVIDER_REFUNDS],
    };
  }
}
