import type { ClientReadableStream } from '@grpc/grpc-js';
import type { TokenLogReader, TokenLogStatus } from '@vend/vending';
import { z } from 'zod';
import { connect, type TokenServerAccess, type Unary } from './channel';
import { TokenServerProtocolError } from './wire';

interface Calls {
  getStatus: Unary<object, unknown>;
  readAuditLog(question: { fromLine: string; limit: string }): ClientReadableStream<unknown>;
}

const STATUS_WITHIN_MS = 10_000;
const status = z.object({ auditLines: z.string().regex(/^\d+$/), auditPublicKey: z.string().min(40).max(80) });
const block = z.object({ lines: z.array(z.string()) });

/** The audit log of a token server, read with the certificate of an auditor. */
export class GrpcTokenLog implements TokenLogReader {
  readonly address: string;
  private readonly client: ReturnType<typeof connect<Calls>>;

  constructor(access: TokenServerAccess) {
    this.address = access.address;
    this.client = connect<Calls>(access);
  }

  async status(): Promise<TokenLogStatus> {
    const answer = await new Promise((resolve, reject) => {
      this.client.getStatus({}, { deadline: Date.now() + STATUS_WITHIN_MS }, (error, value) =>
        error ? reject(error) : resolve(value),
      );
    });
    const parsed = status.safeParse(answer);
    if (!parsed.success) throw new TokenServerProtocolError('a status without an audit log');
    return { lines: Number(parsed.data.auditLines), publicKey: parsed.data.auditPublicKey };
  }

  /** Blocks come no faster than they are taken. */
  async *read(fromLine: number): AsyncGenerator<readonly string[]> {
    const stream = this.client.readAuditLog({ fromLine: String(fromLine), limit: '0' });
    try {
      for await (const answer of stream as AsyncIterable<unknown>) yield block.parse(answer).lines;
    } finally {
      stream.cancel();
    }
  }

  /** Ends the connection. */
  close(): void {
    this.client.close();
  }
}
