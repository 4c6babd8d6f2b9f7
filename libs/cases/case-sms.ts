import { formatInstant, type InstantMs } from '@vend/kernel';
import type { Language } from '@vend/meters';
import { CASE_OUTCOMES, type CaseOutcome } from './case.lifecycle';
import { CASE_KINDS, REOPEN_DAYS, type CaseKind } from './kinds';

/** What an SMS about a case may say: nothing that a person wrote, which could hold anything. */
export interface CaseSms {
  readonly number: string;
  readonly kind: CaseKind;
  readonly dueAt: InstantMs;
  /** null: it is not closed. */
  readonly outcome: CaseOutcome | null;
}

/** The SMS when a case opens: its number, and by when it will be answered. @example caseOpenedSms(facts, 'bn') */
export function caseOpenedSms({ number, kind, dueAt }: CaseSms, language: Language): string {
  const due = dayAndTime(dueAt);
  return language === 'bn'
    ? `অভিযোগ ${number} (${CASE_KINDS[kind].bn}) নেওয়া হয়েছে। সময়সীমা ${due}। নম্বরটি রাখুন।`
    : `Complaint ${number} (${CASE_KINDS[kind].en}) is registered. Answer due by ${due}. Keep this number.`;
}

/** The SMS when a case closes: how, and until when it can be taken up again. @example caseClosedSms(facts, 'en') */
export function caseClosedSms({ number, outcome }: CaseSms, language: Language): string {
  const words = CASE_OUTCOMES[outcome ?? 'explained'];
  return language === 'bn'
    ? `অভিযোগ ${number} নিষ্পত্তি: ${words.bn}। সমস্যা থাকলে ${REOPEN_DAYS} দিনের মধ্যে এই নম্বর বলুন।`
    : `Complaint ${number} is closed: ${words.en}. Not settled? Tell us this number within ${REOPEN_DAYS} days.`;
}

/** 23/11/2026 16:00, in Dhaka. The end of a day is said as its last minute. */
function dayAndTime(at: InstantMs): string {
  const text = formatInstant(at % 86_400_000 === 64_800_000 ? at - 60_000 : at);
  const [year, month, day] = text.slice(0, 10).split('-');
  return `${day}/${month}/${year} ${text.slice(11, 16)}`;
}
