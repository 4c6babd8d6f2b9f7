import { CASE_OUTCOMES, type CaseOutcome } from './case.lifecycle';
import { caseNumber, type CaseSerial } from './case-number';

/** What others call a case when they speak of it. @example CASE_NAMES.number({ year: 2026, serial: 1184 }) // 'C-26-1184-0' */
export const CASE_NAMES = {
  number: (serial: CaseSerial): string => caseNumber(serial),
  outcome(code: string): { readonly en: string; readonly bn: string } {
    const { en, bn } = CASE_OUTCOMES[code as CaseOutcome];
    return { en, bn };
  },
};
