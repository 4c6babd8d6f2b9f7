import { hash } from 'node:crypto';
import { DomainError, type Id, type Paisa } from '@vend/kernel';
import type { AskedFor, RechargeCommand, RechargeRecord } from './recharge';
import type { VendingErrorCode } from './vending.errors';

/** What a payment asks for. */
export type Ask = Pick<RechargeCommand, 'meterId' | 'grossPaisa' | 'reference'>;

/** As it is stored with the claim. @example askedFor({ meterId, grossPaisa: 50_000n, reference: '40000001' }) */
export function askedFor({ meterId, grossPaisa, reference }: Ask): AskedFor {
  return {
    content: contentHash(meterId, grossPaisa),
    reference: reference === undefined ? null : hashOf(reference.trim().toUpperCase()),
  };
}

/**
 * The same key may only ask for the same thing: the same meter and amount, or the same amount and what the payer typed.
 * The meter alone would refuse a repeat by customer number once that number means another meter; what was typed alone
 * would refuse one who first gave the meter's number and then the customer's.
 *
 * @throws {DomainError<VendingErrorCode>} transaction-conflict
 */
export function assertSameAsk(ask: Ask, record: Pick<RechargeRecord, 'asked' | 'grossPaisa'>): void {
  if (!isSameAsk(ask, record)) throw new DomainError<VendingErrorCode>('transaction-conflict');
}

export function isSameAsk(ask: Ask, { asked, grossPaisa }: Pick<RechargeRecord, 'asked' | 'grossPaisa'>): boolean {
  const { content, reference } = askedFor(ask);
  return (
    content === asked.content || (reference !== null && reference === asked.reference && ask.grossPaisa === grossPaisa)
  );
}

function contentHash(meterId: Id | null, grossPaisa: Paisa): string {
  return hashOf(`${meterId}|${grossPaisa}`);
}

function hashOf(text: string): string {
  return hash('sha256', text);
}
