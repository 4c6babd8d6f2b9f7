/* Proves each rule of the trace on facts made by hand: what must be found and named first, and what must not; and that no finding is without a case. */
import { newId } from '@vend/kernel';
import { FINDING_WORDS } from './finding-words';
import type {
  TracedCase,
  TracedEvent,
  TracedKeyChange,
  TracedMeter,
  TracedToken,
  TracedVend,
  TraceFacts,
} from './trace';
import { findingsOf } from './trace.findings';

const NOW = Date.UTC(2026, 10, 21, 4, 30);
const HOUR = 3_600_000;
const METER_ID = newId(NOW);
const OTHER_ID = newId(NOW);

const token = (over: Partial<TracedToken> = {}): TracedToken => ({
  ...{ sequence: 1, of: 1, kind: 'credit', digits: '1'.repeat(20), tid: 100, baseDate: 2014 },
  ...over,
});
const meter = (over: Partial<TracedMeter> = {}): TracedMeter => ({
  ...{ meterId: METER_ID, pan: '600727000000000009', status: 'active', customerNo: '40000001' },
  ...{ customerName: 'রহিমা', office: 'Rajshahi', hasPhone: true, headEnd: null, arrearsPaisa: 0n, duesPaisa: 0n },
  ...{ chargedThrough: 202611, keyChanges: [] },
  ...over,
});
const vend = (over: Partial<TracedVend> = {}): TracedVend => ({
  ...{ vendId: newId(NOW), receiptNo: 'R1', state: 'ISSUED', issuedAt: NOW, cancelledAt: null, energyPaisa: 1n },
  ...{ energyWh: null, estimatedWh: null, arrearsPaisa: 0n, chargesPaisa: 0n, tokens: [token()], load: null },
  sms: { state: 'DELIVERED', outcome: 'accepted', reference: 'x', parts: 1, attempts: 0, at: NOW },
  ...over,
});
const event = (over: Partial<TracedEvent> = {}): TracedEvent => ({
  ...{ rechargeId: newId(NOW), kind: 'credit', source: 'provider:a', sourceRef: 'T1', channel: 'mobile-money' },
  ...{ state: 'APPLIED', refusalCode: null, grossPaisa: 50_000n, receivedAt: NOW, meterId: METER_ID, attempts: 0 },
  vend: vend(),
  ...over,
});
const complaint = (over: Partial<TracedCase>): TracedCase => ({
  ...{
    caseId: newId(),
    number: 'C-26-1001-0',
    kind: 'token-not-received',
    state: 'ASSIGNED',
    outcome: null,
    ended: null,
  },
  ...{ office: 'Rajshahi', owner: 'user:tania', dueAt: NOW + HOUR },
  ...over,
});
const facts = (focus: TracedEvent | null, over: Partial<TraceFacts> = {}): TraceFacts => ({
  ...{ now: NOW, complaint: null, meters: [meter()], events: focus ? [focus] : [], focus, laterTokens: null },
  asked: { unknown: [], token: null, meterIds: [] },
  cases: [],
  ...over,
});
/** Somebody reads out the first token of the vend, or this one, at this meter. */
const reading = (given: TracedToken = token(), meterIds = [METER_ID], meterId = METER_ID): TraceFacts['asked'] => ({
  ...{ unknown: [], meterIds, token: { ...given, meterId } },
});
const sms = (state: TracedVend['sms']['state'], outcome: string | null) =>
  event({ vend: vend({ sms: { state, outcome, reference: null, parts: null, attempts: 1, at: NOW } }) });
const load = (state: 'SENT' | 'LOADED' | 'FAILED') =>
  vend({ load: { loadId: newId(), state, reason: null, headEnd: 'h', sentAt: NOW, concludedAt: NOW } });
const keyChange = (
  over: Partial<NonNullable<TracedKeyChange['carrier']>>,
  state: TracedKeyChange['state'] = 'ISSUED',
) => {
  const carrier = {
    vendId: newId(),
    rechargeId: newId(),
    receiptNo: 'R0',
    issuedAt: NOW - HOUR,
    tokens: 2,
    loaded: false,
  };
  const whole = { ...carrier, ...over };
  return { changeId: newId(), state, issuedAt: whole.issuedAt, carrier: whole };
};
const sections = [1, 2, 3].map((sequence) =>
  token({ sequence, of: 3, kind: sequence < 3 ? 'key-change' : 'credit', digits: String(sequence).repeat(20) }),
);

