/* Proves the signature of Standard Webhooks with the specification's published example, and that anything changed is refused. */
import { createHmac } from 'node:crypto';
import {
  webhookHeaders,
  webhookIsFresh,
  webhookSecretText,
  webhookSignature,
  webhookSignatureFits,
} from './webhook-signature';

/** Of the libraries of standardwebhooks.com: their test secret, message and signature. */
const SECRET = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
const EXAMPLE = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const BODY = Buffer.from('{"test": 2432232314}');

it('makes the signature of the published example', () => {
  expect(webhookSignature(SECRET, EXAMPLE['webhook-id'], EXAMPLE['webhook-timestamp'], BODY)).toBe(
    EXAMPLE['webhook-signature'],
  );
});

it('takes it, also among others while a sender changes its secret', () => {
  expect(webhookSignatureFits(SECRET, EXAMPLE, BODY)).toBe(true);
  const several = { ...EXAMPLE, 'webhook-signature': `v1,AAAA ${EXAMPLE['webhook-signature']}` };
  expect(webhookSignatureFits(SECRET, several, BODY)).toBe(true);
});

it.each([
  ['another id', { ...EXAMPLE, 'webhook-id': 'msg_other' }, BODY],
  ['another time', { ...EXAMPLE, 'webhook-timestamp': '1614265331' }, BODY],
  ['another body', EXAMPLE, Buffer.from('{"test": 2432232315}')],
  ['another version', { ...EXAMPLE, 'webhook-signature': EXAMPLE['webhook-signature'].replace('v1', 'v2') }, BODY],
  ['no signature', { ...EXAMPLE, 'webhook-signature': '' }, BODY],
])('refuses %s', (_what, headers, body) => {
  expect(webhookSignatureFits(SECRET, headers, body)).toBe(false);
});

it('signs what it takes, for five minutes either way', () => {
  const now = 1_795_000_000_000;
  const headers = webhookHeaders([SECRET], 'load-1', BODY, now);
  expect(webhookSignatureFits(SECRET, headers, BODY)).toBe(true);
  const stamp = headers['webhook-timestamp'];
  expect([-300, 0, 300].map((s) => webhookIsFresh(stamp, now + s * 1_000))).toEqual([true, true, true]);
  expect([-301, 301].map((s) => webhookIsFresh(stamp, now + s * 1_000))).toEqual([false, false]);
  expect(webhookIsFresh('1e9', now)).toBe(false);
});

it('signs with both secrets while one takes the place of the other, so that a receiver with either is content', () => {
  const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const headers = webhookHeaders([newer, older], 'evt-1', BODY, 1_795_000_000_999);
  expect(webhookSignatureFits(older, headers, BODY)).toBe(true);
  expect(webhookSignatureFits(newer, headers, BODY)).toBe(true);
  expect(webhookSignatureFits(Buffer.alloc(32, 3), headers, BODY)).toBe(false);
  // What a receiver makes of it by itself, from the words of the specification and nothing of ours.
  const content = Buffer.concat([Buffer.from('evt-1.1795000000.'), BODY]);
  const own = [newer, older].map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`);
  expect(headers['webhook-signature'].split(' ')).toEqual(own);
});

it('hands a secret over as receivers’ libraries want it', () => {
  expect(webhookSecretText(SECRET)).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
});
