/* Proves that every refusal of every room has a status and words, and that a problem says no more than it may. */
import { BROADCASTS_ERRORS } from '@vend/broadcasts';
import { CASES_ERRORS } from '@vend/cases';
import { CHECKOUT_ERRORS } from '@vend/checkout';
import { COUNTER_ERRORS } from '@vend/counter';
import { identityErrors } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { LEDGER_ERRORS } from '@vend/ledger';
import { MESSAGES_ERRORS } from '@vend/messages';
import { METERLINK_ERRORS } from '@vend/meterlink';
import { lifeErrors, metersErrors } from '@vend/meters';
import { PAPER_ERRORS } from '@vend/paper';
import { PAYMENTS_ERRORS } from '@vend/payments';
import { PORTAL_ERRORS } from '@vend/portal';
import { priceBookErrors } from '@vend/pricebook';
import { SMS_ERRORS } from '@vend/sms';
import { SETTLEMENT_ERRORS } from '@vend/settlement';
import { TABLES_ERRORS } from '@vend/tables';
import { tariffErrors } from '@vend/tariff';
import { DUES_ERRORS, VENDING_ERRORS } from '@vend/vending';
import { WATCH_ERRORS } from '@vend/watch';
import { WEBHOOKS_ERRORS } from '@vend/webhooks';
import { FieldsInvalid } from './field.pipe';
import { HTTP_ERRORS } from './http.errors';
import { API_ERRORS, problemOf, retryAfterSeconds } from './problems';

const ROOMS = [
  SETTLEMENT_ERRORS,
  TABLES_ERRORS,
  BROADCASTS_ERRORS,
  CASES_ERRORS,
  CHECKOUT_ERRORS,
  COUNTER_ERRORS,
  DUES_ERRORS,
  lifeErrors,
  // Of campaigns the API only says that there is none of a name.
  { 'campaign-not-found': API_ERRORS['campaign-not-found'] },
  metersErrors,
  MESSAGES_ERRORS,
  METERLINK_ERRORS,
  SMS_ERRORS,
  tariffErrors,
  PAPER_ERRORS,
  PORTAL_ERRORS,
  priceBookErrors,
  VENDING_ERRORS,
  PAYMENTS_ERRORS,
  identityErrors,
  LEDGER_ERRORS,
  WATCH_ERRORS,
  WEBHOOKS_ERRORS,
  HTTP_ERRORS,
];

it('gives no code two meanings', () => {
  const codes = ROOMS.flatMap((table) => Object.keys(table));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(Object.keys(API_ERRORS).sort()).toEqual(codes.sort());
});

it.each(Object.entries(API_ERRORS))('%s is fit to be shown', (code, { status, en, bn }) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)+$/);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
  expect(en).toMatch(/^[A-Z][\x20-\x7e]+[.]$/);
  expect(bn).toMatch(/[\u0980-\u09ff]/);
});

it('says when to come back with every 503, and with nothing final', () => {
  for (const [code, { status, retryable }] of Object.entries(API_ERRORS)) {
    const after = retryAfterSeconds(code);
    if (status === 503) expect([code, after]).toEqual([code, expect.any(Number)]);
    if (!retryable) expect([code, after]).toEqual([code, undefined]);
  }
});

it('puts the facts of a refusal beside it, where they cannot change what it is', () => {
  const error = new DomainError('below-minimum-recharge', { minimumTaka: '131.25', status: 200, code: 'fine' });
  expect(problemOf(error, 'req-00001')).toEqual({
    type: 'https://vend.example/problems/below-minimum-recharge',
    title: API_ERRORS['below-minimum-recharge'].en,
    titleBn: API_ERRORS['below-minimum-recharge'].bn,
    status: 422,
    code: 'below-minimum-recharge',
    requestId: 'req-00001',
    retryable: false,
    minimumTaka: '131.25',
  });
});

it('answers a code that is in no table as an internal error, without its facts', () => {
  const problem = problemOf(new DomainError('made-up', { inside: 'story' }), 'req-00002');
  expect(problem).toMatchObject({ status: 500, code: 'internal-error', requestId: 'req-00002' });
  expect(JSON.stringify(problem)).not.toContain('story');
});

it('does not take names of Object.prototype for codes', () => {
  expect(problemOf(new DomainError('constructor'), 'r').code).toBe('internal-error');
});

it('lists wrong fields with words', () => {
  const problem = problemOf(new FieldsInvalid([{ field: 'reference', code: 'field-missing' }]), 'req-00003');
  expect(problem).toMatchObject({ status: 400, code: 'field-invalid' });
  expect(problem.errors).toEqual([
    { field: 'reference', code: 'field-missing', message: { en: 'This field is required.', bn: 'এই ঘরটি আবশ্যক।' } },
  ]);
});
