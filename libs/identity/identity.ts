import type { Id, InstantMs } from '@vend/kernel';

/** What a person is here; what each may do is the table of permissions.ts. */
export const PERSON_ROLES = [
  'clerk',
  'supervisor',
  'key-officer',
  'tariff-officer',
  'accounts',
  'call-centre',
  'auditor',
  'administrator',
] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/** The same, companies that sign their requests and never log in, and customers on their own page. */
export const ROLES = [...PERSON_ROLES, 'partner', 'customer'] as const;
export type Role = (typeof ROLES)[number];

/** How a partner reaches us: it sells recharges itself, it collects for us and calls back, or it brings customers' SMS. */
export const PARTNER_KINDS = ['mobile-money', 'gateway', 'sms'] as const;
export type PartnerKind = (typeof PARTNER_KINDS)[number];

export type PartnerMode = 'live' | 'sandbox';

/** The person behind a request. */
export interface SessionUser {
  readonly userId: Id;
  readonly username: string;
  readonly name: string;
  readonly role: PersonRole;
  /** Code of the station where the person sells. */
  readonly station: string;
}

/** What a login gives. None of its tokens may reach a log or a URL. */
export interface Session {
  readonly sessionId: Id;
  /** Bearer token, for some minutes. */
  readonly accessToken: string;
  readonly expiresAt: InstantMs;
  /** Shown once, it gives the next pair. */
  readonly refreshToken: string;
  readonly refreshExpiresAt: InstantMs;
  readonly user: SessionUser;
  /** Only when a second factor has just come into force: to be written down. */
  readonly recoveryCodes?: readonly string[];
}

/** A company whose signed requests we take. `secret` must not reach a log. */
export interface Partner {
  readonly code: string;
  readonly name: string;
  readonly kind: PartnerKind;
  /** In `sandbox` nothing is vended: answers are played by the triggers of docs/PARTNERS.md. */
  readonly mode: PartnerMode;
  readonly secret: Buffer;
}

export interface Station {
  readonly code: string;
  readonly name: string;
  readonly office: string;
}
