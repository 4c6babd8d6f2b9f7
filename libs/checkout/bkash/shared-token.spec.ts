/* Proves when a bKash token is used, asked for, awaited or done without: the decision by itself, and by a law over whatever processes do in whatever order. */
import fc from 'fast-check';
import { nextStep, tokenGranted, type TokenState } from './shared-token.rules';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 1_772_000_000_000;
const grant = (at: number, n = 0) =>
  tokenGranted({ idToken: `id-${at}-${n}`, refreshToken: `refresh-${at}`, expiresInSeconds: 3_600 }, at, 0.5);
const state = (changes: Partial<TokenState> = {}): TokenState => ({
  ...{ token: undefined, asked: [], askingUntil: null },
  ...changes,
});

it.each([0, 0.5, 1])('the next one is asked for after 50 to 55 minutes: %s of the way', (chance) => {
  const { grantedAt, refreshAfter } = tokenGranted(
    { idToken: 'a', refreshToken: undefined, expiresInSeconds: 3_600 },
    NOW,
    chance,
  );
  expect((refreshAfter - grantedAt) / MINUTE).toBe(50 + 5 * chance);
});

it('nothing known: ask with the password', () => {
  expect(nextStep(state(), NOW)).toEqual({ step: 'ask', refreshToken: undefined });
});

it('a young token is used; an old one is refreshed by one, and used by all others meanwhile', () => {
  const token = grant(NOW);
  const known = state({ token, asked: [NOW] });
  expect(nextStep(known, NOW + 49 * MINUTE)).toEqual({ step: 'use', token });
  const later = NOW + 56 * MINUTE;
  expect(nextStep(known, later)).toEqual({ step: 'ask', refreshToken: `refresh-${NOW}` });
  expect(nextStep({ ...known, asked: [later, NOW], askingUntil: later + 30_000 }, later + 1)).toEqual({
    step: 'use',
    token,
  });
});

it('without one, somebody else’s question is awaited; after a death over it the next one asks', () => {
  const asking = state({ asked: [NOW], askingUntil: NOW + 30_000 });
  expect(nextStep(asking, NOW + 1_000)).toEqual({ step: 'wait' });
  expect(nextStep(asking, NOW + 31_000)).toEqual({ step: 'ask', refreshToken: undefined });
});

it('at the limit the old one is used on to its end, and then there is none', () => {
  const token = grant(NOW);
  const known = state({ token, asked: [NOW + 52 * MINUTE, NOW] });
  expect(nextStep(known, NOW + 58 * MINUTE)).toEqual({ step: 'use', token });
  expect(nextStep(known, NOW + HOUR)).toEqual({ step: 'blocked' });
  expect(nextStep(known, NOW + HOUR + MINUTE)).toMatchObject({ step: 'ask' });
});

it('a refused token is not used again, nor its refresh token', () => {
  const token = grant(NOW);
  expect(nextStep(state({ token, asked: [NOW] }), NOW + MINUTE, token.idToken)).toEqual({
    ...{ step: 'ask', refreshToken: undefined },
  });
  const next = grant(NOW + MINUTE);
  expect(nextStep(state({ token: next, asked: [NOW] }), NOW + 2 * MINUTE, token.idToken)).toMatchObject({
    step: 'use',
  });
});

it('the hour’s second question is not wasted on the same hiccup', () => {
  expect(nextStep(state({ asked: [NOW] }), NOW + 5_000)).toEqual({ step: 'blocked' });
  expect(nextStep(state({ asked: [NOW] }), NOW + 20_000)).toMatchObject({ step: 'ask' });
});

/** What a process may do, after how long. */
const turn = fc.record({
  afterMs: fc.integer({ min: 0, max: 40 * MINUTE }),
  /** `dies`: after writing down that it asks. */
  fate: fc.constantFrom('granted', 'refused', 'dies' as const),
  rejects: fc.boolean(),
});

it('whatever processes do, in no hour is bKash asked three times, and no dead or refused token is used', () => {
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 60 }), (turns) => {
      let [known, now] = [state(), NOW];
      const asks: number[] = [];
      for (const { afterMs, fate, rejects } of turns) {
        now += afterMs;
        const rejected = rejects ? known.token?.idToken : undefined;
        const step = nextStep(known, now, rejected);
        if (step.step === 'use') {
          expect(step.token.idToken).not.toBe(rejected);
          expect(now).toBeLessThan(step.token.expiresAt);
        }
        if (step.step !== 'ask') continue;
        asks.push(now);
        known = { ...known, asked: [now, ...known.asked].slice(0, 2), askingUntil: now + 30_000 };
        if (fate === 'granted') known = { ...known, token: grant(now, asks.length), askingUntil: null };
        if (fate === 'refused') known = { ...known, askingUntil: null };
      }
      asks.forEach((at, n) => {
        if (n >= 2) expect(at - asks[n - 2]!).toBeGreaterThan(HOUR);
      });
    }),
  );
});
