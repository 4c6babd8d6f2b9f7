/** What must hold behind the curtain after a system test, whatever happened in front of it: one sentence a breach. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Database } from '@vend/platform';
import { DecoderKey, StsMeter } from '@vend/sts';
import type { KeyType } from '@vend/sts';
import { smsWith } from './callers';
import type { Outside } from './callers';
import type { InstalledMeter } from './installed-meters';
import { eventually } from './system';
import type { System } from './system';

/** What the worker writes down by the clock, whatever anybody asks: how far it has counted, looked and tidied up. */
const BY_THE_CLOCK = ['nightly_runs', 'sales_hour_counts', 'sales_hours', 'watch_cursors'];

/** A checksum of every table: two equal ones mean that no row anywhere was added, changed or removed. */
export async function tableChecksums(admin: Database): Promise<Record<string, string>> {
  const tables = await admin.read<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT IN (?)
     ORDER BY TABLE_NAME`,
    [BY_THE_CLOCK],
  );
  const rows = await admin.read<{ Table: string; Checksum: string }>(
    `CHECKSUM TABLE ${tables.map(({ name }) => `\`${name}\``).join(', ')}`,
  );
  // The server names a table with its database: vend.outbox.
  return Object.fromEntries(rows.map((row) => [row.Table.split('.').at(-1)!, String(row.Checksum)]));
}

/**
 * Waits until nothing is left to do: every receipt sent, every kept payment vended, every callback worked. A notice that
 * waits for the morning is not left undone; no pause between two tries is nearly so long.
 */
export async function settled(admin: Database, withinMs?: number): Promise<void> {
  let left: unknown = 'not seen';
  const isEmpty = async () => {
    const sql = `SELECT topic, COUNT(*) AS n, MAX(attempts) AS attempts, MIN(due_at) AS due FROM outbox
                 WHERE due_at < ? OR topic NOT IN ('sms-notice', 'sms-reminder') GROUP BY topic`;
    const rows = await admin.read(sql, [new Date(Date.now() + 600_000)]).catch(() => undefined);
    left = rows ?? left;
    return rows?.length === 0;
  };
  await eventually('the outbox is empty', isEmpty, withinMs).catch((cause: Error) => {
    throw new Error(`${cause.message}; left: ${JSON.stringify(left)}`, { cause });
  });
}

/** A token in the books, with the meter it was made for. */
export interface BookedToken {
  readonly pan: string;
  readonly tid: number;
  readonly digits: string;
  readonly mobile: string;
}

/** Every token there is, oldest first within a meter. */
export function bookedTokens(admin: Database): Promise<BookedToken[]> {
  return admin.read<BookedToken & Record<string, unknown>>(
    `SELECT m.pan, t.tid, t.digits, c.mobile FROM vend_tokens t JOIN meters m ON m.id = t.meter_id
     JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id ORDER BY m.pan, t.tid`,
  );
}

interface FactoryEntry {
  readonly decoderKeyHex: string;
  readonly ea: '07' | '11';
  readonly baseDate: 1993 | 2014 | 2035;
  readonly sgc: string;
  readonly krn: number;
  readonly ti: string;
  readonly kt: KeyType;
  readonly ken: number;
}

/** Fresh meters with the keys that the factory gave them, apart from the sandbox's. */
export function meterFactory(system: System): (pan: string) => StsMeter {
  const entries = system.secrets<Record<string, FactoryEntry>>('decoder-keys.json');
  return (pan) => {
    const { decoderKeyHex, ti, ...attributes } = entries[pan]!;
    const key = DecoderKey.fromHex(decoderKeyHex, { ...attributes, ti: Number(ti), pan });
    return new StsMeter(key, { lockout: null });
  };
}

/** Enters every token of the books once into its meter, once again, and once into somebody else's meter. */
export async function tokensNotAsTheyShould(system: System): Promise<string[]> {
  const make = meterFactory(system);
  const tokens = await bookedTokens(system.admin);
  const pans = [...new Set(tokens.map(({ pan }) => pan))];
  const meters = new Map(pans.map((pan) => [pan, make(pan)]));
  const strangers = new Map(pans.map((pan, index) => [pan, make(pans[(index + 1) % pans.length]!)]));
  const now = Date.now();
  const wrong: string[] = [];
  for (const { pan, tid, digits } of tokens) {
    const first = meters.get(pan)!.enter(digits, now).result;
    const again = meters.get(pan)!.enter(digits, now).result;
    const elsewhere = pans.length > 1 ? strangers.get(pan)!.enter(digits, now).result : 'CRC';
    if (first !== 'Accept' || again !== 'Used' || elsewhere === 'Accept') {
      wrong.push(`meter ${pan}, TID ${tid}: ${first}, then ${again}, elsewhere ${elsewhere}`);
    }
  }
  if (tokens.length === 0) wrong.push('there is no token to try');
  return wrong;
}

/** Tokens that are not in exactly one SMS on their customer's phone. */
export async function receiptsNotOnce(system: System, outside: Outside): Promise<string[]> {
  const tokens = await bookedTokens(system.admin);
  const inboxes = new Map<string, Awaited<ReturnType<Outside['inbox']>>>();
  for (const mobile of new Set(tokens.map((token) => token.mobile))) {
    inboxes.set(mobile, await outside.inbox({ mobile }));
  }
  return tokens.flatMap(({ pan, tid, digits, mobile }) => {
    const count = smsWith(inboxes.get(mobile)!, digits).length;
    return count === 1 ? [] : [`meter ${pan}, TID ${tid}: ${count} SMS`];
  });
}

/** What must stand in no log and no queue. */
export interface Secrets {
  /** Digits of each token, and whose it is. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Everything else: what it is, and its text. */
  readonly texts: readonly (readonly [what: string, text: string])[];
}

export async function secretsOf(
  system: System,
  meters: readonly InstalledMeter[],
  sessions: readonly string[],
): Promise<Secrets> {
  const tokens = new Map<string, string>();
  for (const { pan, tid, digits } of await bookedTokens(system.admin)) {
    tokens.set(digits, `the token of meter ${pan}, TID ${tid}`);
  }
  const texts: [what: string, text: string][] = [];
  const addKey = (what: string, text: string) =>
    texts.push([what, text], [`${what}, in hex`, Buffer.from(text, 'base64url').toString('hex')]);
  // Without 88, as most people write it.
  for (const { customerNo, mobile } of meters) texts.push([`the phone of customer ${customerNo}`, mobile.slice(2)]);
  for (const { username, password, totpSecret } of system.logins) {
    texts.push([`the password of ${username}`, password]);
    if (totpSecret !== undefined) texts.push([`the second factor of ${username}`, totpSecret]);
  }
  for (const file of ['application.json', 'servers.json']) {
    for (const [name, text] of Object.entries(system.secrets<Record<string, string>>(file))) addKey(name, text);
  }
  addKey("the partner's secret", system.partner.secret);
  for (const session of sessions) texts.push(['an access token', session]);
  return { tokens, texts };
}

/** 20 digits or more, also in groups. */
const LONG_NUMBER = /\d(?:[ -]?\d){19,}/g;
const TOKEN_DIGITS = 20;

/** Names the secrets that a text holds. */
export function foundIn(where: string, text: string, { tokens, texts }: Secrets): string[] {
  const found = texts.filter(([, secret]) => text.includes(secret)).map(([what]) => what);
  for (const [number] of text.matchAll(LONG_NUMBER)) {
    const digits = number.replaceAll(/[ -]/g, '');
    for (let start = 0; start + TOKEN_DIGITS <= digits.length; start += 1) {
      const whose = tokens.get(digits.slice(start, start + TOKEN_DIGITS));
      if (whose !== undefined) found.push(whose);
    }
  }
  return [...new Set(found)].map((what) => `${where} holds ${what}`);
}

/** Names the secrets that stand in any log file of the system. */
export function secretsInLogs(system: System, secrets: Secrets): string[] {
  return readdirSync(system.logs).flatMap((file) =>
    foundIn(file, readFileSync(join(system.logs, file), 'utf8'), secrets),
  );
}

/** Writes down every command that Redis is given, with its arguments, while a test runs. */
export class RedisWiretap {
  private constructor(
    private readonly monitor: Redis,
    private readonly heard: string[],
  ) {}

  static async on(redis: Redis): Promise<RedisWiretap> {
    const heard: string[] = [];
    const monitor = redis.duplicate({ monitor: true });
    redis.disconnect();
    monitor.on('monitor', (_time: string, args: readonly unknown[]) => heard.push(args.join(' ')));
    // Killed on purpose by some tests: what it heard until then stands. And what Redis is told in the very instant in
    // which listening begins comes together with the answer to MONITOR, for which ioredis has no command to give it to.
    monitor.on('error', () => undefined);
    await new Promise<void>((listening) => monitor.once('monitoring', () => listening()));
    return new RedisWiretap(monitor, heard);
  }

  get text(): string {
    return this.heard.join('\n');
  }

  stop(): void {
    this.monitor.disconnect();
  }
}

/** Everything that lies in Redis, keys and values, as one text. */
export async function redisContent(redis: Redis): Promise<string> {
  const texts: string[] = [];
  for await (const keys of redis.scanStream() as AsyncIterable<string[]>) {
    for (const key of keys) texts.push(key, JSON.stringify(await valueOf(redis, key)));
  }
  return texts.join('\n');
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, -1);
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return type;
  }
}
