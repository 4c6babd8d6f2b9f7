/**
 * What vending needs from the outside, declared where it is used. `libs/issuer` fills TokenIssuer with the
 * gRPC client of the token server; tests fill it with the same client against a real server.
 */

/** The STS identity and key attributes of one meter, as printed on its key card (IEC 62055-41, 6.1). */
export interface MeterKeyConfig {
  /** 18 digits. */
  readonly pan: string;
  readonly ea: '07' | '11';
  readonly tct: '02';
  /** Supply group code, 6 digits. */
  readonly sgc: string;
  /** Key revision number, 1-9. */
  readonly krn: number;
  /** Tariff index, two digits. */
  readonly ti: string;
  /** Key type: 0 DITK, 1 DDTK, 2 DUTK, 3 DCTK. */
  readonly kt: 0 | 1 | 2 | 3;
  /** Key expiry number, 0-255; 255 never expires. */
  readonly ken: number;
  /** Year of the base date of the meter's vending key. */
  readonly baseDate: 1993 | 2014 | 2035;
}

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

/**
 * Makes tokens. All requests of a call are answered, in the order of the requests, each by itself.
 *
 * Must be a pure function of each request: the same request always gives the same digits.
 */
export interface TokenIssuer {
  /** @throws {TokenServerUnavailable} when nobody answered within the deadline: no token was seen by anyone */
  issueCredit(requests: readonly CreditTokenRequest[], deadlineMs: number): Promise<CreditTokenOutcome[]>;
}

/** The token server could not be reached, or did not answer in time. The same requests may be made again. */
export class TokenServerUnavailable extends Error {
  override readonly name = 'TokenServerUnavailable';
}
