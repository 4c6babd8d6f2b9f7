/* What the two ways out of a case about money ask of its payment, and what they make of it. */
import { DomainError, formatTaka } from '@vend/kernel';
import type { SessionUser } from '@vend/identity';
import { isDuplicate } from '@vend/platform';
import type { DuesErrorCode, RechargeRecord } from '@vend/vending';
import type { CaseCard } from './cases';
import type { CasesErrorCode } from './cases.errors';

/** @throws {DomainError} case-without-payment */
export function paymentOf({ payment }: CaseCard): NonNullable<CaseCard['payment']> {
  if (!payment) throw new DomainError<CasesErrorCode>('case-without-payment');
  return payment;
}

/** @throws {DomainError} payment-not-owed */
export function assertOwed({ state }: RechargeRecord): void {
  if (state !== 'REFUND_DUE') throw new DomainError<DuesErrorCode>('payment-not-owed');
}

/**
 * @param same undefined: nothing was done with this key before
 * @throws {DomainError} case-key-conflict: it was something else
 */
export function sameOrConflict(same: boolean | undefined): boolean {
  if (same === false) throw new DomainError<CasesErrorCode>('case-key-conflict');
  return same === true;
}

/** A unique key that is taken means that the payment went another way meanwhile. */
export function lost(error: unknown): unknown {
  return isDuplicate(error) ? new DomainError<DuesErrorCode>('payment-not-owed', {}, { cause: error }) : error;
}

/** What the second person reads of the payment. */
export function paymentContent({ number }: CaseCard, { grossPaisa, source, sourceRef }: RechargeRecord) {
  return { case: number, amount: formatTaka(grossPaisa), payment: `${source} ${sourceRef}` };
}

/** Cash comes out of the till where the payer stands; a provider gives back what it owes us, a vendor gets its float back. */
export function accountOf(from: 'cash' | 'provider', source: string, { station }: SessionUser) {
  const [kind, code] = source.split(':');
  if (from === 'cash') return `cash:${station}` as const;
  // What a statement showed beyond a payment (`settlement`) is the provider's to give back too.
  if (kind === 'provider' || kind === 'settlement') return `receivable:${code}` as const;
  if (kind === 'vendor' || kind === 'vendor-break') return `float:${code}` as const;
  throw new DomainError<CasesErrorCode>('case-refund-way');
}
