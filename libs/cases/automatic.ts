import { dhakaDay, formatTaka, newId, type Id, type InstantMs } from '@vend/kernel';
import type { InboxService } from '@vend/payments';
import { isDuplicate, settleOutbox, type Database, type Reader, type Tx } from '@vend/platform';
import type { VendingService } from '@vend/vending';
import { tellCustomer } from './case-sms';
import type { CaseSubjects } from './cases';
import { reopened, told } from './cases.service';
import { CASE_KINDS, deadlineOf, type CaseKind } from './kinds';
import { changeCase, insertCase, lockOwnCase, readCaseById, type LockedCase } from './store/cases';
import { findInboxCase, insertInboxCase, lockPaymentFacts } from './store/payments';
import { subjectsOfPayment } from './store/subjects';

const KIND = 'unexplained-money';
/** Who sold a token and does not say that it has it may not have shown it to anybody. */
const UNACKNOWLEDGED_KIND = 'token-not-received';
const ACTOR = 'worker:cases';

/** What the machine knows of the trouble. */
interface Trouble {
  readonly subjects: CaseSubjects;
  readonly inboxId: Id | null;
  readonly words: string;
  /** Unless told, money that was not vended. */
  readonly kind?: CaseKind;
  readonly tellsCustomer?: boolean;
}

/**
 * Opens a case for money that nobody could explain: a payment that is owed back, or a provider's event that says
 * something else about a payment than an earlier one did. The wake-up is a row of the outbox, written with its cause and
 * taken away with the case: whoever dies in between leaves it for the next, and unique keys let one case in for each
 * payment and each event.
 */
