/** The key officer's side of a running system: vending keys to change between, and the campaign command. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyFile, SoftwareKek, writeKeyFile, writeSecretFile, type VendingKeyAttributes } from '@vend/keystore';
import type { TokenServerAccess } from '@vend/issuer';
import { developmentCertificates, type TlsParty } from '../../docker/launcher/certificates';
import { layoutOf, type Layout } from '../../docker/launcher/layout';
import { readLiveRecord } from '../../docker/launcher/processes';
import { serverPasswords } from '../../docker/launcher/secrets';
import { tokenServerFiles } from '../../docker/launcher/token-server-files';
import { localDirectory } from './servers';

/** A vending key with an invented value. */
export interface CampaignKey extends Pick<VendingKeyAttributes, 'sgc' | 'krn' | 'dkga' | 'baseDate'> {
  readonly ken?: number;
  readonly hex: string;
}

/** What a run of the command printed, and how it ended. */
export interface CommandResult {
  readonly exitStatus: number | null;
  readonly out: string;
  readonly err: string;
}

/** The layout of a system that `World.start({ name })` brings up. */
export function layoutNamed(name: string): Layout {
  return layoutOf(undefined, join(localDirectory(), name));
}

/** Puts these keys where the launcher finds them; call it before the system starts. */
export async function installVendingKeys(layout: Layout, keys: readonly CampaignKey[]): Promise<void> {
  const { keyFile, kekFile } = tokenServerFiles(layout);
  if (!existsSync(keyFile)) await installVendingKeysAt(keyFile, kekFile, keys);
}

/** A key file with these keys, all active, and the key-encryption key that opens it. */
export async function installVendingKeysAt(
  keyFile: string,
  kekFile: string,
  keys: readonly CampaignKey[],
): Promise<void> {
  const master = randomBytes(32);
  writeSecretFile(kekFile, `${master.toString('hex')}\n`, 'refuse');
  const kek = new SoftwareKek(master);
  const inForce = { kind: 'VUDK', state: 'active', issuedUntil: null } as const;
  const opened = keys.map(({ hex, ken = 255, ...key }) => ({
    ...key,
    ken,
    ...inForce,
    value: Buffer.from(hex, 'hex'),
  }));
  writeKeyFile(keyFile, await createKeyFile(kek, opened, Date.now()), 'refuse');
}

/** `npm run campaign`, or another command, as a process of its own on the database and token server of a running system. */
export class CampaignCommand {
  constructor(
    private readonly layout: Layout,
    private readonly entry = 'apps/campaigns/main',
  ) {}

  /** @param party whose certificate is shown to the token server */
  start(args: readonly string[], party: TlsParty = 'keys'): ChildProcess {
    const { address, ...tls } = this.access(party);
    return spawn(process.execPath, [join(this.layout.dist, `${this.entry}.js`), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        // Of a server at an IP address, as here: nothing that a test is about.
        NODE_NO_WARNINGS: '1',
        DATABASE_URL: this.databaseUrl,
        TOKEN_SERVER_ADDRESS: address,
        TLS_CA_FILE: tls.caFile,
        TLS_CERT_FILE: tls.certFile,
        TLS_KEY_FILE: tls.keyFile,
      },
    });
  }

  async run(args: readonly string[], party: TlsParty = 'keys'): Promise<CommandResult> {
    const child = this.start(args, party);
    const printed = { out: '', err: '' };
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (printed.out += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (printed.err += text));
    const [exitStatus] = (await once(child, 'close')) as [number | null];
    return { exitStatus, ...printed };
  }

  /** Where the token server is, with a party's certificate. */
  access(party: TlsParty): TokenServerAccess {
    return {
      address: `127.0.0.1:${this.ports.tokenServer}`,
      ...developmentCertificates(this.layout, Date.now())[party],
    };
  }

  /** As the application's own account: what the command may do in production. */
  get databaseUrl(): string {
    const { port } = readLiveRecord(join(this.layout.run, 'mariadb.json'))!;
    return `mysql://vend_app:${serverPasswords(this.layout).databaseApp}@127.0.0.1:${port}/vend`;
  }

  private get ports(): { tokenServer: number } {
    return JSON.parse(readFileSync(join(this.layout.run, 'app-ports.json'), 'utf8')) as { tokenServer: number };
  }
}
