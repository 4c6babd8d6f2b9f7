import { DomainError } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import {
  BASE_DATES,
  civilMinuteOfInstant,
  deriveDecoderKey,
  encodeCredit,
  encodeKeyChange,
  encodeManagement,
  refusalCode,
  verifyToken,
} from '@vend/sts';
import type { DecoderKey, DerivingKey, StaTables, StsErrorCode } from '@vend/sts';
import type { TokenRefusalCode } from './keystore.errors';
import type {
  CreditRequest,
  CreditToken,
  KeyChangeRequest,
  KeyChangeSet,
  ManagementRequest,
  ManagementToken,
  MeterKey,
  TokenReading,
} from './security-module';
import type { VendingKeyInfo, VendingKeyKind } from './vending-key';

// What every security module does with a decoder key, wherever that key came from.

export interface ModuleOptions {
  /** Substitution tables for EA07. */
  readonly tables: StaTables;
  /** Decoder keys kept ready; the least recently used is erased beyond it. */
  readonly cacheSize: number;
  /** Now, for keys whose issuing ends on a day; `Date.now` when left out. */
  readonly now?: () => InstantMs;
}

/** Minutes east of UTC of the wall clock that TIDs count: Bangladesh. */
const TOKEN_ZONE_MINUTES = 360;

/** Which key type each kind of vending key makes (STS.md §7): anything else is no key of this group. */
const KEY_TYPE_OF: Readonly<Record<VendingKeyKind, 1 | 2 | 3>> = { VDDK: 1, VUDK: 2, VCDK: 3 };

/** The library's refusals in this room's words; what is not listed cannot happen here and is thrown as it is. */
const REFUSALS: Partial<Record<StsErrorCode, TokenRefusalCode>> = {
  'bad-pan': 'meter-identity-invalid',
  'pan-check-digit': 'meter-identity-invalid',
  'drn-check-digit': 'meter-identity-invalid',
  'bad-ea': 'meter-identity-invalid',
  'unsupported-ea': 'meter-identity-invalid',
  'bad-kt': 'meter-identity-invalid',
  'bad-sgc': 'meter-identity-invalid',
  'bad-ti': 'meter-identity-invalid',
  'bad-krn': 'meter-identity-invalid',
  'bad-ken': 'meter-identity-invalid',
  'bad-base-date': 'meter-identity-invalid',
  'ea-dkga-mismatch': 'ea-dkga-mismatch',
  'unsupported-common-key': 'key-type-refused',
  'dkga01-meter': 'key-type-refused',
  'credit-under-ddtk': 'key-type-refused',
  'key-expired': 'key-expired',
  'bad-subclass': 'subclass-unsupported',
  'bad-tid': 'tid-out-of-range',
  'tid-reserved': 'tid-reserved',
  'bad-rnd': 'rnd-out-of-range',
  'bad-amount': 'amount-out-of-range',
  'negative-amount': 'amount-out-of-range',
  'amount-too-large': 'amount-out-of-range',
  'bad-value': 'value-out-of-range',
  'bad-manufacturer': 'value-out-of-range',
  'bad-control': 'value-out-of-range',
  'key-type-change': 'key-type-change-refused',
  'key-change-to-expired-key': 'target-key-expired',
  'tid-exhausted': 'target-key-expired',
  'before-base-date': 'before-base-date',
  'bad-digits': 'token-malformed',
  'token-too-large': 'token-malformed',
  'class-reserved': 'token-not-authentic',
  crc: 'token-not-authentic',
  'unknown-subclass': 'token-not-authentic',
  'bad-field': 'token-not-authentic',
  'key-destroyed': 'module-closed',
};

/** A refusal of this room. @param field the part of the request that is to blame */
export function refusal(code: TokenRefusalCode, field?: string): DomainError<TokenRefusalCode> {
  return new DomainError(code, field === undefined ? {} : { field });
}

/**
 * Turns a refusal of the STS library into one of this room; any other error comes back as it is.
 *
 * @example try { return encodeTestDisplay(request); } catch (error) { throw inOurWords(error); }
 */
export function inOurWords(error: unknown): unknown {
  const theirs = refusalCode(error);
  const ours = theirs && REFUSALS[theirs];
  return ours ? refusal(ours) : error;
}

/** @throws the library's refusals, and `amount-out-of-range`, `subclass-unsupported` */
export function makeCredit(key: DecoderKey, kcv: string, request: CreditRequest): CreditToken {
  // The library also makes negative currency tokens, which take credit away: not for sale here.
  if (request.amountUnits <= 0n) throw refusal('amount-out-of-range');
  if (request.subclass !== 0 && request.subclass !== 4) throw refusal('subclass-unsupported');
  const { digits, creditedUnits } = encodeCredit(key, {
    subclass: request.subclass,
    tid: request.tid,
    rnd: request.rnd,
    units: request.amountUnits,
  });
  return { digits, creditedUnits, kcv };
}

const MANAGEMENT_KINDS: readonly string[] = [
  'max-power-limit',
  'clear-credit',
  'clear-tamper',
  'phase-unbalance-limit',
];

