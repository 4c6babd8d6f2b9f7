import { randomBytes } from 'node:crypto';
import { DomainError, isDomainError, newId, type Id, type InstantMs } from '@vend/kernel';
import type { LedgerService } from '@vend/ledger';
import {
  loadDueKeyChanges,
  loadVendingMeters,
  lockMeterStates,
  type MeterState,
  type VendingMeter,
} from '@vend/meters';
import type { Database, Tx } from '@vend/platform';
import type { PriceBooks, PublishedBook } from '@vend/pricebook';
import type { Subscriptions, SubscriptionSet } from '@vend/webhooks';
import { FloatGuard, isFloatExhausted } from './float-guard';
import type { LimitGuard } from './limits/limits';
import { TokenServerUnavailable, type CreditTokenOutcome, type TokenIssuer } from './ports';
import type { RechargeCommand, RechargeRecord } from './recharge';
import { draftVend, stateAfter, tokenRequest, type Draft, type Payment } from './recharge.draft';
import { fundsOf, RechargeWrites } from './recharge.writes';
import { limitGuard, limitsAt } from './store/limits.store';
import { findClaims, findClaimsById, keyText, type Claim } from './store/recharge.store';
import { tokenRefusal } from './token-refusal';
import type { VendingErrorCode } from './vending.errors';

/** One place in the lane: a new payment, or a kept one whose token is still to come. */
export type Member =
  | { readonly kind: 'new'; readonly command: RechargeCommand }
  | { readonly kind: 'complete'; readonly rechargeId: Id; readonly meterId: Id };

/** What a transaction made of a member. `stored`: the record is in the database, to be read after the commit. */
export type MemberOutcome =
  | { readonly made: 'record'; readonly record: RechargeRecord }
  | { readonly made: 'stored'; readonly rechargeId: Id }
  | { readonly made: 'refusal'; readonly error: DomainError };

export interface GroupSettings {
  readonly tokenDeadlineMs: number;
  /** How far past now the TIDs of one meter may run in a burst. */
  readonly maxRunAheadMinutes: number;
}

/** One member must be tried by itself: its refusal would leave the next one of its meter on a state that never came. */
class GroupMustSplit extends Error {
  override readonly name = 'GroupMustSplit';
}

/** What a group is priced on, as of its locks. */
interface GroupFacts {
  readonly claims: readonly (Claim | undefined)[];
  readonly states: ReadonlyMap<Id, MeterState>;
  readonly meters: Map<Id, VendingMeter>;
  readonly book: PublishedBook;
  readonly guard: LimitGuard;
  readonly floats: FloatGuard;
  readonly now: InstantMs;
}

type TokenRefusal = { readonly ok: false; readonly error: DomainError<VendingErrorCode> };
type TokenResult = Extract<CreditTokenOutcome, { ok: true }> | TokenRefusal;

/**
 * One transaction for a group of recharges: lock, price, number, make all tokens in one call, book, commit. Each
 * member is priced on the state that its predecessors leave; a refusal answers its caller and leaves the group.
 */
