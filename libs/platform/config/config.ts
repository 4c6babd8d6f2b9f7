import { readFileSync } from 'node:fs';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const count = (fallback: number, max: number) => z.coerce.number().int().min(1).max(max).default(fallback);

/**
 * Every setting of every process, in one place. A process asks for the part it needs (`readConfig('api')`),
 * and a fault in any of them is reported together with all the others, before anything has started.
 * Secrets are never settings: they are read from files (SECRETS_FILE, KEY_FILE), whose paths are.
 */
const SETTINGS = {
  DATABASE_URL: z.url({ protocol: /^(mysql|mariadb)$/ }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** The account that owns the schema; given to the migrate step only. */
  DATABASE_MIGRATION_URL: z.url({ protocol: /^(mysql|mariadb)$/ }),
  /** The name of the application's account, which the migrate step grants its rights, from any host. */
  DATABASE_APP_USER: z.string().regex(/^[\w-]{1,80}$/, 'letters, digits, - and _'),
  API_PORT: port,
  /** Where the api listens; the loopback address unless a proxy on another machine stands in front. */
  API_HOST: z.string().min(1).default('127.0.0.1'),
  /** Addresses or networks of proxies whose X-Forwarded-For is believed, by commas: failed logins are counted by address. */
  API_TRUSTED_PROXIES: z
    .string()
    .regex(/^(?:[0-9a-fA-F.:]+(?:\/\d{1,3})?(?:,|$))*$/, 'addresses or networks, by commas')
    .default(''),
  /** Where browsers and payment gateways reach the api: what stands before /v1, without a slash at the end. */
  API_PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\/[^\s/]+(?:\/[^\s?#]*[^\s?#/])?$/, 'http(s)://host, without a slash at the end')
    .default('http://127.0.0.1'),
  /** How long a payer has at a payment gateway; what is paid later is vended all the same. */
  CHECKOUT_ORDER_MINUTES: count(30, 1_440),
  /** How many payments one address may begin in ten minutes; many customers stand behind one address of a mobile network. */
  CHECKOUT_ORDERS_PER_ADDRESS: count(120, 1_000_000),
  /** Between the first two questions to a gateway about an order; it doubles with each, up to an hour. */
  CHECKOUT_ASK_SECONDS: count(15, 3_600),
  WORKER_PORT: port,
  TOKEN_SERVER_ADDRESS: z.string().regex(/^[^:\s]+:\d{1,5}$/, 'host:port'),
  TLS_CA_FILE: z.string().min(1),
  TLS_CERT_FILE: z.string().min(1),
  TLS_KEY_FILE: z.string().min(1),
  SECRETS_FILE: z.string().min(1),
  /** Demo data only: JSON of logins and partners made by the launcher, and the CSV of customers. */
  LOGINS_FILE: z.string().min(1),
  PARTNERS_FILE: z.string().min(1),
  /** Demo data only: JSON of head-ends with their keys, and where the sandbox plays them. */
  HEAD_ENDS_FILE: z.string().min(1),
  HEAD_END_URL: z.url({ protocol: /^https?$/ }),
  PROVIDERS_FILE: z.string().min(1),
  /** Where the sandbox and the api are reached, for what is written into rows. */
  SANDBOX_URL: z.url({ protocol: /^https?$/ }),
  API_URL: z.url({ protocol: /^https?$/ }),
  /** Demo data only: where the sandbox plays a short message centre. */
  SMSC_ADDRESS: z.string().regex(/^[\w.-]+:\d{1,5}$/, 'host:port'),
  SAMPLE_CSV: z.string().min(1).default('test/fixtures/customers-200.csv'),
  SMS_GATEWAY_URL: z.url(),
  /** Dhaka time in which nobody is woken by a notice: HH:MM-HH:MM, or none. */
  SMS_QUIET_HOURS: z
    .string()
    .regex(/^(?:none|(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)$/, 'HH:MM-HH:MM, or none')
    .default('22:00-08:00'),
  /** What one SMS part costs, in paisa, while no gateway's row says it. */
  SMS_PART_COST_PAISA: count(45, 10_000),
  /** Where customers see their receipts: the receipt's number is put behind it, in every receipt by SMS; '' is nowhere. */
  RECEIPT_URL: z
    .string()
    .regex(/^(?:https:\/\/[\x21-\x7e]{1,80})?$/, 'https://…, or nothing')
    .default(''),
  /** Where webhooks may go: `public`, https alone; `any`, for development, http and private networks too. */
  WEBHOOK_ADDRESSES: z.enum(['public', 'any']).default('public'),
  /** How long a partner's server has to take a webhook. */
  WEBHOOK_TIMEOUT_MS: count(15_000, 30_000),
  /** Days for which delivered webhooks are kept; what was not delivered is kept until it is. */
  WEBHOOKS_KEEP_DAYS: count(90, 3_650),
  /** Days for which the messages of gateways are kept: longer than a card payment can be disputed. */
  GATEWAY_MESSAGES_KEEP_DAYS: count(400, 3_650),
  /** Days for which answers to billers are kept byte for byte. */
  BILLER_ANSWERS_KEEP_DAYS: count(400, 3_650),
  /** The registered sender name (SID) at the SMS gateway. */
  SMS_SENDER: z.string().min(1).max(20).default('NESCO'),
  /** Where uploaded import files are kept; api and worker must see the same folder. */
  IMPORT_DIR: z.string().min(1).default('.local/imports'),
  /** Days after its end for which the file of an import is kept: so long its report can be fetched. */
  IMPORT_KEEP_DAYS: count(30, 3_650),
  /** The largest import file that the api takes. */
  IMPORT_MAX_MB: count(512, 100_000),
  /** How long a woken worker has before its work is offered again. */
  OUTBOX_LEASE_SECONDS: count(15, 3_600),
  /** How many recharges may share a transaction; 1 is the one-per-request form that the benchmark compares with. */
  LANE_GROUP_MAX: count(192, 256),
  /** How many groups may be on their way at once in one process. */
  LANE_WRITERS: count(2, 64),
  /** Recharges that may wait in front of the writers before the lane sheds with 503. */
  LANE_BACKLOG_MAX: count(1_500, 100_000),
  /** How long a head-end has to answer one call. */
  METER_LINK_TIMEOUT_MS: count(5_000, 12_000),
  /** After how long without an acknowledgement a head-end is asked how a load went. */
  METER_LINK_ANSWER_SECONDS: count(30, 3_600),
  /** After how long a load without an answer is given up: the customer types the token. */
  METER_LINK_GIVE_UP_SECONDS: count(900, 86_400),
  /** Development only: host:port of simulators that sign notices as Amazon's service does, by commas. */
  SNS_CERT_HOSTS: z
    .string()
    .regex(/^(?:[\w.-]+:\d{1,5}(?:,|$))*$/, 'host:port, by commas')
    .default(''),
  /** Development only: PEM of the authority behind their TLS. */
  SNS_CA_FILE: z.string().default(''),
  TOKEN_DEADLINE_MS: count(1_500, 30_000),
  DATABASE_POOL_SIZE: count(12, 200),
  /** The price book that recharges are priced with: one of `npm run tariffs -- list`. */
  TARIFF_BOOK: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('first-light'),
  QUOTE_TTL_SECONDS: count(900, 86_400),
  RECHARGE_MAX_TAKA: z
    .string()
    .regex(/^\d{1,9}$/)
    .default('50000'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
} as const;

export type SettingName = keyof typeof SETTINGS;
type Settings<N extends SettingName> = { readonly [K in N]: z.output<(typeof SETTINGS)[K]> };

/** Start-up cannot go on; the message lists every fault, and never a value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Parses the named settings out of the environment.
 *
 * @throws {ConfigurationError} naming every missing or malformed setting at once
 * @example const config = readConfig(['DATABASE_URL', 'API_PORT']); config.API_PORT // number
 */
export function readConfig<N extends SettingName>(
  names: readonly N[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings<N> {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const parsed = SETTINGS[name].safeParse(environment[name]);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${name}: ${environment[name] === undefined ? 'is not set' : parsed.error.issues[0]!.message}`);
  }
  if (values['WEBHOOK_ADDRESSES'] === 'any' && environment['NODE_ENV'] === 'production') {
    faults.push('WEBHOOK_ADDRESSES: any is for development, and this is production');
  }
  if (faults.length > 0) throw new ConfigurationError(`Configuration faults:\n  ${faults.join('\n  ')}`);
  return values as Settings<N>;
}

const secret = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < 32) context.addIssue({ code: 'custom', message: 'needs at least 32 bytes, base64url' });
  return bytes;
});
const SECRETS = z.object({
  jwtSecret: secret,
  quoteSecret: secret,
  sealingSecret: secret,
  /** The SMS gateway's account token, as the aggregator gave it: at most 50 characters. */
  smsApiToken: z.string().min(1).max(50),
});

/** The application's secrets: for sessions, quote ids, partners' secrets at rest, and the SMS gateway. */
export type Secrets = z.output<typeof SECRETS>;

/** Reads the secrets file (JSON). @throws {ConfigurationError} when it cannot be read or a secret is too short */
export function readSecrets(path: string): Secrets {
  try {
    return SECRETS.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ')
        : 'cannot be read as JSON';
    throw new ConfigurationError(`SECRETS_FILE: ${reason}`);
  }
}
