import type { MeterKeys } from '@vend/meters';

/**
 * What vending needs from the outside, declared where it is used. `libs/issuer` fills TokenIssuer with the
 * gRPC client of the token server; tests fill it with the same client against a real server.
 */

/** The port of key-change campaigns; the issuer fills both. */
export type { KeySet, KeySetIssuer, KeySetOutcome, KeySetRequest, VendingKeyFacts } from '@vend/meters';

/** The STS identity and key attributes of one meter, as the office keeps them (IEC 62055-41, 6.1). */
export type MeterKeyConfig = MeterKeys;

export interface CreditTokenRequest {
  /** (recharge, TID, RND): the token is a function of it, so that a repeat gives the same token. */
  readonly requestId: string;
  readonly meter: MeterKeyConfig;
  /** 0 electricity in 0.1 kWh, 4 electricity in currency. */
  readonly subclass: 0 | 4;
  /** 24-bit token identifier: minutes since the base date. */
  readonly tid: number;
  /** 4 bits; ignored by currency tokens, which have no room for it. */
  readonly rnd: number;
  /** Subclass 0: tenths of a kWh. Subclass 4: 0.00001 Taka. */
  readonly amountUnits: bigint;
}

export type CreditTokenOutcome =
  | {
      readonly requestId: string;
      readonly ok: true;
      /** 20 digits. */
      readonly digits: string;
      /** What the meter will credit, in the request's unit; never less than asked. */
      readonly creditedUnits: bigint;
      /** True when the STA ran on the IEC sample tables: not for real meters. */
      readonly sampleTables: boolean;
    }
  | { readonly requestId: string; readonly ok: false; readonly code: string; readonly retryable: boolean };

/** What a class 2 token does in its meter (STS.md 5). */
export const MANAGEMENT_KINDS = ['clear-tamper', 'clear-credit', 'max-power-limit', 'phase-unbalance-limit'] as const;
export type ManagementKind = (typeof MANAGEMENT_KINDS)[number];

/** One management token: class 2 for one meter, class 1 for whoever types it. */
export type ManagementTokenRequest =
  | {
      /** (order, place, TID, RND): the token is a function of it, so that a repeat gives the same token. */
      readonly requestId: string;
      readonly meter: MeterKeyConfig;
      readonly kind: ManagementKind;
      /** Watts of a limit, or the register to clear (65535: all); 0 for clear-tamper. */
      readonly value: bigint;
      readonly tid: number;
      /** 4 bits. */
      readonly rnd: number;
    }
  | {
      readonly requestId: string;
      readonly kind: 'test-display';
      /** 0: manufacturer code of two digits; 1: of four. */
      readonly subclass: 0 | 1;
      /** 0: any manufacturer. */
      readonly manufacturer: number;
      /** Bit n - 1 asks for number n (STS.md 4). */
      readonly control: bigint;
    };

export type ManagementTokenOutcome =
  | {
      readonly requestId: string;
      readonly ok: true;
      /** 20 digits. */
      readonly digits: string;
      readonly subclass: number;
      /** What the meter takes the value for: a limit is rounded up to what the token can carry. */
      readonly value: bigint;
      readonly sampleTables: boolean;
    }
  | { readonly requestId: string; readonly ok: false; readonly code: string; readonly retryable: boolean };

/**
 * Makes tokens. All requests of a call are answered, in the order of the requests, each by itself.
 *
 * Must be a pure function of each request: the same request always gives the same digits.
 */
export interface TokenIssuer {
  /** @throws {TokenServerUnavailable} when nobody answered within the deadline: no token was seen by anyone */
  issueCredit(requests: readonly CreditTokenRequest[], deadlineMs: number): Promise<CreditTokenOutcome[]>;
  /** @throws {TokenServerUnavailable} as above */
  issueManagement(requests: readonly ManagementTokenRequest[], deadlineMs: number): Promise<ManagementTokenOutcome[]>;
}

/** The token server could not be reached, or did not answer in time. The same requests may be made again. */
export class TokenServerUnavailable extends Error {
  override readonly name = 'TokenServerUnavailable';
}
