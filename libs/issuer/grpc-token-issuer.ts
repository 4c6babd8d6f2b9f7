import { status } from '@grpc/grpc-js';
import type { CallOptions, ServiceError } from '@grpc/grpc-js';
import { TokenServerUnavailable } from '@vend/vending';
import type {
  CreditTokenOutcome,
  CreditTokenRequest,
  ManagementTokenOutcome,
  ManagementTokenRequest,
  TokenIssuer,
} from '@vend/vending';
import { CircuitBreaker } from './circuit-breaker';
import { connect } from './channel';
import type { TokenServerAccess, Unary } from './channel';
import { managementFromWire, managementToWire, type WireManagementRequest } from './management.wire';
import { tokenServerStatusFromWire, type TokenServerStatus } from './status.wire';
import { fromWire, toWire, TokenServerProtocolError } from './wire';
import type { WireCreditRequest } from './wire';

export interface TokenIssuerOptions extends TokenServerAccess {
  /** A rising clock in milliseconds, for the breaker; default performance.now. */
  readonly now?: () => number;
}

const GROUP_LIMIT = 1024;
const BREAKER_OPEN_MS = 1_000;
interface Calls {
  issueCredit: Unary<{ requests: WireCreditRequest[] }, { outcomes: unknown }>;
  issueManagement: Unary<{ requests: WireManagementRequest[] }, { outcomes: unknown }>;
  getStatus: Unary<object, unknown>;
}

/**
 * Vending's TokenIssuer over gRPC: a group of requests is one call.
 *
 * @example const issuer = new GrpcTokenIssuer({ address: '127.0.0.1:7443', caFile, certFile, keyFile });
 *          const [outcome] = await issuer.issueCredit([request], 500);
 */
export class GrpcTokenIssuer implements TokenIssuer {
  private readonly client: ReturnType<typeof connect<Calls>>;
  private readonly breaker: CircuitBreaker;

  constructor(options: TokenIssuerOptions) {
    this.client = connect<Calls>(options);
    this.breaker = new CircuitBreaker({
      openMs: BREAKER_OPEN_MS,
      missedDeadlines: 3,
      now: options.now ?? (() => performance.now()),
    });
  }

  /**
   * @param deadlineMs from now; after it nobody waits any longer, and the same requests may be made again
   * @throws {TokenServerUnavailable} not reached, not in time, or refused as a whole call
   * @throws {TokenServerProtocolError} an answer that does not fit the question
   * @throws {RangeError} more than 1024 requests
   */
  async issueCredit(requests: readonly CreditTokenRequest[], deadlineMs: number): Promise<CreditTokenOutcome[]> {
    if (requests.length === 0) return [];
    if (requests.length > GROUP_LIMIT) throw new RangeError(`a group has at most ${GROUP_LIMIT} requests`);
    const question = { requests: requests.map(toWire) };
    const answer = await this.call<{ outcomes: unknown }>(
      (options, done) => this.client.issueCredit(question, options, done),
      deadlineMs,
    );
    return fromWire(requests, answer.outcomes);
  }

  /** Management tokens; what is thrown and what is waited for as for credit. */
  async issueManagement(
    requests: readonly ManagementTokenRequest[],
    deadlineMs: number,
  ): Promise<ManagementTokenOutcome[]> {
    if (requests.length === 0) return [];
    if (requests.length > GROUP_LIMIT) throw new RangeError(`a group has at most ${GROUP_LIMIT} requests`);
    const question = { requests: requests.map(managementToWire) };
    const answer = await this.call<{ outcomes: unknown }>(
      (options, done) => this.client.issueManagement(question, options, done),
      deadlineMs,
    );
    return managementFromWire(requests, answer.outcomes);
  }

  /** How the server stands, and which vending keys it holds. @throws as above */
  async status(deadlineMs: number): Promise<TokenServerStatus> {
    const answer = await this.call<unknown>((options, done) => this.client.getStatus({}, options, done), deadlineMs);
    return tokenServerStatusFromWire(answer);
  }

  /** Ends the connection; calls under way are cancelled. */
  close(): void {
    this.client.close();
  }

  private call<Answer>(
    send: (options: CallOptions, done: (error: ServiceError | null, answer?: Answer) => void) => void,
    deadlineMs: number,
  ): Promise<Answer> {
    if (!this.breaker.admits()) {
      return Promise.reject(new TokenServerUnavailable('token server away a moment ago; not asked again yet'));
    }
    return new Promise((resolve, reject) => {
      send({ deadline: Date.now() + deadlineMs }, (error, answer) => {
        if (error) return reject(this.failureOf(error));
        this.breaker.succeeded();
        if (answer === undefined) return reject(new TokenServerProtocolError('an empty answer'));
        resolve(answer);
      });
    });
  }

  private failureOf(error: ServiceError): Error {
    const [code] = error.metadata?.get('vend-error-code') ?? [];
    const name = `${status[error.code] ?? error.code}${code === undefined ? '' : ` (${code.toString()})`}`;
    if (error.code === status.INVALID_ARGUMENT) {
      // The server is there and read the call: the fault is in the call.
      this.breaker.succeeded();
      return new TokenServerProtocolError(`token server: ${name}`, { cause: error });
    }
    if (error.code === status.DEADLINE_EXCEEDED) this.breaker.deadlineMissed();
    else this.breaker.connectionFailed();
    return new TokenServerUnavailable(`token server: ${name}`, { cause: error });
  }
}
