import { join } from 'node:path';
import { readSnsTrust } from '@vend/checkout';
import { parseTaka } from '@vend/kernel';
import { collectProcessMetrics, createLogger, readConfig, readSecrets } from '@vend/platform';
import { createApi } from './api';
import { serveDescription } from './http/open-api';

async function main(): Promise<void> {
  const config = readConfig([
    'DATABASE_URL',
    'DATABASE_POOL_SIZE',
    'API_HOST',
    'API_PORT',
    'API_TRUSTED_PROXIES',
    'API_PUBLIC_URL',
    'SNS_CERT_HOSTS',
    'SNS_CA_FILE',
    'CHECKOUT_ORDER_MINUTES',
    'CHECKOUT_ORDERS_PER_ADDRESS',
    'SECRETS_FILE',
    'TOKEN_SERVER_ADDRESS',
    'TLS_CA_FILE',
    'TLS_CERT_FILE',
    'TLS_KEY_FILE',
    'TOKEN_DEADLINE_MS',
    'LANE_GROUP_MAX',
    'LANE_WRITERS',
    'LANE_BACKLOG_MAX',
    'TARIFF_BOOK',
    'QUOTE_TTL_SECONDS',
    'RECHARGE_MAX_TAKA',
    'SMS_QUIET_HOURS',
    'SMS_PART_COST_PAISA',
    'IMPORT_DIR',
    'IMPORT_MAX_MB',
    'WEBHOOK_ADDRESSES',
    'LOG_LEVEL',
  ]);
  const logger = createLogger('api', config.LOG_LEVEL);
  collectProcessMetrics('api');
  const app = await createApi({
    platform: { databaseUrl: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, entities: [] },
    secrets: readSecrets(config.SECRETS_FILE),
    tokenServer: {
      address: config.TOKEN_SERVER_ADDRESS,
      caFile: config.TLS_CA_FILE,
      certFile: config.TLS_CERT_FILE,
      keyFile: config.TLS_KEY_FILE,
    },
    vending: {
      book: config.TARIFF_BOOK,
      quoteTtlMs: config.QUOTE_TTL_SECONDS * 1_000,
      tokenDeadlineMs: config.TOKEN_DEADLINE_MS,
      laneGroupMax: config.LANE_GROUP_MAX,
      laneWriters: config.LANE_WRITERS,
      laneBacklogMax: config.LANE_BACKLOG_MAX,
    },
    maximumPaisa: parseTaka(config.RECHARGE_MAX_TAKA),
    imports: { folder: config.IMPORT_DIR, maxBytes: config.IMPORT_MAX_MB * 1_048_576 },
    notices: { quietHours: config.SMS_QUIET_HOURS, partCostPaisa: BigInt(config.SMS_PART_COST_PAISA) },
    checkout: {
      publicUrl: () => config.API_PUBLIC_URL,
      snsTrust: readSnsTrust(config, process.env['NODE_ENV']),
      orderTtlMs: config.CHECKOUT_ORDER_MINUTES * 60_000,
      ordersPerAddress: config.CHECKOUT_ORDERS_PER_ADDRESS,
    },
    webhookAddresses: config.WEBHOOK_ADDRESSES,
    trustedProxies: config.API_TRUSTED_PROXIES.split(',').filter((each) => each !== ''),
    pages: join(__dirname, '../../pages'),
    logger,
  });
  serveDescription(app);
  // SIGTERM: no new connections, requests under way are answered, then the pools close.
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  await app.listen({ host: config.API_HOST, port: config.API_PORT });
  logger.info({ address: await app.getUrl() }, 'api is listening');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  // Half-started parts (a pool, a channel) would keep a process alive that serves nobody.
  setImmediate(() => process.exit());
});
