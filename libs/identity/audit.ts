import { newId, idToBytes, type InstantMs } from '@vend/kernel';
import type { Tx } from '@vend/platform';

/** What people and programs did that an auditor asks about. */
export type AuditAction =
  | 'session-opened'
  | 'session-refused'
  | 'station-changed'
  | 'user-changed'
  | 'partner-changed'
  | 'meters-imported'
  | 'price-drafted'
  | 'price-published'
  | 'price-revocation-proposed'
  | 'price-revoked'
  | 'recharge-reprinted'
  | 'campaign-created'
  | 'campaign-cancelled'
  | 'key-change-sets-made'
  | 'key-change-sets-exported'
  | 'key-change-confirmed';

export interface AuditEvent {
  /** Who: `user:rahima`, `partner:demo-bkash`, `cli:import-meters`, `anonymous`. */
  readonly actor: string;
  readonly action: AuditAction;
  /** On what: `user:rahima`, `recharge:<id>`. */
  readonly subject: string;
  /** Facts for the auditor: never a token, key, PIN, password or phone number. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  readonly at: InstantMs;
}

/**
 * Writes to the audit trail, in the transaction of what it tells of: neither is there without the other. The
 * application's database user can add to the trail and can neither change nor delete it.
 *
 * @example await recordAudit(tx, { actor: 'user:rahima', action: 'recharge-reprinted', subject: `recharge:${id}`, at })
 */
export async function recordAudit(tx: Tx, event: AuditEvent): Promise<void> {
  await tx.write('INSERT INTO audit_events (id, at, actor, action, subject, detail) VALUES (?)', [
    [
      idToBytes(newId(event.at)),
      new Date(event.at),
      event.actor,
      event.action,
      event.subject,
      event.detail ? JSON.stringify(event.detail) : null,
    ],
  ]);
}
