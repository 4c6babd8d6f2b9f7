import { createReadStream, readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  adoptOffices,
  PARTNER_KINDS,
  PERSON_ROLES,
  seedSecondFactor,
  upsertPartner,
  upsertStation,
  upsertUser,
  type ChangedBy,
} from '@vend/identity';
import { placeMeter, upsertHeadEnd } from '@vend/meterlink';
import { importMeters, officesOfCustomers } from '@vend/meters';
import { ConfigurationError, openDatabase, readConfig, readSecrets, type Database, type Secrets } from '@vend/platform';
import { listGateways, parseGateway, saveGateway, type GatewayChange } from '@vend/sms';
import { DEMO_PROVIDERS, seedProviders } from './seed-providers';

/**
 * Loads the demo data: `node dist/apps/api/seed-demo.js`, after the migrations. Stations, people and partners come
 * from the files that the launcher made, customers from the sample CSV. Running it again changes nothing.
 */
const LOGINS = z.array(
  z.object({
    username: z.string(),
    password: z.string(),
    name: z.string(),
    role: z.enum(PERSON_ROLES),
    station: z.string(),
    /** Base32; of who needs a second factor. */
    totpSecret: z.string().optional(),
  }),
);
const PARTNERS = z.array(
  z.object({
    code: z.string(),
    name: z.string(),
    kind: z.enum(PARTNER_KINDS),
    keyId: z.string(),
    secret: z.string().transform((text) => Buffer.from(text, 'base64url')),
  }),
);

type Login = z.output<typeof LOGINS>[number];
const HEAD_ENDS = z.array(
  z.object({
    code: z.string(),
    name: z.string(),
    keyId: z.string(),
    secret: z.string().transform((text) => Buffer.from(text, 'base64url')),
  }),
);

/** Of the sample's meters, the one that is read and loaded over the air. */
const REMOTE_METER = '600727977000710424';

type DemoPartner = z.output<typeof PARTNERS>[number];

function readJson<T>(setting: string, path: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    // The file holds secrets: its faults are named by place, never quoted.
    const places =
      error instanceof z.ZodError ? error.issues.map((issue) => issue.path.join('.')).join(', ') : 'not JSON';
    throw new ConfigurationError(`${setting}: ${places}`);
  }
}

/** The demo's people sit here; the customers' offices hang below it, so that they are seen. */
const DEMO_OFFICE = 'Rajshahi';

async function seedPeople(
  database: Database,
  sealingSecret: Buffer,
  logins: readonly Login[],
  by: ChangedBy,
): Promise<string[]> {
  const lines: string[] = [];
  for (const code of new Set(logins.map((login) => login.station))) {
    const station = { code, name: `${code} vending station`, office: DEMO_OFFICE };
    lines.push(`station ${code}: ${await database.transaction((tx) => upsertStation(tx, station, by))}`);
  }
  for (const { totpSecret: secret, ...login } of logins) {
    const { username } = login;
    lines.push(`user ${username}: ${await database.transaction((tx) => upsertUser(tx, login, by))}`);
    if (secret === undefined) continue;
    const done = await database.transaction((tx) => seedSecondFactor(tx, sealingSecret, { username, secret }, by));
    lines.push(`second factor of ${username}: ${done}`);
  }
  return lines;
}

async function seedPartners(
  database: Database,
  sealingSecret: Buffer,
  partners: readonly DemoPartner[],
  by: ChangedBy,
): Promise<string[]> {
  const lines: string[] = [];
  for (const partner of partners) {
    const done = await database.transaction((tx) => upsertPartner(tx, sealingSecret, partner, by));
    lines.push(`partner ${partner.code}: ${done}`);
  }
  return lines;
}

/** An operator's numbers, which the demo's second gateway serves: those of the last twenty customers among them. */
const SMPP_PREFIXES = ['88015'];

