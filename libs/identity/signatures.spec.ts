// Proves that a partner's signature is the documented HMAC, that any change of time, body or secret breaks it, and
// that the window is 300 seconds both ways.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { requestSignature, signatureFits, timestampIsFresh } from './signatures';

const SECRET = Buffer.alloc(32, 7);
const BODY = Buffer.from('{"transactionId":"T1","amount":"500.00","note":"রিচার্জ"}');
const TIME = '1795233600';

it('is the hex HMAC-SHA256 of timestamp, dot and raw body', () => {
  const whole = Buffer.concat([Buffer.from(`${TIME}.`), BODY]);
  expect(requestSignature(SECRET, TIME, BODY)).toBe(createHmac('sha256', SECRET).update(whole).digest('hex'));
});

it('fits in either case of its letters', () => {
  const signature = requestSignature(SECRET, TIME, BODY);
  expect(signatureFits(SECRET, TIME, BODY, signature)).toBe(true);
  expect(signatureFits(SECRET, TIME, BODY, signature.toUpperCase())).toBe(true);
});

it('breaks with one changed bit of the body', () => {
  const signature = requestSignature(SECRET, TIME, BODY);
  fc.assert(
    fc.property(fc.nat(BODY.length - 1), fc.nat(7), (at, bit) => {
      const changed = Buffer.from(BODY);
      changed[at]! ^= 1 << bit;
      expect(signatureFits(SECRET, TIME, changed, signature)).toBe(false);
    }),
  );
});

it.each([
  ['another second', SECRET, '1795233601'],
  ['another secret', Buffer.alloc(32, 8), TIME],
])('breaks with %s', (_, secret, timestamp) => {
  expect(signatureFits(secret, timestamp, BODY, requestSignature(SECRET, TIME, BODY))).toBe(false);
});

it.each(['', 'zz', '00', '0'.repeat(64), '0'.repeat(63), `${'0'.repeat(64)}00`, 'ক'.repeat(64)])(
  'never fits as %j',
  (signature) => {
    expect(signatureFits(SECRET, TIME, BODY, signature)).toBe(false);
  },
);

it.each([
  [TIME, 0, true],
  [TIME, 300_000, true],
  [TIME, -300_000, true],
  [TIME, 300_001, false],
  [TIME, -300_001, false],
  ['', 0, false],
  ['now', 0, false],
  ['-1795233600', 0, false],
  ['1795233600.5', 0, false],
  ['1795233600000', 0, false],
])('timestamp %j at %d ms from it: fresh %s', (timestamp, offsetMs, fresh) => {
  expect(timestampIsFresh(timestamp, Number(TIME) * 1_000 + offsetMs)).toBe(fresh);
});
