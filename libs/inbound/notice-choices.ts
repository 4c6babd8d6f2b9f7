import { recordAudit } from '@vend/identity';
import type { Id, InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import { readNoticeChoice, saveNoticeChoice, type NoticeChoice } from './store/notice-choices';

/** Who wants notices and reminders, or does not. */
interface Choosing {
  readonly customerId: Id;
  readonly customerNo: string;
  readonly wanted: boolean;
  /** `sms:<id of the message>` or `user:<who>`. */
  readonly by: string;
  /** For what a person changes. */
  readonly reason?: string;
  /** When it was said: of two that are worked in the wrong order the later stands. */
  readonly at: InstantMs;
}

/** Keeps a choice, with its trace in the audit trail when something changed by it. */
export async function chooseNotices(
  tx: Tx,
  { customerId, customerNo, wanted, by, reason, at }: Choosing,
): Promise<void> {
  if (!(await saveNoticeChoice(tx, customerId, { wanted, by, at: new Date(at) }))) return;
  await recordAudit(tx, {
    ...{ actor: by, action: 'notice-choice-changed', subject: `customer:${customerNo}` },
    ...(reason !== undefined && { detail: { reason } }),
    ...{ before: { wanted: !wanted }, after: { wanted }, at },
  });
}

/** The same for the staff: to see a customer's choice, and to change it on their word. */
export class NoticeChoices {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** @example (await choices.of(customerId)).wanted // true: never said STOP */
  of(customerId: Id): Promise<NoticeChoice> {
    return readNoticeChoice(this.database, customerId);
  }

  /**
   * Changes it. The same again changes nothing.
   *
   * @example await choices.change({ customerId, customerNo, wanted: false, by: 'user:rahima', reason: 'asked by phone' })
   */
  async change(choosing: Omit<Choosing, 'at'>): Promise<NoticeChoice> {
    await this.database.transaction((tx) => chooseNotices(tx, { ...choosing, at: this.now() }));
    return this.of(choosing.customerId);
  }
}
