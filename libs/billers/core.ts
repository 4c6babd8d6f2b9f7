import type { InstantMs, Paisa, WattHours } from '@vend/kernel';
import type { Provider } from '@vend/payments';

/** One line of what a payer is shown: energy, VAT, demand charge …; the lines add up to the amount. */
export interface BillerLine {
  /** As in libs/tariff: energy, vat, rent, demand, arrears, rebate … */
  readonly code: string;
  /** Minus: what came to the customer's help. */
  readonly amountPaisa: Paisa;
  readonly en: string;
  readonly bn: string;
}

/** An amount priced for a reference: no money has moved. */
export interface BillerQuote {
  readonly quoteId: string;
  readonly expiresAt: InstantMs;
  readonly amountPaisa: Paisa;
  /** Truncated: for the payer to recognise. */
  readonly customerName: string;
  readonly customerNo: string;
  readonly meterNo: string;
  /** The customer's tariff class: LT-A … */
  readonly tariffProgram?: string;
  readonly lines: readonly BillerLine[];
  /** null for a meter that is credited in Taka: then `estimatedWh`. */
  readonly energyWh: WattHours | null;
  readonly estimatedWh: WattHours | null;
}

/** A payer's wallet has been debited. */
export interface CommitAsk {
  /** The provider's id of the payment, or our quote's id where the contract makes that the key. At most 64 printable ASCII. */
  readonly trxId: string;
  /**
   * What the payer named the meter by, and how much; left out where `quoteId` says both. A commit by `quoteId` vends what
   * the quote showed, line by line, or is refused (`quote-expired`, `quote-changed`): nothing is charged then, ever. So
   * no payment is booked before its vend (`moneyIsTaken` is not said): while no token can be made it is `in-progress`
   * until it is vended or the quote has expired.
   */
  readonly reference?: string;
  readonly amountPaisa?: Paisa;
  readonly quoteId?: string;
}

/** A payment that the register has accepted, and what it knows of it. */
export interface AcceptedAsk extends CommitAsk {
  readonly acceptedAt: InstantMs;
  /** The refusal that it came to before, which is final. */
  readonly refusalCode: string | null;
}

/** What became of a payment. */
export interface BillerPayment {
  readonly trxId: string;
  /**
   * in-progress: accepted, its token follows; never answered "not found" from then on. refund-due: it cannot be vended and
   * is owed back. reversed: given back.
   */
  readonly state: 'vended' | 'in-progress' | 'refused' | 'refund-due' | 'reversed';
  /** Why it was refused or is owed back: a stable code of ours (meter-not-found, below-minimum-recharge …). */
  readonly refusalCode: string | null;
  readonly amountPaisa: Paisa;
  readonly customerName: string | null;
  readonly customerNo: string | null;
  readonly meterNo: string | null;
  /** The tariff class that it was priced by; none unless vended. */
  readonly tariffProgram?: string;
  readonly receiptNo: string | null;
  /** 20 digits each, in the order in which they are typed. Empty unless vended. Must not reach a log. */
  readonly tokens: readonly string[];
  readonly lines: readonly BillerLine[];
  readonly energyWh: WattHours | null;
  readonly estimatedWh: WattHours | null;
  /** True when the tokens are sent to the meter over its head-end; else the customer types them. */
  readonly loadsItself?: boolean;
  /** True while in progress with its money booked: whoever works kept payments vends it, without the register. */
  readonly kept?: boolean;
  /** When the payment was accepted. */
  readonly bookedAt: InstantMs;
  readonly acknowledgedAt: InstantMs | null;
}

/** One payment on a provider's day. */
export interface StatementLine {
  readonly trxId: string;
  readonly reference: string | null;
  readonly amountPaisa: Paisa;
  readonly state: BillerPayment['state'];
  readonly bookedAt: InstantMs;
}

/**
 * The one way in which any company sells our recharges, whatever its contract looks like (CHANNELS.md, 1.10). The key of
 * every payment is (provider, trxId). The same id with other content is `transaction-conflict`.
 *
 * Two implementations: the real one, and the one that plays the triggers for a provider in sandbox mode.
 */
export interface BillerCore {
  /**
   * Prices an amount; without an amount the least that can be paid.
   *
   * @throws {DomainError} meter-not-found, meter-closed, reference-ambiguous, below-minimum-recharge,
   *   above-maximum-recharge, amount-step, connection-disconnected, above-meter-register
   */
  quote(provider: Provider, ask: { readonly reference: string; readonly amountPaisa?: Paisa }): Promise<BillerQuote>;
  /**
   * Takes a payment that is registered durably (`CommitRegister`), vends it once, and says what became of it. A refusal that does not pass by
   * itself is an answer (`refused`), final for this id. What passes by itself (token server away, lane full, outcome not
   * known) is `in-progress`, and the worker ends it.
   *
   * @throws never a DomainError: every refusal is an answer
   */
  commit(provider: Provider, ask: AcceptedAsk): Promise<BillerPayment>;
  /** undefined: never heard of; never for a payment that was accepted. */
  status(provider: Provider, trxId: string): Promise<BillerPayment | undefined>;
  /**
   * Takes a payment back before its token exists.
   *
   * @throws {DomainError} transaction-not-found; token-released: only a cancellation at the counter can take it back now
   */
  reverse(provider: Provider, trxId: string, reason: string): Promise<BillerPayment>;
  /** The provider says that it has our answer. The same again changes nothing. @throws {DomainError} transaction-not-found */
  acknowledge(provider: Provider, trxId: string): Promise<BillerPayment>;
  /** What was accepted of a Dhaka day (`2026-11-22`), in order; at most 1,000 lines a page. */
  statement(
    provider: Provider,
    day: string,
    after?: string,
  ): Promise<{ readonly lines: readonly StatementLine[]; readonly next: string | null }>;
}
