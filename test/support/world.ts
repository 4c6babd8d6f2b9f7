/** A running system with everybody who calls it: what most end-to-end files begin with. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { brokenLaws } from './books';
import { Biller, Clerk, Outside, smsWith } from './callers';
import type { HttpAnswer } from './callers';
import { installedMeters } from './installed-meters';
import type { InstalledMeter } from './installed-meters';
import { databaseContent, decoderKeySecrets, filesWithContent, keysFoundIn, keySecretsOf } from './key-secrets';
import {
  receiptsNotOnce,
  redisContent,
  RedisWiretap,
  foundIn,
  secretsInLogs,
  secretsOf,
  settled,
  tokensNotAsTheyShould,
} from './proofs';
import { System, eventually } from './system';

export interface WorldOptions {
  readonly name: string;
  /** How many of the usual kinds, or these. */
  readonly meters: number | readonly InstalledMeter[];
  readonly settings?: Readonly<Record<string, string>>;
}

/** The system, a clerk, a provider, the outside world, and meters to sell to. */
export class World {
  private used = 0;

  private constructor(
    readonly system: System,
    readonly meters: readonly InstalledMeter[],
    readonly clerk: Clerk,
    readonly biller: Biller,
    readonly outside: Outside,
    private readonly wiretap: RedisWiretap,
  ) {}

  static async start({ name, meters: wanted, settings }: WorldOptions): Promise<World> {
    const meters = typeof wanted === 'number' ? installedMeters(wanted) : wanted;
    const system = await System.start({ name, meters, settings });
    try {
      const clerk = await Clerk.login(
        system.apiUrl,
        system.logins.find(({ role }) => role === 'clerk')!,
      );
      const biller = new Biller(system.apiUrl, system.partner);
      const wiretap = await RedisWiretap.on(system.redis());
      return new World(system, meters, clerk, biller, new Outside(system.sandboxUrl), wiretap);
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.wiretap.stop();
    await this.system.stop();
  }

  /** A meter that no other test has touched: LT-A, 2 kW, crediting Taka (SMS in Bangla) or kWh (SMS in English). */
  freshMeter(crediting: InstalledMeter['crediting'] = 'currency'): InstalledMeter {
    const offset = crediting === 'currency' ? 0 : 1;
    const meter = this.meters[this.used * 4 + offset];
    if (!meter) throw new Error('this world has too few meters');
    this.used += 1;
    return meter;
  }

  /** The SMS with a token, which must be one, once it is on the customer's phone. */
  async smsOn(meter: InstalledMeter, digits: string): Promise<string> {
    const found = async () => smsWith(await this.outside.inbox(meter), digits);
    await eventually('the SMS is on the phone', async () => (await found()).length > 0);
    const [sms, ...more] = await found();
    if (!sms || more.length > 0) throw new Error(`${1 + more.length} SMS for one token`);
    return sms.text;
  }

  /** How many recharges, vends and tokens there are for a transaction id or a till's key. */
  async countsOf(sourceRef: string): Promise<{ recharges: number; vends: number; tokens: number }> {
    const [row] = await this.system.admin.read<Record<'recharges' | 'vends' | 'tokens', string>>(
      `SELECT COUNT(DISTINCT r.id) AS recharges, COUNT(DISTINCT v.id) AS vends, COUNT(t.digits) AS tokens
       FROM recharges r LEFT JOIN vends v ON v.recharge_id = r.id LEFT JOIN vend_tokens t ON t.vend_id = v.id
       WHERE r.source_ref = ?`,
      [sourceRef],
    );
    return { recharges: Number(row!.recharges), vends: Number(row!.vends), tokens: Number(row!.tokens) };
  }

  /** Everything that is wrong once all work is done: laws of the books, tokens at the meters, SMS on the phones. */
  async faults(): Promise<string[]> {
    await settled(this.system.admin);
    const tokens = await tokensNotAsTheyShould(this.system);
    const receipts = await receiptsNotOnce(this.system, this.outside);
    return [...(await brokenLaws(this.system.admin)), ...tokens, ...receipts];
  }

  /** Where a token, a phone number, a password, a secret or a key stands that must not. */
  async leaks(): Promise<string[]> {
    return [...(await this.secretsLeaked()), ...(await this.keysLeaked())];
  }

  /** Keys must not even stand in the database; tokens must, and so they are looked for in the journal alone. */
  private async keysLeaked(): Promise<string[]> {
    const { tokenServerDirectory: own, logs, admin } = this.system;
    const keyFile = join(own, 'keys', 'vending-keys.json');
    const kekFile = join(own, 'keys', 'kek.key');
    const keys = [
      ...(await keySecretsOf({ keyFile, kekFile }, mkdtempSync(join(own, 'test-')))),
      ...decoderKeySecrets(this.system.secretsFile('decoder-keys.json')),
    ];
    const secrets = await secretsOf(this.system, this.meters, []);
    const places: [string, Buffer][] = [['the database', await databaseContent(admin)]];
    for (const [path, content] of [...filesWithContent(logs), ...filesWithContent(join(own, 'journal'))]) {
      places.push([path, content]);
    }
    if (!places.some(([path]) => path.startsWith(join(own, 'journal', 'audit')))) return ['there is no audit log'];
    const tokens = places.filter(([path]) => path.startsWith(own));
    return [
      ...places.flatMap(([path, content]) => keysFoundIn(path, content, keys)),
      ...tokens.flatMap(([path, content]) => foundIn(path, content.toString('latin1'), secrets)),
    ];
  }

  private async secretsLeaked(): Promise<string[]> {
    // A wire that heard nothing would find nothing.
    if (!this.wiretap.text.includes('refIds')) return ['no job was heard on its way into Redis'];
    const secrets = await secretsOf(this.system, this.meters, [this.clerk.accessToken]);
    const redis = this.system.redis();
    try {
      return [
        ...secretsInLogs(this.system, secrets),
        ...foundIn('the traffic of Redis', this.wiretap.text, secrets),
        ...foundIn('Redis', await redisContent(redis), secrets),
      ];
    } finally {
      redis.disconnect();
    }
  }
}

/** The digits of the one token of an answer. @throws {Error} when it has not exactly one */
export function tokenOf({ status, text, body }: HttpAnswer): string {
  const tokens: unknown = body?.tokens;
  if (!Array.isArray(tokens) || tokens.length !== 1) throw new Error(`no single token in: HTTP ${status} ${text}`);
  return tokens[0].digits;
}
