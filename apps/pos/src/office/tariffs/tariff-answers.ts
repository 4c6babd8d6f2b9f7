/** What the server answers to the tariff pages; test/unit/pages-answers.spec.ts holds the API's types against these. */
import type { Energy, Money, PriceLine } from '../../shared/answers';
import type { Text } from '../../shared/words';

export type TariffState = 'draft' | 'published' | 'superseded' | 'revocation-proposed' | 'revoked';
export type TariffKind = 'tariff-version' | 'rebate-profile' | 'recharge-limits' | 'service-fees';

export interface Tariff {
  readonly book: string;
  readonly code: string;
  readonly kind: TariffKind;
  readonly state: TariffState;
  readonly effectiveFrom: string;
  readonly endsOn: string | null;
  readonly madeBy: string | null;
  readonly publishedBy: string | null;
  readonly revision: number | null;
  readonly revokedBy: string | null;
  readonly revocationReason: string | null;
  readonly sha256: string;
}

export interface TariffList {
  readonly books: readonly string[];
  readonly soldBy: string;
  readonly items: readonly Tariff[];
}

export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly where: string;
  readonly problem: string;
  readonly problemBn: string;
}

export interface Lint {
  readonly code: string;
  readonly good: boolean;
  readonly findings: readonly Finding[];
}

export interface TariffWhole extends Tariff {
  readonly document: string;
  readonly findings: readonly Finding[];
}

export type ComparedItem =
  | 'effective-from'
  | 'ends-on'
  | 'published-on'
  | 'lifeline-policy'
  | 'policy'
  | 'vat'
  | 'rent-single-phase'
  | 'rent-three-phase'
  | 'level'
  | 'demand'
  | 'flat'
  | 'off-peak'
  | 'peak'
  | 'super-off-peak'
  | 'lifeline'
  | 'slab';

export interface ComparedRow {
  readonly tariffClass: string | null;
  readonly className: Text | null;
  readonly item: ComparedItem;
  readonly kwh: string | null;
  readonly left: string | null;
  readonly right: string | null;
  readonly differs: boolean;
}

export interface Comparison {
  readonly left: Tariff;
  readonly right: Tariff;
  readonly rows: readonly ComparedRow[];
}

export interface Calculation {
  readonly tariffVersion: string;
  readonly rebateProfile: string;
  readonly amount: Money;
  readonly energy: Energy | null;
  readonly credit: { readonly value: string } | null;
  readonly lines: readonly PriceLine[];
}

/** A second person's word, as far as these pages look at it. */
export interface Asked {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  /** Exactly what is approved; `book` says where. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly requestedBy: string;
  readonly state: 'PENDING' | 'APPROVED' | 'REFUSED' | 'EXPIRED' | 'USED';
  readonly decidedBy: string | null;
  readonly note: string | null;
}

/** The answer 202 of an operation that waits. */
export interface Waits {
  readonly approval: { readonly id: string };
}
