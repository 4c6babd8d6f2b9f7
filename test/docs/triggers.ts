import { SANDBOX_TRIGGERS } from '@vend/billers';
import type { CodeTable } from './error-codes';

export const PARTNERS_PAGE = 'docs/PARTNERS.md';

/** What is written into docs/PARTNERS.md from the code, by the name of its table on the page. */
export const TRIGGER_TABLES: Readonly<Record<'sandbox-triggers', CodeTable>> = {
  'sandbox-triggers': {
    header: ['Send', 'What happens'],
    rows: SANDBOX_TRIGGERS.map(({ send, what }) => [send, what]),
  },
};
