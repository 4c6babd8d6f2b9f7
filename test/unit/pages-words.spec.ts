/* Proves that the pages have words for every code that the server may answer with, and say of cases what their room says, by comparing both lists: a kind that is new on one side only fails here. */
import { CASE_OUTCOMES } from '../../libs/cases/case.lifecycle';
import { CASE_KINDS } from '../../libs/cases/kinds';
import { APPROVAL_KINDS, APPROVAL_STATES } from '../../libs/identity/approvals/approval-kinds';
import { ATTENTION_KINDS } from '../../libs/reports/health/attention';
import { TEMPLATES } from '../../libs/messages/codes';
import { REVIEW_STATES } from '../../libs/watch/store/reviews';
import { CASE_KIND_WORDS, OUTCOME_WORDS } from '../../apps/pos/src/office/supervision/case-words';
import { TEMPLATE_WORDS } from '../../apps/pos/src/office/supervision/code-words';
import { ATTENTION_WORDS } from '../../apps/pos/src/office/supervision/dashboard-words';
import { APPROVAL_WORDS, STATE_WORDS } from '../../apps/pos/src/office/supervision/desk-words';
import type { Text } from '../../apps/pos/src/shared/words';

it.each<[string, readonly string[], Readonly<Record<string, Text>>]>([
  ['kind of approval', APPROVAL_KINDS, APPROVAL_WORDS],
  ['thing that waits', [...ATTENTION_KINDS, 'approval'], ATTENTION_WORDS],
])('has words for every %s, and for no other', (_, codes, words) => {
  expect(Object.keys(words).sort()).toEqual([...codes].sort());
});

it('has words for every state of a request and of the review list', () => {
  expect(Object.keys(STATE_WORDS)).toEqual(expect.arrayContaining([...APPROVAL_STATES, ...REVIEW_STATES]));
});

it.each<[string, Readonly<Record<string, Text>>, Readonly<Record<string, Text>>]>([
  ['kinds', CASE_KIND_WORDS, CASE_KINDS],
  ['outcomes', OUTCOME_WORDS, CASE_OUTCOMES],
])('calls %s of cases what their room calls them', (_, words, rules) => {
  const said = Object.entries(rules).map(([code, { bn, en }]) => [code, { bn, en }]);
  expect(words).toEqual(Object.fromEntries(said));
});

it('calls messages what their room calls them', () => {
  const titles = Object.entries(TEMPLATES).map(([code, { title }]) => [code, title]);
  expect(TEMPLATE_WORDS).toEqual(Object.fromEntries(titles));
});