interface Case {
  readonly about: string;
  readonly facts: TraceFacts;
  readonly first: keyof typeof FINDING_WORDS;
  readonly also?: readonly (keyof typeof FINDING_WORDS)[];
  readonly not?: readonly (keyof typeof FINDING_WORDS)[];
}
const CASES: readonly Case[] = [
  {
    about: 'a transaction id that nobody knows',
    facts: facts(null, { meters: [], asked: { unknown: ['transaction'], token: null, meterIds: [] } }),
    first: 'payment-unknown',
  },
  {
    about: 'a receipt number that nobody knows',
    facts: facts(null, { meters: [], asked: { unknown: ['receipt'], token: null, meterIds: [] } }),
    first: 'receipt-unknown',
  },
  {
    about: 'a meter that nobody knows',
    facts: facts(null, { meters: [], asked: { unknown: ['meter'], token: null, meterIds: [] } }),
    first: 'meter-unknown',
  },
  {
    about: 'digits that are no token, at a meter that has one',
    facts: facts(null, {
      events: [event()],
      complaint: 'refused',
      asked: { unknown: ['token'], token: null, meterIds: [METER_ID] },
    }),
    first: 'token-unknown',
  },
  { about: 'a meter without a recharge', facts: facts(null, {}), first: 'no-recharge' },
  {
    about: 'money in, token still to come',
    facts: facts(event({ state: 'RECEIVED', vend: null, attempts: 3 })),
    first: 'payment-pending',
    not: ['refund-due'],
  },
  {
    about: 'money for a meter that nobody knows',
    facts: facts(event({ state: 'REFUND_DUE', vend: null, meterId: null, refusalCode: 'meter-not-found' }), {
      meters: [],
    }),
    first: 'refund-due-unknown-meter',
    not: ['refund-due'],
  },
  {
    about: 'money below the minimum',
    facts: facts(event({ state: 'REFUND_DUE', vend: null, refusalCode: 'below-minimum-recharge' })),
    first: 'refund-due',
    not: ['refund-due-unknown-meter'],
  },
  { about: 'money paid back', facts: facts(event({ state: 'REFUNDED', vend: null })), first: 'refund-paid' },
  {
    about: 'the token of another meter',
    facts: facts(event({ meterId: OTHER_ID }), {
      meters: [meter(), meter({ meterId: OTHER_ID, pan: '600727000000000017' })],
      asked: reading(token(), [METER_ID], OTHER_ID),
      laterTokens: 3,
    }),
    first: 'token-of-another-meter',
  },
  {
    about: 'a cancelled vend, whatever else',
    facts: facts(
      event({
        state: 'REFUND_DUE',
        refusalCode: 'vend-cancelled',
        vend: vend({ state: 'CANCELLED', cancelledAt: NOW }),
      }),
      { asked: reading(), laterTokens: 60 },
    ),
    first: 'token-cancelled',
    also: ['refund-due'],
    not: ['token-too-old', 'sms-delivered'],
  },
  {
    about: 'a meter that was replaced',
    facts: facts(event(), { meters: [meter({ status: 'closed' })], asked: reading() }),
    first: 'meter-replaced',
    not: ['token-should-work'],
  },
  {
    about: 'a key change of an earlier vend that nobody confirmed',
    facts: facts(event(), { meters: [meter({ keyChanges: [keyChange({})] })], asked: reading(), laterTokens: 0 }),
    first: 'key-change-missing',
    not: ['token-should-work', 'token-before-key-change'],
  },
  {
    about: 'a key change that was confirmed',
    facts: facts(event(), {
      meters: [meter({ keyChanges: [keyChange({}, 'CONFIRMED')] })],
      asked: reading(),
      laterTokens: 0,
    }),
    first: 'token-should-work',
    not: ['key-change-missing'],
  },
  {
    about: 'a key change that was carried in over the air',
    facts: facts(event(), {
      meters: [meter({ keyChanges: [keyChange({ loaded: true })] })],
      asked: reading(),
      laterTokens: 0,
    }),
    first: 'token-should-work',
    not: ['key-change-missing'],
  },
  {
    about: 'the last of three tokens, read out',
    facts: facts(event({ vend: vend({ tokens: sections }) }), { asked: reading(sections[2]), laterTokens: 0 }),
    first: 'sequence-left-off',
    not: ['enter-in-order'],
  },
  {
    about: 'the first of three tokens, read out',
    facts: facts(event({ vend: vend({ tokens: sections }) }), { asked: reading(sections[0]), laterTokens: 0 }),
    first: 'enter-in-order',
    not: ['sequence-left-off'],
  },
  {
    about: 'a token from before the key change',
    facts: facts(event({ vend: vend({ issuedAt: NOW - 2 * HOUR }) }), {
      meters: [meter({ keyChanges: [keyChange({}, 'CONFIRMED')] })],
      asked: reading(),
      laterTokens: 1,
    }),
    first: 'token-before-key-change',
    also: ['token-not-last'],
  },
  {
    about: 'a token that was loaded over the air',
    facts: facts(event({ vend: load('LOADED') }), { asked: reading(), laterTokens: 0 }),
    first: 'token-loaded',
    not: ['load-waiting', 'token-should-work'],
  },
  {
    about: 'fifty later tokens',
    facts: facts(event(), { asked: reading(), laterTokens: 50 }),
    first: 'token-too-old',
    not: ['token-not-last'],
  },
  {
    about: 'forty-nine later tokens',
    facts: facts(event(), { asked: reading(), laterTokens: 49 }),
    first: 'token-not-last',
    not: ['token-too-old'],
  },
  {
    about: 'nothing against it',
    facts: facts(event(), { asked: reading(), laterTokens: 0 }),
    first: 'token-should-work',
  },
  { about: 'no phone', facts: facts(sms('FAILED', 'no-mobile')), first: 'sms-no-phone', not: ['sms-failed'] },
  {
    about: 'no phone, and nobody has looked yet',
    facts: facts(sms('QUEUED', null), { meters: [meter({ hasPhone: false })] }),
    first: 'sms-no-phone',
  },
  { about: 'the SMS failed', facts: facts(sms('FAILED', 'recipient-blocked')), first: 'sms-failed' },
  { about: 'the SMS waits', facts: facts(sms('QUEUED', 'gateway-timeout')), first: 'sms-waiting' },
  { about: 'the gateway has it', facts: facts(sms('SENT', 'accepted')), first: 'sms-sent' },
  { about: 'the phone has it', facts: facts(sms('DELIVERED', 'accepted')), first: 'sms-delivered' },
  {
    about: 'the load failed and the SMS is there',
    facts: facts(event({ vend: load('FAILED') })),
    first: 'sms-delivered',
    also: ['load-failed'],
  },
  {
    about: 'the load is on its way',
    facts: facts(event({ vend: load('SENT') })),
    first: 'sms-delivered',
    also: ['load-waiting'],
  },
  {
    about: 'arrears left',
    facts: facts(event({ vend: vend({ arrearsPaisa: 10_000n }) }), {
      complaint: 'bill-due',
      meters: [meter({ arrearsPaisa: 90_000n })],
    }),
    first: 'arrears-left',
    also: ['charges-taken'],
    not: ['nothing-due'],
  },
  {
    about: 'a penalty is due',
    facts: facts(event(), { complaint: 'bill-due', meters: [meter({ duesPaisa: 5_000n })] }),
    first: 'dues-left',
  },
  {
    about: 'two months of charges are due',
    facts: facts(event(), { complaint: 'bill-due', meters: [meter({ chargedThrough: 202609 })] }),
    first: 'months-due',
    not: ['nothing-due'],
  },
  {
    about: 'a complaint is open about it already',
    facts: facts(event(), { cases: [complaint({})] }),
    first: 'sms-delivered',
    also: ['case-open'],
    not: ['case-closed', 'case-overdue'],
  },
  {
    about: 'its complaint should have been answered by now, and an older one was',
    facts: facts(event(), {
      cases: [
        complaint({ dueAt: NOW - 1 }),
        complaint({
          number: 'C-26-1002-0',
          state: 'CLOSED',
          outcome: 'explained',
          ended: { en: 'explained', bn: 'বুঝিয়ে' },
        }),
      ],
    }),
    first: 'sms-delivered',
    also: ['case-overdue', 'case-closed'],
    not: ['case-open'],
  },
  { about: 'nothing is due', facts: facts(event(), { complaint: 'bill-due' }), first: 'nothing-due' },
];

