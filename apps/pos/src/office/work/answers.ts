/** What the server answers to the office's work, as far as the pages look at it. */

/** A fee as the schedule has it for a meter. */
export interface Fee {
  readonly fee: string;
  readonly net: string;
  readonly vat: string;
  readonly amount: { readonly value: string };
}

/** A request for a second person's word, as its asker sees it. */
export interface AskedApproval {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly reason: string;
  readonly requestedAt: string;
  readonly state: 'PENDING' | 'APPROVED' | 'REFUSED' | 'USED' | 'EXPIRED';
  readonly decidedBy: string | null;
  readonly note: string | null;
}
