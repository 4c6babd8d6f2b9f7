import type { TokenServerAccess } from '@vend/issuer';
import { readSnsTrust, type CheckoutModuleSettings } from '@vend/checkout';
import { readSecrets, type readConfig } from '@vend/platform';

/** The settings this process reads; see libs/platform/config. */
export const WORKER_SETTINGS = [
  'DATABASE_URL',
  'DATABASE_POOL_SIZE',
  'REDIS_URL',
  'WORKER_PORT',
  'TOKEN_SERVER_ADDRESS',
  'TLS_CA_FILE',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'TOKEN_DEADLINE_MS',
  'SECRETS_FILE',
  'SMS_GATEWAY_URL',
  'SMS_SENDER',
  'SMS_QUIET_HOURS',
  'RECEIPT_URL',
  'LANE_GROUP_MAX',
  'LANE_WRITERS',
  'LANE_BACKLOG_MAX',
  'OUTBOX_LEASE_SECONDS',
  'METER_LINK_TIMEOUT_MS',
  'METER_LINK_ANSWER_SECONDS',
  'METER_LINK_GIVE_UP_SECONDS',
  'API_PUBLIC_URL',
  'SNS_CERT_HOSTS',
  'SNS_CA_FILE',
  'CHECKOUT_ORDER_MINUTES',
  'CHECKOUT_ORDERS_PER_ADDRESS',
  'CHECKOUT_ASK_SECONDS',
  'TARIFF_BOOK',
  'QUOTE_TTL_SECONDS',
  'RECHARGE_MAX_TAKA',
  'IMPORT_DIR',
  'IMPORT_KEEP_DAYS',
  'WEBHOOK_ADDRESSES',
  'WEBHOOK_TIMEOUT_MS',
  'WEBHOOKS_KEEP_DAYS',
  'GATEWAY_MESSAGES_KEEP_DAYS',
  'BILLER_ANSWERS_KEEP_DAYS',
  'LOG_LEVEL',
] as const;

export type WorkerConfig = ReturnType<typeof readConfig<(typeof WORKER_SETTINGS)[number]>>;

export const WORKER_CONFIG = Symbol('WorkerConfig');

/** Where the token server is, and this process's certificate for it. */
export function tokenServerOf(
  config: Pick<WorkerConfig, 'TOKEN_SERVER_ADDRESS' | 'TLS_CA_FILE' | 'TLS_CERT_FILE' | 'TLS_KEY_FILE'>,
): TokenServerAccess {
  return {
    address: config.TOKEN_SERVER_ADDRESS,
    caFile: config.TLS_CA_FILE,
    certFile: config.TLS_CERT_FILE,
    keyFile: config.TLS_KEY_FILE,
  };
}

/** What the checkout needs to know. */
export function checkoutSettings(config: WorkerConfig): CheckoutModuleSettings {
  return {
    publicUrl: () => config.API_PUBLIC_URL,
    orderTtlMs: config.CHECKOUT_ORDER_MINUTES * 60_000,
    ordersPerAddress: config.CHECKOUT_ORDERS_PER_ADDRESS,
    sealingSecret: readSecrets(config.SECRETS_FILE).sealingSecret,
    snsTrust: readSnsTrust(config, process.env['NODE_ENV']),
  };
}
