import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import type { TokenCallParts } from '../calls/token-calls';
import type { TokenServerConfig } from '../config';
import { CONFIG, PARTS } from '../tokens';
import { Figures } from './figures';

/**
 * /metrics and /healthz for this machine: on the loopback address, without TLS, and without anything that a stranger
 * could use. Health means that a token could be made now: keys are open and the journal takes lines.
 */
@Injectable()
export class OperationsServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: Server | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: TokenServerConfig,
    @Inject(PARTS) private readonly parts: TokenCallParts,
    private readonly figures: Figures,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.metricsPort === null) return;
    this.watch();
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.config.metricsPort!, '127.0.0.1', resolve);
    });
  }

  beforeApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private watch(): void {
    const { journal, module, use, now } = this.parts;
    collectDefaultMetrics({ register: this.figures.registry });
    this.figures.gauge('vend_token_server_audit_lines', 'Lines of the audit log', () => journal.status().lines);
    this.figures.gauge('vend_token_server_journal_available', '1 while the audit log can be written', () =>
      Number(journal.status().available),
    );
    this.figures.gauge('vend_token_server_vending_keys', 'Vending keys opened', () => module.keys().length);
    this.figures.gauge('vend_token_server_day_requests', 'Requests served today (Dhaka), by caller', () =>
      [...use.today(now())].map(([caller, { requests }]) => [caller, requests]),
    );
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/metrics') {
      response.setHeader('content-type', this.figures.registry.contentType);
      response.end(await this.figures.registry.metrics());
    } else if (request.url === '/healthz') {
      const journal = this.parts.journal.status().available;
      const keys = this.parts.module.keys().length;
      response.statusCode = journal && keys > 0 ? 200 : 503;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ journal: journal ? 'available' : 'unavailable', keys }));
    } else {
      response.statusCode = 404;
      response.end();
    }
  }
}
