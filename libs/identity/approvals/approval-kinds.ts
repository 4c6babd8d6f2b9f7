import type { Permission } from '../permissions';

/** What each kind of approval needs. */
interface ApprovalRule {
  /** What the second person must be allowed to do. */
  readonly permission: Permission;
  /** How long a request waits for an answer, and how long a yes may wait to be used. */
  readonly hoursOpen: number;
}

/** Everything that one person may not do alone. Add a kind here and its permission to the table of permissions. */
export const APPROVAL_RULES = {
  'free-issue': { permission: 'approve.free-issue', hoursOpen: 24 },
  replacement: { permission: 'approve.replacement', hoursOpen: 24 },
  cancellation: { permission: 'approve.cancellation', hoursOpen: 12 },
  'clear-credit': { permission: 'approve.clear-credit', hoursOpen: 24 },
  penalty: { permission: 'approve.penalty', hoursOpen: 168 },
  'deposit-credit': { permission: 'approve.deposit-credit', hoursOpen: 72 },
  'offline-pack': { permission: 'approve.offline-pack', hoursOpen: 72 },
  'deposit-import': { permission: 'approve.arrears-import', hoursOpen: 168 },
  'arrears-import': { permission: 'approve.arrears-import', hoursOpen: 168 },
  'write-off': { permission: 'approve.write-off', hoursOpen: 168 },
  'payment-move': { permission: 'approve.payment-move', hoursOpen: 72 },
  broadcast: { permission: 'approve.broadcast', hoursOpen: 72 },
  'settlement-action': { permission: 'approve.settlement', hoursOpen: 72 },
  refund: { permission: 'approve.refund', hoursOpen: 72 },
  'sms-template': { permission: 'approve.sms-template', hoursOpen: 168 },
  'float-top-up': { permission: 'approve.float-top-up', hoursOpen: 72 },
  'sms-gateway': { permission: 'approve.sms-gateway', hoursOpen: 72 },
  'payment-provider': { permission: 'approve.payment-provider', hoursOpen: 72 },
  tariff: { permission: 'approve.tariff', hoursOpen: 168 },
  'tariff-revocation': { permission: 'approve.tariff', hoursOpen: 168 },
} as const satisfies Readonly<Record<string, ApprovalRule>>;

export type ApprovalKind = keyof typeof APPROVAL_RULES;
export const APPROVAL_KINDS = Object.keys(APPROVAL_RULES) as readonly ApprovalKind[];

/** A request's life: `PENDING → APPROVED | REFUSED | EXPIRED`, `APPROVED → USED | EXPIRED`. */
export const APPROVAL_STATES = ['PENDING', 'APPROVED', 'REFUSED', 'EXPIRED', 'USED'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];
