import type { ManagementTokenOutcome, ManagementTokenRequest } from '@vend/vending';
import { z } from 'zod';
import { meterToWire, TokenServerProtocolError, type WireMeterKey } from './wire';

/** `vend.token.v1.ManagementRequest` as proto-loader takes it: one of the commands, 64-bit numbers as digits. */
export interface WireManagementRequest {
  requestId: string;
  meter?: WireMeterKey;
  setMaximumPowerLimitWatts?: string;
  clearCreditRegister?: number;
  clearTamperCondition?: object;
  setMaximumPhasePowerUnbalanceLimitWatts?: string;
  testDisplay?: { subclass: number; manufacturer: number; control: string };
  tid?: number;
  rnd?: number;
}

const outcome = z.object({
  requestId: z.string(),
  ok: z
    .object({
      tokenDec: z.string().regex(/^\d{20}$/),
      tokenClass: z.number(),
      subclass: z.number().int().min(0).max(15),
      value: z.string().regex(/^\d{1,19}$/),
      sampleTables: z.boolean(),
    })
    .nullish(),
  error: z.object({ code: z.string().min(1), retryable: z.boolean() }).nullish(),
});

export function managementToWire(request: ManagementTokenRequest): WireManagementRequest {
  const { requestId } = request;
  if (request.kind === 'test-display') {
    const { subclass, manufacturer, control } = request;
    return { requestId, testDisplay: { subclass, manufacturer, control: control.toString() } };
  }
  const { tid, rnd, value } = request;
  const common = { requestId, meter: meterToWire(request.meter), tid, rnd };
  switch (request.kind) {
    case 'max-power-limit':
      return { ...common, setMaximumPowerLimitWatts: value.toString() };
    case 'clear-credit':
      return { ...common, clearCreditRegister: Number(value) };
    case 'clear-tamper':
      return { ...common, clearTamperCondition: {} };
    case 'phase-unbalance-limit':
      return { ...common, setMaximumPhasePowerUnbalanceLimitWatts: value.toString() };
  }
}

/**
 * One outcome for each request, in their order. A token of another class than was asked for, or a limit below the one
 * asked for, is not believed: a meter would be told something else.
 *
 * @throws {TokenServerProtocolError} naming what does not fit, without the token
 */
export function managementFromWire(
  requests: readonly ManagementTokenRequest[],
  answers: unknown,
): ManagementTokenOutcome[] {
  if (!Array.isArray(answers) || answers.length !== requests.length) {
    throw new TokenServerProtocolError('the number of outcomes is not that of the requests');
  }
  return requests.map((request, i) => {
    const parsed = outcome.safeParse(answers[i]);
    if (!parsed.success) throw new TokenServerProtocolError('an outcome is malformed');
    const { requestId, ok, error } = parsed.data;
    if (requestId !== request.requestId) throw new TokenServerProtocolError('an outcome is of another request');
    if (error && !ok) return { requestId, ok: false, code: error.code, retryable: error.retryable };
    if (!ok || error) throw new TokenServerProtocolError('an outcome is neither token nor refusal');
    const value = BigInt(ok.value);
    if (ok.tokenClass !== (request.kind === 'test-display' ? 1 : 2) || ok.subclass !== subclassOf(request)) {
      throw new TokenServerProtocolError('a token of another kind');
    }
    const fits = request.kind === 'clear-credit' ? value === request.value : value >= valueOf(request);
    if (!fits) throw new TokenServerProtocolError('a token with another value');
    return { requestId, ok: true, digits: ok.tokenDec, subclass: ok.subclass, value, sampleTables: ok.sampleTables };
  });
}

/** STS subclasses of class 2 (STS.md 5). */
const SUBCLASS = { 'max-power-limit': 0, 'clear-credit': 1, 'clear-tamper': 5, 'phase-unbalance-limit': 6 } as const;

function subclassOf(request: ManagementTokenRequest): number {
  return request.kind === 'test-display' ? request.subclass : SUBCLASS[request.kind];
}

function valueOf(request: ManagementTokenRequest): bigint {
  return request.kind === 'test-display' ? 0n : request.value;
}
