/* Proves what a top-up callback must look like: one good body, then the same body with one thing wrong at a time. */
import { DomainError } from '@vend/kernel';
import { parseTopUp } from './top-up';

const GOOD = {
  eventId: 'EV-1',
  transactionId: 'TX-1',
  reference: '40012345',
  amount: '500.00',
  currency: 'BDT',
  status: 'paid',
  paidAt: '2026-11-21T10:00:00+06:00',
};
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));

function refusalOf(body: Buffer): unknown {
  try {
    parseTopUp(body);
  } catch (error) {
    return error instanceof DomainError ? { code: error.code, ...error.facts } : error;
  }
  return 'accepted';
}

describe('parseTopUp', () => {
  it('reads the amount exactly', () => {
    expect(parseTopUp(bytes(GOOD))).toEqual({
      eventId: 'EV-1',
      transactionId: 'TX-1',
      reference: '40012345',
      amountPaisa: 50_000n,
      paidAt: '2026-11-21T10:00:00+06:00',
    });
    expect(parseTopUp(bytes({ ...GOOD, amount: '0.01', payerMobile: '8801700000001' })).amountPaisa).toBe(1n);
  });

  it.each([
    ['eventId', { eventId: '' }],
    ['eventId', { eventId: 'E'.repeat(65) }],
    ['transactionId', { transactionId: 'with blank' }],
    ['reference', { reference: 'x;y' }],
    ['amount', { amount: 500 }],
    ['amount', { amount: '0' }],
    ['amount', { amount: '0.00' }],
    ['amount', { amount: '-5' }],
    ['amount', { amount: '5.001' }],
    ['amount', { amount: '1e3' }],
    ['currency', { currency: 'USD' }],
    ['status', { status: 'failed' }],
    ['paidAt', { paidAt: '2026-11-21 10:00' }],
    ['payerMobile', { payerMobile: 'nobody' }],
    ['surprise', { surprise: 1 }],
  ])('refuses a wrong %s: %j', (field, change) => {
    expect(refusalOf(bytes({ ...GOOD, ...change }))).toEqual({ code: 'event-malformed', field });
  });

  it.each(Object.keys(GOOD))('refuses a body without %s', (field) => {
    expect(refusalOf(bytes({ ...GOOD, [field]: undefined }))).toEqual({ code: 'event-malformed', field });
  });

  it.each(['', '{', '[]', 'null', '"text"'])('refuses %j as a body', (text) => {
    expect(refusalOf(Buffer.from(text))).toEqual({ code: 'event-malformed', field: 'body' });
  });
});
