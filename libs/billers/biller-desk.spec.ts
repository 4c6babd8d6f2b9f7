/* Proves whose address may call in a provider's name: those of its list, in every way of writing them, and nobody else. */
import { isAllowed } from './biller-desk';

it.each([
  ['10.20.3.4', true],
  ['::ffff:10.20.3.4', true],
  ['10.21.0.1', false],
  ['203.0.113.7', true],
  ['203.0.113.70', false],
  ['2001:db8::1', true],
  ['2001:db8:0:0:0:0:0:1', true],
  ['2001:db9::1', false],
  ['::1', false],
  ['', false],
  ['10.20.3.4, 203.0.113.7', false],
  ['10.20.3', false],
  ['localhost', false],
])('%s: %s', (address, allowed) => {
  expect(isAllowed(['10.20.0.0/16', '203.0.113.7', '2001:db8::/32'], address)).toBe(allowed);
});

it('is nobody’s while the list is empty', () => {
  for (const address of ['127.0.0.1', '::1', '10.0.0.1']) expect(isAllowed([], address)).toBe(false);
});
