import type { Id, InstantMs } from '@vend/kernel';

/** What a person may do: sell, approve, look, manage people and partners. */
export const ROLES = ['clerk', 'supervisor', 'auditor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** How a partner reaches us: it sells recharges itself, or it collects for us and calls back. */
export const PARTNER_KINDS = ['mobile-money', 'gateway'] as const;
export type PartnerKind = (typeof PARTNER_KINDS)[number];

/** The person behind a request. */
export interface SessionUser {
  readonly userId: Id;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  /** Code of the station where the person sells. */
  readonly station: string;
}

export interface Session {
  /** Bearer token; must not reach a log or a URL. */
  readonly accessToken: string;
  readonly expiresAt: InstantMs;
  readonly user: SessionUser;
}

/** A company whose signed requests we take. `secret` must not reach a log. */
export interface Partner {
  readonly code: string;
  readonly name: string;
  readonly kind: PartnerKind;
  readonly secret: Buffer;
}

export interface Station {
  readonly code: string;
  readonly name: string;
  readonly office: string;
}
