import { createHash } from 'node:crypto';

/** Our own contract, of /v1/biller and /v1/callbacks/topup. */
const SIGNED = ['signed-v1'] as const;
/** The contracts of others. */
const BILLERS = ['biller-form-v1', 'biller-json-v1', 'fetch-pay-status-v1', 'quote-charge-v1', 'xml-ack-v1'] as const;
/** Those that say the amount when they pay: where the quote's id says it, it cannot be another. */
const AMOUNT_SAYERS = BILLERS.filter((name) => name !== 'quote-charge-v1');
const GATEWAYS = ['bkash-checkout-v1', 'nagad-checkout-v1', 'sslcommerz-v4'] as const;
const NOTICES = ['bkash-webhook-v1'] as const;

type PlayedProfile =
  (typeof SIGNED)[number] | (typeof BILLERS)[number] | (typeof GATEWAYS)[number] | (typeof NOTICES)[number];

interface FaultOfTable {
  /** Its number in the list of CHANNELS.md, section 7; null: not in the list, and still happens. */
  readonly no: number | null;
  readonly profiles: readonly PlayedProfile[];
  readonly en: string;
}

const SELLERS = [...SIGNED, ...BILLERS] as const;
const ALL = [...BILLERS, ...GATEWAYS, ...NOTICES];
/** Nagad tells nothing by itself. */
const TELLERS = ['bkash-checkout-v1', 'sslcommerz-v4', ...NOTICES] as const;

/** Everything that may go wrong outside, once: a name, and who can play it. A profile's owner adds what it plays. */
export const PROVIDER_FAULTS = {
  'answer-lost': {
    no: 1,
    profiles: [...SIGNED, ...ALL],
    en: 'our answer is lost; the same is sent again with the same id',
  },
  'pay-repeated': { no: 1, profiles: SELLERS, en: 'the pay call is sent again although it was answered' },
  'pay-in-parallel': { no: 2, profiles: SELLERS, en: 'the pay call is repeated while the first is still running' },
  'amount-changed-on-repeat': {
    no: 3,
    profiles: AMOUNT_SAYERS,
    en: 'the same transaction id comes again with other money',
  },
  'status-first': { no: 4, profiles: SELLERS, en: 'asks what became of a payment before it sends it' },
  'payer-leaves': { no: 5, profiles: [...SELLERS, ...GATEWAYS], en: 'asks for the price and never pays' },
  'amount-changed': { no: 6, profiles: [...SIGNED, ...AMOUNT_SAYERS], en: 'pays another amount than it asked about' },
  'takes-less': { no: 6, profiles: ['sslcommerz-v4'], en: 'takes less than it was asked to' },
  'takes-more': { no: 6, profiles: ['sslcommerz-v4'], en: 'takes ten Taka more than it was asked to' },
  'error-in-200': { no: 7, profiles: GATEWAYS, en: 'an error in an answer with HTTP 200' },
  'failed-but-done': { no: 8, profiles: [...BILLERS, ...GATEWAYS], en: 'HTTP 500, and it was done' },
  'no-answer': { no: 8, profiles: GATEWAYS, en: 'does what was asked and never answers' },
  'html-page': { no: 9, profiles: [...BILLERS, ...GATEWAYS], en: 'an error page in HTML in place of an answer' },
  'empty-answer': { no: 9, profiles: [...BILLERS, ...GATEWAYS], en: 'an answer without a body' },
  'odd-json': { no: 10, profiles: [...BILLERS, ...GATEWAYS], en: 'keys in other case, extra keys, numbers as strings' },
  'notice-early': {
    no: 11,
    profiles: ['bkash-checkout-v1', 'sslcommerz-v4'],
    en: 'the notice comes before the answer to our call',
  },
  'notice-twice': { no: 12, profiles: [...SIGNED, ...TELLERS], en: 'the same notice twice' },
  'notice-reordered': { no: 12, profiles: TELLERS, en: 'notices in another order than they happened' },
  'notice-other-id': { no: 12, profiles: [...SIGNED, ...TELLERS], en: 'another message id for the same payment' },
  'notice-late': { no: 12, profiles: TELLERS, en: 'the notice comes much later' },
  'notice-never': { no: 12, profiles: [...SIGNED, ...TELLERS], en: 'no notice ever comes' },
  'sns-foreign-host': { no: 13, profiles: NOTICES, en: 'signed with a certificate of a foreign host' },
  'sns-wrong-topic': { no: 13, profiles: NOTICES, en: 'a notice of another topic' },
  'sns-version-2': { no: 13, profiles: NOTICES, en: 'signed with SHA-256' },
  'sns-no-subject': { no: 13, profiles: NOTICES, en: 'no Subject' },
  'ipn-short-key': { no: 14, profiles: ['sslcommerz-v4'], en: 'a verify_key that leaves out what matters' },
  'valid-after-failed': { no: 15, profiles: GATEWAYS, en: 'says failed, and later that it was paid' },
  'notice-contradicts': { no: 15, profiles: GATEWAYS, en: 'says failed of what was paid' },
  'risk-level-1': { no: 16, profiles: ['sslcommerz-v4'], en: 'paid, and perhaps with a stolen card' },
  'grant-limit': { no: 17, profiles: ['bkash-checkout-v1'], en: 'no more tokens are granted this hour' },
  'token-expired': { no: 18, profiles: ['bkash-checkout-v1', 'quote-charge-v1'], en: 'the token expires half-way' },
  'refund-after-token': { no: 19, profiles: GATEWAYS, en: 'gives the money back although the token was given out' },
  'clock-skew': { no: 20, profiles: ALL, en: 'its clock is wrong' },
  'float-exhausted': { no: 21, profiles: ['quote-charge-v1'], en: 'pays more than its float holds' },
  'ack-missing': { no: null, profiles: ['xml-ack-v1'], en: 'has our answer and never says so' },
  'two-tabs': { no: 23, profiles: GATEWAYS, en: 'two tabs of the browser end the same payment' },
  down: { no: null, profiles: ALL, en: 'is down: connections break' },
  slow: { no: null, profiles: ALL, en: 'answers late' },
} as const satisfies Record<string, FaultOfTable>;

