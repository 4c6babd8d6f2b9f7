import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AMAZON_ALONE } from '@vend/checkout';
import { pino } from 'pino';
import {
  needsSecondFactor,
  requestSignature,
  seedSecondFactor,
  upsertPartner,
  upsertStation,
  upsertUser,
  type PersonRole,
} from '@vend/identity';
import { importMeters } from '@vend/meters';
import type { TokenServerAccess } from '@vend/issuer';
import type { StsMeter } from '@vend/sts';
import { createApi } from '../../apps/api/api';
import type { ApiSettings } from '../../apps/api/api.module';
import { freshDatabase, type FreshDatabase } from './database';
import { factoryMeters, startApiTokenServer, type ApiTokenServer } from './api-token-server';
import { TEST_TOTP_SECRET, withCode } from './second-factor';

const SAMPLE = join(__dirname, '../fixtures/customers-200.csv');
const STATIONS = ['NESCO-RAJ-01', 'NESCO-RAJ-02'] as const;
const PASSWORD = 'a demo password of a test';
const USERS: readonly { username: string; role: PersonRole; station: (typeof STATIONS)[number] }[] = [
  { username: 'clerk', role: 'clerk', station: 'NESCO-RAJ-01' },
  { username: 'other-clerk', role: 'clerk', station: 'NESCO-RAJ-02' },
  { username: 'supervisor', role: 'supervisor', station: 'NESCO-RAJ-02' },
  { username: 'other-supervisor', role: 'supervisor', station: 'NESCO-RAJ-01' },
  { username: 'key-officer', role: 'key-officer', station: 'NESCO-RAJ-02' },
  { username: 'tariff-officer', role: 'tariff-officer', station: 'NESCO-RAJ-02' },
  { username: 'accounts', role: 'accounts', station: 'NESCO-RAJ-02' },
  { username: 'other-accounts', role: 'accounts', station: 'NESCO-RAJ-01' },
  { username: 'call-centre', role: 'call-centre', station: 'NESCO-RAJ-02' },
  { username: 'auditor', role: 'auditor', station: 'NESCO-RAJ-02' },
  { username: 'administrator', role: 'administrator', station: 'NESCO-RAJ-02' },
];

const VENDING = {
  book: 'first-light',
  quoteTtlMs: 900_000,
  tokenDeadlineMs: 5_000,
  laneGroupMax: 64,
  laneWriters: 2,
  laneBacklogMax: 1_500,
};

/** An access token lasts ten minutes. */
const TOKEN_KEPT_MS = 8 * 60_000;

/** What a login answers. */
export interface Login {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: { readonly username: string; readonly role: PersonRole; readonly station: string };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The parsed JSON, for reading. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it expects
  readonly body: any;
}

/** What the log got, line by line. */
class LogLines {
  readonly lines: string[] = [];
  write(line: string): void {
    this.lines.push(line);
  }
}

/**
 * The API in this process on a database of its own and a real token server, with the sample customers, people of
 * every role and a partner.
 */
export class ApiWorld {
  readonly partner = { code: 'demo-partner', keyId: 'demo-key', secret: randomBytes(32) };
  readonly password = PASSWORD;
  private readonly tokens = new Map<string, { accessToken: string; at: number }>();

  private constructor(
    readonly app: NestFastifyApplication,
    readonly fresh: FreshDatabase,
    private readonly tokenServer: ApiTokenServer,
    private readonly log: LogLines,
    private readonly secrets: ApiSettings['secrets'],
  ) {}

  static async create(): Promise<ApiWorld> {
    const undo: (() => Promise<unknown>)[] = [];
    try {
      const fresh = await freshDatabase();
      undo.push(() => fresh.drop());
      const tokenServer = await startApiTokenServer();
      undo.push(() => tokenServer.process.stop());
      const log = new LogLines();
      const secrets = { jwtSecret: randomBytes(32), quoteSecret: randomBytes(32), sealingSecret: randomBytes(32) };
      const app = await createApi({
        platform: { databaseUrl: fresh.url, poolSize: 8, entities: [] },
        secrets,
        tokenServer: { address: tokenServer.address, ...tokenServer.client },
        vending: VENDING,
        maximumPaisa: 5_000_000n,
        imports: { folder: join(tokenServer.folder, 'imports'), maxBytes: 1_048_576 },
        checkout: {
          publicUrl: () => 'http://api.test',
          orderTtlMs: 1_800_000,
          ordersPerAddress: 20,
          snsTrust: AMAZON_ALONE,
        },
        notices: { quietHours: '22:00-08:00', partCostPaisa: 45n },
        pages: join(__dirname, '../../dist/pages'),
        logger: pino({ level: 'warn' }, log),
      });
      undo.push(() => app.close());
      await app.init();
      await app.getHttpAdapter().getInstance().ready();
      const world = new ApiWorld(app, fresh, tokenServer, log, secrets);
      await world.seed();
      return world;
    } catch (error) {
      // A half-made world has nobody to destroy it, and its processes would outlive the test.
      for (const step of undo.reverse()) await step().catch(() => undefined);
      throw error;
    }
  }

