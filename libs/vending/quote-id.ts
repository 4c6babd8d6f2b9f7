import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError, idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Quote } from '@vend/tariff';
import type { VendingErrorCode } from './vending.errors';

/** What a quote id binds. */
export interface QuoteBinding {
  readonly meterId: Id;
  readonly grossPaisa: Paisa;
  readonly expiresAt: InstantMs;
  readonly fingerprint: string;
}

const VERSION = 1;
const BODY_BYTES = 1 + 16 + 8 + 6 + 8;
const MAC_BYTES = 16;

/**
 * A quote id carries what it binds and a MAC over it, so that a quote costs no row: nothing to store, replicate
 * or clean up, and every api process can read every other's.
 */
export function sealQuoteId(secret: Buffer, binding: QuoteBinding): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(VERSION, 0);
  idToBytes(binding.meterId).copy(body, 1);
  body.writeBigInt64BE(binding.grossPaisa, 17);
  body.writeUIntBE(binding.expiresAt, 25, 6);
  Buffer.from(binding.fingerprint, 'hex').copy(body, 31);
  return Buffer.concat([body, mac(secret, body)]).toString('base64url');
}

/** Reads a quote id back; says nothing of its expiry. @throws {DomainError} quote-malformed */
export function openQuoteId(secret: Buffer, quoteId: string): QuoteBinding {
  const bytes = Buffer.from(quoteId, 'base64url');
  const body = bytes.subarray(0, BODY_BYTES);
  const sealed = bytes.subarray(BODY_BYTES);
  const genuine =
    bytes.length === BODY_BYTES + MAC_BYTES && body[0] === VERSION && timingSafeEqual(sealed, mac(secret, body));
  if (!genuine) throw new DomainError<VendingErrorCode>('quote-malformed');
  return {
    meterId: idFromBytes(body.subarray(1, 17)),
    grossPaisa: body.readBigInt64BE(17),
    expiresAt: body.readUIntBE(25, 6),
    fingerprint: body.subarray(31, 39).toString('hex'),
  };
}

/** Eight bytes over everything that a payer was shown: two quotes with the same fingerprint read the same. */
export function quoteFingerprint(quote: Quote): string {
  const shown = [
    quote.tariffVersion,
    quote.rebateProfile,
    quote.months.join(','),
    quote.vatPaisa,
    quote.rentPaisa,
    quote.demandPaisa,
    quote.arrearsPaisa,
    quote.pfcPaisa,
    quote.penaltyPaisa,
    quote.rebatePaisa,
    quote.lifelineCreditPaisa,
    quote.adjustmentPaisa,
    quote.energyPaisa,
    quote.remainderInPaisa,
    quote.remainderOutPaisa,
    quote.energyWh,
    quote.estimatedWh,
  ];
  return createHash('sha256').update(shown.join('|')).digest('hex').slice(0, 16);
}

function mac(secret: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', secret).update('quote-id').update(body).digest().subarray(0, MAC_BYTES);
}
