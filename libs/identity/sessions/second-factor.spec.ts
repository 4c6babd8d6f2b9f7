// Proves the second factor against the published vectors of RFC 6238 (appendix B, SHA-1) and its drift, and that
// recovery codes are many, different and read as people write them.
import { newRecoveryCodes, newTotpSecret, recoveryCodeHash, totpCode, totpStep } from './second-factor';

/** RFC 6238, appendix B: the ASCII secret "12345678901234567890" in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('at %d s the code is %s, of which we show six digits', (seconds, eight) => {
  expect(totpCode(SECRET, seconds * 1000)).toBe(eight.slice(2));
  expect(totpStep(SECRET, eight.slice(2), seconds * 1000)).toBe(Math.floor(seconds / 30));
});

it('takes a code one step early or late, and names its step; two steps away it takes none', () => {
  const at = 1_800_000_015_000;
  const code = totpCode(SECRET, at);
  const step = Math.floor(at / 30_000);
  expect([-2, -1, 0, 1, 2].map((steps) => totpStep(SECRET, code, at + steps * 30_000))).toEqual([
    undefined,
    step,
    step,
    step,
    undefined,
  ]);
});

it.each(['', '12345', '1234567', 'abcdef', '12 345', '１２３４５６'])('takes %j for no code', (code) => {
  expect(totpStep(SECRET, code, 59_000)).toBeUndefined();
});

it('makes secrets of 160 bits that any phone reads, each another', () => {
  const secrets = Array.from({ length: 50 }, newTotpSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) {
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(totpStep(secret, totpCode(secret, 59_000), 59_000)).toBe(1);
  }
});

it('makes ten recovery codes, and reads them in small letters and without hyphens', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    expect(recoveryCodeHash(code.toLowerCase().replaceAll('-', ''))).toEqual(recoveryCodeHash(code));
  }
  expect(recoveryCodeHash('287082')).toBeUndefined();
});
