// Proves that any threshold of a KEK's shares brings it back, that fewer tell nothing, and that a wrong share is named.
import { randomBytes } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import fc from 'fast-check';
import { combineShares, looksLikeShare, splitKek, thresholdOf } from './custodian-shares';

const kek = Buffer.from('00112233445566778899aabbccddeeff'.repeat(2), 'hex');
const bytes = (lines: readonly string[]): Buffer[] => lines.map((line) => Buffer.from(line));

async function refusalOf(lines: readonly string[]): Promise<{ code: string; facts: object }> {
  try {
    await combineShares(bytes(lines));
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, facts: error.facts };
    throw error;
  }
  return { code: 'no refusal', facts: {} };
}

it('brings the KEK back from any threshold of shares, in any order', async () => {
  const splitting = fc
    .tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 2, max: 7 }))
    .filter(([shares, threshold]) => threshold <= shares);
  await fc.assert(
    fc.asyncProperty(
      splitting,
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.infiniteStream(fc.nat()),
      async ([shares, threshold], secret, order) => {
        const lines = await splitKek(Buffer.from(secret), { shares, threshold });
        const some = lines
          .map((line) => ({ line, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .slice(0, threshold)
          .map(({ line }) => line);
        expect(await combineShares(bytes(some))).toEqual(Buffer.from(secret));
      },
    ),
    { numRuns: 60 },
  );
});

it('refuses fewer than the threshold, and says how many there must be', async () => {
  const lines = await splitKek(kek, { shares: 5, threshold: 3 });
  expect(await refusalOf(lines.slice(0, 2))).toEqual({ code: 'kek-shares-too-few', facts: { given: 2, threshold: 3 } });
  expect((await refusalOf([])).code).toBe('kek-shares-too-few');
  expect(thresholdOf(Buffer.from(lines[4]!))).toBe(3);
});

it('names the share that was mistyped, whatever digit it was', async () => {
  const lines = await splitKek(kek, { shares: 3, threshold: 2 });
  const wrong = lines[1]!;
  await fc.assert(
    fc.asyncProperty(fc.nat(wrong.length - 1), fc.constantFrom(...'0123456789abcdef'), async (at, digit) => {
      fc.pre(wrong[at] !== digit);
      const twisted = wrong.slice(0, at) + digit + wrong.slice(at + 1);
      expect(await refusalOf([lines[0]!, twisted])).toEqual({ code: 'kek-share-malformed', facts: { share: 2 } });
    }),
    { numRuns: 150 },
  );
});

it.each([
  ['cut off', (line: string) => line.slice(0, -3)],
  ['empty', () => ''],
  ['the KEK itself', () => kek.toString('hex')],
  ['with another threshold', (line: string) => line.replace('2of3', '2of2')],
  ['with another number', (line: string) => line.replace('2of3-1', '2of3-3')],
])('calls a share %s malformed', async (_how, change) => {
  const lines = await splitKek(kek, { shares: 3, threshold: 2 });
  expect((await refusalOf([change(lines[0]!), lines[1]!])).code).toBe('kek-share-malformed');
});

it('names a share of another KEK, or of another splitting of the same one', async () => {
  const lines = await splitKek(kek, { shares: 3, threshold: 2 });
  for (const other of [randomBytes(32), kek]) {
    const foreign = await splitKek(other, { shares: 3, threshold: 2 });
    const refusal = { code: 'kek-share-foreign', facts: { share: 2 } };
    expect(await refusalOf([lines[0]!, foreign[1]!])).toEqual(refusal);
  }
});

it('does not count one share twice', async () => {
  const lines = await splitKek(kek, { shares: 3, threshold: 2 });
  const refusal = { code: 'kek-share-repeated', facts: { share: 2, number: 2 } };
  expect(await refusalOf([lines[1]!, lines[1]!])).toEqual(refusal);
});

it('takes capitals and blanks, as people write', async () => {
  const lines = await splitKek(kek, { shares: 2, threshold: 2 });
  const written = lines.map((line) => `  ${line.toUpperCase()}\r\n`);
  expect(await combineShares(bytes(written))).toEqual(kek);
  expect(looksLikeShare(Buffer.from(written[0]!))).toBe(true);
  expect(looksLikeShare(Buffer.from(kek.toString('hex')))).toBe(false);
});

it('shows nothing of the KEK in a share, nor of a share in a refusal', async () => {
  const lines = await splitKek(kek, { shares: 3, threshold: 2 });
  for (const line of lines) expect(line.replaceAll('-', '')).not.toContain(kek.toString('hex', 0, 4));
  const error = await combineShares(bytes([lines[0]!.replace(/.$/, 'x')])).catch((e: unknown) => e);
  const secret = lines[0]!.split('-')[5]!;
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(secret);
});

it.each([
  [1, 1],
  [3, 1],
  [2, 3],
  [17, 2],
  [2.5, 2],
])('does not split %d ways with threshold %d', async (shares, threshold) => {
  await expect(splitKek(kek, { shares, threshold })).rejects.toThrow(RangeError);
});
