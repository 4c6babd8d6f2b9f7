import { createHash } from 'node:crypto';
import type { Id, InstantMs, Paisa } from '@vend/kernel';
import type { BillerLine, BillerPayment, BillerQuote } from '../core';
import type { SandboxPayment } from '../store/sandbox-payments';
import { sandboxToken } from './sandbox-token';

/** Wherever a dialect shows a name, it says what this is. */
const NAME = 'SANDBOX';
const QUOTE_TTL_MS = 900_000;
/** Invented: 8 Taka a kWh, and VAT of 5 % inside the amount. */
const PAISA_PER_KWH = 800n;

/** A price that nobody pays, in a quote that says by itself what it is for. */
export function sandboxQuote(reference: string, amountPaisa: Paisa, at: InstantMs): BillerQuote {
  const expiresAt = Math.floor((at + QUOTE_TTL_MS) / 1_000) * 1_000;
  const quoteId = [
    ...['SBX', (expiresAt / 1_000).toString(36), amountPaisa.toString(36).padStart(8, '0')],
    Buffer.from(reference).toString('base64url'),
  ].join('-');
  return { quoteId, expiresAt, amountPaisa, ...partsOf(reference, amountPaisa), estimatedWh: null };
}

/** Reads such a quote back; undefined when it is none. */
export function readSandboxQuote(
  quoteId: string,
): { readonly reference: string; readonly amountPaisa: Paisa; readonly expiresAt: InstantMs } | undefined {
  const [, seconds, paisa, reference] = /^SBX-([0-9a-z]{1,8})-([0-9a-z]{8})-([\w-]{1,44})$/.exec(quoteId) ?? [];
  if (seconds === undefined || paisa === undefined || reference === undefined) return undefined;
  return {
    reference: Buffer.from(reference, 'base64url').toString(),
    amountPaisa: BigInt(parseInt(paisa, 36)),
    expiresAt: parseInt(seconds, 36) * 1_000,
  };
}

/** Where a payment stands: one that ends by the clock has ended when its time has come. */
export function stateAt(
  { state, endsAs, endsAt }: Pick<SandboxPayment, 'state' | 'endsAs' | 'endsAt'>,
  at: InstantMs,
): BillerPayment['state'] {
  return endsAs !== null && endsAt !== null && endsAt <= at ? endsAs : state;
}

/** What is answered about a payment, and the id under which webhooks tell of it. */
export type SandboxAnswer = BillerPayment & { readonly paymentId: Id };

/** What is answered about a payment: from its row alone, and from the clock only whether its time has come. */
export function sandboxView(payment: SandboxPayment, at: InstantMs): SandboxAnswer {
  const { trxId, provider, reference, amountPaisa, bookedAt, acknowledgedAt } = payment;
  const state = stateAt(payment, at);
  const parts = partsOf(reference, amountPaisa);
  const known = state !== 'refused';
  const vended = state === 'vended';
  return {
    ...{ paymentId: payment.id, trxId, state, amountPaisa, bookedAt, acknowledgedAt, estimatedWh: null },
    refusalCode: vended || state === 'in-progress' ? null : payment.refusalCode,
    customerName: known ? parts.customerName : null,
    customerNo: known ? parts.customerNo : null,
    meterNo: known ? parts.meterNo : null,
    receiptNo: vended ? `SBX-${digestOf(`${provider} ${trxId}`).toString('hex').slice(0, 10).toUpperCase()}` : null,
    tokens: vended ? tokensOf(payment) : [],
    lines: vended ? parts.lines : [],
    energyWh: vended ? parts.energyWh : null,
  };
}

function tokensOf({ provider, trxId, tokenCount }: SandboxPayment): string[] {
  return Array.from({ length: tokenCount }, (_, index) => sandboxToken(`${provider} ${trxId} ${index + 1}`));
}

function partsOf(reference: string, amountPaisa: Paisa) {
  const energyPaisa = (amountPaisa * 100n) / 105n;
  const lines: BillerLine[] = [
    { code: 'energy', amountPaisa: energyPaisa, en: 'Energy', bn: 'বিদ্যুৎ' },
    { code: 'vat', amountPaisa: amountPaisa - energyPaisa, en: 'VAT', bn: 'মূসক' },
  ];
  // Eighteen digits like a meter's, of a manufacturer that does not exist.
  const meterNo = `000000${(digestOf(reference).readUIntBE(0, 6) % 1e12).toString().padStart(12, '0')}`;
  return {
    customerName: NAME,
    customerNo: reference,
    meterNo,
    lines,
    energyWh: (energyPaisa * 1_000n) / PAISA_PER_KWH,
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(`sandbox ${text}`).digest();
}
