/* Proves that a body reaches a controller only when it has exactly the agreed fields in the agreed form. */
import { PayRequest } from '../biller/biller.dto';
import { UNREADABLE_BODY } from './body';
import { FieldPipe, FieldsInvalid } from './field.pipe';

const pipe = new FieldPipe();
const check = (value: unknown) => pipe.transform(value, { type: 'body', metatype: PayRequest });

function faultsOf(value: unknown): unknown {
  try {
    check(value);
  } catch (error) {
    return error instanceof FieldsInvalid
      ? { code: error.code, faults: error.faults.map((f) => `${f.field}: ${f.code}`) }
      : (error as { code?: unknown }).code;
  }
  return 'accepted';
}

const GOOD = { transactionId: 'TX-1', reference: '61000001', amount: '500.00' };

it('makes an instance of the DTO out of a good body', () => {
  const dto = check({ ...GOOD, payerMobile: '8801700000001', paidAt: '2026-11-21T10:00:00+06:00' });
  expect(dto).toBeInstanceOf(PayRequest);
  expect(dto).toMatchObject(GOOD);
});

it.each([undefined, null, 'text', 7, true, [GOOD], UNREADABLE_BODY])('refuses %p as a body', (value) => {
  expect(faultsOf(value)).toBe('body-not-json');
});

it.each([
  [{}, 'field-invalid', ['transactionId: field-missing']],
  [{ ...GOOD, transactionId: null }, 'field-invalid', ['transactionId: field-malformed']],
  [{ ...GOOD, transactionId: '' }, 'field-invalid', ['transactionId: field-malformed']],
  [{ ...GOOD, transactionId: 'T'.repeat(65) }, 'field-invalid', ['transactionId: field-malformed']],
  [{ ...GOOD, transactionId: ['TX-1'] }, 'field-invalid', ['transactionId: field-malformed']],
  [{ ...GOOD, reference: "1' OR '1'='1" }, 'field-invalid', ['reference: field-malformed']],
  [{ ...GOOD, reference: 61000001 }, 'field-invalid', ['reference: field-malformed']],
  [{ ...GOOD, paidAt: 'yesterday' }, 'field-invalid', ['paidAt: field-malformed']],
  [{ ...GOOD, extra: 1 }, 'field-invalid', ['extra: field-unknown']],
  [{ ...GOOD, constructor: 'x' }, 'field-invalid', ['constructor: field-unknown']],
  [{ ...GOOD, toString: 'x' }, 'field-invalid', ['toString: field-unknown']],
  [{ ...GOOD, reference: null }, 'field-invalid', ['reference: field-malformed']],
  [{ ...GOOD, paidAt: null }, 'field-invalid', ['paidAt: field-malformed']],
  [{ ...GOOD, amount: null }, 'amount-not-a-number', ['amount: amount-not-a-number']],
  [{ ...GOOD, amount: 500 }, 'amount-not-a-number', ['amount: amount-not-a-number']],
  [{ ...GOOD, amount: '5.001' }, 'amount-too-many-decimals', ['amount: amount-too-many-decimals']],
  [{ ...GOOD, amount: '0' }, 'amount-not-positive', ['amount: amount-not-positive']],
  [{ ...GOOD, amount: '-5' }, 'amount-not-positive', ['amount: amount-not-positive']],
  [
    { amount: '0', extra: 1 },
    'field-invalid',
    ['extra: field-unknown', 'transactionId: field-missing', 'amount: amount-not-positive'],
  ],
])('refuses %j with %s', (body, code, faults) => {
  expect(faultsOf(body)).toEqual({ code, faults });
});

it('cuts an unknown name that is repeated back', () => {
  expect(faultsOf({ ...GOOD, ['x'.repeat(500)]: 1 })).toEqual({
    code: 'field-invalid',
    faults: [`${'x'.repeat(40)}: field-unknown`],
  });
});

it('leaves everything but bodies alone', () => {
  expect(pipe.transform('abc', { type: 'param', metatype: String })).toBe('abc');
});