export class AutomaticCases {
  constructor(
    private readonly database: Database,
    private readonly inbox: InboxService,
    private readonly vending: VendingService,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Sees to one wake-up, and settles it.
   *
   * @param refId a payment's id or an inbox event's
   * @returns what there was to do
   * @example for (const refId of refIds) await automatic.handle(refId);
   */
  async handle(refId: Id): Promise<'opened' | 'reopened' | 'noted' | 'nothing'> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.ofPayment(refId)) ?? (await this.ofEvent(refId));
      } catch (error) {
        // Another worker was quicker: the second look finds its case.
        if (!isDuplicate(error) || attempt >= 3) throw error;
      }
    }
  }

  /**
   * Opens a case for a vended payment whose provider should have acknowledged it and has not; once for a payment. The
   * customer has the token by SMS, and is not told.
   *
   * @example await automatic.openUnacknowledged(record.rechargeId);
   */
  async openUnacknowledged(rechargeId: Id): Promise<'opened' | 'nothing'> {
    return this.database.transaction(async (tx) => {
      const payment = await lockPaymentFacts(tx, rechargeId);
      if (payment?.state !== 'APPLIED' || (await lockOwnCase(tx, rechargeId))) return 'nothing';
      const subjects = await subjectsOfPayment(asReader(tx), rechargeId);
      const words =
        `Tk ${formatTaka(payment.amountPaisa)} of ${payment.source} was vended, and it has not acknowledged that: ` +
        'ask whether the payer was shown the token.';
      await this.open(tx, { subjects, inboxId: null, words, kind: UNACKNOWLEDGED_KIND, tellsCustomer: false });
      return 'opened';
    });
  }

  /** @returns undefined: the id is not a payment's */
  private ofPayment(rechargeId: Id): Promise<'opened' | 'reopened' | 'nothing' | undefined> {
    return this.database.transaction(async (tx) => {
      // Locked, so that what happens to it from here on wakes somebody after this is settled.
      const payment = await lockPaymentFacts(tx, rechargeId);
      if (!payment) return undefined;
      const own = await lockOwnCase(tx, rechargeId);
      await settleOutbox(tx, 'case', [rechargeId]);
      if (own) return (await this.takeUp(tx, own)) ? 'reopened' : 'nothing';
      // Vended or paid back since: there is nothing left to explain.
      if (payment.state !== 'REFUND_DUE') return 'nothing';
      const subjects = await subjectsOfPayment(asReader(tx), rechargeId);
      const words =
        `Tk ${formatTaka(payment.amountPaisa)} of ${payment.source} is in and was not vended: ` +
        `${payment.refusalCode ?? 'no reason on record'}.`;
      await this.open(tx, { subjects, inboxId: null, words });
      return 'opened';
    });
  }

  /** Money of a closed case that is owed back again, say because its vend was cancelled. */
  private async takeUp(tx: Tx, own: LockedCase): Promise<boolean> {
    if (own.state !== 'CLOSED' || own.paymentState !== 'REFUND_DUE') return false;
    const at = this.now();
    await changeCase(tx, own, reopened(own, at));
    const words = 'The payment is owed back again.';
    const number = await numberOf(tx, own.caseId);
    await told(tx, {
      ...{ caseId: own.caseId, number, actor: ACTOR, at },
      ...{ what: 'reopened', action: 'case-reopened', words },
    });
    return true;
  }

  private async ofEvent(inboxId: Id): Promise<'opened' | 'noted' | 'nothing'> {
    const item = await this.inbox.take(inboxId);
    const source = item && `provider:${item.partnerCode}`;
    const record = source && (await this.vending.findByKey(source, item.topUp.transactionId));
    return this.database.transaction(async (tx) => {
      await settleOutbox(tx, 'case', [inboxId]);
      if (item?.state !== 'CASE' || (await findInboxCase(tx, inboxId))) return 'nothing';
      const { amountPaisa, transactionId, reference } = item.topUp;
      const words =
        `${source} says again that ${transactionId} is paid, now Tk ${formatTaka(amountPaisa)} for ${reference}` +
        (record ? `; the books have Tk ${formatTaka(record.grossPaisa)} under that number.` : '.');
      if (record) await lockPaymentFacts(tx, record.rechargeId);
      const own = record && (await lockOwnCase(tx, record.rechargeId));
      if (own) {
        await insertInboxCase(tx, inboxId, own.caseId);
        const number = await numberOf(tx, own.caseId);
        const note = { caseId: own.caseId, number, actor: ACTOR, at: this.now(), words };
        await told(tx, { ...note, what: 'payment-event', action: 'case-noted' });
        return 'noted';
      }
      const subjects = record ? await subjectsOfPayment(asReader(tx), record.rechargeId) : NOBODY;
      await this.open(tx, { subjects, inboxId, words });
      return 'opened';
    });
  }

  private async open(tx: Tx, { subjects, inboxId, words, kind = KIND, tellsCustomer = true }: Trouble): Promise<void> {
    const at = this.now();
    const caseId = newId(at);
    const number = await insertCase(tx, {
      ...subjects,
      ...{ caseId, inboxId, requestId: null, contentHash: null, kind, words, openedBy: ACTOR, openedAt: at },
      year: Number(dhakaDay(at).slice(0, 4)),
      queue: CASE_KINDS[kind].queue,
      dueAt: deadlineOf(kind, at),
    });
    if (inboxId) await insertInboxCase(tx, inboxId, caseId);
    await told(tx, {
      ...{ caseId, number, actor: ACTOR, at, words },
      ...{ what: 'opened', action: 'case-opened', detail: { kind } },
    });
    if (subjects.customerId && tellsCustomer) await tellCustomer(tx, 'case-opened', caseId, subjects.customerId, at);
  }
}

const NOBODY: CaseSubjects = { rechargeId: null, vendId: null, meterId: null, customerId: null, office: null };

function asReader(tx: Tx): Reader {
  return { read: (sql, parameters) => tx.query(sql, parameters) };
}

async function numberOf(tx: Tx, caseId: Id): Promise<string> {
  return (await readCaseById(asReader(tx), caseId))!.number;
}
