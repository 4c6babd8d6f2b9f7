/** What the server answers to the key officer's pages; test/unit/pages-answers.spec.ts holds the API's types against these. */
export interface VendingKey {
  readonly sgc: string;
  readonly krn: number;
  readonly kind: string;
  readonly baseDate: number;
  readonly ken: number;
  readonly kcv: string;
  readonly expiresAt: string | null;
  readonly daysLeft: number | null;
  readonly state: string;
}

export interface KeyStatus {
  readonly tokenServer: {
    readonly modules: readonly string[];
    readonly staTables: string;
    readonly warnings: readonly string[];
    readonly tokensIssued: number;
    readonly requestsRefused: number;
    readonly auditLines: number;
    readonly keys: readonly VendingKey[];
  } | null;
  readonly meters: readonly {
    readonly sgc: string;
    readonly krn: number;
    readonly ti: string;
    readonly ken: number;
    readonly baseDate: number;
    readonly meters: number;
    readonly changeOpen: number;
    readonly endsAt: string;
    readonly daysLeft: number;
  }[];
}

export interface Campaign {
  readonly name: string;
  readonly kind: 'supply-group' | 'key-revision' | 'base-date';
  readonly selection: string;
  readonly state: 'SELECTING' | 'OPEN' | 'CANCELLED';
  readonly madeBy: string;
  readonly madeAt: string;
}

export interface CampaignFigures {
  readonly meters: number;
  readonly due: number;
  readonly toMake: number;
  readonly refused: readonly { readonly code: string; readonly meters: number }[];
  readonly issued: number;
  readonly issuedByVend: number;
  readonly issuedByFile: number;
  readonly confirmed: number;
  readonly stale: number;
  readonly cancelled: number;
}

export interface CampaignWhole extends Campaign {
  readonly figures: CampaignFigures;
}