it.each(CASES.map((each) => [each.about, each] as const))(
  '%s',
  (_about, { facts: given, first, also = [], not = [] }) => {
    const codes = findingsOf(given).map(({ code }) => code);
    expect(codes[0]).toBe(first);
    expect(codes).toEqual(expect.arrayContaining([...also]));
    for (const code of not) expect(codes).not.toContain(code);
  },
);

it('has a case for every finding there is', () => {
  const seen = new Set(CASES.flatMap(({ facts: given }) => findingsOf(given).map(({ code }) => code)));
  expect([...seen].sort()).toEqual(Object.keys(FINDING_WORDS).sort());
});

it('says every finding in both languages with its facts in place, and never a token', () => {
  for (const { facts: given } of CASES) {
    for (const { says, next } of findingsOf(given)) {
      for (const { en, bn } of [says, next]) {
        expect(en).toMatch(/^[\x20-\x7e]+$/);
        expect(bn).toMatch(/[\u0980-\u09ff]/);
        expect(en + bn).not.toMatch(/[{}]|\d{20}/);
      }
    }
  }
});

it('puts what bears on the complaint first', () => {
  const given = facts(sms('FAILED', 'recipient-blocked'), { meters: [meter({ arrearsPaisa: 1n })] });
  const first = (complaint: TraceFacts['complaint']) => findingsOf({ ...given, complaint })[0]!.code;
  expect([first(null), first('not-received'), first('bill-due')]).toEqual(['sms-failed', 'sms-failed', 'arrears-left']);
});