export type ProviderFault = keyof typeof PROVIDER_FAULTS;

/** The faults of a statement are asked for with it: number 22 of the list. */
export const STATEMENT_FAULTS = ['missing', 'extra', 'duplicate', 'differs', 'late'] as const;
export type StatementFault = (typeof STATEMENT_FAULTS)[number];

export interface FaultSetting {
  readonly seed: number;
  /** Probability of each, 0 to 1. */
  readonly faults: Readonly<Partial<Record<ProviderFault, number>>>;
}

/** The faults that a company of this contract can play. */
export function faultsOf(profile: string): ProviderFault[] {
  const names = Object.keys(PROVIDER_FAULTS) as ProviderFault[];
  return names.filter((name) => (PROVIDER_FAULTS[name].profiles as readonly string[]).includes(profile));
}

/**
 * Which faults each company plays, by chance, from a seed: the n-th asking for one fault of one company has the same
 * answer whenever the seed is the same, however the askings for others lie between.
 */
export class ProviderFaults {
  private readonly settings = new Map<string, FaultSetting>();
  private readonly asked = new Map<string, number>();

  /** A company that was never told otherwise plays none. */
  settingOf(provider: string): FaultSetting {
    return this.settings.get(provider) ?? { seed: 0, faults: {} };
  }

  set(provider: string, setting: FaultSetting): void {
    this.settings.set(provider, setting);
    for (const key of this.asked.keys()) if (key.startsWith(`${provider}/`)) this.asked.delete(key);
  }

  /** Throws the dice once. */
  happens(provider: string, name: ProviderFault): boolean {
    const { seed, faults } = this.settingOf(provider);
    const probability = faults[name] ?? 0;
    if (probability === 0) return false;
    const key = `${provider}/${name}`;
    const turn = this.asked.get(key) ?? 0;
    this.asked.set(key, turn + 1);
    return chance(`${seed}/${key}/${turn}`) < probability;
  }
}

/** A number from 0 to below 1 that depends on the text alone. */
export function chance(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
