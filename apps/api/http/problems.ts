import { DomainError, type ErrorDescription, type ErrorTable } from '@vend/kernel';
import { BROADCASTS_ERRORS, type BroadcastsErrorCode } from '@vend/broadcasts';
import { CASES_ERRORS, type CasesErrorCode } from '@vend/cases';
import { CHECKOUT_ERRORS, type CheckoutErrorCode } from '@vend/checkout';
import { COUNTER_ERRORS, type CounterErrorCode } from '@vend/counter';
import { identityErrors, type IdentityErrorCode } from '@vend/identity';
import { LEDGER_ERRORS, type LedgerErrorCode } from '@vend/ledger';
import { MESSAGES_ERRORS, type MessagesErrorCode } from '@vend/messages';
import { METERLINK_ERRORS, type MeterLinkErrorCode } from '@vend/meterlink';
import { campaignErrors, lifeErrors, metersErrors, type LifeErrorCode, type MetersErrorCode } from '@vend/meters';
import { PAPER_ERRORS, type PaperErrorCode } from '@vend/paper';
import { PAYMENTS_ERRORS, type PaymentsErrorCode } from '@vend/payments';
import { PORTAL_ERRORS, type PortalErrorCode } from '@vend/portal';
import { priceBookErrors, type PriceBookErrorCode } from '@vend/pricebook';
import { SETTLEMENT_ERRORS, type SettlementErrorCode } from '@vend/settlement';
import { SMS_ERRORS, type SmsErrorCode } from '@vend/sms';
import { TABLES_ERRORS, type TablesErrorCode } from '@vend/tables';
import { tariffErrors, type TariffErrorCode } from '@vend/tariff';
import { DUES_ERRORS, VENDING_ERRORS, type DuesErrorCode, type VendingErrorCode } from '@vend/vending';
import { WATCH_ERRORS, type WatchErrorCode } from '@vend/watch';
import { WEBHOOKS_ERRORS, type WebhooksErrorCode } from '@vend/webhooks';
import { FieldsInvalid } from './field.pipe';
import { FIELD_MESSAGES, HTTP_ERRORS, type HttpErrorCode } from './http.errors';

/** Every code that this API can answer with. */
export type ApiErrorCode =
  | BroadcastsErrorCode
  | 'campaign-not-found'
  | CasesErrorCode
  | CheckoutErrorCode
  | CounterErrorCode
  | DuesErrorCode
  | LedgerErrorCode
  | HttpErrorCode
  | IdentityErrorCode
  | MetersErrorCode
  | LifeErrorCode
  | MessagesErrorCode
  | MeterLinkErrorCode
  | PaperErrorCode
  | PaymentsErrorCode
  | PortalErrorCode
  | PriceBookErrorCode
  | SettlementErrorCode
  | SmsErrorCode
  | TablesErrorCode
  | TariffErrorCode
  | VendingErrorCode
  | WatchErrorCode
  | WebhooksErrorCode;

/** One table out of every room's: a code without a status and two sentences does not compile. */
export const API_ERRORS: ErrorTable<ApiErrorCode> = {
  ...BROADCASTS_ERRORS,
  // The others are for the terminal of whoever makes campaigns.
  'campaign-not-found': campaignErrors['campaign-not-found'],
  ...CASES_ERRORS,
  ...CHECKOUT_ERRORS,
  ...COUNTER_ERRORS,
  ...DUES_ERRORS,
  ...metersErrors,
  ...lifeErrors,
  ...MESSAGES_ERRORS,
  ...METERLINK_ERRORS,
  ...SETTLEMENT_ERRORS,
  ...SMS_ERRORS,
  ...TABLES_ERRORS,
  ...tariffErrors,
  ...PAPER_ERRORS,
  ...PORTAL_ERRORS,
  ...priceBookErrors,
  ...VENDING_ERRORS,
  ...PAYMENTS_ERRORS,
  ...identityErrors,
  ...LEDGER_ERRORS,
  ...WATCH_ERRORS,
  ...WEBHOOKS_ERRORS,
  ...HTTP_ERRORS,
};

/** Where a code is explained; the address is a name and needs no page behind it (RFC 9457, 3.1.1). */
export const PROBLEM_TYPE_BASE = 'https://vend.example/problems/';

/** RFC 9457 members, then ours. Facts of the refusal (`minimumTaka`, say) stand beside them. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly titleBn: string;
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly retryable: boolean;
  readonly errors?: readonly { field: string; code: string; message: { en: string; bn: string } }[];
  readonly [fact: string]: unknown;
}

/** Seconds that a caller should wait; what is not here waits five. */
const RETRY_AFTER_SECONDS: Readonly<Partial<Record<ApiErrorCode, number>>> = {
  'lane-full': 1,
  'inbox-full': 1,
  'outcome-unknown': 2,
  'token-server-down': 10,
  'tid-too-far-ahead': 60,
};

/** The table's row of a code, or undefined for a code that no room has published. */
export function describe(code: string): ErrorDescription | undefined {
  return Object.hasOwn(API_ERRORS, code) ? API_ERRORS[code as ApiErrorCode] : undefined;
}

/** What a Retry-After header should say with this code, if anything; a refusal that knows better says so in its facts. */
export function retryAfterSeconds(code: string, known?: unknown): number | undefined {
  const row = describe(code);
  if (!row?.retryable || (row.status !== 503 && row.status !== 429)) return undefined;
  if (typeof known === 'number') return known;
  return RETRY_AFTER_SECONDS[code as ApiErrorCode] ?? 5;
}

/**
 * The problem document of a refusal.
 *
 * @example problemOf(new DomainError('meter-not-found'), 'req-1').status // 404
 */
export function problemOf(error: DomainError, requestId: string): Problem {
  // A code outside the table is a fault of ours, and is answered as one.
  const code = describe(error.code) ? error.code : 'internal-error';
  const { status, en, bn, retryable } = describe(code)!;
  return {
    ...(code === error.code ? error.facts : {}),
    type: PROBLEM_TYPE_BASE + code,
    title: en,
    titleBn: bn,
    status,
    code,
    requestId,
    retryable,
    ...(error instanceof FieldsInvalid && {
      errors: error.faults.map((fault) => ({ ...fault, message: FIELD_MESSAGES[fault.code] })),
    }),
  };
}
