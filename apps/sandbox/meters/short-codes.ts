import { formatInstant } from '@vend/kernel';

/** What the display can be asked about a meter, besides taking tokens. */
export interface MeterFacts {
  readonly pan: string;
  readonly balance: { readonly kwh: string; readonly taka: string };
  readonly tokensAccepted: number;
  readonly tampered: boolean;
  /** Watts drawn at present, and the most that may be; null: no limit was set. */
  readonly loadW: number;
  readonly limitW: number | null;
  readonly lastCredit: { readonly amount: string; readonly unit: 'kWh' | 'BDT'; readonly atMs: number } | null;
}

/** Why a meter has switched the house off; null: it has not. */
export type OffCause = 'tamper' | 'overload' | 'no-credit' | null;

/**
 * Whether the house has light. @example offCause({ ...facts, tampered: true }) // 'tamper'
 */
export function offCause({ tampered, loadW, limitW, balance }: MeterFacts): OffCause {
  if (tampered) return 'tamper';
  if (limitW !== null && loadW > limitW) return 'overload';
  return isPositive(balance.kwh) || isPositive(balance.taka) ? null : 'no-credit';
}

const isPositive = (amount: string): boolean => !amount.startsWith('-') && /[1-9]/.test(amount);

interface ShortCode {
  readonly bn: string;
  readonly en: string;
  readonly display: (facts: MeterFacts) => string;
}

const CAUSE_SHOWN = { tamper: 'OFF TAMPER', overload: 'OFF OVERLOAD', 'no-credit': 'OFF NO CREDIT' } as const;

/**
 * Numbers of three digits that a customer types to read the display, as utilities here print them on leaflets. Makers
 * differ in the rest; these are the ones that this meter knows.
 */
export const SHORT_CODES: Readonly<Record<string, ShortCode>> = {
  '801': { bn: 'অবশিষ্ট ব্যালেন্স', en: 'Balance', display: (facts) => balanceShown(facts) },
  '804': { bn: 'মিটার নম্বর', en: 'Meter number', display: ({ pan }) => pan },
  '807': {
    bn: 'মিটারের অবস্থা',
    en: 'State of the meter',
    display: (facts) => {
      const cause = offCause(facts);
      return cause === null ? 'ON' : CAUSE_SHOWN[cause];
    },
  },
  '808': { bn: 'এখনকার লোড', en: 'Present load', display: ({ loadW }) => `${kilowatts(loadW)} kW` },
  '815': {
    bn: 'শেষ রিচার্জের সময়',
    en: 'Time of the last credit',
    display: ({ lastCredit }) => (lastCredit ? formatInstant(lastCredit.atMs).slice(0, 16).replace('T', ' ') : '– –'),
  },
  '817': {
    bn: 'শেষ রিচার্জের পরিমাণ',
    en: 'Last credit',
    display: ({ lastCredit }) => (lastCredit ? `${lastCredit.amount} ${lastCredit.unit}` : '0'),
  },
  '869': {
    bn: 'সর্বোচ্চ লোড',
    en: 'Most load allowed',
    display: ({ limitW }) => (limitW === null ? 'NO LIMIT' : `${kilowatts(limitW)} kW`),
  },
  '889': { bn: 'শেষ টোকেনের ক্রম', en: 'Last sequence', display: ({ tokensAccepted }) => `SEQ ${tokensAccepted}` },
};

/**
 * What the display shows for a short code; undefined: no code of this meter.
 *
 * @example shortCode('889', facts) // 'SEQ 3'
 */
export function shortCode(code: string, facts: MeterFacts): string | undefined {
  return Object.hasOwn(SHORT_CODES, code) ? SHORT_CODES[code]!.display(facts) : undefined;
}

function balanceShown({ balance }: MeterFacts): string {
  return isPositive(balance.taka) ? `${balance.taka} BDT` : `${balance.kwh} kWh`;
}

/** @example kilowatts(2500) // '2.50' */
function kilowatts(watts: number): string {
  return (watts / 1_000).toFixed(2);
}
