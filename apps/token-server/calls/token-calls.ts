import { Inject, Injectable } from '@nestjs/common';
import type { StatusObject } from '@grpc/grpc-js';
import { DomainError } from '@vend/kernel';
import type { Logger } from 'pino';
import type { CallerRules, Method } from '../callers/caller-policy';
import type { CurrentPolicy } from '../callers/current-policy';
import type { RefusalLines } from '../callers/refusal-lines';
import { GROUP_LIMIT, Issuance } from '../issuing/issuance';
import type { IssuanceParts } from '../issuing/issuance';
import { isRequestId, meterFromWire } from '../issuing/meter';
import { Figures } from '../operations/figures';
import { statusReport } from '../status-report';
import type { WireStatus } from '../status-report';
import { refusalToWire, wireError } from '../token-server.errors';
import type { TokenServerErrorCode } from '../token-server.errors';
import { LOGGER, PARTS } from '../tokens';
import { encodeBulkPiece, encodeFetched, encodeOutcomes } from '../wire/answers';
import type { IssueKind, WireTokenError } from '../wire/answers';
import type { WireGroup, WireMeterKey } from '../wire/requests';
import { NOBODY, rulesFor } from './caller-of';
import { CODE_METADATA } from './status';

/** Everything behind the calls, opened before anything listens. */
export interface TokenCallParts extends IssuanceParts {
  readonly policy: CurrentPolicy;
}

/** Who is calling, by the name in its certificate. */
export interface Caller {
  readonly name: string;
}

/** From where to read, and how much at most; decimal digits, 0 for no limit. */
export interface AuditLogRequest {
  readonly fromLine: string;
  readonly limit: string;
}

interface WireVerifyRequest {
  requestId: string;
  meter: WireMeterKey | null;
  tokenDec: string;
}

interface WireReading {
  tokenClass: number;
  subclass: number;
  tid: number;
  amountUnits: string;
  sampleTables: boolean;
}

const METHOD_OF: Readonly<Record<IssueKind, Method>> = {
  credit: 'IssueCredit',
  management: 'IssueManagement',
  'key-change': 'IssueKeyChange',
};
const LOGGED: Readonly<Record<IssueKind, string>> = {
  credit: 'credit issued',
  management: 'management tokens issued',
  'key-change': 'key changes issued',
};
/** Lines in one message of ReadAuditLog: at most about 200 kB. */
const LINES_IN_MESSAGE = 256;

/** The calls of vend.token.v1.TokenServer: who may, ask, count, log. No rule about tokens lives here. */
@Injectable()
export class TokenCalls {
  private readonly issuance: Issuance;
  private readonly refusalLines: RefusalLines;

  constructor(
    @Inject(PARTS) private readonly parts: TokenCallParts,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly figures: Figures,
  ) {
    this.issuance = new Issuance(parts);
    this.refusalLines = parts.refusalLines;
  }

  callerOf(name: string): Caller {
    return { name };
  }

  /** @throws {DomainError} `unknown-caller`, `not-permitted`; written down and counted */
  admit(caller: Caller, method: Method): CallerRules {
    try {
      return rulesFor(this.parts.policy.current, caller.name, method);
    } catch (error) {
      if (error instanceof DomainError) this.noteStranger(caller, method, (error as DomainError).code);
      throw error;
    }
  }

  async issue(caller: Caller, method: Method, group: WireGroup): Promise<Buffer> {
    const startedMs = performance.now();
    const rules = this.admit(caller, method);
    const outcomes = await this.issueGroup(rules, group);
    const refusals: Record<string, string> = {};
    const requestIds: string[] = [];
    for (const { requestId, error } of outcomes) {
      const id = isRequestId(requestId) ? requestId : '(malformed)';
      if (error) refusals[id] = error.code;
      else requestIds.push(id);
    }
    const tookMs = Math.round((performance.now() - startedMs) * 1000) / 1000;
    this.log.info({ caller: caller.name, requestIds, refusals, tookMs }, LOGGED[group.kind]);
    return encodeOutcomes(outcomes);
  }

