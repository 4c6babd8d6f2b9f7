import type { PlayedProvider } from '../providers/providers-file';

/** A company that sells recharges, as its own side knows it. */
export type Company = Pick<PlayedProvider, 'code' | 'profile' | 'credentials' | 'settings'>;

/** What a company says to us, in the order of its contract. */
export type CallStep = 'login' | 'account' | 'inquiry' | 'pay' | 'acknowledge' | 'status';

/** One payment, as the company keeps it while it lasts. */
export interface CompanyPayment {
  /** The company's own id of the payment; made before anybody is asked. */
  readonly trxId: string;
  /** As the payer typed it: a customer, meter or account number. */
  readonly reference: string;
  /** Taka as the payer typed it; sent as it is, so that bad ones can be tried. */
  readonly amount: string;
  readonly payerMobile: string;
  /** When the payer's wallet was debited, by the company's own clock. */
  readonly at: number;
  /** What earlier answers gave, to be said again: an access token, the id of a quote. */
  readonly carried: Readonly<Record<string, string>>;
}

/** A call as it goes over the wire. */
export interface DialectCall {
  readonly method: 'GET' | 'POST';
  /** Below `/v1/billers/<code>`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An answer as it came over the wire. */
export interface DialectAnswer {
  readonly httpStatus: number;
  readonly body: string;
}

/**
 * What an answer means to the company, which decides what it does next:
 *
 * - `done`: the step did what it is for. To pay and status: the recharge is made.
 * - `pending`: the payment was accepted and is not made yet. Asks again; keeps the payer's money.
 * - `not-found`: to status, nobody has heard of it. Pays again, with the same id.
 * - `refused`: final. Gives the payer's money back.
 * - `conflict`: this id was used for another payment. A person must look; no money goes back by itself.
 * - `unclear`: nothing that the contract has a word for (an HTML page, nothing at all). Asks again.
 */
export type Meaning = 'done' | 'pending' | 'not-found' | 'refused' | 'conflict' | 'unclear';

export interface Heard {
  readonly meaning: Meaning;
  /** The contract's own code, for people; null when there was none. */
  readonly code: string | null;
  /** 20 digits each, without separators. */
  readonly tokens: readonly string[];
  /** Added to what the payment carries. */
  readonly carried?: Readonly<Record<string, string>>;
}

/**
 * One contract from its caller's side: how a company of that kind asks, and how it understands what it is answered. Pure;
 * `MobileMoneyCompany` decides when to ask what. It is written from the contract alone and shares no code with the
 * profile that answers it, so that a misreading on one side shows.
 */
export interface Dialect {
  /**
   * What the company does when it has no answer, or one without an outcome: `ask` for the status until it knows; or
   * `insist`, which is to ask once and, unless that was a success, to pay again with the same id.
   */
  readonly unanswered: 'ask' | 'insist';
  /** The steps up to the payment, in order; `status` is asked whenever an answer is missing. */
  readonly steps: readonly Exclude<CallStep, 'status'>[];
  /** The id that the payment is known by at our side: the company's own, or that of our quote. */
  keyOf(payment: CompanyPayment): string;
  call(step: CallStep, payment: CompanyPayment): DialectCall;
  hear(step: CallStep, answer: DialectAnswer): Heard;
}
