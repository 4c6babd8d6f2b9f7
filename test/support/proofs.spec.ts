// Proves that the net which system tests drag through logs and queues catches what it is for, in every form it may have.
import { foundIn } from './proofs';

const DIGITS = '51043465443420856213';
const secrets = {
  tokens: new Map([[DIGITS, 'a token']]),
  texts: [['a phone', '01700000001']],
} as const;

describe('foundIn', () => {
  it.each([
    ['bare', `{"digits":"${DIGITS}"}`],
    ['in groups', 'Token: 5104 3465 4434 2085 6213. Paid'],
    ['with dashes', '5104-3465-4434-2085-6213'],
    ['inside a longer number', `88${DIGITS}7`],
    ['after another number', `1700 ${DIGITS}`],
  ])('catches a token %s', (_form, text) => {
    expect(foundIn('log', text, secrets)).toEqual(['log holds a token']);
  });

  it('catches a phone with and without its country', () => {
    for (const text of ['8801700000001', '01700000001']) {
      expect(foundIn('log', text, secrets)).toEqual(['log holds a phone']);
    }
  });

  it('lets other numbers through', () => {
    expect(foundIn('log', '51043465443420856214 1700000001 2026-11-21T10:00:05.123', secrets)).toEqual([]);
  });
});