/** @throws the library's refusals, and `subclass-unsupported`: tariff rate and water factor have no settled contents */
export function makeManagement(key: DecoderKey, kcv: string, request: ManagementRequest): ManagementToken {
  const { kind, tid, rnd } = request;
  if (!MANAGEMENT_KINDS.includes(kind)) throw refusal('subclass-unsupported');
  // A bigint beyond a double's whole numbers is beyond every limit too.
  const { digits, subclass, value } = encodeManagement(key, { kind, tid, rnd, value: Number(request.value) });
  return { digits, subclass, value: BigInt(value), kcv };
}

/** A vending key as far as a key change looks at it, and the decoder key it makes for the meter. */
export interface KeyOfMeter {
  readonly info: VendingKeyInfo;
  readonly decoderKey: DecoderKey;
}

/**
 * The meter's key after a change to `target`: KEN and base date are those of the target's vending key.
 *
 * @throws {DomainError} `base-date-step-refused`: a meter can only keep its base date or move on to the next one
 */
export function meterAfter(meter: MeterKey, request: KeyChangeRequest, to: VendingKeyInfo): MeterKey {
  const steps = BASE_DATES.indexOf(to.baseDate) - BASE_DATES.indexOf(meter.baseDate);
  if (steps !== 0 && steps !== 1) throw refusal('base-date-step-refused');
  const { sgc, krn, ti, kt } = request.target;
  const { pan, ea, tct } = meter;
  return { pan, ea, tct, sgc, krn, ti, kt, ken: to.ken, baseDate: to.baseDate };
}

/** @throws the library's refusals */
export function makeKeyChange(
  meter: MeterKey,
  from: KeyOfMeter,
  to: KeyOfMeter,
  after: MeterKey,
  request: KeyChangeRequest,
): KeyChangeSet {
  const tokens = encodeKeyChange({
    current: from.decoderKey,
    next: to.decoderKey,
    sections: meter.ea === '11' ? 4 : request.withSupplyGroup ? 3 : 2,
    at: civilMinuteOfInstant(request.now satisfies InstantMs, TOKEN_ZONE_MINUTES),
    tct: meter.tct,
  });
  return {
    tokens: tokens.map(({ digits }) => digits),
    after,
    rollover: after.baseDate !== meter.baseDate,
    fromKcv: from.info.kcv,
    toKcv: to.info.kcv,
  };
}

/** @throws the library's refusals */
export function readToken(key: DecoderKey, digits: string): TokenReading {
  const token = verifyToken(digits, key);
  return {
    tokenClass: token.tokenClass,
    subclass: token.subclass,
    tid: 'tid' in token ? token.tid : 0,
    amountUnits: token.kind === 'credit' ? token.units : 0n,
  };
}

/**
 * Derives the decoder key of a meter; all that could make it the wrong one is refused.
 *
 * @throws the library's refusals, and `meter-identity-invalid`, `base-date-mismatch`, `key-type-refused`
 */
export function decoderKeyOf(
  info: VendingKeyInfo,
  vendingKey: DerivingKey,
  meter: MeterKey,
  tables: StaTables,
): DecoderKey {
  if (!/^\d{2}$/.test(meter.ti)) throw refusal('meter-identity-invalid', 'ti');
  if (!Number.isInteger(meter.ken) || meter.ken < 0 || meter.ken > 255) throw refusal('meter-identity-invalid', 'ken');
  if (meter.baseDate !== info.baseDate) throw refusal('base-date-mismatch');
  if (meter.kt !== KEY_TYPE_OF[info.kind]) throw refusal('key-type-refused');
  return deriveDecoderKey({
    dkga: info.dkga === 2 ? '02' : '04',
    vendingKey,
    pan: meter.pan,
    ea: meter.ea,
    kt: meter.kt,
    sgc: meter.sgc,
    ti: Number(meter.ti),
    krn: meter.krn,
    // Whichever of meter and vending key expires first; 255, never, is also the highest.
    ken: Math.min(meter.ken, info.ken),
    baseDate: meter.baseDate,
    tables,
  });
}

/** A name for a meter's decoder key, of every field that takes part in the key or in a check of it. */
export function cacheName({ pan, sgc, krn, ti, kt, ea, ken, baseDate }: MeterKey): string {
  return `${pan}/${sgc}/${krn}/${ti}/${kt}/${ea}/${ken}/${baseDate}`;
}

/** The name of a vending key. */
export function nameOf(sgc: string, krn: number): string {
  return `${sgc}/${krn}`;
}

/** @throws {DomainError} `unknown-vending-key`, `meter-identity-invalid` */
export function heldUnder<Held>(held: ReadonlyMap<string, Held>, sgc: string, krn: number): Held {
  const found = held.get(nameOf(sgc, krn));
  if (found) return found;
  throw /^\d{6}$/.test(sgc) ? refusal('unknown-vending-key') : refusal('meter-identity-invalid', 'sgc');
}

/** By SGC and KRN. */
export function inOrder(keys: VendingKeyInfo[]): VendingKeyInfo[] {
  return keys.sort((a, b) => (nameOf(a.sgc, a.krn) < nameOf(b.sgc, b.krn) ? -1 : 1));
}
