import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcTokenIssuer } from '@vend/issuer';
import { DecoderKey, StsMeter } from '@vend/sts';
import { TokenServerUnavailable } from '@vend/vending';
import type { CreditTokenRequest, MeterKeyConfig } from '@vend/vending';
import { TestAuthority } from './certificates';
import type { TlsFiles } from './certificates';
import { freePort, journalAndCallers, keysDev, TEST_CALLERS, TokenServerProcess } from './token-server';
import type { TokenServerSettings } from './token-server';

export const DEADLINE_MS = 5_000;

/** A meter on MISTY1 under the development key 201457/1. */
export const EA11: MeterKeyConfig = {
  pan: '600727000000000009',
  ea: '11',
  tct: '02',
  sgc: '201457',
  krn: 1,
  ti: '01',
  kt: 2,
  ken: 255,
  baseDate: 2014,
};
/** A meter on STA under the development key 123456/1. */
export const EA07: MeterKeyConfig = { ...EA11, pan: '000001000000000082', ea: '07', sgc: '123456' };

/** A token server of its own with fresh keys and certificates, a caller, and the two meters. */
export class TokenServerWorld {
  private nextTid = 0x64e602;
  /** What the api would be configured with. */
  readonly client: TlsFiles;

  private constructor(
    readonly folder: string,
    public settings: TokenServerSettings,
    private readonly authority: TestAuthority,
    /** Decoder keys by MeterPAN, as hex. */
    readonly decoderKeys: Readonly<Record<string, string>>,
    public server: TokenServerProcess,
  ) {
    this.client = this.filesOf('api');
  }

  /** @param callers by name, as the file has them */
  static async create(callers: object = TEST_CALLERS): Promise<TokenServerWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'token-server-'));
    const authority = new TestAuthority();
    const keyFile = join(folder, 'sealed.json');
    const kekFile = join(folder, 'kek');
    keysDev('--out', keyFile, '--kek', kekFile);
    const address = `127.0.0.1:${await freePort()}`;
    const settings = {
      address,
      tls: authority.filesFor('token-server', folder),
      keyFile,
      kekFile,
      ...journalAndCallers(folder, callers),
    };
    const decoderKeys = exportDecoderKeys(folder, settings);
    const server = await TokenServerProcess.start(settings);
    return new TokenServerWorld(folder, settings, authority, decoderKeys, server);
  }

  /** What a process of this name would be configured with. */
  filesOf(caller: string): TlsFiles {
    return this.authority.filesFor(caller, this.folder);
  }

  /** Another list of callers from now on. @throws {Error} `faulty` when the server does not take it */
  async callersAre(callers: object): Promise<void> {
    writeFileSync(this.settings.policyFile, JSON.stringify({ version: 1, callers }));
    const from = this.server.output.length;
    this.server.signal('SIGHUP');
    while (!this.server.output.slice(from).includes('key file')) await new Promise((next) => setTimeout(next, 10));
    if (this.server.output.slice(from).includes('list of callers is faulty')) throw new Error('faulty');
  }

  /** A caller; close it. */
  issuer(change: { tls?: TlsFiles; now?: () => number; address?: string } = {}): GrpcTokenIssuer {
    const { tls = this.client, now, address = this.settings.address } = change;
    return new GrpcTokenIssuer({ address, ...tls, now });
  }

  /** A virtual meter fresh from the factory. */
  meterOf({ pan, ea, kt, sgc, ti, krn, ken, baseDate }: MeterKeyConfig): StsMeter {
    const attributes = { pan, ea, kt, sgc, ti: Number(ti), krn, ken, baseDate };
    return new StsMeter(DecoderKey.fromHex(this.decoderKeys[pan]!, attributes));
  }

  /** A second process on the same keys: with an address and a journal of its own. */
  async settingsOfAnother(): Promise<TokenServerSettings> {
    const place = mkdtempSync(join(this.folder, 'another-'));
    return { ...this.settings, address: `127.0.0.1:${await freePort()}`, journalDirectory: join(place, 'journal') };
  }

  /** 25.6 kWh, with a TID of its own. */
  request(meter: MeterKeyConfig, fields: Partial<CreditTokenRequest> = {}): CreditTokenRequest {
    // The minute 00:01 is not for ordinary tokens.
    if (this.nextTid % 1440 === 1) this.nextTid += 1;
    const tid = this.nextTid++;
    return { requestId: `recharge-${tid}:${tid}:5`, meter, subclass: 0, tid, rnd: 5, amountUnits: 256n, ...fields };
  }

  async destroy(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true });
  }
}

function exportDecoderKeys(folder: string, { keyFile, kekFile }: TokenServerSettings): Record<string, string> {
  const meters = join(folder, 'meters.csv');
  const out = join(folder, 'decoder-keys.json');
  const rows = [EA11, EA07].map((m) => [m.pan, m.sgc, m.krn, m.ti, m.kt, m.ea, m.baseDate].join(','));
  writeFileSync(meters, ['meterNo,sgc,krn,ti,kt,ea,baseDate', ...rows].join('\n'));
  keysDev('--sealed', keyFile, '--kek', kekFile, '--meters', meters, '--decoder-keys-out', out);
  const entries = JSON.parse(readFileSync(out, 'utf8')) as Record<string, { decoderKeyHex: string }>;
  return Object.fromEntries(Object.entries(entries).map(([pan, { decoderKeyHex }]) => [pan, decoderKeyHex]));
}

/** Tries while the server is unavailable: a connection comes back in its own time. */
export async function untilAvailable<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 200; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !(error instanceof TokenServerUnavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
