import { DomainError, type Paisa } from '@vend/kernel';
import type { BillerErrorCode } from '../biller.codes';
import type { BillerPayment } from '../core';

/** How a payment in sandbox mode goes. */
export interface SandboxPlan {
  readonly state: BillerPayment['state'];
  readonly refusalCode?: BillerErrorCode;
  readonly tokens?: number;
  /** How it ends, when it is in progress at first; without it, it stays so. */
  readonly endsAs?: 'vended' | 'refund-due' | 'reversed';
  /** It ends with the so many-th question about it. */
  readonly afterAsks?: number;
  readonly afterSeconds?: number;
  /** For how long the first answer is held back. */
  readonly slowSeconds?: number;
  /** Accepted, and the first answer is an HTTP 500. */
  readonly answerLost?: boolean;
}

export interface SandboxTrigger {
  /** What a caller sends: whole Taka, or a reference. `1011 to 1019`: the last digit is n. */
  readonly send: string;
  readonly what: string;
}

interface AmountTrigger extends SandboxTrigger {
  /** Whole Taka. */
  readonly from: number;
  readonly through: number;
  readonly plan: (n: number) => SandboxPlan;
}

function one(taka: number, what: string, plan: SandboxPlan): AmountTrigger {
  return { send: String(taka), what, from: taka, through: taka, plan: () => plan };
}

function nine(base: number, what: string, plan: (n: number) => SandboxPlan): AmountTrigger {
  return { send: `${base + 1} to ${base + 9}`, what, from: base + 1, through: base + 9, plan };
}

const VENDED: SandboxPlan = { state: 'vended', tokens: 1 };
const MINIMUM_TAKA = 10;
const MAXIMUM_TAKA = 50_000;

const AMOUNTS: readonly AmountTrigger[] = [
  one(1002, 'vended, two tokens, to be typed in their order', { state: 'vended', tokens: 2 }),
  nine(1010, 'pending; vended with the n-th status call', (n) => ({
    ...{ state: 'in-progress', tokens: 1, endsAs: 'vended', afterAsks: n },
  })),
  nine(1020, 'pending; vended after n times 10 seconds', (n) => ({
    ...{ state: 'in-progress', tokens: 1, endsAs: 'vended', afterSeconds: n * 10 },
  })),
  one(1030, 'pending, and stays so', { state: 'in-progress' }),
  one(1040, 'refund-due: accepted, cannot be vended, owed back', {
    ...{ state: 'refund-due', refusalCode: 'meter-closed' },
  }),
  nine(1040, 'pending; refund-due with the n-th status call', (n) => ({
    ...{ state: 'in-progress', refusalCode: 'meter-closed', endsAs: 'refund-due', afterAsks: n },
  })),
  one(1050, 'pending; given back with the first status call', {
    ...{ state: 'in-progress', refusalCode: 'meter-closed', endsAs: 'reversed', afterAsks: 1 },
  }),
  nine(1060, 'vended; the first answer comes after n times 5 seconds', (n) => ({ ...VENDED, slowSeconds: n * 5 })),
  one(1070, 'vended; the first answer is lost (HTTP 500): repeat, or ask status', { ...VENDED, answerLost: true }),
  one(1080, 'refused: the float is exhausted', { state: 'refused', refusalCode: 'float-exhausted' }),
];

/** Refused when asked for a price, and when paid. */
const REFERENCES: Readonly<Record<string, BillerErrorCode>> = {
  '90000001': 'meter-not-found',
  '90000002': 'meter-closed',
  '90000003': 'reference-ambiguous',
  '90000004': 'connection-disconnected',
  '90000005': 'above-meter-register',
  '90000006': 'amount-step',
  '90000007': 'token-refused',
  '90000008': 'meter-key-expired',
  '90000009': 'meter-check-digit-wrong',
};

/** Everything that can be triggered, for the page that tells partners (docs/PARTNERS.md). */
export const SANDBOX_TRIGGERS: readonly SandboxTrigger[] = [
  { send: `any other amount from ${MINIMUM_TAKA} to ${MAXIMUM_TAKA}`, what: 'vended, one token' },
  { send: `less than ${MINIMUM_TAKA}`, what: 'refused: below-minimum-recharge' },
  { send: `more than ${MAXIMUM_TAKA}`, what: 'refused: above-maximum-recharge' },
  ...AMOUNTS.map(({ send, what }) => ({ send, what })),
  ...Object.entries(REFERENCES).map(([reference, code]) => ({
    ...{ send: `reference ${reference}`, what: `refused: ${code}` },
  })),
];

/** Refuses what no payment could follow. @throws {DomainError} the code of the reference or of the amount */
export function assertPayable(reference: string, amountPaisa: Paisa): void {
  const code = REFERENCES[reference] ?? amountRefusal(amountPaisa);
  if (code) throw new DomainError<BillerErrorCode>(code);
}

/** How a payment of this amount for this reference goes, however often and whenever it is made. */
export function planOf(reference: string, amountPaisa: Paisa): SandboxPlan {
  const refusalCode = REFERENCES[reference] ?? amountRefusal(amountPaisa);
  if (refusalCode) return { state: 'refused', refusalCode };
  const taka = amountPaisa % 100n === 0n ? Number(amountPaisa / 100n) : 0;
  const trigger = AMOUNTS.find(({ from, through }) => taka >= from && taka <= through);
  return trigger?.plan(taka % 10) ?? VENDED;
}

export const SANDBOX_MINIMUM_PAISA: Paisa = BigInt(MINIMUM_TAKA) * 100n;

function amountRefusal(amountPaisa: Paisa): BillerErrorCode | undefined {
  if (amountPaisa < SANDBOX_MINIMUM_PAISA) return 'below-minimum-recharge';
  return amountPaisa > BigInt(MAXIMUM_TAKA) * 100n ? 'above-maximum-recharge' : undefined;
}
