import { DomainError, dhakaMinutesSince, type Id, type InstantMs } from '@vend/kernel';
import { keyChangeRequestId, type DueKeyChange, type MeterState, type VendingMeter } from '@vend/meters';
import { keyChangeTokens, onDueKey } from '../key-change.draft';
import {
  TokenServerUnavailable,
  type CreditTokenRequest,
  type ManagementTokenRequest,
  type TokenIssuer,
} from '../ports';
import type { VendToken } from '../recharge';
import type { NewToken } from '../store/vend.store';
import { nextTid } from '../tid';
import { tokenRefusal } from '../token-refusal';
import { orderRequestId, orderRnd, type OrderPlan, type TokenWish } from './order';

/** A token of an order, numbered: only its digits are missing. */
type NumberedWish = TokenWish & { readonly place: number; readonly made: { tid: number; rnd: number } | null };

/** Everything about an order's tokens that can be said before they are made. */
export interface TokenDraft {
  /** With the key that the tokens are made under. */
  readonly meter: VendingMeter;
  /** The set that goes out first. */
  readonly keyChange: DueKeyChange | null;
  readonly wishes: readonly NumberedWish[];
  readonly lastTid: number;
}

const needsTid = ({ kind }: TokenWish) => kind !== 'test-display';

/**
 * Numbers the tokens of a plan: which key they are made under, and their TIDs, which only rise. The waiting key change
 * goes first as soon as one of them has a TID: it was promised to the meter's next vend.
 *
 * @throws {DomainError} tid-too-far-ahead, tid-exhausted
 */
export function numberTokens(
  orderId: Id,
  { tokens, withKeyChange }: Pick<OrderPlan, 'tokens' | 'withKeyChange'>,
  { meter, state, due }: { meter: VendingMeter; state: MeterState; due: DueKeyChange | undefined },
  { now, maxRunAheadMinutes }: { now: InstantMs; maxRunAheadMinutes: number },
): TokenDraft {
  const keyed =
    withKeyChange || tokens.some(needsTid) ? onDueKey(meter, state, due) : { meter, state, keyChange: null };
  const before = keyed.keyChange?.tokens.length ?? 0;
  const nowTid = dhakaMinutesSince(keyed.meter.keys.baseDate, now);
  let { lastTid } = keyed.state;
  const wishes = tokens.map((wish, index): NumberedWish => {
    const place = before + index + 1;
    if (!needsTid(wish)) return { ...wish, place, made: null };
    lastTid = nextTid(lastTid, nowTid, maxRunAheadMinutes);
    return { ...wish, place, made: { tid: lastTid, rnd: orderRnd(orderId, place) } };
  });
  return { meter: keyed.meter, keyChange: keyed.keyChange, wishes, lastTid };
}

/**
 * Makes the tokens, in one call for credit and one for the others.
 *
 * @returns all tokens of the vend in the order in which they are typed, the key change's first
 * @throws {DomainError} token-server-down, token-refused, meter-key-expired: nothing was shown to anyone
 */
export async function makeTokens(
  orderId: Id,
  draft: TokenDraft,
  oldKeys: VendingMeter['keys'],
  issuer: TokenIssuer,
  deadlineMs: number,
): Promise<NewToken[]> {
  const { meter, wishes, keyChange } = draft;
  const credits: CreditTokenRequest[] = [];
  const others: ManagementTokenRequest[] = [];
  for (const wish of wishes) {
    const requestId = orderRequestId(orderId, wish.place, wish.made);
    if (wish.kind === 'test-display') others.push({ ...pick(wish), requestId });
    else if (wish.kind === 'credit') {
      const { subclass, amountUnits } = wish;
      credits.push({ requestId, meter: meter.keys, subclass, amountUnits, ...wish.made! });
    } else others.push({ requestId, meter: meter.keys, kind: wish.kind, value: wish.value, ...wish.made! });
  }
  const made = await ask(issuer, credits, others, deadlineMs);
  const of = (keyChange?.tokens.length ?? 0) + wishes.length;
  const first = keyChange ? keyChangeTokens(keyChange, wishes.length) : [];
  return [
    ...first.map((token): NewToken => ({
      ...{ token, baseDate: oldKeys.baseDate, rnd: null, amountUnits: null },
      requestId: keyChangeRequestId(keyChange!.changeId),
    })),
    ...wishes.map((wish): NewToken => {
      const requestId = orderRequestId(orderId, wish.place, wish.made);
      const { digits, subclass, sampleTables, taken } = made.get(requestId)!;
      const shown = { sequence: wish.place, of, digits, subclass, sampleTables };
      return {
        token: tokenOf(wish, shown, taken),
        baseDate: meter.keys.baseDate,
        rnd: wish.made?.rnd ?? null,
        amountUnits: wish.kind === 'test-display' ? null : wish.kind === 'credit' ? wish.amountUnits : wish.value,
        requestId,
      };
    }),
  ];
}

function pick({ kind, subclass, manufacturer, control }: Extract<TokenWish, { kind: 'test-display' }>) {
  return { kind, subclass, manufacturer, control };
}

function tokenOf(
  wish: NumberedWish,
  shown: Pick<VendToken, 'sequence' | 'of' | 'digits' | 'subclass' | 'sampleTables'>,
  taken: bigint,
): VendToken {
  if (wish.kind === 'test-display') return { ...shown, kind: wish.kind, tid: null, creditedUnits: null };
  const { tid } = wish.made!;
  return wish.kind === 'credit'
    ? { ...shown, kind: wish.kind, tid, creditedUnits: taken }
    : { ...shown, kind: wish.kind, tid, creditedUnits: null, value: taken };
}

interface Made {
  readonly digits: string;
  readonly subclass: number;
  readonly sampleTables: boolean;
  /** What the meter takes: credited units, or the value. */
  readonly taken: bigint;
}

async function ask(
  issuer: TokenIssuer,
  credits: readonly CreditTokenRequest[],
  others: readonly ManagementTokenRequest[],
  deadlineMs: number,
): Promise<Map<string, Made>> {
  const made = new Map<string, Made>();
  try {
    const [credited, managed] = await Promise.all([
      credits.length > 0 ? issuer.issueCredit(credits, deadlineMs) : [],
      others.length > 0 ? issuer.issueManagement(others, deadlineMs) : [],
    ]);
    credited.forEach((outcome, index) => {
      if (!outcome.ok) throw tokenRefusal(outcome);
      const { subclass } = credits[index]!;
      made.set(outcome.requestId, { ...outcome, subclass, taken: outcome.creditedUnits });
    });
    for (const outcome of managed) {
      if (!outcome.ok) throw tokenRefusal(outcome);
      made.set(outcome.requestId, { ...outcome, taken: outcome.value });
    }
  } catch (error) {
    if (error instanceof TokenServerUnavailable) throw new DomainError('token-server-down', {}, { cause: error });
    throw error;
  }
  return made;
}
