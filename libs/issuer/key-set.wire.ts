import type { KeySet, KeySetOutcome, KeySetRequest, VendingKeyFacts } from '@vend/vending';
import { z } from 'zod';
import { meterToWire, TokenServerProtocolError, type WireMeterKey } from './wire';

/** `vend.token.v1.KeyChangeRequest` as proto-loader takes it. */
export interface WireKeyChangeRequest {
  requestId: string;
  meter: WireMeterKey;
  target: { sgc: string; krn: number; ti: string; kt: number };
  withSupplyGroup: boolean;
}

const kcv = z.string().regex(/^[0-9A-F]{6}$/);
const keyChangeSet = z.object({
  tokenDec: z
    .array(z.string().regex(/^\d{20}$/))
    .min(2)
    .max(4),
  after: z.object({
    sgc: z.string(),
    krn: z.number(),
    ti: z.string(),
    kt: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
    ken: z.number().int().min(0).max(255),
    baseDate: z.union([z.literal(1993), z.literal(2014), z.literal(2035)]),
  }),
  rollover: z.boolean(),
  fromVkKcv: kcv,
  toVkKcv: kcv,
  sampleTables: z.boolean(),
});
const outcome = z.object({
  requestId: z.string(),
  ok: keyChangeSet.nullish(),
  error: z.object({ code: z.string().min(1), retryable: z.boolean() }).nullish(),
});
const statusKeys = z.object({
  modules: z.array(
    z.object({
      keys: z.array(
        z.object({
          sgc: z.string(),
          krn: z.number(),
          kind: z.string(),
          baseDate: z.number(),
          ken: z.number(),
          state: z.string(),
        }),
      ),
    }),
  ),
});

export function keySetToWire({ requestId, meter, target, withSupplyGroup }: KeySetRequest): WireKeyChangeRequest {
  const { sgc, krn, ti, kt } = target;
  return { requestId, meter: meterToWire(meter), target: { sgc, krn, ti, kt }, withSupplyGroup };
}

/**
 * One outcome for each request, in their order. A set for another meter's request, or to another key than was asked
 * for, would lock its meter out: nothing is taken on trust.
 *
 * @throws {TokenServerProtocolError} naming what does not fit, without the tokens
 */
export function keySetsFromWire(requests: readonly KeySetRequest[], answers: unknown): KeySetOutcome[] {
  if (!Array.isArray(answers) || answers.length !== requests.length) {
    throw new TokenServerProtocolError('the number of outcomes is not that of the requests');
  }
  return requests.map((request, i) => {
    const parsed = outcome.safeParse(answers[i]);
    if (!parsed.success) throw new TokenServerProtocolError('an outcome is malformed');
    const { requestId, ok, error } = parsed.data;
    if (requestId !== request.requestId) throw new TokenServerProtocolError('an outcome is of another request');
    if (ok && !error) return { requestId, ok: true, set: setOf(request, ok) };
    if (error && !ok) return { requestId, ok: false, code: error.code, retryable: error.retryable };
    throw new TokenServerProtocolError('an outcome is neither set nor refusal');
  });
}

function setOf({ meter, target, withSupplyGroup }: KeySetRequest, wire: z.output<typeof keyChangeSet>): KeySet {
  const { tokenDec: tokens, after, rollover, fromVkKcv: fromKcv, toVkKcv: toKcv, sampleTables } = wire;
  const sections = meter.ea === '11' ? 4 : withSupplyGroup ? 3 : 2;
  const goesThere = (['sgc', 'krn', 'ti', 'kt'] as const).every((name) => after[name] === target[name]);
  if (tokens.length !== sections) throw new TokenServerProtocolError('a set has another number of sections');
  if (!goesThere) throw new TokenServerProtocolError('a set goes to another key');
  if (rollover !== (after.baseDate !== meter.baseDate)) {
    throw new TokenServerProtocolError('a set rolls over without another base date, or does not');
  }
  return { tokens, after, rollover, fromKcv, toKcv, sampleTables };
}

/** The vending keys out of a status. @throws {TokenServerProtocolError} */
export function vendingKeysFromWire(answer: unknown): VendingKeyFacts[] {
  const parsed = statusKeys.safeParse(answer);
  if (!parsed.success) throw new TokenServerProtocolError('a status is malformed');
  return parsed.data.modules.flatMap(({ keys }) => keys);
}