/** Two ways for SMS, as a utility has them; what people have changed since stays as it is. */
async function seedGateways(
  database: Database,
  { sealingSecret, smsApiToken }: Secrets,
  config: { readonly SMS_GATEWAY_URL: string; readonly SMS_SENDER: string; readonly SMSC_ADDRESS: string },
): Promise<string[]> {
  const there = new Set((await listGateways(database)).map(({ code }) => code));
  const [host, port] = config.SMSC_ADDRESS.split(':') as [string, string];
  const source = config.SMS_SENDER;
  const usual = { maxPerSecond: 500, enabled: true };
  const gateways: Pick<GatewayChange, 'code' | 'gateway' | 'terms' | 'secret'>[] = [
    {
      code: 'default',
      gateway: parseGateway('sms-http-v3', { baseUrl: config.SMS_GATEWAY_URL, sid: source }),
      terms: { ...usual, prefixes: [], costPaisa: 35, priority: 10 },
      secret: smsApiToken,
    },
    {
      code: 'demo-smsc',
      gateway: parseGateway('smpp-v34', { host, port: Number(port), systemId: 'vend', source }),
      terms: { ...usual, prefixes: SMPP_PREFIXES, costPaisa: 25, priority: 10 },
      secret: 'demo-pw',
    },
  ];
  const missing = gateways.filter(({ code }) => !there.has(code));
  await database.transaction(async (tx) => {
    for (const each of missing) {
      await saveGateway(tx, sealingSecret, { ...each, version: 0, by: 'cli:seed-demo' }, new Date());
    }
  });
  return gateways.map(({ code }) => `SMS gateway ${code}: ${there.has(code) ? 'unchanged' : 'created'}`);
}

async function main(): Promise<void> {
  const config = readConfig([
    'DATABASE_URL',
    'SECRETS_FILE',
    'LOGINS_FILE',
    'PARTNERS_FILE',
    'HEAD_ENDS_FILE',
    'HEAD_END_URL',
    'PROVIDERS_FILE',
    'SANDBOX_URL',
    'API_URL',
    'SMS_GATEWAY_URL',
    'SMS_SENDER',
    'SMSC_ADDRESS',
    'SAMPLE_CSV',
  ]);
  const secrets = readSecrets(config.SECRETS_FILE);
  const logins = readJson('LOGINS_FILE', config.LOGINS_FILE, LOGINS);
  const partners = readJson('PARTNERS_FILE', config.PARTNERS_FILE, PARTNERS);
  const headEnds = readJson('HEAD_ENDS_FILE', config.HEAD_ENDS_FILE, HEAD_ENDS);
  const providers = readJson('PROVIDERS_FILE', config.PROVIDERS_FILE, DEMO_PROVIDERS);
  const places = { sandbox: config.SANDBOX_URL, api: config.API_URL };
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, poolSize: 4, entities: [] });
  try {
    const by: ChangedBy = { actor: 'cli:seed-demo', at: Date.now() };
    for (const line of await seedPeople(database, secrets.sealingSecret, logins, by)) console.log(line);
    for (const line of await seedPartners(database, secrets.sealingSecret, partners, by)) console.log(line);
    for (const headEnd of headEnds) {
      const seed = { ...headEnd, url: config.HEAD_END_URL };
      await database.transaction((tx) => upsertHeadEnd(tx, secrets.sealingSecret, seed, new Date(by.at)));
      console.log(`head-end ${headEnd.code}: there`);
    }
    for (const line of await seedProviders(database, secrets.sealingSecret, providers, places)) console.log(line);
    for (const line of await seedGateways(database, secrets, config)) console.log(line);
    const report = await importMeters(database, createReadStream(config.SAMPLE_CSV), { nowMs: by.at });
    const { rows, inserted, updated, unchanged, rejected } = report;
    console.log(
      `meters: ${rows} rows, ${inserted} new, ${updated} changed, ${unchanged} as they were, ${rejected} bad`,
    );
    // The first vend of the demo that nobody types: the sandbox plays this meter and the head-end that reaches it.
    const placed = await database.transaction((tx) => placeMeter(tx, REMOTE_METER, headEnds[0]?.code ?? null));
    if (placed) console.log(`meter ${REMOTE_METER}: behind head-end ${headEnds[0]?.code ?? 'none'}`);
    await database.transaction(async (tx) => adoptOffices(tx, await officesOfCustomers(database), DEMO_OFFICE));
    for (const { line, column, code } of report.faults) console.error(`line ${line}, ${column}: ${code}`);
    if (rejected > 0) process.exitCode = 1;
  } finally {
    await database.dataSource.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
