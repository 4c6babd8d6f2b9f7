import type { CreditTokenOutcome, CreditTokenRequest, MeterKeyConfig } from '@vend/vending';
import { z } from 'zod';

/** `vend.token.v1.MeterKey` as proto-loader takes it. */
export interface WireMeterKey {
  meterPan: string;
  ea: number;
  tct: number;
  sgc: string;
  krn: number;
  ti: string;
  kt: number;
  ken: number;
  baseDate: number;
}

/** `vend.token.v1.CreditRequest` as proto-loader takes it. */
export interface WireCreditRequest {
  requestId: string;
  meter: WireMeterKey;
  subclass: number;
  tid: number;
  rnd: number;
  /** 64 bits, as decimal digits: a JavaScript number would round. */
  amountUnits: string;
}

const int64 = z.string().regex(/^-?\d{1,19}$/);
const outcome = z.object({
  requestId: z.string(),
  ok: z.object({ tokenDec: z.string().regex(/^\d{20}$/), creditedUnits: int64, sampleTables: z.boolean() }).nullish(),
  error: z.object({ code: z.string().min(1), retryable: z.boolean() }).nullish(),
});

/** The server's answer does not fit the question: a fault of one of the two programs, not of the network. */
export class TokenServerProtocolError extends Error {
  override readonly name = 'TokenServerProtocolError';
}

export function toWire(request: CreditTokenRequest): WireCreditRequest {
  return {
    requestId: request.requestId,
    meter: meterToWire(request.meter),
    subclass: request.subclass,
    tid: request.tid,
    rnd: request.rnd,
    amountUnits: request.amountUnits.toString(),
  };
}

export function meterToWire(meter: MeterKeyConfig): WireMeterKey {
  return {
    meterPan: meter.pan,
    ea: Number(meter.ea),
    tct: Number(meter.tct),
    sgc: meter.sgc,
    krn: meter.krn,
    ti: meter.ti,
    kt: meter.kt,
    ken: meter.ken,
    baseDate: meter.baseDate,
  };
}

/**
 * One outcome for each request, in their order. Nothing is taken on trust: a token for another request, or
 * one that credits less than was asked, would be sold to the wrong customer or short.
 *
 * @throws {TokenServerProtocolError} naming what does not fit, without the token
 */
export function fromWire(requests: readonly CreditTokenRequest[], answers: unknown): CreditTokenOutcome[] {
  if (!Array.isArray(answers) || answers.length !== requests.length) {
    throw new TokenServerProtocolError('the number of outcomes is not that of the requests');
  }
  return requests.map((request, i) => {
    const parsed = outcome.safeParse(answers[i]);
    if (!parsed.success) throw new TokenServerProtocolError('an outcome is malformed');
    const { requestId, ok, error } = parsed.data;
    if (requestId !== request.requestId) throw new TokenServerProtocolError('an outcome is of another request');
    if (ok && !error) {
      const creditedUnits = BigInt(ok.creditedUnits);
      if (creditedUnits < request.amountUnits) throw new TokenServerProtocolError('a token credits too little');
      return { requestId, ok: true, digits: ok.tokenDec, creditedUnits, sampleTables: ok.sampleTables };
    }
    if (error && !ok) return { requestId, ok: false, code: error.code, retryable: error.retryable };
    throw new TokenServerProtocolError('an outcome is neither token nor refusal');
  });
}