  private async seed(): Promise<void> {
    const by = { actor: 'test', at: Date.now() };
    const { database } = this.fresh;
    await importMeters(database, createReadStream(SAMPLE), { nowMs: by.at });
    await database.transaction(async (tx) => {
      for (const code of STATIONS) await upsertStation(tx, { code, name: code, office: 'Rajshahi' }, by);
      for (const user of USERS) {
        await upsertUser(tx, { ...user, name: `Demo ${user.role}`, password: PASSWORD }, by);
        if (!needsSecondFactor(user.role)) continue;
        const factor = { username: user.username, secret: TEST_TOTP_SECRET };
        await seedSecondFactor(tx, this.secrets.sealingSecret, factor, by);
      }
      const { code, keyId, secret } = this.partner;
      await upsertPartner(
        tx,
        this.secrets.sealingSecret,
        { code, name: 'Demo', kind: 'mobile-money', keyId, secret },
        by,
      );
    });
  }

  /** What secrets are sealed with at rest. */
  get sealingSecret(): Buffer {
    return this.secrets.sealingSecret;
  }

  /** Everything that was logged so far. */
  get logged(): string {
    return this.log.lines.join('');
  }

  async request(
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    body?: string | object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await this.app.inject({
      method,
      url,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      payload: body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
    const text = response.payload;
    const isJson = String(response.headers['content-type']).includes('json');
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  }

  /** As somebody at a counter, logged in on first use. */
  async as(
    username: string,
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    body?: string | object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const authorization = `Bearer ${await this.accessToken(username)}`;
    return this.request(method, url, body, { authorization, ...headers });
  }

  /** The cookie of a customer who is on the own page: a session as the code opens it, put in by hand. */
  async customerCookie(): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.fresh.admin.read(
      `INSERT INTO portal_sessions (token_hash, customer_id, mobile, opened_at, expires_at)
       SELECT ?, id, mobile, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 HOUR FROM customers
       WHERE mobile IS NOT NULL ORDER BY customer_no LIMIT 1`,
      [createHash('sha256').update(token).digest()],
    );
    return `vend-my=${token}`;
  }

  /** A good access token of somebody: of one session as long as that lasts. */
  async accessToken(username: string): Promise<string> {
    const known = this.tokens.get(username);
    if (known && Date.now() - known.at < TOKEN_KEPT_MS) return known.accessToken;
    const { accessToken } = await this.login(username);
    this.tokens.set(username, { accessToken, at: Date.now() });
    return accessToken;
  }

  /** Opens a session, with a code of the second factor where the role needs one. @throws {Error} when refused */
  async login(username: string, headers: Record<string, string> = {}): Promise<Login> {
    const credentials = { username, password: PASSWORD };
    const role = USERS.find((user) => user.username === username)?.role;
    const answer =
      role && needsSecondFactor(role)
        ? await withCode(TEST_TOTP_SECRET, (code) =>
            this.request('POST', '/v1/sessions', { ...credentials, code }, headers),
          )
        : await this.request('POST', '/v1/sessions', credentials, headers);
    if (answer.status !== 201) throw new Error(`login of ${username}: HTTP ${answer.status} ${answer.text}`);
    return answer.body as Login;
  }

  /** As the partner, signed with the present time unless told otherwise. */
  signed(
    url: string,
    body: string | object,
    change: { atMs?: number; headers?: Record<string, string>; method?: 'GET' | 'POST' } = {},
  ) {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const timestamp = String(Math.floor((change.atMs ?? Date.now()) / 1000));
    const signature = requestSignature(this.partner.secret, timestamp, Buffer.from(payload));
    return this.request(change.method ?? 'POST', url, payload === '' ? undefined : payload, {
      'x-key-id': this.partner.keyId,
      'x-timestamp': timestamp,
      'x-signature': signature,
      ...change.headers,
    });
  }

  /** Rows of every table that money or tokens are in: to prove that a refusal changed nothing. */
  async footprint(): Promise<string> {
    const tables = ['recharges', 'vends', 'vend_tokens', 'ledger_entries', 'ledger_postings', 'outbox', 'inbox'];
    const rows = await this.fresh.admin.read(
      tables.map((table) => `SELECT '${table}' AS name, COUNT(*) AS n FROM ${table}`).join(' UNION ALL '),
    );
    const states = await this.fresh.admin.read('SELECT SUM(last_tid) AS tids, SUM(sold_wh) AS wh FROM meter_states');
    return JSON.stringify([rows, states]);
  }

  /** The meters of the sample customers, as they leave the factory: each with the key that its tokens are made under. */
  virtualMeters(): Map<string, StsMeter> {
    return factoryMeters(this.tokenServer, SAMPLE);
  }

  /** What the key officer's command needs to reach the token server. */
  get keyOfficer(): TokenServerAccess {
    return { address: this.tokenServer.address, ...this.tokenServer.keyOfficer };
  }

  /** From here on nobody is answered by the token server, who is not gone; until the answer is called. */
  holdTokenServer(): () => void {
    this.tokenServer.process.signal('SIGSTOP');
    return () => this.tokenServer.process.signal('SIGCONT');
  }

  /** From here on no token can be made. */
  stopTokenServer(): Promise<void> {
    return this.tokenServer.process.stop();
  }

  async destroy(): Promise<void> {
    await this.app.close();
    await this.stopTokenServer();
    rmSync(this.tokenServer.folder, { recursive: true });
    await this.fresh.drop();
  }
}
