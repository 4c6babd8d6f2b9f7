/** The token server behind an `ApiWorld`: a real process with invented keys, two revisions of each group. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DecoderKey, deriveDecoderKey, StsMeter, VendingKey, type KeyAttributes, type MeterOptions } from '@vend/sts';
import { TestAuthority, type TlsFiles } from './certificates';
import { sealTestKeys, type TestKey } from './token-keys';
import { freePort, journalAndCallers, keysDev, TokenServerProcess } from './token-server';

const revisions = { kind: 'VUDK', baseDate: 2014, ken: 255 } as const;
/** Each group's keys: of no meter in the world. */
const KEYS: readonly TestKey[] = [
  { ...revisions, sgc: '123456', krn: 1, dkga: 2, hex: 'abababababababab' },
  { ...revisions, sgc: '123456', krn: 2, dkga: 2, hex: '0123456789abcdef' },
  { ...revisions, sgc: '201457', krn: 1, dkga: 4, hex: 'abababababababab949494949494949401234567' },
  { ...revisions, sgc: '201457', krn: 2, dkga: 4, hex: '000102030405060708090a0b0c0d0e0f10111213' },
];
/** The group that meters of each algorithm are in. */
export const GROUP_OF = { '07': '123456', '11': '201457' } as const;

/** What the file of decoder keys says of a meter. */
type FactoryEntry = Omit<KeyAttributes, 'pan' | 'krn' | 'ti'> & {
  readonly decoderKeyHex: string;
  readonly krn: string | number;
  readonly ti: string | number;
};

/** A token server with keys of its own, and what its callers need. */
export interface ApiTokenServer {
  readonly folder: string;
  readonly address: string;
  readonly client: TlsFiles;
  /** The key officer's certificate. */
  readonly keyOfficer: TlsFiles;
  readonly process: TokenServerProcess;
  readonly keyFile: string;
  readonly kekFile: string;
}

export async function startApiTokenServer(): Promise<ApiTokenServer> {
  const folder = mkdtempSync(join(tmpdir(), 'api-test-'));
  const authority = new TestAuthority();
  const { keyFile, kekFile } = await sealTestKeys(folder, KEYS);
  const address = `127.0.0.1:${await freePort()}`;
  const tls = authority.filesFor('token-server', folder);
  const process = await TokenServerProcess.start({ address, tls, keyFile, kekFile, ...journalAndCallers(folder) });
  const keyOfficer = authority.filesFor('keys', folder);
  return { folder, address, client: authority.filesFor('api', folder), keyOfficer, process, keyFile, kekFile };
}

/** The meters of a file of customers, as they leave the factory: each with the key that its tokens are made under. */
export function factoryMeters({ folder, keyFile, kekFile }: ApiTokenServer, csvFile: string): Map<string, StsMeter> {
  const out = join(folder, `decoder-keys-${randomBytes(4).toString('hex')}.json`);
  keysDev('--sealed', keyFile, '--kek', kekFile, '--meters', csvFile, '--decoder-keys-out', out);
  const entries = JSON.parse(readFileSync(out, 'utf8')) as Record<string, FactoryEntry>;
  return new Map(
    Object.entries(entries).map(([pan, { decoderKeyHex, ...entry }]) => {
      const attributes = { ...entry, pan, krn: Number(entry.krn), ti: Number(entry.ti) };
      return [pan, new StsMeter(DecoderKey.fromHex(decoderKeyHex, attributes), { lockout: null })];
    }),
  );
}

/** A meter that is in no file: of its algorithm's group, key revision 1. */
export function newFactoryMeter(pan: string, ea: '07' | '11', options: MeterOptions = {}): StsMeter {
  const { sgc, krn, dkga, baseDate, ken, hex } = KEYS.find((key) => key.sgc === GROUP_OF[ea] && key.krn === 1)!;
  const vendingKey = VendingKey.fromHex(hex);
  const identity = { pan, ea, kt: 2, sgc, ti: 1, krn, ken, baseDate } as const;
  return new StsMeter(deriveDecoderKey({ dkga: dkga === 2 ? '02' : '04', vendingKey, ...identity }), {
    lockout: null,
    ...options,
  });
}
