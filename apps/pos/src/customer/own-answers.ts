/**
 * What the server answers to the customer's page, as far as it looks at it. test/unit/pages-answers.spec.ts holds the API's own
 * types against these.
 */
import type { Energy, Money, PriceLine, Token } from '../shared/answers';

export interface CodeAsked {
  readonly ticket: string;
}

export interface OwnSession {
  readonly expiresAt: string;
}

export interface OwnMeter {
  readonly meterNo: string;
  readonly customerNo: string;
  readonly nickname: string | null;
  readonly crediting: 'energy' | 'currency';
}

export interface OwnMeters {
  readonly sessionExpiresAt: string;
  readonly items: readonly OwnMeter[];
}

export interface OwnAccount extends OwnMeter {
  readonly bought: Money;
  readonly boughtKwh: string | null;
  readonly nextUnit: Money | null;
  readonly nextUnitUntilKwh: string | null;
  readonly arrears: Money;
  readonly due: {
    readonly months: readonly string[];
    readonly fixedCharges: Money;
    readonly minimumRecharge: Money;
  } | null;
}

export interface OwnQuote {
  readonly amount: Money;
  readonly energy: Energy | null;
  readonly credit: { readonly value: string } | null;
  readonly lines: readonly PriceLine[];
}

export interface OwnRecharge {
  readonly rechargeId: string;
  readonly receiptNo: string;
  readonly kind: string;
  readonly bookedAt: string;
  readonly amount: Money;
  readonly energy: Energy | null;
  readonly tokenCount: number;
}

export interface OwnRecharges {
  readonly items: readonly OwnRecharge[];
  readonly nextCursor: string | null;
}

export interface OwnReceipt {
  readonly rechargeId: string;
  readonly receiptNo: string | null;
  readonly meterNo: string;
  readonly customerName: string;
  readonly bookedAt: string;
  readonly amount: Money;
  /** Taka still owed after it. */
  readonly arrearsLeft: string | null;
  readonly energy: Energy | null;
  readonly credit: { readonly value: string } | null;
  readonly lines: readonly PriceLine[];
  readonly tokenCount: number;
}

export interface OwnTokens {
  readonly tokens: readonly Token[];
  readonly sampleTables: boolean;
}

export interface OwnNotices {
  readonly wanted: boolean;
}

export interface Gateways {
  readonly items: readonly { readonly code: string; readonly name: string }[];
}

export interface OrderStarted {
  readonly orderNo: string;
  readonly payUrl: string;
}

/** A payment that this page began; `rechargeId` once its token can be read. */
export interface OwnPayment {
  readonly rechargeId: string | null;
  readonly state: string;
  readonly final: boolean;
  readonly amount: Money;
  readonly en: string;
  readonly bn: string;
}
