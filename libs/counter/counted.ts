import { DomainError, parseTaka, type Paisa } from '@vend/kernel';
import type { CounterErrorCode } from './counter.errors';

/** Notes, and coins of whole Taka, that are counted piece by piece; smaller coins are counted as one sum. */
export const DENOMINATIONS = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1] as const;

/** Cash as a person counted it: how many of each, and what the coins below one Taka come to. */
export interface Counted {
  /** Taka of the piece to how many; what is not named is none. */
  readonly pieces: Readonly<Record<string, number>>;
  /** Taka, below 100: `0.75`. */
  readonly coins: string;
}

/** A drawer holds no more of one kind. */
const PIECES_MAX = 100_000;

/**
 * What counted cash comes to.
 *
 * @throws {DomainError<CounterErrorCode>} count-malformed: a piece that there is not, or a number that is none
 * @example countedPaisa({ pieces: { '500': 3, '20': 1 }, coins: '0.50' }) // 152_050n
 */
export function countedPaisa({ pieces, coins }: Counted): Paisa {
  let sum = coinsPaisa(coins);
  for (const [taka, count] of Object.entries(pieces)) {
    const isPiece = DENOMINATIONS.some((piece) => String(piece) === taka);
    if (!isPiece || !Number.isInteger(count) || count < 0 || count > PIECES_MAX) throw malformed();
    sum += BigInt(taka) * 100n * BigInt(count);
  }
  return sum;
}

function coinsPaisa(coins: string): Paisa {
  if (!/^\d{1,2}(?:\.\d{1,2})?$/.test(coins)) throw malformed();
  return parseTaka(coins);
}

function malformed() {
  return new DomainError<CounterErrorCode>('count-malformed');
}
