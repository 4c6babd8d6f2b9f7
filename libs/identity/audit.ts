import { newId, idToBytes, type InstantMs } from '@vend/kernel';
import type { Tx } from '@vend/platform';
import { originOf, type Origin } from './origin';

/** What people and programs did that an auditor asks about. */
export type AuditAction =
  | 'session-opened'
  | 'session-refused'
  | 'session-ended'
  | 'login-locked'
  | 'user-unlocked'
  | 'password-changed'
  | 'second-factor-made'
  | 'second-factor-enrolled'
  | 'second-factor-refused'
  | 'second-factor-removed'
  | 'recovery-code-used'
  | 'office-changed'
  | 'station-changed'
  | 'user-changed'
  | 'partner-changed'
  | 'meters-imported'
  | 'import-ordered'
  | 'import-report-read'
  | 'price-drafted'
  | 'price-published'
  | 'price-revocation-proposed'
  | 'price-revoked'
  | 'recharge-reprinted'
  | 'receipt-printed'
  | 'case-opened'
  | 'case-noted'
  | 'case-assigned'
  | 'case-waiting'
  | 'case-closed'
  | 'case-reopened'
  | 'case-payment-applied'
  | 'case-refund-asked'
  | 'case-payment-refunded'
  | 'penalty-entered'
  | 'penalty-withdrawn'
  | 'vend-ordered'
  | 'vend-cancelled'
  | 'campaign-created'
  | 'campaign-cancelled'
  | 'key-change-sets-made'
  | 'key-change-sets-exported'
  | 'key-change-confirmed'
  | 'customer-changed'
  | 'connection-person-changed'
  | 'connection-changed'
  | 'connection-disconnected'
  | 'connection-reconnected'
  | 'meter-installed'
  | 'meter-replaced'
  | 'meter-model-changed'
  | 'account-closed'
  | 'approval-requested'
  | 'approval-approved'
  | 'approval-refused'
  | 'float-topped-up'
  | 'shift-opened'
  | 'shift-counted'
  | 'shift-sent-back'
  | 'shift-closed'
  | 'cash-sent'
  | 'cash-banked'
  | 'limit-set'
  | 'watch-rule-set'
  | 'review-decided'
  | 'fee-taken'
  | 'arrears-paid'
  | 'deposit-credited'
  | 'arrears-imported'
  | 'deposit-imported'
  | 'arrears-written-off'
  | 'pack-prepared'
  | 'pack-exported'
  | 'pack-item-booked'
  | 'pack-withdrawn'
  | 'remote-load-retried'
  | 'meter-head-end-changed'
  | 'message-retried'
  | 'sms-gateway-changed'
  | 'payment-provider-changed'
  | 'trace-tokens-read'
  | 'tokens-answered'
  | 'notice-choice-changed'
  | 'sms-template-drafted'
  | 'sms-template-published'
  | 'receipt-sent-again'
  | 'receipt-line-read'
  | 'broadcast-composed'
  | 'broadcast-launched'
  | 'broadcast-paused'
  | 'broadcast-resumed'
  | 'broadcast-stopped'
  | 'broadcast-report-read'
  | 'webhook-endpoint-changed'
  | 'webhook-secret-changed'
  | 'webhook-replayed'
  | 'statement-ordered'
  | 'statement-format-set'
  | 'break-acted'
  | 'settlement-report-read'
  | 'own-page-opened'
  | 'own-page-left'
  | 'own-tokens-read';

/** Facts for the auditor, flat: never a token, key, PIN, password or phone number. */
export type AuditFacts = Readonly<Record<string, string | number | boolean | null>>;

export interface AuditEvent {
  /** Who: `user:rahima`, `partner:demo-bkash`, `cli:import-meters`, `anonymous`. */
  readonly actor: string;
  readonly action: AuditAction;
  /** On what: `user:rahima`, `recharge:<id>`. */
  readonly subject: string;
  readonly detail?: AuditFacts;
  /** What of the record was so before, and is so after; the fields that changed are enough. */
  readonly before?: AuditFacts;
  readonly after?: AuditFacts;
  /** From where; left out, it is the request that this actor is making. */
  readonly origin?: Origin;
  readonly at: InstantMs;
}

/**
 * Writes to the audit trail, in the transaction of what it tells of: neither is there without the other. The
 * application's database user can add to the trail and can neither change nor delete it.
 *
 * @example await recordAudit(tx, { actor: 'user:rahima', action: 'recharge-reprinted', subject: `recharge:${id}`, at })
 */
export async function recordAudit(tx: Tx, event: AuditEvent): Promise<void> {
  const { at, actor, action, subject, detail, before, after } = event;
  const origin = event.origin ?? originOf(actor);
  await tx.write(
    `INSERT INTO audit_events (id, at, actor, action, subject, detail, was, became, origin_address, origin_agent,
       origin_station, request_id) VALUES (?)`,
    [
      [
        // The id carries the time: the trail is searched by it, newest first.
        idToBytes(newId(at)),
        new Date(at),
        actor,
        action,
        subject,
        jsonOf(detail),
        jsonOf(before),
        jsonOf(after),
        origin?.address ?? null,
        origin?.agentHash ?? null,
        origin?.station ?? null,
        origin?.requestId ?? null,
      ],
    ],
  );
}

function jsonOf(facts: AuditFacts | undefined): string | null {
  return facts ? JSON.stringify(facts) : null;
}
