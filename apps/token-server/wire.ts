import { DomainError } from '@vend/kernel';
import { KEYSTORE_ERRORS } from '@vend/keystore';
import type { CreditRequest, CreditToken, KeystoreErrorCode, MeterKey, TokenReading } from '@vend/keystore';

/** Messages of proto/vend/token/v1 as proto-loader hands them over: 64-bit numbers are decimal strings. */
export interface WireMeterKey {
  meterPan: string;
  ea: number;
  tct: number;
  sgc: string;
  krn: number;
  ti: string;
  kt: number;
  ken: number;
  baseDate: number;
}

export interface WireCreditRequest {
  requestId: string;
  meter: WireMeterKey | null;
  subclass: number;
  tid: number;
  rnd: number;
  amountUnits: string;
}

export interface WireTokenError {
  code: string;
  message: string;
  retryable: boolean;
}

export interface WireCreditToken {
  tokenDec: string;
  creditedUnits: string;
  vkKcv: string;
  sampleTables: boolean;
}

export interface WireTokenReading {
  tokenClass: number;
  subclass: number;
  tid: number;
  amountUnits: string;
  sampleTables: boolean;
}

export interface WireVerifyRequest {
  requestId: string;
  meter: WireMeterKey | null;
  tokenDec: string;
}

/** Exactly one of `ok` and `error`. */
export type WireOutcome<Ok> = { requestId: string; ok?: Ok; error?: WireTokenError };

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,100}$/;
const ALGORITHMS: Readonly<Record<number, MeterKey['ea']>> = { 7: '07', 11: '11' };
const BASE_DATES: readonly number[] = [1993, 2014, 2035];

/** Ids end up in logs, so they are held to a form that cannot carry a sentence. */
export function isRequestId(id: string): boolean {
  return REQUEST_ID.test(id);
}

function refuse(code: KeystoreErrorCode, field: string): never {
  throw new DomainError<KeystoreErrorCode>(code, { field });
}

/** @throws {DomainError} `request-malformed`, `meter-identity-invalid`, `token-carrier-unsupported` */
export function meterFromWire(wire: WireMeterKey | null): MeterKey {
  if (!wire) return refuse('request-malformed', 'meter');
  if (wire.tct !== 2) return refuse('token-carrier-unsupported', 'tct');
  const ea = ALGORITHMS[wire.ea] ?? refuse('meter-identity-invalid', 'ea');
  if (wire.kt > 3) return refuse('meter-identity-invalid', 'kt');
  if (!BASE_DATES.includes(wire.baseDate)) return refuse('meter-identity-invalid', 'base_date');
  return {
    pan: wire.meterPan,
    ea,
    tct: '02',
    sgc: wire.sgc,
    krn: wire.krn,
    ti: wire.ti,
    kt: wire.kt as MeterKey['kt'],
    ken: wire.ken,
    baseDate: wire.baseDate as MeterKey['baseDate'],
  };
}

/** @throws {DomainError} `request-malformed`, `subclass-unsupported` */
export function creditFromWire(wire: WireCreditRequest): CreditRequest {
  if (!isRequestId(wire.requestId)) return refuse('request-malformed', 'request_id');
  if (wire.subclass !== 0 && wire.subclass !== 4) return refuse('subclass-unsupported', 'subclass');
  return { subclass: wire.subclass, tid: wire.tid, rnd: wire.rnd, amountUnits: BigInt(wire.amountUnits) };
}

export function creditToWire(token: CreditToken, sampleTables: boolean): WireCreditToken {
  return {
    tokenDec: token.digits,
    creditedUnits: token.creditedUnits.toString(),
    vkKcv: token.kcv,
    sampleTables,
  };
}

export function readingToWire(reading: TokenReading, sampleTables: boolean): WireTokenReading {
  return { ...reading, amountUnits: reading.amountUnits.toString(), sampleTables };
}

/** The refusal for the caller, or null when the error is not one: then the whole call fails. */
export function refusalToWire(error: unknown): WireTokenError | null {
  if (!(error instanceof DomainError)) return null;
  const { code } = error as DomainError;
  const described = Object.hasOwn(KEYSTORE_ERRORS, code) ? KEYSTORE_ERRORS[code as KeystoreErrorCode] : undefined;
  return described ? { code, message: described.en, retryable: described.retryable } : null;
}
