/** What the server answers to the pages of supervision, as far as they look at it; test/unit/pages-answers.spec.ts holds the API's types against these. */
import type { Money } from '../../shared/answers';
import type { Text } from '../../shared/words';

export interface SalesSum {
  readonly count: number;
  readonly amount: Money;
}

export interface SalesFigures {
  readonly sold: SalesSum;
  readonly waiting: SalesSum;
  readonly returned: SalesSum;
}

export interface SalesDay {
  readonly day: string;
  readonly asOf: string;
  readonly countedAt: string | null;
  readonly total: SalesFigures;
  readonly hours: readonly (SalesFigures & { readonly hour: number })[];
  readonly sources: readonly (SalesFigures & { readonly source: string; readonly name: string })[];
  readonly channels: readonly (SalesFigures & { readonly channel: string })[];
}

export interface AttentionItem {
  readonly kind: string;
  readonly count: number;
  readonly more: boolean;
  readonly oldest: string | null;
  readonly amount: Money | null;
  readonly rechargeIds: readonly string[];
}

export interface Attention {
  readonly asOf: string;
  readonly items: readonly AttentionItem[];
}

interface Waiting {
  readonly count: number;
  readonly oldest: string | null;
}

export interface DashboardHealth {
  readonly asOf: string;
  readonly sms: {
    readonly today: {
      readonly queued: number;
      readonly sent: number;
      readonly delivered: number;
      readonly failed: number;
    };
    readonly waiting: Waiting;
    readonly gateways: readonly {
      readonly code: string;
      readonly enabled: boolean;
      readonly workers: number;
      readonly healthyWorkers: number;
      readonly lastFaults: readonly string[];
    }[];
  };
  readonly payments: readonly {
    readonly code: string;
    readonly name: string;
    readonly active: boolean;
    readonly lastMessageAt: string | null;
    readonly lastHour: { readonly messages: number; readonly refused: number };
    readonly pending: Waiting;
    readonly float: { readonly balance: Money; readonly low: boolean } | null;
  }[];
}

export interface Approval {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly requestedBy: string;
  readonly station: string;
  readonly office: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly state: 'PENDING' | 'APPROVED' | 'REFUSED' | 'EXPIRED' | 'USED';
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly note: string | null;
}

export interface Review {
  readonly reviewId: string;
  readonly rule: string;
  readonly subject: string;
  readonly office: string | null;
  readonly events: number;
  readonly threshold: number;
  readonly windowSeconds: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly state: 'OPEN' | 'EXPLAINED' | 'ESCALATED';
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly note: string | null;
}

export interface Message {
  readonly messageId: string;
  readonly template: string;
  readonly customerNo: string | null;
  readonly mobile: string | null;
  readonly state: string;
  readonly outcome: string | null;
  readonly gateway: string | null;
  readonly attempts: number;
  readonly queuedAt: string;
}

export interface RemoteLoad {
  readonly remoteLoadId: string;
  readonly state: 'UNSENT' | 'SENT' | 'LOADED' | 'FAILED';
  readonly meterNo: string;
  readonly customerNo: string;
  readonly receiptNo: string;
  readonly headEnd: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly createdAt: string;
}

export interface Trace {
  readonly asOf: string;
  readonly focus: string | null;
  readonly findings: readonly {
    readonly code: string;
    readonly rechargeId: string | null;
    readonly says: Text;
    readonly next: Text;
  }[];
  readonly meters: readonly {
    readonly meterNo: string;
    readonly status: string;
    readonly customerNo: string;
    readonly customerName: string;
    readonly office: string;
    readonly arrears: Money;
  }[];
  readonly cases: readonly {
    readonly number: string;
    readonly kind: string;
    readonly state: string;
    readonly owner: string;
    readonly dueAt: string;
  }[];
  readonly events: readonly TracedEvent[];
}

export interface TracedEvent {
  readonly rechargeId: string;
  readonly kind: string;
  readonly paid: {
    readonly source: string;
    readonly transactionId: string;
    readonly channel: string;
    readonly amount: Money;
    readonly at: string;
    readonly state: string;
    readonly refusalCode: string | null;
    readonly attempts: number;
  };
  readonly vended: {
    readonly receiptNo: string;
    readonly state: string;
    readonly at: string;
    readonly cancelledAt: string | null;
    readonly energy: Money;
    readonly kwh: string | null;
    readonly tokens: readonly {
      readonly sequence: number;
      readonly of: number;
      readonly kind: string;
      readonly digits: string;
    }[];
  } | null;
  readonly sms: {
    readonly state: string;
    readonly outcome: string | null;
    readonly attempts: number;
    readonly at: string | null;
  } | null;
  readonly load: {
    readonly remoteLoadId: string;
    readonly state: string;
    readonly headEnd: string;
    readonly reason: string | null;
    readonly concludedAt: string | null;
  } | null;
}

export interface CaseRow {
  readonly caseNo: string;
  readonly kind: string;
  readonly kindWords: Text;
  readonly state: string;
  readonly version: number;
  readonly overdue: boolean;
  readonly dueAt: string;
  readonly openedAt: string;
  readonly openedBy: string;
  readonly automatic: boolean;
  readonly office: string;
  readonly queue: string;
  readonly owner: string | null;
  readonly waitingFor: string | null;
  readonly meterNo: string | null;
  readonly customerNo: string | null;
  readonly customerName: string | null;
  readonly words: string;
}

export interface Case extends CaseRow {
  readonly payment: {
    readonly rechargeId: string;
    readonly status: string;
    readonly amount: Money;
    readonly source: string;
    readonly sourceRef: string;
    readonly receivedAt: string;
    readonly refusalCode: string | null;
    readonly meterNo: string | null;
    readonly typedReference: string | null;
    readonly waysOut: readonly ('apply' | 'refund')[];
  } | null;
  readonly receiptNo: string | null;
  readonly outcome: string | null;
  readonly outcomeWords: string | null;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly events: readonly {
    readonly at: string;
    readonly by: string;
    readonly what: string;
    readonly words: string | null;
  }[];
}

/** What a call answers that waits for a second person. */
export interface ApprovalNeeded {
  readonly approval: { readonly id: string };
}
