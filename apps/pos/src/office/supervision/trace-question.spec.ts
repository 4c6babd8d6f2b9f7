/* Proves that what a customer reads out is asked about as what it is, in either script, and that no number is asked about as something else first, by known cases. */
import { traceQuestions } from './trace-question';

it.each([
  ['1234 5678 9012 3456 7890', { token: '12345678901234567890' }],
  ['১২৩৪-৫৬৭৮-৯০১২-৩৪৫৬-৭৮৯০', { token: '12345678901234567890' }],
  ['০১৭০০-০০০০০১', { phone: '01700000001' }],
  ['+880 1700 000001', { phone: '01700000001' }],
  ['1700000001', { phone: '01700000001' }],
  ['NV-261121-7K3M9QXA2T', { receiptNo: 'NV-261121-7K3M9QXA2T' }],
  ['019358C1-6B2E-7C31-9F0E-3D5C1C0B7A42', { transactionId: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }],
  ['600727000000000009', { meter: '600727000000000009' }],
  [' 61000001 ', { meter: '61000001' }],
  ['CK12AB34CD', { transactionId: 'CK12AB34CD' }],
])('asks about %j first as what it is', (typed, first) => {
  expect(traceQuestions(typed)[0]).toEqual(first);
});

it('asks next about what else it may be', () => {
  expect(traceQuestions('61000001')).toEqual([{ meter: '61000001' }, { transactionId: '61000001' }]);
  expect(traceQuestions('A/12')).toEqual([{ transactionId: 'A/12' }, { meter: 'A/12' }]);
  expect(traceQuestions('01700000001').map((question) => Object.keys(question)[0])).toEqual([
    ...['phone', 'meter', 'transactionId'],
  ]);
});

it.each(['', '   ', 'two words here of more than twenty letters'])('asks nothing about %j', (typed) => {
  expect(traceQuestions(typed)).toEqual([]);
});
