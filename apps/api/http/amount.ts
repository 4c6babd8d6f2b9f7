import { DomainError, formatTaka, parseTaka, type Paisa } from '@vend/kernel';

export type AmountFault = 'amount-not-a-number' | 'amount-too-many-decimals' | 'amount-not-positive';

const DECIMAL = /^-?\d+(?:\.(\d+))?$/;
/** parseTaka takes thirteen digits; a longer number is above any limit that a setting can express. */
const WIDEST_TAKA = 13;

/**
 * What is wrong with an amount as a caller wrote it, if anything. A JSON number is refused: it has passed through
 * a float on its way, and 0.1 + 0.2 is nobody's money.
 *
 * @example amountFault('10.001') // 'amount-too-many-decimals'
 */
export function amountFault(value: unknown): AmountFault | undefined {
  const match = typeof value === 'string' && value.length <= 40 ? DECIMAL.exec(value) : null;
  if (!match) return 'amount-not-a-number';
  if ((match[1]?.length ?? 0) > 2) return 'amount-too-many-decimals';
  return match[0].startsWith('-') || !/[1-9]/.test(match[0]) ? 'amount-not-positive' : undefined;
}

/**
 * Reads an amount that `amountFault` found nothing wrong with.
 *
 * @throws {DomainError} above-maximum-recharge when it is above the limit of one recharge at this server
 * @example readAmount('1000.00', 5_000_000n) // 100000n
 */
export function readAmount(text: string, maximumPaisa: Paisa): Paisa {
  const taka = text.replace(/^0+(?=\d)/, '');
  const paisa = taka.split('.')[0]!.length > WIDEST_TAKA ? undefined : parseTaka(taka);
  if (paisa === undefined || paisa > maximumPaisa) {
    throw new DomainError('above-maximum-recharge', { maximumTaka: formatTaka(maximumPaisa) });
  }
  return paisa;
}