export class RechargeGroup {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly issuer: TokenIssuer,
    private readonly books: PriceBooks,
    private readonly subscriptions: Subscriptions,
    private readonly bookCode: string,
    private readonly settings: GroupSettings,
    private readonly now: () => InstantMs,
  ) {}

  /**
   * Runs the members in one transaction, once. Throws when the group as a whole failed: then nothing is stored,
   * unless the error is CommitOutcomeUnknown.
   */
  async run(members: readonly Member[]): Promise<MemberOutcome[]> {
    const [subscriptions] = await Promise.all([
      this.subscriptions.current(),
      this.ledger.open(members.flatMap((m) => (m.kind === 'new' ? [fundsOf(m.command)] : []))),
    ]);
    try {
      return await this.database.transaction((tx) => this.work(tx, members, subscriptions), 1);
    } catch (error) {
      const [only, ...others] = members;
      const alone = only?.kind === 'new' && others.length === 0 ? only.command : undefined;
      if (!isFloatExhausted(error, alone)) throw error;
      throw new DomainError<VendingErrorCode>('float-exhausted', {}, { cause: error });
    }
  }

  private async work(tx: Tx, members: readonly Member[], subscriptions: SubscriptionSet): Promise<MemberOutcome[]> {
    const now = this.now();
    const meterIds = meterIdsOf(members);
    // Asked in this order, so that claims and meters are read when the locks are held.
    const [states, claims, meters, book, limits] = await Promise.all([
      lockMeterStates(tx, meterIds),
      findMemberClaims(tx, members),
      loadVendingMeters(tx, meterIds, now),
      // Held to the commit: what is revoked before that commits first, and is not in this book.
      this.books.hold(tx, this.bookCode),
      limitsAt(tx, now),
    ]);
    const sales = newSales(members, claims);
    const [guard, floats] = await Promise.all([limitGuard(tx, limits, sales, now), FloatGuard.of(tx, sales)]);
    const { drafts, outcomes, changed, stale } = await this.draftAll(tx, members, {
      claims,
      states,
      meters,
      book,
      guard,
      floats,
      now,
    });
    const tokens = await this.makeTokens(drafts, members.length);
    // Tokens are made for all drafts or for none: a state that assumed one must not be saved without it.
    const vended = [...tokens.values()].every((token) => token.ok);

    const writes = new RechargeWrites(now, subscriptions);
    if (vended) writes.voidKeyChanges(stale);
    members.forEach((member, index) => {
      const draft = drafts.get(index);
      const token = tokens.get(index);
      if (draft && token?.ok) {
        if (member.kind === 'new')
          outcomes[index] = { made: 'record', record: writes.vendNow(member.command, draft, token) };
        else {
          writes.vendKept(draft, token);
          outcomes[index] = { made: 'stored', rechargeId: member.rechargeId };
        }
        return;
      }
      const refusal =
        token?.ok === false ? token.error : outcomes[index]?.made === 'refusal' ? outcomes[index].error : undefined;
      if (refusal) outcomes[index] = keepOrRefuse(writes, member, claims[index], refusal, now, meters);
    });
    await writes.save(tx, vended ? [...changed.values()] : [], this.ledger);
    return outcomes;
  }

  /** Prices every member that is not a replay, in order, each on the state that the one before it leaves. */
  private async draftAll(tx: Tx, members: readonly Member[], facts: GroupFacts) {
    const { claims, states, meters, book, guard, floats, now } = facts;
    // A flag beside each locked state: only a group with a key change due asks for the sets.
    const due = await loadDueKeyChanges(
      tx,
      [...meters.keys()].filter((meterId) => states.get(meterId)?.keyChangeDue),
    );
    const random = randomBytes(members.length);
    const drafts = new Map<number, Draft>();
    const stale: Id[] = [];
    const outcomes: MemberOutcome[] = [];
    const changed = new Map<Id, MeterState>();
    members.forEach((member, index) => {
      const claim = claims[index];
      if (claim && isStored(member, claim)) {
        outcomes[index] = { made: 'stored', rechargeId: claim.rechargeId };
        return;
      }
      try {
        const payment = paymentOf(member, claim, now);
        const meterId = payment.meterId ?? 'none';
        const state = changed.get(meterId) ?? states.get(meterId);
        const command = member.kind === 'new' ? member.command : undefined;
        // A kept payment was held against the limits when it came in: it is never refused for them later.
        if (command) guard.check(command);
        if (command) floats.check(command);
        const draft = draftVend(payment, command, meters.get(meterId), state, {
          book,
          now,
          rnd: random[index]! & 0x0f,
          maxRunAheadMinutes: this.settings.maxRunAheadMinutes,
          due: due.get(meterId),
        });
        drafts.set(index, draft);
        if (command) guard.sold(command);
        if (command) floats.sold(command);
        changed.set(meterId, stateAfter(state!, draft));
        // The next member of this meter finds it on its new key, and the set gone.
        meters.set(meterId, draft.meter);
        const set = due.get(meterId);
        if (set && !draft.keyChange) stale.push(set.changeId);
        due.delete(meterId);
      } catch (error) {
        if (!isDomainError(error)) throw error;
        outcomes[index] = { made: 'refusal', error };
      }
    });
    return { drafts, outcomes, changed, stale };
  }

  private async makeTokens(drafts: ReadonlyMap<number, Draft>, groupSize: number): Promise<Map<number, TokenResult>> {
    if (drafts.size === 0) return new Map();
    const indexes = [...drafts.keys()];
    const requests = [...drafts.values()].map(tokenRequest);
    let outcomes: CreditTokenOutcome[];
    try {
      outcomes = await this.issuer.issueCredit(requests, this.settings.tokenDeadlineMs);
    } catch (error) {
      if (!(error instanceof TokenServerUnavailable)) throw error;
      return new Map(indexes.map((index) => [index, { ok: false, error: new DomainError('token-server-down') }]));
    }
    if (groupSize > 1 && outcomes.some((outcome) => !outcome.ok)) throw new GroupMustSplit();
    return new Map(
      outcomes.map((outcome, i) => [indexes[i]!, outcome.ok ? outcome : { ok: false, error: tokenRefusal(outcome) }]),
    );
  }
}

