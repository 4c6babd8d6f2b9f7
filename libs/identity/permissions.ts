import type { Role } from './identity';

/** Everybody who logs in. */
const STAFF = [
  'clerk',
  'supervisor',
  'key-officer',
  'tariff-officer',
  'accounts',
  'call-centre',
  'auditor',
  'administrator',
] as const satisfies readonly Role[];
/** Who sells at a station. */
const COUNTER = ['clerk', 'supervisor'] as const satisfies readonly Role[];
/** Who answers a customer's question: reads, and changes nothing by it. */
const DESKS = [...COUNTER, 'accounts', 'call-centre', 'auditor', 'administrator'] as const satisfies readonly Role[];

/**
 * What may be done here, and by whom: the whole of it, in one table (docs/PERMISSIONS.md is printed from it, and a test
 * walks every route with every role). A role that is not in a row may not.
 */
const TABLE = {
  // Oneself, people, offices, the record of what people did.
  'session.manage-own': STAFF,
  'people.read': ['auditor', 'administrator'],
  'people.manage': ['administrator'],
  'offices.read': STAFF,
  'offices.manage': ['administrator'],
  'audit.read': ['auditor', 'administrator'],

  // A second person's word. Who may give it is a row for each kind, below.
  'approval.read': STAFF,
  'approval.decide': ['supervisor', 'accounts', 'tariff-officer'],
  'approve.free-issue': ['supervisor', 'accounts'],
  'approve.replacement': ['supervisor'],
  'approve.cancellation': ['supervisor', 'accounts'],
  'approve.clear-credit': ['supervisor'],
  'approve.penalty': ['supervisor', 'accounts'],
  'approve.deposit-credit': ['supervisor', 'accounts'],
  'approve.offline-pack': ['supervisor', 'accounts'],
  'approve.arrears-import': ['supervisor', 'accounts'],
  'approve.write-off': ['accounts'],
  'approve.payment-move': ['supervisor', 'accounts'],
  'approve.refund': ['supervisor', 'accounts'],
  'approve.sms-template': ['supervisor', 'accounts'],
  'approve.sms-gateway': ['supervisor', 'accounts'],
  'approve.float-top-up': ['supervisor', 'accounts'],
  'approve.broadcast': ['supervisor', 'accounts'],
  'approve.payment-provider': ['supervisor', 'accounts'],
  'approve.settlement': ['accounts'],
  // A utility with one tariff officer has the accounts to look at the order.
  'approve.tariff': ['tariff-officer', 'accounts'],

  // Customers, connections, meters.
  'meter.find': [...DESKS, 'key-officer'],
  'meter.read': [...DESKS, 'key-officer'],
  'customer.read': DESKS,
  'customer.change': COUNTER,
  'customer.choose-notices': [...COUNTER, 'call-centre'],
  'meter.install': ['supervisor'],
  'meter.replace': ['supervisor'],
  'connection.change': ['supervisor'],
  'connection.disconnect': ['supervisor'],
  'customer.close': ['supervisor'],
  'meter-model.read': DESKS,
  'meter-model.manage': ['administrator'],
  'import.run': ['administrator'],
  'import.read': ['supervisor', 'auditor', 'administrator'],

  // Vends of every kind.
  'quote.make': [...COUNTER, 'call-centre'],
  'vend.credit': COUNTER,
  'vend.read': DESKS,
  'vend.reprint': COUNTER,
  'vend.cancel': ['supervisor'],
  'vend.ask-cancel': COUNTER,
  'vend.free-issue': COUNTER,
  'vend.replacement': COUNTER,
  'vend.key-change': COUNTER,
  'vend.engineering': COUNTER,
  'vend.set-limit': ['supervisor'],
  'vend.fee': COUNTER,
  'vend.arrears-payment': COUNTER,
  'vend.deposit-credit': COUNTER,
  'arrears.import': ['accounts'],
  'deposit.import': ['accounts'],
  'arrears.write-off': ['accounts'],
  'pack.read': ['clerk', 'supervisor', 'accounts', 'auditor'],
  'pack.prepare': ['supervisor'],
  'pack.issue': COUNTER,
  'pack.reconcile': ['supervisor', 'accounts'],
  'key-change.read': [...DESKS, 'key-officer'],
  'key-change.confirm': [...COUNTER, 'key-officer', 'administrator'],
  'remote-load.read': DESKS,
  'remote-load.retry': ['supervisor', 'call-centre'],

  // What goes out by SMS, and by whom.
  'message.read': ['supervisor', 'call-centre', 'auditor', 'administrator'],
  'message.retry': ['supervisor', 'call-centre'],
  'sms-gateway.read': ['supervisor', 'call-centre', 'auditor', 'administrator'],
  'sms-gateway.change': ['administrator'],

  // Companies that take customers' money for us.
  'payment-provider.read': ['supervisor', 'accounts', 'auditor', 'administrator'],
  'payment-provider.change': ['administrator'],

  // Vendors that sell from what they have paid in before.
  'float.read': ['supervisor', 'accounts', 'auditor', 'administrator'],
  'float.top-up': ['accounts'],
  'float.read-own': COUNTER,

  // Shifts at a counter, and its cash on the way to the bank.
  'shift.work': COUNTER,
  'shift.read': ['clerk', 'supervisor', 'accounts', 'auditor', 'administrator'],
  'shift.close': ['supervisor'],
  'station-day.read': ['supervisor', 'accounts', 'auditor', 'administrator'],
  'bank-deposit.send': ['supervisor'],
  'bank-deposit.read': ['supervisor', 'accounts', 'auditor', 'administrator'],
  'bank-deposit.confirm': ['accounts'],
  'station-terms.read': ['supervisor', 'accounts', 'auditor', 'administrator'],
  'station-terms.set': ['administrator'],

  // Limits and what looks unusual.
  'limit.manage': ['administrator'],
  'limit.read': ['supervisor', 'accounts', 'auditor', 'administrator'],
  'review.read': ['supervisor', 'accounts', 'auditor', 'administrator'],
  'review.decide': ['supervisor', 'accounts'],

  // What providers say they took, and what the bank has of it.
  'settlement.read': ['accounts', 'auditor', 'administrator'],
  'settlement.import': ['accounts'],
  'settlement.format': ['administrator'],
  'settlement.act': ['accounts'],

  // The day as it goes: sales, what waits or failed, SMS and payment companies.
  'dashboard.read': ['supervisor', 'accounts', 'auditor', 'administrator'],

  // Questions and complaints.
  'trace.read': DESKS,
  'case.open': [...COUNTER, 'accounts', 'call-centre'],
  'case.read': DESKS,
  'case.work': [...COUNTER, 'accounts', 'call-centre'],
  'case.settle-money': ['supervisor', 'accounts'],
  'penalty.enter': ['supervisor', 'accounts'],
  'penalty.read': DESKS,

  // Messages.
  'sms-template.read': DESKS,
  'sms-template.manage': ['call-centre', 'administrator'],
  'receipt.send-again': [...COUNTER, 'call-centre'],
  // Notices to many customers at once.
  'broadcast.read': ['supervisor', 'accounts', 'call-centre', 'auditor', 'administrator'],
  'broadcast.manage': ['supervisor', 'call-centre', 'administrator'],

  // What partners are told by webhook.
  'webhook.read': ['call-centre', 'auditor', 'administrator'],
  'webhook.manage': ['administrator'],
  'webhook.replay': ['call-centre', 'administrator'],

  // Prices, vending keys, and the campaigns that change meters' keys.
  'tariff.read': ['supervisor', 'tariff-officer', 'accounts', 'auditor', 'administrator'],
  'tariff.change': ['tariff-officer', 'administrator'],
  'key.read': ['key-officer', 'auditor', 'administrator'],
  'campaign.read': ['key-officer', 'auditor', 'administrator'],

  // A command at a terminal: the day's end.
  'day.close': ['supervisor', 'accounts'],

  // Companies, by signed requests.
  'biller.use': ['partner'],
  'callback.send': ['partner'],
  'sms.bring': ['partner'],

  // The customer's own page: the own meters, and nothing else.
  'own-meters.use': ['customer'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

/** The name of something that may be done, `<noun>.<verb>`. */
export type Permission = keyof typeof TABLE;

/**
 * Which roles may do what.
 *
 * @example PERMISSIONS['vend.cancel'] // ['supervisor']
 */
export const PERMISSIONS: Readonly<Record<Permission, readonly Role[]>> = TABLE;

/** @example roleMay('auditor', 'vend.credit') // false */
export function roleMay(role: Role, permission: Permission): boolean {
  return PERMISSIONS[permission].includes(role);
}

/**
 * What a role may do, in the table's order: for a page that shows each person only what is theirs.
 *
 * @example permissionsOf('tariff-officer') // ['session.manage-own', 'offices.read', 'approval.read', 'tariff.change']
 */
export function permissionsOf(role: Role): Permission[] {
  return (Object.keys(TABLE) as Permission[]).filter((permission) => roleMay(role, permission));
}
