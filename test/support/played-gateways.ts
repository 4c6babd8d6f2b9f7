/** The sandbox in this process, with the companies that a test gives it, over HTTP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayMessage, GatewayStart } from '@vend/checkout';
import type { Provider } from '@vend/payments';
import { createSandbox } from '../../apps/sandbox/sandbox.app';
import { ProviderBook } from '../../apps/sandbox/providers/provider-book';
import { ProviderFaults, type ProviderFault } from '../../apps/sandbox/providers/provider-faults';
import { providerDraft } from './providers';

/** A company as providers.json has it. */
export interface PlayedCompany {
  readonly code: string;
  readonly profile: Provider['profile'];
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly outside?: Readonly<Record<string, string>>;
}

/** As the conformance of gateways names what their servers do. */
const FAULT_OF = {
  down: 'down',
  silent: 'no-answer',
  'html-page': 'html-page',
  'http-500': 'failed-but-done',
  empty: 'empty-answer',
} as const satisfies Readonly<Record<string, ProviderFault>>;

export class PlayedGateways {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly folder: string,
    readonly url: string,
    private readonly companies: PlayedCompany[],
  ) {}

  /**
   * @param first companies that are there from the start, as a webhook with its certificates must be
   * @param apiUrl who is told of payments
   */
  static async open(first: readonly PlayedCompany[] = [], apiUrl = 'http://127.0.0.1:9'): Promise<PlayedGateways> {
    const folder = mkdtempSync(join(tmpdir(), 'gateways-'));
    const write = (name: string, content: unknown) => {
      writeFileSync(join(folder, name), JSON.stringify(content));
      return join(folder, name);
    };
    const app = await createSandbox({
      ...{ host: '127.0.0.1', port: 0, stateDir: folder, apiUrl },
      decoderKeysFile: write('decoder-keys.json', {}),
      partnersFile: write('partners.json', []),
      providersFile: write('providers.json', first),
      snsPort: 0,
    });
    await app.listen(0, '127.0.0.1');
    return new PlayedGateways(app, folder, await app.getUrl(), [...first]);
  }

  /** One more company. @returns the row that we would keep of it */
  add(company: PlayedCompany): Provider {
    this.companies.push(company);
    writeFileSync(join(this.folder, 'providers.json'), JSON.stringify(this.companies));
    const { code, profile, credentials, settings } = company;
    return providerDraft({ code, profile, credentials, settings });
  }

  play(code: string, mode: keyof typeof FAULT_OF | 'healthy'): void {
    this.faults(code, mode === 'healthy' ? {} : { [FAULT_OF[mode]]: 1 });
  }

  faults(code: string, faults: Readonly<Partial<Record<ProviderFault, number>>>): void {
    this.get(ProviderFaults).set(code, { seed: 1, faults });
  }

  /** The payer at the gateway's page. @returns the browser's way back, as a message of ours */
  async visit(start: GatewayStart, action: 'pay' | 'fail' | 'cancel'): Promise<GatewayMessage> {
    const answer = await fetch(start.payUrl, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ action }),
    });
    const { next } = (await answer.json()) as { next: { url: string } };
    const query = Object.fromEntries(new URL(next.url).searchParams);
    return { way: 'return', query, headers: {}, rawBody: Buffer.alloc(0), receivedAt: Date.now() };
  }

  /** What a company's own books have of an order. */
  took(code: string, orderNo: string): { payments: number; takenPaisa: bigint } {
    const all = this.get(ProviderBook).payments(code);
    const mine = all.filter((payment) => payment.orderNo === orderNo);
    return { payments: mine.length, takenPaisa: mine.reduce((sum, { amountPaisa }) => sum + amountPaisa, 0n) };
  }

  /** A part of the sandbox. */
  get<Part>(part: { readonly prototype: Part }): Part {
    return this.app.get(part as unknown as new () => Part);
  }

  async close(): Promise<void> {
    await this.app.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
