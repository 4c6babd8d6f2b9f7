/* Proves move by move and outcome by outcome, over all there are, which are let through, and that the SMS fit a phone. */
import { renderSms } from '@vend/messages';
import { smsParts } from '@vend/receipts';
import { RELEASED_TEMPLATES as released } from '../../test/builders/sms-templates';
import {
  assertCaseMove,
  assertOutcomeTrue,
  CASE_MOVES,
  CASE_OUTCOME_NAMES,
  CASE_OUTCOMES,
  type CaseState,
} from './case.lifecycle';
import { caseClosedValues, caseOpenedValues } from './case-sms';
import { CASE_KIND_NAMES, CASE_KINDS, deadlineOf, endOfDayAfter } from './kinds';

const STATES = Object.keys(CASE_MOVES) as CaseState[];
const codeOf = (work: () => void) => {
  try {
    work();
    return 'let through';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
  const listed = (CASE_MOVES[from] as readonly string[]).includes(to);
  const expected = listed || (from === to && from !== 'CLOSED') ? 'let through' : 'case-closed';
  expect(codeOf(() => assertCaseMove(from, to))).toBe(expected);
});

it.each(CASE_OUTCOME_NAMES)('%s is said of a payment only when it is true', (outcome) => {
  const { payment } = CASE_OUTCOMES[outcome];
  for (const state of ['RECEIVED', 'REFUND_DUE']) {
    expect(codeOf(() => assertOutcomeTrue(outcome, state))).toBe('case-money-open');
  }
  for (const state of ['APPLIED', 'REFUNDED', undefined]) {
    const expected = payment === undefined || payment === state ? 'let through' : 'case-outcome-untrue';
    expect(codeOf(() => assertOutcomeTrue(outcome, state))).toBe(expected);
  }
});

it('promises 24 hours by the clock, and 7 days to the end of the day in Dhaka', () => {
  // 23:59 on 22 November in Dhaka, and a minute later.
  const late = Date.UTC(2026, 10, 22, 17, 59);
  expect(deadlineOf('supply', late)).toBe(late + 86_400_000);
  expect(new Date(deadlineOf('bill', late)).toISOString()).toBe('2026-11-29T18:00:00.000Z');
  expect(new Date(deadlineOf('bill', late + 60_000)).toISOString()).toBe('2026-11-30T18:00:00.000Z');
  expect(endOfDayAfter(late, 0)).toBe(late + 60_000);
});

it.each(CASE_KIND_NAMES)('tells of %s in one English SMS and two Bangla ones at most', (kind) => {
  expect(CASE_KINDS[kind].bn).toMatch(/[\u0980-\u09ff]/);
  const facts = { number: 'C-26-12345678-0', kind, dueAt: deadlineOf('bill', Date.UTC(2026, 10, 22)) } as const;
  const say = (
    code: 'case-opened' | 'case-closed',
    language: 'bn' | 'en',
    values: Readonly<Record<string, string>>,
  ) => {
    const body = released.find((each) => each.code === code)![language];
    return renderSms({ code, version: 1, language, body }, values, {}).text;
  };
  const texts = CASE_OUTCOME_NAMES.flatMap((outcome) => [
    [1, say('case-opened', 'en', caseOpenedValues({ ...facts, outcome: null }, 'en'))] as const,
    [2, say('case-opened', 'bn', caseOpenedValues({ ...facts, outcome: null }, 'bn'))] as const,
    [1, say('case-closed', 'en', caseClosedValues({ ...facts, outcome }, 'en'))] as const,
    [2, say('case-closed', 'bn', caseClosedValues({ ...facts, outcome }, 'bn'))] as const,
  ]);
  for (const [most, text] of texts) {
    expect([text, smsParts(text).parts.length <= most]).toEqual([text, true]);
    expect(text).toContain('C-26-12345678-0');
  }
  expect(texts[0]![1]).toContain('29/11/2026 23:59');
});
