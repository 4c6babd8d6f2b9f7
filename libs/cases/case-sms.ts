import { formatInstant, type Id, type InstantMs } from '@vend/kernel';
import type { MessageSource, MessageToFill, MessageValues } from '@vend/messages';
import type { Language } from '@vend/meters';
import type { Tx } from '@vend/platform';
import { queueMessages } from '@vend/sms';
import { CASE_OUTCOMES, type CaseOutcome } from './case.lifecycle';
import { CASE_KINDS, REOPEN_DAYS, type CaseKind } from './kinds';
import { readSmsFacts } from './store/queue';

/** What an SMS about a case may say: nothing that a person wrote, which could hold anything. */
export interface CaseSms {
  readonly number: string;
  readonly kind: CaseKind;
  readonly dueAt: InstantMs;
  /** null: it is not closed. */
  readonly outcome: CaseOutcome | null;
}

/** When a case opens: its number, and by when it will be answered. @example caseOpenedValues(facts, 'bn').number */
export function caseOpenedValues({ number, kind, dueAt }: CaseSms, language: Language): MessageValues['values'] {
  return { number, kind: CASE_KINDS[kind][language], due: dayAndTime(dueAt) };
}

/** When a case closes: how, and for how many days it can be taken up again. @example caseClosedValues(facts, 'en').days */
export function caseClosedValues({ number, outcome }: CaseSms, language: Language): MessageValues['values'] {
  return { number, outcome: CASE_OUTCOMES[outcome ?? 'explained'][language], days: String(REOPEN_DAYS) };
}

/** Reads what messages about cases say, when they are sent: a case may have moved since. */
export const CASE_SOURCES = {
  'case-opened': sourceOf(caseOpenedValues),
  'case-closed': sourceOf(caseClosedValues),
} as const satisfies Record<string, MessageSource>;

function sourceOf(values: (facts: CaseSms, language: Language) => MessageValues['values']): MessageSource {
  return async (reader, messages: readonly MessageToFill[]) => {
    const facts = await readSmsFacts(reader, [...new Set(messages.map(({ subject }) => subject.id))]);
    return new Map(
      messages.flatMap(({ messageId, subject, language }) => {
        const about = facts.get(subject.id);
        return about ? [[messageId, { values: values(about, language) }] as const] : [];
      }),
    );
  };
}

/** 23/11/2026 16:00, in Dhaka. The end of a day is said as its last minute. */
function dayAndTime(at: InstantMs): string {
  const text = formatInstant(at % 86_400_000 === 64_800_000 ? at - 60_000 : at);
  const [year, month, day] = text.slice(0, 10).split('-');
  return `${day}/${month}/${year} ${text.slice(11, 16)}`;
}

/**
 * Queues the SMS about a case in the transaction of what it tells of; the same for the same case is sent once.
 *
 * @param once tells several closings of one case apart
 */
export function tellCustomer(
  tx: Tx,
  template: keyof typeof CASE_SOURCES,
  caseId: Id,
  customerId: Id,
  at: InstantMs,
  once = '',
): Promise<void> {
  const message = {
    template,
    subject: { kind: 'case', id: caseId },
    recipient: { kind: 'customer', id: customerId },
  } as const;
  return queueMessages(tx, [{ ...message, once }], new Date(at));
}
