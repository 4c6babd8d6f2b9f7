import { status } from '@grpc/grpc-js';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod, RpcException } from '@nestjs/microservices';
import type { SecurityModule } from '@vend/keystore';
import type { StaTables } from '@vend/sts';
import type { Logger } from 'pino';
import { statusReport } from './status-report';
import type { WireStatus } from './status-report';
import { LOGGER, SECURITY_MODULE, STA_TABLES } from './tokens';
import { creditFromWire, creditToWire, isRequestId, meterFromWire, readingToWire, refusalToWire } from './wire';
import type { WireCreditRequest, WireCreditToken, WireOutcome, WireTokenReading, WireVerifyRequest } from './wire';

const GROUP_LIMIT = 1024;

/** The gRPC methods: translate, ask the security module, count, log. No rule lives here. */
@Controller()
export class TokenController {
  private issued = 0;
  private refused = 0;

  constructor(
    @Inject(SECURITY_MODULE) private readonly module: SecurityModule,
    @Inject(STA_TABLES) private readonly tables: StaTables,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @GrpcMethod('TokenServer', 'IssueCredit')
  async issueCredit(group: { requests: WireCreditRequest[] }): Promise<{ outcomes: WireOutcome<WireCreditToken>[] }> {
    const startedMs = performance.now();
    const { requests } = group;
    if (requests.length === 0 || requests.length > GROUP_LIMIT) {
      throw new RpcException({ code: status.INVALID_ARGUMENT, message: `1 to ${GROUP_LIMIT} requests in a group` });
    }
    const outcomes = await Promise.all(requests.map((request) => this.issueOne(request)));
    this.logGroup(outcomes, performance.now() - startedMs);
    return { outcomes };
  }

  @GrpcMethod('TokenServer', 'Verify')
  async verify(request: WireVerifyRequest): Promise<WireOutcome<WireTokenReading>> {
    const { requestId } = request;
    if (!isRequestId(requestId)) {
      throw new RpcException({ code: status.INVALID_ARGUMENT, message: 'request_id malformed' });
    }
    try {
      const meter = meterFromWire(request.meter);
      const reading = await this.module.verify(meter, request.tokenDec);
      this.log.info({ requestId }, 'token verified');
      return { requestId, ok: readingToWire(reading, this.usesSample(meter.ea)) };
    } catch (error) {
      const refusal = this.refusalOf(error, requestId);
      this.log.info({ requestId, code: refusal.code }, 'token not verified');
      return { requestId, error: refusal };
    }
  }

  @GrpcMethod('TokenServer', 'GetStatus')
  getStatus(): WireStatus {
    return statusReport(this.module, this.tables, { issued: this.issued, refused: this.refused }, Date.now());
  }

  private async issueOne(request: WireCreditRequest): Promise<WireOutcome<WireCreditToken>> {
    const { requestId } = request;
    try {
      const credit = creditFromWire(request);
      const meter = meterFromWire(request.meter);
      const token = await this.module.issueCredit(meter, credit);
      this.issued += 1;
      return { requestId, ok: creditToWire(token, this.usesSample(meter.ea)) };
    } catch (error) {
      const refusal = this.refusalOf(error, requestId);
      this.refused += 1;
      return { requestId, error: refusal };
    }
  }

  /** An error that is no refusal fails the whole call: an unknown state must not look like an answer. */
  private refusalOf(error: unknown, requestId: string) {
    const refusal = refusalToWire(error);
    if (refusal) return refusal;
    this.log.error({ requestId, err: error }, 'the security module failed');
    throw new RpcException({ code: status.INTERNAL, message: 'the security module failed' });
  }

  private usesSample(ea: string): boolean {
    return ea === '07' && this.tables.kind === 'iec-sample';
  }

  private logGroup(outcomes: readonly WireOutcome<WireCreditToken>[], tookMs: number): void {
    const requestIds: string[] = [];
    const refusals: Record<string, string> = {};
    for (const { requestId, error } of outcomes) {
      const id = isRequestId(requestId) ? requestId : '(malformed)';
      if (error) refusals[id] = error.code;
      else requestIds.push(id);
    }
    this.log.info({ requestIds, refusals, tookMs: Math.round(tookMs * 1000) / 1000 }, 'credit issued');
  }
}