function meterIdsOf(members: readonly Member[]): Id[] {
  return members.flatMap((member) => (member.kind === 'new' ? member.command.meterId : member.meterId) ?? []);
}

/** What is sold here for the first time: a repeat is answered whatever the limits say by now. */
function newSales(members: readonly Member[], claims: readonly (Claim | undefined)[]): RechargeCommand[] {
  return members.flatMap((member, index) => (member.kind === 'new' && !claims[index] ? [member.command] : []));
}

/** The claim that each member meets: made by an earlier call with its key, or its own if it is being completed. */
async function findMemberClaims(tx: Tx, members: readonly Member[]): Promise<(Claim | undefined)[]> {
  const keys = members.flatMap((m) => (m.kind === 'new' ? [m.command] : []));
  const ids = members.flatMap((m) => (m.kind === 'complete' ? [m.rechargeId] : []));
  const [byKey, byId] = await Promise.all([findClaims(tx, keys), findClaimsById(tx, ids)]);
  return members.map((m) => (m.kind === 'new' ? byKey.get(keyText(m.command)) : byId.get(m.rechargeId)));
}

/** True when there is nothing left to do: a repeat of a known key, or a kept payment that was concluded meanwhile. */
function isStored(member: Member, claim: Claim | undefined): boolean {
  return claim !== undefined && (member.kind === 'new' || claim.state !== 'RECEIVED');
}

function paymentOf(member: Member, claim: Claim | undefined, now: InstantMs): Payment {
  if (member.kind === 'new') {
    const { source, sourceRef, meterId, grossPaisa, channel } = member.command;
    return { rechargeId: newId(now), source, sourceRef, meterId, grossPaisa, channel };
  }
  if (!claim) throw new DomainError<VendingErrorCode>('recharge-not-found');
  // The payment went on to another meter before this one was locked; whoever asks again finds it there.
  if (claim.meterId !== member.meterId) throw new DomainError<VendingErrorCode>('payment-moved');
  return claim;
}

/**
 * What a refusal means for the payment. At a counter nothing happened. A payer's money that is already gone is
 * booked and kept: to be vended when the hindrance passes, or to be paid back when it never will.
 */
function keepOrRefuse(
  writes: RechargeWrites,
  member: Member,
  claim: Claim | undefined,
  error: DomainError,
  now: InstantMs,
  meters: ReadonlyMap<Id, VendingMeter>,
): MemberOutcome {
  const passes = error.code === 'token-server-down' || error.code === 'tid-too-far-ahead';
  if (member.kind === 'complete') {
    if (passes || !claim || error.code === 'payment-moved') return { made: 'refusal', error };
    writes.giveUp(claim, error);
    return { made: 'stored', rechargeId: member.rechargeId };
  }
  const { command } = member;
  if (!command.moneyIsTaken || !(passes || command.keepWhenRefused)) return { made: 'refusal', error };
  const meter = meters.get(command.meterId ?? '');
  return { made: 'record', record: writes.keep(command, paymentOf(member, undefined, now), error, passes, meter) };
}
