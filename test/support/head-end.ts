/** A head-end with real virtual meters behind it, and everything of ours in front of it but the processes. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isDomainError } from '@vend/kernel';
import { LoadInbox, type HeadEnd } from '@vend/meterlink';
import { createSandbox } from '../../apps/sandbox/sandbox.app';
import { HeadEnd as PlayedHeadEnd } from '../../apps/sandbox/head-end/head-end';
import type { HeadEndMode } from '../../apps/sandbox/head-end/head-end-faults';
import { VirtualMeters } from '../../apps/sandbox/meters/virtual-meters';
import { virtualMeter, type MeterDraft } from './vending';

/** The file of the sandbox's meters, with the keys that the tests' tokens are made under. */
function decoderKeys(drafts: readonly MeterDraft[]): Record<string, object> {
  return Object.fromEntries(
    drafts.map((draft) => {
      const { pan, decoderKey, ea, kt, sgc, ti, krn, ken, baseDate } = virtualMeter(draft).toState();
      return [pan, { decoderKeyHex: decoderKey, ea, kt, sgc, ti, krn, ken, baseDate }];
    }),
  );
}

/** The sandbox in this process, playing a head-end; its callbacks go to whoever listens at `callbacks`. */
export class HeadEndScene {
  private constructor(
    readonly headEnd: HeadEnd & { readonly name: string },
    readonly played: PlayedHeadEnd,
    readonly meters: VirtualMeters,
    private readonly sandbox: NestFastifyApplication,
    private readonly door: Server,
    private readonly folder: string,
    private readonly told: Told,
  ) {}

  /** @param drafts the meters behind it */
  static async open(drafts: readonly MeterDraft[]): Promise<HeadEndScene> {
    const folder = mkdtempSync(join(tmpdir(), 'head-end-'));
    const key = { code: 'test-hes', name: 'Test head-end', keyId: 'hes-1', secret: randomBytes(32) };
    const write = (name: string, content: unknown) => {
      writeFileSync(join(folder, name), JSON.stringify(content));
      return join(folder, name);
    };
    const told: Told = { listen: undefined, count: 0 };
    const door = createServer((request, response) => void answer(told, request, response));
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const sandbox = await createSandbox({
      ...{ host: '127.0.0.1', port: 0, stateDir: folder },
      apiUrl: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
      decoderKeysFile: write('decoder-keys.json', decoderKeys(drafts)),
      partnersFile: write('partners.json', []),
      headEndsFile: write('head-ends.json', [{ ...key, secret: key.secret.toString('base64url') }]),
    });
    await sandbox.listen(0, '127.0.0.1');
    const headEnd = { ...key, url: `${await sandbox.getUrl()}/head-end` };
    const [played, meters] = [sandbox.get(PlayedHeadEnd), sandbox.get(VirtualMeters)];
    return new HeadEndScene(headEnd, played, meters, sandbox, door, folder, told);
  }

  /** From here on callbacks are stored in this inbox, as the route of the API does. */
  tells(inbox: LoadInbox): void {
    this.told.listen = inbox;
  }

  /** How many callbacks came. */
  get callbacks(): number {
    return this.told.count;
  }

  play(mode: HeadEndMode, delayMs = 50): void {
    this.played.setting = { mode, delayMs };
  }

  async accepted(pan: string): Promise<number> {
    return (await this.meters.view(pan)).tokensAccepted;
  }

  async close(): Promise<void> {
    await this.played.quiet();
    await this.sandbox.close();
    this.door.closeAllConnections();
    await new Promise((resolve) => this.door.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Told {
  listen: LoadInbox | undefined;
  count: number;
}

async function answer(told: Told, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  told.count += 1;
  let status = 200;
  try {
    await told.listen?.receive(request.headers, Buffer.concat(chunks), Date.now());
  } catch (error) {
    status = isDomainError(error) ? 400 : 500;
  }
  response.writeHead(status).end();
}
