import {
  dhakaMonth,
  formatInstant,
  formatTaka,
  monthsBetween,
  nextMonth,
  type InstantMs,
  type YearMonth,
} from '@vend/kernel';
import { wordsOf, type FindingCode, type Words } from './finding-words';
import type { Complaint, TracedEvent, TracedMeter, TracedVend, TraceFacts } from './trace';

/** One thing that is so, what it means, and what to do next. */
export interface Finding {
  readonly code: FindingCode;
  /** The payment that it is about, if it is about one. */
  readonly rechargeId: string | null;
  /** Amounts, times and counts; never a token or a phone number. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly says: Words;
  readonly next: Words;
}

/** How many TIDs a meter remembers; what is older than all of them it refuses as old (IEC 62055-41, 8.3). */
const TID_MEMORY = 50;

/**
 * What bears on each complaint, the most telling first. Without a complaint, the order of `refused` when a token was
 * read out, else of `not-received`.
 */
const ORDER: Readonly<Record<Complaint, readonly FindingCode[]>> = {
  'not-received': [
    ...([
      'payment-unknown',
      'receipt-unknown',
      'meter-unknown',
      'refund-due-unknown-meter',
      'payment-pending',
    ] as const),
    ...(['token-cancelled', 'refund-due', 'refund-paid', 'token-loaded', 'sms-no-phone', 'sms-failed'] as const),
    ...(['sms-waiting', 'sms-sent', 'sms-delivered', 'load-failed', 'load-waiting', 'no-recharge'] as const),
    ...(['case-overdue', 'case-open', 'case-closed'] as const),
  ],
  refused: [
    ...(['token-unknown', 'token-of-another-meter', 'token-cancelled', 'meter-replaced', 'token-loaded'] as const),
    ...(['sequence-left-off', 'key-change-missing', 'token-before-key-change', 'token-too-old'] as const),
    ...(['enter-in-order', 'token-not-last', 'token-should-work', 'load-failed', 'load-waiting'] as const),
    ...(['case-overdue', 'case-open', 'case-closed'] as const),
  ],
  'bill-due': [
    ...(['payment-unknown', 'payment-pending', 'refund-due-unknown-meter', 'refund-due', 'token-cancelled'] as const),
    ...([
      'arrears-left',
      'dues-left',
      'months-due',
      'nothing-due',
      'charges-taken',
      'case-overdue',
      'case-open',
      'case-closed',
    ] as const),
  ],
};

/**
 * Everything that a trace can say of these facts, the answer to the complaint first. Pure: the same facts, the same
 * findings. What one customer's words mean is the call centre's to judge; every rule here states something stored.
 *
 * @example findingsOf(facts)[0]?.code // 'key-change-missing'
 */
export function findingsOf(facts: TraceFacts): Finding[] {
  const found = [
    ...[...unknowns(facts), ...payment(facts), ...refusals(facts), ...delivery(facts), ...bill(facts)],
    ...complaints(facts),
  ];
  const order = ORDER[facts.complaint ?? (facts.asked.token ? 'refused' : 'not-received')];
  const weight = ({ code }: Finding) => (order.includes(code) ? order.indexOf(code) : order.length);
  return found
    .map((finding, place) => ({ finding, place }))
    .sort(byWeight)
    .map(({ finding }) => finding);

  function byWeight(a: { finding: Finding; place: number }, b: { finding: Finding; place: number }): number {
    return weight(a.finding) - weight(b.finding) || a.place - b.place;
  }
}

function finding(
  code: FindingCode,
  about: Pick<TracedEvent, 'rechargeId'> | null,
  facts: Finding['facts'] = {},
): Finding {
  return { code, rechargeId: about?.rechargeId ?? null, facts, ...wordsOf(code, facts) };
}

/** What was named that nobody knows, and a meter that never had anything. */
function unknowns({ asked, meters, events }: TraceFacts): Finding[] {
  const codes = { transaction: 'payment-unknown', receipt: 'receipt-unknown', token: 'token-unknown' } as const;
  const named = asked.unknown.map((what) => finding(what === 'meter' ? 'meter-unknown' : codes[what], null));
  const silent = named.length === 0 && meters.length > 0 && events.length === 0;
  return silent ? [finding('no-recharge', null)] : named;
}

/** Money without a vend. */
function payment({ focus }: TraceFacts): Finding[] {
  if (!focus) return [];
  const taka = formatTaka(focus.grossPaisa);
  const reason = focus.refusalCode ?? 'unknown';
  switch (focus.state) {
    case 'RECEIVED':
      return [finding('payment-pending', focus, { taka, since: timeText(focus.receivedAt), attempts: focus.attempts })];
    case 'REFUND_DUE':
      // A cancelled vend is named as such; its money is owed back all the same.
      return [finding(focus.meterId === null ? 'refund-due-unknown-meter' : 'refund-due', focus, { taka, reason })];
    case 'REFUNDED':
      return [finding('refund-paid', focus, { taka })];
    case 'APPLIED':
      return [];
  }
}

/** Why the meter may refuse the token: that of the question, or those of the vend in focus. */
function refusals(facts: TraceFacts): Finding[] {
  const { focus, asked, meters, laterTokens } = facts;
  const vend = focus?.vend;
  if (!focus || !vend) return [];
  const { token } = asked;
  const meter = meters.find(({ meterId }) => meterId === focus.meterId);
  const found: Finding[] = [];
  const elsewhere = token && asked.meterIds.length > 0 && !asked.meterIds.includes(token.meterId);
  if (elsewhere) {
    const named = meters.find(({ meterId }) => asked.meterIds.includes(meterId));
    found.push(finding('token-of-another-meter', focus, { otherMeter: meter?.pan ?? '?', meter: named?.pan ?? '?' }));
  }
  if (vend.state === 'CANCELLED') {
    const at = timeText(vend.cancelledAt ?? vend.issuedAt);
    return [...found, finding('token-cancelled', focus, { receiptNo: vend.receiptNo, at })];
  }
  if (vend.tokens.length === 0) return found;
  if (meter?.status === 'closed') {
    found.push(finding('meter-replaced', focus, { meter: meter.pan, customerNo: meter.customerNo }));
  }
  if (vend.load?.state === 'LOADED') {
    const at = timeText(vend.load.concludedAt ?? vend.issuedAt);
    found.push(finding('token-loaded', focus, { receiptNo: vend.receiptNo, at }));
  }
  found.push(...order(facts, focus, vend, meter));
  if (token && laterTokens !== null && laterTokens > 0) {
    found.push(finding(laterTokens >= TID_MEMORY ? 'token-too-old' : 'token-not-last', focus, { count: laterTokens }));
  }
  // Nothing that speaks against it: said only of a token that was asked about.
  if (found.length === 0 && token) found.push(finding('token-should-work', focus, { meter: meter?.pan ?? '?' }));
  return found;
}

/** Key changes and the order of a vend's tokens. */
function order(facts: TraceFacts, focus: TracedEvent, vend: TracedVend, meter: TracedMeter | undefined): Finding[] {
  const found: Finding[] = [];
  const several = vend.tokens.length > 1;
  const { token } = facts.asked;
  const loaded = vend.load?.state === 'LOADED';
  const place = token && vend.tokens.some(({ digits }) => digits === token.digits) ? token : null;
  if (several && !loaded && place && place.sequence > 1) {
    const { sequence, of } = place;
    found.push(finding('sequence-left-off', focus, { receiptNo: vend.receiptNo, sequence, of }));
  } else if (several && !loaded) {
    found.push(finding('enter-in-order', focus, { receiptNo: vend.receiptNo, of: vend.tokens.length }));
  }
  for (const { state, issuedAt, carrier } of meter?.keyChanges ?? []) {
    // What was carried in over the air was carried in whole.
    if (state === 'ISSUED' && carrier && carrier.issuedAt <= vend.issuedAt && !carrier.loaded) {
      const { rechargeId, receiptNo, tokens: count } = carrier;
      found.push(finding('key-change-missing', { rechargeId }, { receiptNo, count }));
    }
    const out = state === 'ISSUED' || state === 'CONFIRMED';
    if (out && carrier?.vendId !== vend.vendId && issuedAt !== null && issuedAt > vend.issuedAt) {
      found.push(finding('token-before-key-change', focus, { at: timeText(issuedAt) }));
    }
  }
  return found;
}

/** Where the SMS and the remote load are. */
function delivery({ focus, meters }: TraceFacts): Finding[] {
  const vend = focus?.vend;
  if (!focus || !vend || vend.state === 'CANCELLED') return [];
  return [...sms(focus, vend, meters), ...load(focus, vend)];
}

function sms(focus: TracedEvent, { sms, receiptNo, issuedAt }: TracedVend, meters: readonly TracedMeter[]): Finding[] {
  const reason = sms.outcome ?? 'queued';
  const at = timeText(sms.at ?? issuedAt);
  const meter = meters.find(({ meterId }) => meterId === focus.meterId);
  switch (sms.state) {
    case 'FAILED':
      return sms.outcome === 'no-mobile'
        ? [finding('sms-no-phone', focus)]
        : [finding('sms-failed', focus, { reason, receiptNo })];
    case 'QUEUED':
      return [
        meter?.hasPhone === false
          ? finding('sms-no-phone', focus)
          : finding('sms-waiting', focus, { reason, receiptNo }),
      ];
    case 'SENT':
      return [finding('sms-sent', focus, { at, receiptNo })];
    case 'DELIVERED':
      return [finding('sms-delivered', focus, { at })];
  }
}

function load(focus: TracedEvent, { load, receiptNo }: TracedVend): Finding[] {
  if (!load || load.state === 'LOADED') return [];
  const reason = load.reason ?? load.state.toLowerCase();
  return [finding(load.state === 'FAILED' ? 'load-failed' : 'load-waiting', focus, { reason, receiptNo })];
}

/** What a bill may still show. */
function bill({ meters, focus, now }: TraceFacts): Finding[] {
  const meter =
    meters.find(({ meterId }) => meterId === focus?.meterId) ?? (meters.length === 1 ? meters[0] : undefined);
  if (!meter || meter.status === 'closed') return [];
  const vend = focus?.vend?.state === 'ISSUED' ? focus.vend : null;
  const paidTaka = formatTaka(vend?.arrearsPaisa ?? 0n);
  const found: Finding[] = [];
  if (meter.arrearsPaisa > 0n) {
    found.push(finding('arrears-left', focus, { taka: formatTaka(meter.arrearsPaisa), paidTaka }));
  }
  if (meter.duesPaisa !== 0n) found.push(finding('dues-left', null, { taka: formatTaka(meter.duesPaisa) }));
  const months = monthsDue(meter.chargedThrough, now);
  if (months.length > 0) {
    found.push(finding('months-due', null, { count: months.length, months: months.map(monthText).join(', ') }));
  }
  if (found.length === 0) found.push(finding('nothing-due', null));
  if (vend && vend.chargesPaisa + vend.arrearsPaisa > 0n) {
    found.push(finding('charges-taken', focus, { chargesTaka: formatTaka(vend.chargesPaisa), paidTaka }));
  }
  return found;
}

/** Cases that are open already, so that nobody opens another; and how the last one ended. */
function complaints({ cases, now }: TraceFacts): Finding[] {
  const open = cases.filter(({ state }) => state !== 'CLOSED');
  const last = cases.find(({ ended }) => ended !== null);
  return [
    ...open.map(({ number, office, owner, dueAt }) =>
      finding(dueAt < now ? 'case-overdue' : 'case-open', null, { number, due: timeText(dueAt), office, owner }),
    ),
    ...(last?.ended
      ? [finding('case-closed', null, { number: last.number, outcomeEn: last.ended.en, outcomeBn: last.ended.bn })]
      : []),
  ];
}

/** A meter that was never charged has its first month with its first recharge: nothing of it is late. */
function monthsDue(chargedThrough: YearMonth | null, now: InstantMs): YearMonth[] {
  return chargedThrough === null ? [] : monthsBetween(nextMonth(chargedThrough), dhakaMonth(now));
}

function monthText(month: YearMonth): string {
  return `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`;
}

/** @example timeText(1795000000000) // '2026-11-18 14:26' */
function timeText(at: InstantMs): string {
  return formatInstant(at).slice(0, 16).replace('T', ' ');
}
