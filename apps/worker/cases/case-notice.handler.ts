import type { Logger } from 'pino';
import { caseClosedSms, caseOpenedSms, readSmsFacts, type CaseSmsFacts } from '@vend/cases';
import type { Id } from '@vend/kernel';
import { counter, retryLater, settleOutbox, type Database } from '@vend/platform';
import { smsParts } from '@vend/receipts';
import {
  findCaseNotices,
  noticeCsmsId,
  saveCaseNotices,
  type CaseNotice,
  type CaseNoticeOutcome,
  type SmsGateway,
  type SmsOutcome,
} from '@vend/sms';
import type { WakeHandler } from '../jobs';

/** Nobody sits in the dark for want of it, so it gives way to receipts. */
const RETRY_BOUND_SECONDS = 120;

/**
 * Tells customers what became of their case. The gateway's message id is a function of the notice, so a repeat after a
 * lost answer is recognised there and the phone rings once.
 */
export class CaseNoticeHandler implements WakeHandler {
  private readonly sent = counter('vend_case_notices_total', 'Notices about cases by how their SMS came out', [
    'outcome',
  ]);

  constructor(
    private readonly database: Database,
    private readonly gateway: SmsGateway,
    private readonly log: Logger,
  ) {}

  async handle(noticeIds: readonly Id[]): Promise<void> {
    const queued = (await findCaseNotices(this.database, noticeIds)).filter(({ state }) => state === 'QUEUED');
    const facts = await readSmsFacts(this.database, [...new Set(queued.map(({ caseId }) => caseId))]);
    const outcomes: CaseNoticeOutcome[] = [];
    const messages = queued.flatMap((notice) => {
      const about = facts.get(notice.caseId);
      if (about?.mobile) return [messageOf(notice, about, about.mobile)];
      outcomes.push({
        noticeId: notice.noticeId,
        state: 'FAILED',
        referenceId: null,
        outcome: 'no-mobile',
        parts: null,
      });
      return [];
    });
    const answers = await this.gateway.sendMany(messages.map(({ message }) => message));
    answers.forEach((answer, index) => {
      const { noticeId, parts } = messages[index]!;
      outcomes.push(outcomeOf(noticeId, parts, answer));
      this.sent.inc({ outcome: answer.kind });
    });
    await this.conclude(noticeIds, outcomes);
  }

  private async conclude(noticeIds: readonly Id[], outcomes: readonly CaseNoticeOutcome[]): Promise<void> {
    const later = new Set(outcomes.filter(({ state }) => state === 'QUEUED').map(({ noticeId }) => noticeId));
    if (later.size > 0) this.log.warn({ count: later.size }, 'SMS gateway did not take notices; trying again');
    const now = new Date();
    await this.database.transaction(async (tx) => {
      await saveCaseNotices(tx, outcomes, now);
      const settled = noticeIds.filter((id) => !later.has(id));
      await settleOutbox(tx, 'notice', settled);
    });
    await retryLater(this.database, 'notice', [...later], RETRY_BOUND_SECONDS, now);
  }
}

function messageOf({ noticeId, kind }: CaseNotice, facts: CaseSmsFacts, msisdn: string) {
  const text = kind === 'opened' ? caseOpenedSms(facts, facts.language) : caseClosedSms(facts, facts.language);
  const message = { csmsId: noticeCsmsId(noticeId), msisdn, text, messageClass: 'notice' } as const;
  return { noticeId, parts: smsParts(text).parts.length, message };
}

function outcomeOf(noticeId: Id, parts: number, answer: SmsOutcome): CaseNoticeOutcome {
  switch (answer.kind) {
    case 'accepted':
      return { noticeId, state: 'SENT', referenceId: answer.referenceId, outcome: 'accepted', parts };
    case 'duplicate':
      return { noticeId, state: 'SENT', referenceId: null, outcome: 'duplicate', parts };
    case 'refused':
      return { noticeId, state: 'FAILED', referenceId: null, outcome: answer.reason, parts: null };
    case 'retry-later':
      return { noticeId, state: 'QUEUED', referenceId: null, outcome: answer.reason, parts };
  }
}
