import { DomainError, startOfDay } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import type { KeystoreErrorCode, MeterKey } from '@vend/keystore';
import type { WireMeterKey } from '../wire/requests';

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,100}$/;
const ALGORITHMS: Readonly<Record<number, MeterKey['ea']>> = { 7: '07', 11: '11' };

/** Ids end up in logs, so they are held to a form that cannot carry a sentence. */
export function isRequestId(id: string): boolean {
  return REQUEST_ID.test(id);
}

/** A refusal of one request. @param field the part that is to blame */
export function refuse(code: KeystoreErrorCode, field: string): never {
  throw new DomainError<KeystoreErrorCode>(code, { field });
}

/** @throws {DomainError} `request-malformed`, `meter-identity-invalid`, `token-carrier-unsupported` */
export function meterFromWire(wire: WireMeterKey | null): MeterKey {
  if (!wire) return refuse('request-malformed', 'meter');
  if (wire.tct !== 2) return refuse('token-carrier-unsupported', 'tct');
  const ea = ALGORITHMS[wire.ea] ?? refuse('meter-identity-invalid', 'ea');
  const { kt, baseDate } = wire;
  if (kt > 3) return refuse('meter-identity-invalid', 'kt');
  if (baseDate !== 1993 && baseDate !== 2014 && baseDate !== 2035) return refuse('meter-identity-invalid', 'base_date');
  return {
    pan: wire.meterPan,
    ea,
    tct: '02',
    sgc: wire.sgc,
    krn: wire.krn,
    ti: wire.ti,
    kt: kt as MeterKey['kt'],
    ken: wire.ken,
    baseDate,
  };
}

const BASE_DATE_STARTS: Readonly<Record<MeterKey['baseDate'], InstantMs>> = {
  1993: startOfDay('1993-01-01'),
  2014: startOfDay('2014-01-01'),
  2035: startOfDay('2035-01-01'),
};

/**
 * A TID counts from the base date and is never negative: before that day no honest caller can have one.
 *
 * @throws {DomainError} `before-base-date`
 */
export function assertBaseDateCame(meter: MeterKey, now: InstantMs): void {
  if (now < BASE_DATE_STARTS[meter.baseDate]) refuse('before-base-date', 'base_date');
}

/** Every field of the meter, for comparing a repeat with its first request. */
export function canonicalMeter(meter: MeterKey): string {
  return `${meter.pan}|${meter.ea}|${meter.tct}|${meter.sgc}|${meter.krn}|${meter.ti}|${meter.kt}|${meter.ken}|${meter.baseDate}`;
}
