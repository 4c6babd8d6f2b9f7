import { JOURNAL_ERRORS, KEYSTORE_ERRORS } from '@vend/keystore';
import { API_ERRORS, retryAfterSeconds } from '../../apps/api/http/problems';
import { TOKEN_SERVER_ERRORS } from '../../apps/token-server/token-server.errors';

export const CODES_PAGE = 'docs/API.md';

/** A table of docs/API.md that is written from the code. */
export interface CodeTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Every code of the API and of the token server, by the name of its table on the page. */
export const CODE_TABLES: Readonly<Record<'error-codes' | 'token-server-codes', CodeTable>> = {
  'error-codes': {
    header: ['Code', 'HTTP', 'Repeat', 'English', 'Bangla'],
    rows: sorted(API_ERRORS).map(([code, { status, retryable, en, bn }]) => {
      const seconds = retryAfterSeconds(code);
      return [
        code,
        String(status),
        retryable ? `yes${seconds === undefined ? '' : `, after ${seconds} s`}` : 'no',
        en,
        bn,
      ];
    }),
  },
  'token-server-codes': {
    header: ['Code', 'Status', 'Repeat', 'English', 'Bangla'],
    rows: sorted({ ...KEYSTORE_ERRORS, ...JOURNAL_ERRORS, ...TOKEN_SERVER_ERRORS }).map(
      ([code, { status, retryable, en, bn }]) => [code, String(status), retryable ? 'yes' : 'no', en, bn],
    ),
  },
};

interface Description {
  readonly status: number;
  readonly retryable: boolean;
  readonly en: string;
  readonly bn: string;
}

/** By status, then by code: neighbours on the page are neighbours in meaning. */
function sorted(table: Readonly<Record<string, Description>>): [string, Description][] {
  return Object.entries(table).sort(([a, x], [b, y]) => x.status - y.status || (a < b ? -1 : 1));
}
