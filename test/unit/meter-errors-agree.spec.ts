/* Proves that whatever a meter shows when it does not take a token is explained on the customer's page, in the words of the display. */
import { METER_ERRORS } from '../../apps/pos/src/customer/meter-errors';
import { METER_WORDS } from '../../apps/sandbox/meters/meter-words';

const refusals = Object.values(METER_WORDS).filter(({ code }) => code !== 'accepted' && !/^key-change-\d$/.test(code));

it.each(refusals)('$display', ({ display }) => {
  expect(METER_ERRORS.map(({ shown }): string => shown)).toContain(display);
});

it('explains nothing twice', () => {
  expect(new Set(METER_ERRORS.map(({ shown }) => shown)).size).toBe(METER_ERRORS.length);
});
