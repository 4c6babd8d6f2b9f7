import { luhnOver } from './luhn';
import { refuse } from './sts.errors';

/**
 * A meter's number in its parts (IEC 62055-41 6.1.2; STS.md section 7):
 * IIN 600727 with an 11-digit DRN (two-digit manufacturer) or IIN 0000 with a 13-digit DRN (four-digit one).
 */
export interface MeterIdentity {
  /** MeterPAN: 18 digits, both check digits included. */
  readonly pan: string;
  /** Issuer identification number: `600727` or `0000`. */
  readonly iin: '600727' | '0000';
  /** Decoder reference number: manufacturer, eight digits of serial, Luhn digit. */
  readonly drn: string;
  /** Manufacturer code as a number: 0 to 99 or 0 to 9999. */
  readonly manufacturer: number;
}

const EIGHTEEN = /^[0-9]{18}$/;
const ZERO = 48;
const SIX = 54;

/**
 * Checks a MeterPAN without building anything: length, IIN and both Luhn digits.
 *
 * @throws {StsError} bad-pan, pan-check-digit, drn-check-digit
 * @example checkMeterPan('600727000000000009') // passes
 */
export function checkMeterPan(pan: string): void {
  if (typeof pan !== 'string' || !EIGHTEEN.test(pan)) refuse('bad-pan');
  const drnAt = drnOffset(pan);
  if (luhnOver(pan, 0, 17) !== pan.charCodeAt(17) - ZERO) refuse('pan-check-digit');
  if (luhnOver(pan, drnAt, 16) !== pan.charCodeAt(16) - ZERO) refuse('drn-check-digit');
}

function drnOffset(pan: string): 4 | 6 {
  const first = pan.charCodeAt(0);
  if (first === ZERO && pan.startsWith('0000')) return 4;
  if (first === SIX && pan.startsWith('600727')) return 6;
  return refuse('bad-pan');
}

/**
 * Takes a MeterPAN apart.
 *
 * @throws {StsError} bad-pan, pan-check-digit, drn-check-digit
 * @example parseMeterPan('000001000000000082').drn // '0100000000008'
 */
export function parseMeterPan(pan: string): MeterIdentity {
  checkMeterPan(pan);
  const drnAt = drnOffset(pan);
  const drn = pan.slice(drnAt, 17);
  const iin = drnAt === 6 ? '600727' : '0000';
  return { pan, iin, drn, manufacturer: Number(drn.slice(0, drnAt === 6 ? 2 : 4)) };
}

/**
 * The MeterPAN of a meter from its DRN: what is printed on older meters.
 *
 * @param drn 11 or 13 digits with the Luhn digit
 * @throws {StsError} bad-drn, drn-check-digit
 * @example meterPanOfDrn('0100000000008') // '000001000000000082'
 */
export function meterPanOfDrn(drn: string): string {
  if (typeof drn !== 'string' || !/^(?:[0-9]{11}|[0-9]{13})$/.test(drn)) refuse('bad-drn');
  if (luhnOver(drn, 0, drn.length - 1) !== drn.charCodeAt(drn.length - 1) - ZERO) refuse('drn-check-digit');
  const body = (drn.length === 11 ? '600727' : '0000') + drn;
  return body + luhnOver(body, 0, 17);
}

/**
 * Builds a DRN: manufacturer, serial, Luhn digit.
 *
 * @param manufacturer two digits (11-digit DRN) or four digits (13-digit DRN)
 * @param serial eight digits
 * @throws {StsError} bad-manufacturer, bad-drn
 * @example makeDrn('01', '12345678') // '01123456780'
 */
export function makeDrn(manufacturer: string, serial: string): string {
  if (!/^(?:[0-9]{2}|[0-9]{4})$/.test(manufacturer)) refuse('bad-manufacturer');
  if (!/^[0-9]{8}$/.test(serial)) refuse('bad-drn');
  const body = manufacturer + serial;
  return body + luhnOver(body, 0, body.length);
}
