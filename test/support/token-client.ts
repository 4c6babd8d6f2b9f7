/** A caller of the token server as proto/vend/token/v1 describes it, without our own client: every method, any message. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import type {
  ClientDuplexStream,
  ClientReadableStream,
  MethodDefinition,
  ServiceClientConstructor,
  ServiceDefinition,
  ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { MeterKeyConfig } from '@vend/vending';
import type { TlsFiles } from './certificates';
import { findRoot } from '../../docker/launcher/layout';

/** Messages are read and written as proto-loader has them; 64-bit numbers are decimal strings. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it expects
type Message = any;

type Raw = {
  close(): void;
  waitForReady(deadline: number, done: (error?: Error) => void): void;
  bulkIssue(options?: object): ClientDuplexStream<Message, Message>;
  readAuditLog(request: object): ClientReadableStream<{ lines: string[] }>;
} & Record<
  string,
  (request: object, options: object, done: (error: ServiceError | null, answer: Message) => void) => void
>;

const DEADLINE_MS = 20_000;
const PROTO = join(findRoot(__dirname), 'proto');
const definition = loadSync('vend/token/v1/token_server.proto', {
  includeDirs: [PROTO],
  longs: String,
  defaults: true,
  arrays: true,
});

/** Every method of the token server, for a server that a test writes itself. */
export const tokenServerMethods = definition['vend.token.v1.TokenServer'] as ServiceDefinition;

/** How a piece of a bulk order is written, for a caller that speaks HTTP/2 itself. */
export const bulkIssue = tokenServerMethods['BulkIssue'] as MethodDefinition<object, object>;

/** What a whole call was refused with. */
export function codeOfCall(error: unknown): string {
  const [code] = (error as ServiceError).metadata?.get('vend-error-code') ?? [];
  return code?.toString() ?? `status ${(error as ServiceError).code}`;
}

export class TokenClient {
  private readonly raw: Raw;

  constructor(address: string, { caFile, keyFile, certFile }: TlsFiles) {
    const { vend } = loadPackageDefinition(definition) as unknown as {
      vend: { token: { v1: { TokenServer: ServiceClientConstructor } } };
    };
    const tls = credentials.createSsl(readFileSync(caFile), readFileSync(keyFile), readFileSync(certFile));
    this.raw = new vend.token.v1.TokenServer(address, tls, {
      'grpc-node.flow_control_window': 512 * 1024,
      'grpc.enable_channelz': 0,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 300,
    }) as unknown as Raw;
  }

  /** @throws {ServiceError} */
  call(method: string, message: object, deadlineMs = DEADLINE_MS): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.raw[method]!(message, { deadline: Date.now() + deadlineMs }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
  }

  bulk(): ClientDuplexStream<Message, Message> {
    return this.raw.bulkIssue();
  }

  async auditLines(fromLine = 1, limit = 0): Promise<string[]> {
    const lines: string[] = [];
    for await (const block of this.raw.readAuditLog({ fromLine, limit }) as AsyncIterable<{ lines: string[] }>) {
      lines.push(...block.lines);
    }
    return lines;
  }

  close(): void {
    this.raw.close();
  }
}

/** vend.token.v1.MeterKey */
export function meterMessage(meter: MeterKeyConfig): object {
  const { pan, ea, tct, sgc, krn, ti, kt, ken, baseDate } = meter;
  return { meterPan: pan, ea: Number(ea), tct: Number(tct), sgc, krn, ti, kt, ken, baseDate };
}