  /** One piece of a bulk order; too many of them for a line in the log each. */
  async issuePiece(caller: Caller, piece: WireGroup): Promise<Buffer> {
    const rules = this.admit(caller, METHOD_OF[piece.kind]);
    return encodeBulkPiece(piece.kind, await this.issueGroup(rules, piece));
  }

  private async issueGroup(rules: CallerRules, group: WireGroup) {
    const { length } = group.requests;
    if (length === 0 || length > GROUP_LIMIT) throw new DomainError<TokenServerErrorCode>('group-size');
    const { outcomes, repeated } = await this.issuance.issue(rules, group);
    this.figures.issued(rules.name, group.kind, outcomes, repeated);
    return outcomes;
  }

  fetchResult(caller: Caller, { requestId }: { requestId: string }): Buffer {
    this.admit(caller, 'FetchResult');
    const found = isRequestId(requestId) ? this.parts.journal.lookup(caller.name, requestId) : undefined;
    if (!found) return encodeFetched(wireError('result-not-found'));
    const kind = found.content.slice(0, found.content.indexOf('|')) as IssueKind;
    return encodeFetched({ kind, answer: found.answer });
  }

  async verify(
    caller: Caller,
    request: WireVerifyRequest,
  ): Promise<{ requestId: string; ok?: WireReading; error?: WireTokenError }> {
    this.admit(caller, 'Verify');
    const { requestId } = request;
    if (!isRequestId(requestId)) throw new DomainError('request-malformed', { field: 'request_id' });
    try {
      const meter = meterFromWire(request.meter);
      const reading = await this.parts.module.verify(meter, request.tokenDec);
      this.log.info({ requestId }, 'token verified');
      const sampleTables = meter.ea === '07' && this.parts.tables.kind === 'iec-sample';
      return { requestId, ok: { ...reading, amountUnits: reading.amountUnits.toString(), sampleTables } };
    } catch (error) {
      const refusal = refusalToWire(error);
      if (!refusal) throw error;
      this.log.info({ requestId, code: refusal.code }, 'token not verified');
      return { requestId, error: refusal };
    }
  }

  /** Blocks of whole lines. */
  async *readAuditLog(caller: Caller, request: AuditLogRequest): AsyncGenerator<string[]> {
    this.admit(caller, 'ReadAuditLog');
    const limit = Number(request.limit);
    const from = Math.max(1, Number(request.fromLine));
    for await (const lines of this.parts.journal.read(from, limit === 0 ? undefined : limit)) {
      for (let at = 0; at < lines.length; at += LINES_IN_MESSAGE) yield lines.slice(at, at + LINES_IN_MESSAGE);
    }
  }

  getStatus(caller: Caller): WireStatus {
    this.admit(caller, 'GetStatus');
    const { module, tables, journal, now } = this.parts;
    return statusReport({ module, tables, journal: journal.status(), counts: this.figures.totals, nowMs: now() });
  }

  /** Counts a call that is over. */
  called(method: Method, failure: StatusObject | null, tookMs: number): void {
    const code = failure?.metadata.get(CODE_METADATA)[0]?.toString() ?? (failure ? 'internal' : 'ok');
    this.figures.called(method, code, tookMs / 1000);
  }

  /** A line for whoever tried a door that is not theirs; the call is refused whether or not it can be written. */
  private noteStranger(caller: Caller, method: Method, code: string): void {
    this.figures.refusedCall(code);
    const detail = this.refusalLines.admit(caller.name, this.parts.now());
    if (!detail) return;
    const requestId = '-';
    const name = caller.name === NOBODY ? 'nobody' : caller.name;
    const line = { caller: name, requestId, kind: 'refusal', outcome: code, detail: { ...detail, method } } as const;
    this.parts.journal.append([line]).catch((error: unknown) => {
      this.log.error({ err: error, code }, 'a refusal could not be written into the audit log');
    });
  }
}
