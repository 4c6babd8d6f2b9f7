import { createHash, createHmac, randomFillSync, timingSafeEqual } from 'node:crypto';
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

const VERSION = 2;
/** Instants are kept from here on, so that five bytes are enough. */
const EPOCH_MS = Date.UTC(2020, 0, 1);
const NONCE_BYTES = 4;
const BODY_BYTES = 1 + 16 + 5 + 5 + 6 + NONCE_BYTES;
const MAC_BYTES = 11;

/** What ids looked like before: repeats of what was paid with one still come. */
const VERSION_1 = 1;
const BODY_BYTES_1 = 1 + 16 + 8 + 6 + 8;
const MAC_BYTES_1 = 16;

/**
 * A quote id carries what it binds and a MAC over it, so that a quote costs no row: nothing to store, replicate
 * or clean up, and every api process can read every other's. 64 characters, so that it can be a payment's business key
 * itself; the nonce tells two payers apart who ask the same in the same millisecond.
 */
export function sealQuoteId(secret: Buffer, binding: QuoteBinding): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(VERSION, 0);
  idToBytes(binding.meterId).copy(body, 1);
  body.writeUIntBE(Number(binding.grossPaisa), 17, 5);
  body.writeUIntBE(binding.expiresAt - EPOCH_MS, 22, 5);
  Buffer.from(binding.fingerprint, 'hex').copy(body, 27, 0, 6);
  randomFillSync(body, BODY_BYTES - NONCE_BYTES);
  return Buffer.concat([body, mac(secret, body, MAC_BYTES)]).toString('base64url');
}

/** Reads a quote id back; says nothing of its expiry. @throws {DomainError} quote-malformed */
export function openQuoteId(secret: Buffer, quoteId: string): QuoteBinding {
  const bytes = Buffer.from(quoteId, 'base64url');
  const ofVersion1 = bytes[0] === VERSION_1;
  const bodyBytes = ofVersion1 ? BODY_BYTES_1 : BODY_BYTES;
  const macBytes = ofVersion1 ? MAC_BYTES_1 : MAC_BYTES;
  const body = bytes.subarray(0, bodyBytes);
  const genuine =
    bytes.length === bodyBytes + macBytes &&
    (ofVersion1 || body[0] === VERSION) &&
    // Base64 has several spellings for the same bytes; a business key has one.
    bytes.toString('base64url') === quoteId &&
    timingSafeEqual(bytes.subarray(bodyBytes), mac(secret, body, macBytes));
  if (!genuine) throw new DomainError<VendingErrorCode>('quote-malformed');
  const meterId = idFromBytes(body.subarray(1, 17));
  if (ofVersion1) {
    const fingerprint = body.subarray(31, 37).toString('hex');
    return { meterId, grossPaisa: body.readBigInt64BE(17), expiresAt: body.readUIntBE(25, 6), fingerprint };
  }
  return {
    meterId,
    grossPaisa: BigInt(body.readUIntBE(17, 5)),
    expiresAt: body.readUIntBE(22, 5) + EPOCH_MS,
    fingerprint: body.subarray(27, 33).toString('hex'),
  };
}

/**
 * Until when a quote id says that it can be used. Nothing is verified: whoever changes it has an id that nobody can use.
 *
 * @returns undefined for what is no quote id
 * @example quoteIdExpiry(quoteId) // 1795000000000
 */
export function quoteIdExpiry(quoteId: string): InstantMs | undefined {
  const bytes = Buffer.from(quoteId, 'base64url');
  const read = bytes.length === BODY_BYTES + MAC_BYTES && bytes[0] === VERSION;
  return read ? bytes.readUIntBE(22, 5) + EPOCH_MS : undefined;
}

/** Six bytes over everything that a payer was shown: two quotes with the same fingerprint read the same. */
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
  return createHash('sha256').update(shown.join('|')).digest('hex').slice(0, 12);
}

function mac(secret: Buffer, body: Buffer, length: number): Buffer {
  return createHmac('sha256', secret).update('quote-id').update(body).digest().subarray(0, length);
}
