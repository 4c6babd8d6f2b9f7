/** Notes and coins that are counted by the piece, as the server knows them (libs/counter/counted.ts). */
export const PIECES = ['1000', '500', '200', '100', '50', '20', '10', '5', '2', '1'] as const;

/** What a person has typed so far: of each piece how many, and the small coins in Taka. */
export interface TypedCount {
  readonly pieces: Readonly<Record<string, string>>;
  readonly coins: string;
}

export const NOTHING_TYPED: TypedCount = { pieces: {}, coins: '' };

/** As the server takes it; undefined when something typed is no number. @example countOf({ pieces: { '500': '3' }, coins: '' }) */
export function countOf({ pieces, coins }: TypedCount) {
  const counts = Object.entries(pieces).filter(([, typed]) => typed !== '');
  if (counts.some(([, typed]) => !/^\d{1,5}$/.test(typed))) return undefined;
  if (!/^(?:\d{1,2}(?:\.\d{1,2})?)?$/.test(coins)) return undefined;
  return {
    pieces: Object.fromEntries(counts.map(([piece, typed]) => [piece, Number(typed)])),
    coins: coins === '' ? '0' : coins,
  };
}

/**
 * What counted cash comes to, in Taka: whole paisa all the way.
 *
 * @example takaOf({ pieces: { '500': 3, '20': 1 }, coins: '0.5' }) // '1520.50'
 */
export function takaOf({
  pieces,
  coins,
}: {
  readonly pieces: Readonly<Record<string, number>>;
  readonly coins: string;
}) {
  const [taka = '0', paisa = ''] = coins.split('.');
  let sum = BigInt(taka) * 100n + BigInt(paisa.padEnd(2, '0'));
  for (const [piece, count] of Object.entries(pieces)) sum += BigInt(piece) * 100n * BigInt(count);
  return taka2(sum);
}

/** One sum less another, both decimal strings. @example lessOf('99.75', '100.00') // '-0.25' */
export function lessOf(sum: string, other: string): string {
  return taka2(paisaOf(sum) - paisaOf(other));
}

function paisaOf(taka: string): bigint {
  const [whole = '0', paisa = ''] = taka.replace('-', '').split('.');
  const sum = BigInt(whole) * 100n + BigInt(paisa.padEnd(2, '0'));
  return taka.startsWith('-') ? -sum : sum;
}

function taka2(paisa: bigint): string {
  const text = (paisa < 0n ? -paisa : paisa).toString().padStart(3, '0');
  return `${paisa < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
}
