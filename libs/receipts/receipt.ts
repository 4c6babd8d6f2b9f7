import type { Id, InstantMs, Paisa, WattHours, YearMonth } from '@vend/kernel';

/** What a receipt is of. */
export type ReceiptKind =
  | 'credit'
  | 'free-issue'
  | 'replacement'
  | 'key-change'
  | 'engineering'
  | 'fee'
  | 'arrears-payment'
  | 'deposit-credit'
  | 'offline-pack';

export type Language = 'bn' | 'en';

/** A text in both languages of the receipt. */
export interface Bilingual {
  readonly bn: string;
  readonly en: string;
}

/** One component of the payment, as pricing explains it. The amounts of all lines add up to the gross. */
export interface ReceiptLine {
  readonly code: string;
  /** Plus: where the payment went. Minus: what came to the customer's help (rebate, remainder used). */
  readonly amountPaisa: Paisa;
  readonly label: Bilingual;
  readonly why: Bilingual;
}

/** What a token is for; the customer types all of them, in sequence. */
export type ReceiptTokenKind =
  | 'credit'
  | 'key-change'
  | 'clear-tamper'
  | 'clear-credit'
  | 'max-power-limit'
  | 'phase-unbalance-limit'
  | 'test-display';

export interface ReceiptToken {
  /** 1-based place among the receipt's tokens. */
  readonly sequence: number;
  readonly of: number;
  readonly kind: ReceiptTokenKind;
  /** Exactly 20 ASCII digits. */
  readonly digits: string;
}

/** Everything that a receipt shows, as plain data: built once from a vend, written out as SMS, print or page. */
export interface Receipt {
  /** What it is of; left out: a recharge. */
  readonly kind?: ReceiptKind;
  readonly receiptNo: string;
  readonly rechargeId: Id;
  readonly issuedAt: InstantMs;
  /** The station's name, or the provider's for mobile money. */
  readonly station: string;
  /** How the money came, in words. */
  readonly channel: Bilingual;
  readonly customerNo: string;
  readonly customerName: string;
  /** As it may be shown here: whole for the customer, masked for others. */
  readonly meterNo: string;
  readonly tariffClass: string;
  readonly sanctionedW: bigint;
  readonly lines: readonly ReceiptLine[];
  /** The months that its demand charge and rent are for; left out: none. */
  readonly chargedMonths?: readonly YearMonth[];
  readonly tokens: readonly ReceiptToken[];
  readonly grossPaisa: Paisa;
  /** The value of what the token carries. */
  readonly energyPaisa: Paisa;
  /** Energy mode: what the token carries. null in currency mode. */
  readonly energyWh: WattHours | null;
  /** Currency mode: the estimate, always labelled so. null in energy mode or when there is none. */
  readonly estimatedWh: WattHours | null;
  /** Carried to the next recharge. */
  readonly remainderPaisa: Paisa;
  readonly arrearsLeftPaisa: Paisa;
  /** The token was made with the IEC's sample tables: no real meter takes it, and every copy says so. */
  readonly sampleTables: boolean;
  /** It is also sent into the meter over the air: the customer types it only when the credit does not appear. */
  readonly remoteLoad?: boolean;
  /** A reprint; the original carries false. */
  readonly copy: boolean;
}

/**
 * Twenty digits in groups of four, as a customer types them; ASCII also inside Bangla.
 *
 * @throws {RangeError} when it is not 20 ASCII digits; the message never contains them
 * @example groupedToken('12345678901234567890') // '1234 5678 9012 3456 7890'
 */
export function groupedToken(digits: string): string {
  if (!/^[0-9]{20}$/.test(digits)) throw new RangeError('a token is 20 ASCII digits');
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/**
 * The tokens that the customer is told to type. Those of an offline pack were handed out before the vend was booked, and
 * are in the meter: told again, somebody would type them.
 *
 * @example tokensToType(receipt).length // 0 for an item of an offline pack
 */
export function tokensToType({ kind, tokens }: Receipt): readonly ReceiptToken[] {
  return kind === 'offline-pack' ? [] : tokens;
}
