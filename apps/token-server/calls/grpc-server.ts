import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type {
  handleUnaryCall,
  sendUnaryData,
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
  StatusObject,
} from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Method } from '../callers/caller-policy';
import type { TokenServerConfig } from '../config';
import { refusalToWire } from '../token-server.errors';
import { CONFIG, LOGGER } from '../tokens';
import type { WireGroup } from '../wire/requests';
import { answerInOrder } from './bulk';
import type { BulkPiece } from './bulk';
import { CallerNames } from './caller-of';
import type { PeerCall } from './caller-of';
import { tokenServerDefinition } from './service';
import { internalStatus, statusOf } from './status';
import { TokenCalls } from './token-calls';
import type { AuditLogRequest, Caller } from './token-calls';

const MESSAGE_LIMIT_BYTES = 1024 * 1024;
const OPTIONS = {
  // A group of 1024 is about 120 kB.
  'grpc.max_receive_message_length': MESSAGE_LIMIT_BYTES,
  'grpc.max_send_message_length': MESSAGE_LIMIT_BYTES,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.max_concurrent_streams': 256,
  'grpc.so_reuseport': 0,
  // Nobody asks for grpc's own book-keeping of every call; ours is in the figures.
  'grpc.enable_channelz': 0,
} as const;

/**
 * gRPC over mutual TLS, with grpc-js itself: Nest's transport cannot hand a stream's back-pressure or a status with
 * metadata through, and costs more than the tokens (docs/adr/0012). Nobody without a certificate of our authority gets
 * as far as a method.
 */
@Injectable()
export class GrpcServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server = new Server(OPTIONS);
  private readonly names = new CallerNames();

  constructor(
    @Inject(CONFIG) private readonly config: TokenServerConfig,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly calls: TokenCalls,
  ) {}

  /** @throws when a TLS file cannot be read or the address is taken */
  async onApplicationBootstrap(): Promise<void> {
    const { calls } = this;
    this.server.addService(tokenServerDefinition(), {
      IssueCredit: this.unary('IssueCredit', (caller, group: WireGroup) => calls.issue(caller, 'IssueCredit', group)),
      IssueManagement: this.unary('IssueManagement', (caller, group: WireGroup) =>
        calls.issue(caller, 'IssueManagement', group),
      ),
      IssueKeyChange: this.unary('IssueKeyChange', (caller, group: WireGroup) =>
        calls.issue(caller, 'IssueKeyChange', group),
      ),
      FetchResult: this.unary('FetchResult', (caller, request: { requestId: string }) =>
        calls.fetchResult(caller, request),
      ),
      Verify: this.unary('Verify', (caller, request: Parameters<TokenCalls['verify']>[1]) =>
        calls.verify(caller, request),
      ),
      GetStatus: this.unary('GetStatus', (caller) => calls.getStatus(caller)),
      ReadAuditLog: (call: ServerWritableStream<AuditLogRequest, { lines: string[] }>) => void this.readAuditLog(call),
      BulkIssue: (call: ServerDuplexStream<BulkPiece, Buffer>) => void this.bulkIssue(call),
    });
    await this.listen();
  }

  /** Calls under way are answered, new ones are not taken. */
  beforeApplicationShutdown(): Promise<void> {
    return new Promise((resolve) => this.server.tryShutdown(() => resolve()));
  }

  private listen(): Promise<void> {
    const { caFile, certFile, keyFile } = this.config.tls;
    const pair = { private_key: readFileSync(keyFile), cert_chain: readFileSync(certFile) };
    const credentials = ServerCredentials.createSsl(readFileSync(caFile), [pair], true);
    return new Promise((resolve, reject) => {
      this.server.bindAsync(this.config.address, credentials, (error) => (error ? reject(error) : resolve()));
    });
  }

  private callerOf(call: PeerCall): Caller {
    return this.calls.callerOf(this.names.of(call));
  }

  private unary<Request, Answer>(
    method: Method,
    handle: (caller: Caller, request: Request) => Promise<Answer> | Answer,
  ): handleUnaryCall<Request, Answer> {
    return (call: ServerUnaryCall<Request, Answer>, done: sendUnaryData<Answer>): void => {
      const startedMs = performance.now();
      const end = (error: StatusObject | null, answer?: Answer): void => {
        this.calls.called(method, error, performance.now() - startedMs);
        if (error) done(error);
        else done(null, answer);
      };
      try {
        const answer = handle(this.callerOf(call), call.request);
        if (!(answer instanceof Promise)) return end(null, answer);
        answer.then(
          (value) => end(null, value),
          (error: unknown) => end(this.failureOf(error, method)),
        );
      } catch (error) {
        end(this.failureOf(error, method));
      }
    };
  }

  private async bulkIssue(call: ServerDuplexStream<BulkPiece, Buffer>): Promise<void> {
    const startedMs = performance.now();
    const failure = await this.streamed(call, 'BulkIssue', async () => {
      const caller = this.callerOf(call);
      this.calls.admit(caller, 'BulkIssue');
      await answerInOrder(call as never, (piece) => this.calls.issuePiece(caller, piece));
    });
    this.calls.called('BulkIssue', failure, performance.now() - startedMs);
  }

  private async readAuditLog(call: ServerWritableStream<AuditLogRequest, { lines: string[] }>): Promise<void> {
    const startedMs = performance.now();
    const gone = new AbortController();
    for (const end of ['cancelled', 'close']) call.on(end, () => gone.abort());
    const failure = await this.streamed(call, 'ReadAuditLog', async () => {
      const caller = this.callerOf(call);
      for await (const lines of this.calls.readAuditLog(caller, call.request)) {
        if (gone.signal.aborted) return;
        if (!call.write({ lines })) await once(call, 'drain', { signal: gone.signal });
      }
    });
    this.calls.called('ReadAuditLog', failure, performance.now() - startedMs);
  }

  /** Runs a stream to its end, good or bad; answers the status of a bad one. */
  private async streamed(
    call: ServerDuplexStream<BulkPiece, Buffer> | ServerWritableStream<AuditLogRequest, { lines: string[] }>,
    method: Method,
    run: () => Promise<void>,
  ): Promise<StatusObject | null> {
    try {
      await run();
      call.end();
      return null;
    } catch (error) {
      if (call.cancelled || call.destroyed) return null;
      const failure = this.failureOf(error, method);
      call.emit('error', failure);
      return failure;
    }
  }

  private failureOf(error: unknown, method: Method): StatusObject {
    const refusal = refusalToWire(error);
    if (refusal) {
      this.log.warn({ method, code: refusal.code }, 'call refused');
      return statusOf(refusal);
    }
    this.log.error({ method, err: error }, 'call failed');
    return internalStatus();
  }
}
