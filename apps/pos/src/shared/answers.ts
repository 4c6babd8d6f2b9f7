/**
 * What the server answers to the pages, as far as they look at it. apps/api/pages/answers.spec.ts holds the API's own types
 * against these: an answer that changes its shape does not compile.
 */
import type { Text } from './words';

export interface Person {
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly station: string;
}

export interface PageSession {
  readonly user: Person;
  /** Of libs/identity/permissions.ts. */
  readonly permissions: readonly string[];
  /** Once, at the login that brings a second factor into force. */
  readonly recoveryCodes?: readonly string[];
}

/** What a phone makes codes from; shown once. */
export interface PhoneSecret {
  /** Base32. */
  readonly secret: string;
  /** The same, to be scanned. */
  readonly uri: string;
}

export interface Meter {
  readonly meterNo: string;
  readonly status: 'active' | 'closed';
  readonly customerNo: string;
  readonly customerName: string;
  readonly address: string;
  readonly office: string;
  readonly tariffClass: string;
  readonly phase: number;
  readonly sanctionedKw: string;
  readonly crediting: 'currency' | 'energy';
}

export interface MeterSearch {
  readonly items: readonly Meter[];
  readonly nextCursor: string | null;
}

export interface Money {
  readonly value: string;
}

export interface Energy {
  readonly kwh: string;
  readonly estimated: boolean;
}

/** One line of a price with its reason. */
export interface PriceLine {
  readonly code: string;
  /** Taka as a decimal string; minus came back to the customer. */
  readonly amount: string;
  readonly label: Text;
  readonly why: Text;
  /** Numbers of the notices behind a penalty or surcharge. */
  readonly papers: readonly string[];
}

export interface Priced {
  readonly meterNo: string;
  readonly customerNo: string;
  readonly customerName: string;
  readonly amount: Money;
  readonly energy: Energy | null;
  readonly credit: { readonly value: string } | null;
  readonly lines: readonly PriceLine[];
}

export interface Quote extends Priced {
  readonly quoteId: string;
  readonly expiresAt: string;
  /** The same meter and amount within the last ten minutes. */
  readonly lookalike: { readonly rechargeId: string; readonly bookedAt: string } | null;
}

export interface Token {
  readonly sequence: number;
  readonly of: number;
  readonly kind: string;
  readonly digits: string;
  readonly credited: { readonly amount: string; readonly unit: 'kWh' | 'BDT' } | null;
}

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

export interface Recharge extends Priced {
  readonly rechargeId: string;
  /** What it is: a recharge is `credit`. */
  readonly kind: ReceiptKind;
  readonly receiptNo: string | null;
  readonly status: 'vended' | 'pending' | 'refund-due';
  readonly bookedAt: string;
  readonly copy: boolean;
  /** Taka still owed after it. */
  readonly arrearsLeft: string | null;
  readonly tokens: readonly Token[];
  readonly months: readonly string[];
  readonly sampleTables: boolean;
}

/** A line of the till's day. */
export interface TillVend {
  readonly rechargeId: string;
  readonly kind: string;
  readonly status: Recharge['status'];
  readonly receiptNo: string | null;
  readonly meterNo: string;
  readonly customerName: string;
  readonly amount: Money;
  readonly bookedAt: string;
  readonly by: string;
}

export interface TillDay {
  readonly items: readonly TillVend[];
  readonly nextCursor: string | null;
}

/** A refusal (RFC 9457), with its sentence in both languages. */
export interface Problem {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly titleBn: string;
  readonly retryable: boolean;
}

/** How a till sells now, as much of it as the counter shows. */
export interface TillLine {
  readonly keepsShifts: boolean;
  readonly shift: {
    readonly till: string;
    readonly state: 'OPEN' | 'COUNTED' | 'CLOSED';
    readonly openedAt: string;
  } | null;
  readonly float: { readonly balance: Money; readonly low: boolean } | null;
}
