import type { CallStep, CompanyPayment, Dialect, Meaning } from './dialect';
import type { Seen } from './dialect-client';
import type { ProviderFault } from '../providers/provider-faults';

/** One call, as the company saw it and understood it. */
export type CompanyStep = Seen & {
  readonly step: CallStep;
  readonly attempt: number;
  readonly meaning: Meaning;
  readonly code: string | null;
};

/**
 * What the company tells its payer in the end. `pending`: our side has it and there is no recharge yet. `refused`:
 * nothing was recharged; whatever was taken is given back. `unknown`: no answer that says so.
 */
export type CompanyOutcome = 'vended' | 'pending' | 'refused' | 'unknown';

/** One payment from the company's side, as far as it has come. */
export class CompanyStory {
  readonly steps: CompanyStep[] = [];
  outcome: CompanyOutcome = 'unknown';
  /** The payer's wallet was debited. */
  taken = false;
  reversed = false;
  tokens: readonly string[] = [];
  payment: CompanyPayment;

  constructor(
    readonly provider: string,
    readonly dialect: Dialect,
    payment: CompanyPayment,
    readonly faults: ReadonlySet<ProviderFault>,
  ) {
    this.payment = payment;
  }

  /** The id that both sides know the payment by. */
  get key(): string {
    return this.dialect.keyOf(this.payment);
  }

  /** False when two answers that said "done" to the same payment differed: that is a fault of the vending system. */
  get answersAgree(): boolean {
    const done = this.steps.filter(({ step, meaning }) => step === 'pay' && meaning === 'done');
    return new Set(done.map((step) => (step.seen === 'answer' ? step.body : ''))).size <= 1;
  }

  /** As JSON, for whoever ordered it. */
  get told() {
    const { provider, key, payment, outcome, taken, reversed, tokens, answersAgree, steps, faults } = this;
    const { trxId, reference, amount } = payment;
    return {
      ...{ provider, trxId, key, reference, amount, outcome, taken, reversed, tokens, answersAgree },
      faults: [...faults],
      steps,
    };
  }
}
