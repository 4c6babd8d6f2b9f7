import { FirstLight1700000000001 } from './0001-first-light';
import { Ledger1700000000002 } from './0002-ledger';
import { PriceBook1700000000003 } from './0003-price-book';
import { KeyChanges1700000000004 } from './0004-key-changes';
import { People1700000000005 } from './0005-people';
import { VendKinds1700000000006 } from './0006-vend-kinds';
import { MeterLife1700000000007 } from './0007-meter-life';
import { SearchImport1700000000008 } from './0008-search-import';
import { CounterMoney1700000000009 } from './0009-counter-money';
import { RemoteLoad1700000000010 } from './0010-remote-load';
import { Cases1700000000011 } from './0011-cases';
import { Deposits1700000000012 } from './0012-deposits';
import { SmsQueues1700000000013 } from './0013-sms-queues';
import { SmsTemplates1700000000014 } from './0014-sms-templates';
import { NoticesToAll1700000000015 } from './0015-notices-to-all';
import { InboundWords1700000000016 } from './0016-inbound-words';
import { ForgetLogins1700000000017 } from './0017-forget-logins';
import { Providers1700000000018 } from './0018-providers';
import { Checkout1700000000019 } from './0019-checkout';
import { GatewayTokens1700000000020 } from './0020-gateway-tokens';
import { Settlement1700000000021 } from './0021-settlement';
import { Webhooks1700000000022 } from './0022-webhooks';
import { PaymentsUnderWay1700000000023 } from './0023-payments-under-way';
import { StatementIds1700000000024 } from './0024-statement-ids';
import { VendorTerms1700000000025 } from './0025-vendor-terms';
import { WebhookSequences1700000000026 } from './0026-webhook-sequences';
import { TillDay1700000000027 } from './0027-till-day';
import { CustomersPage1700000000028 } from './0028-customers-page';
import { SalesHours1700000000032 } from './0032-sales-hours';
import { Shifts1700000000029 } from './0029-shifts';

/** Every migration, in order. Listed by hand: a file that is not here does not exist. */
export const MIGRATIONS = [
  FirstLight1700000000001,
  Ledger1700000000002,
  PriceBook1700000000003,
  KeyChanges1700000000004,
  People1700000000005,
  VendKinds1700000000006,
  MeterLife1700000000007,
  SearchImport1700000000008,
  CounterMoney1700000000009,
  RemoteLoad1700000000010,
  Cases1700000000011,
  Deposits1700000000012,
  SmsQueues1700000000013,
  SmsTemplates1700000000014,
  NoticesToAll1700000000015,
  InboundWords1700000000016,
  ForgetLogins1700000000017,
  Providers1700000000018,
  Checkout1700000000019,
  GatewayTokens1700000000020,
  Settlement1700000000021,
  Webhooks1700000000022,
  PaymentsUnderWay1700000000023,
  StatementIds1700000000024,
  VendorTerms1700000000025,
  WebhookSequences1700000000026,
  TillDay1700000000027,
  CustomersPage1700000000028,
  Shifts1700000000029,
  SalesHours1700000000032,
];
