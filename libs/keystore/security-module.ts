import type { InstantMs } from '@vend/kernel';
import type { BaseDate, VendingKeyInfo } from './vending-key';

/** A meter as far as its keys go; each field takes part in the decoder key or in a check (STS.md §7). */
export interface MeterKey {
  /** MeterPAN: 18 digits, both check digits included. */
  readonly pan: string;
  readonly ea: '07' | '11';
  readonly tct: '02';
  readonly sgc: string;
  readonly krn: number;
  /** Two digits. */
  readonly ti: string;
  readonly kt: 0 | 1 | 2 | 3;
  readonly ken: number;
  readonly baseDate: BaseDate;
}

/** The credit to be coded; the caller has reserved TID and RND. */
export interface CreditRequest {
  /** 0: electricity in 0.1 kWh. 4: electricity in currency, 0.00001 Taka. */
  readonly subclass: 0 | 4;
  /** Minutes since the base date, 24 bits. */
  readonly tid: number;
  /** 4 bits; not used by subclass 4. */
  readonly rnd: number;
  /** Above zero; in the unit of the subclass. */
  readonly amountUnits: bigint;
}

export interface CreditToken {
  /** 20 decimal digits. */
  readonly digits: string;
  /** What the meter credits: the smallest amount STS can express that is not below the request. */
  readonly creditedUnits: bigint;
  /** Check value of the vending key used. */
  readonly kcv: string;
}

/** A class 2 management token to be made; the caller has reserved TID and RND. */
export interface ManagementRequest {
  readonly kind: 'max-power-limit' | 'clear-credit' | 'clear-tamper' | 'phase-unbalance-limit';
  /** Watts, or the register to clear (65535: all); 0 for clear-tamper. */
  readonly value: bigint;
  /** Minutes since the base date, 24 bits. */
  readonly tid: number;
  /** 4 bits. */
  readonly rnd: number;
}

export interface ManagementToken {
  /** 20 decimal digits. */
  readonly digits: string;
  readonly subclass: number;
  /** What the meter takes the value for: limits are rounded up to what 16 bits can express. */
  readonly value: bigint;
  /** Check value of the vending key used. */
  readonly kcv: string;
}

/** The key that a meter shall have; KEN and base date follow from the vending key. */
interface KeyTarget {
  readonly sgc: string;
  readonly krn: number;
  /** Two digits. */
  readonly ti: string;
  readonly kt: 0 | 1 | 2 | 3;
}

export interface KeyChangeRequest {
  readonly target: KeyTarget;
  /** EA07 only: a third section brings the supply group code. EA11 always takes four. */
  readonly withSupplyGroup: boolean;
  /** Now: a change to a key that has expired is refused, one away from it is not (STS.md 7). */
  readonly now: InstantMs;
}

/** Deterministic: neither TID nor RND, so a reprint is safe and identical (STS.md 5.1). */
export interface KeyChangeSet {
  /** 20 decimal digits each, in printed order: two, three or four. */
  readonly tokens: readonly string[];
  /** The meter's key once all are accepted. */
  readonly after: MeterKey;
  /** The base date changes: the meter forgets its TIDs. */
  readonly rollover: boolean;
  readonly fromKcv: string;
  readonly toKcv: string;
}

/** What an authentic token says. */
export interface TokenReading {
  readonly tokenClass: number;
  readonly subclass: number;
  /** 0 when the token carries none. */
  readonly tid: number;
  /** Class 0 only, in the unit of the subclass; else 0. */
  readonly amountUnits: bigint;
}

/**
 * The only door to a vending key: asks for tokens go in, tokens come out, keys never do. Software today,
 * PKCS#11 later; every implementation passes `securityModuleConformance`.
 *
 * A token is a function of meter and request: asked again, in another process, next year, it is the same.
 *
 * @example const { digits } = await module.issueCredit(meter, { subclass: 0, tid, rnd: 5, amountUnits: 256n });
 */
export interface SecurityModule {
  readonly kind: 'software' | 'pkcs11';
  /** @throws {DomainError} a TokenRefusalCode; nothing was made */
  issueCredit(meter: MeterKey, request: CreditRequest): Promise<CreditToken>;
  /** @throws {DomainError} a TokenRefusalCode; nothing was made */
  issueManagement(meter: MeterKey, request: ManagementRequest): Promise<ManagementToken>;
  /** @throws {DomainError} a TokenRefusalCode; nothing was made */
  issueKeyChange(meter: MeterKey, request: KeyChangeRequest): Promise<KeyChangeSet>;
  /** @throws {DomainError} `token-malformed`, `token-not-authentic`, and the refusals about meter and key */
  verify(meter: MeterKey, digits: string): Promise<TokenReading>;
  /** Attributes and check values of the keys held, by SGC and KRN. */
  keys(): readonly VendingKeyInfo[];
  /** Fills every key with zeros; whatever is asked afterwards is refused with `module-closed`. */
  close(): void;
}
