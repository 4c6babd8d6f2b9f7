import type { Logger } from 'pino';
import { GrpcKeySetIssuer, GrpcTokenLog, type TokenServerAccess } from '@vend/issuer';
import { formatInstant } from '@vend/kernel';
import { expiringMeters, REPORT_DAYS } from '@vend/meters';
import { gauge, type Database } from '@vend/platform';
import { TokenMatcher } from '@vend/vending';
import type { NightlyTask } from './nightly';

export interface TokenTaskParts {
  readonly database: Database;
  /** Where the token server is; the worker's certificate has the role of an auditor there. */
  readonly tokenServer: TokenServerAccess;
  readonly log: Logger;
}

/** The night's work with the token server. */
export function tokenTasks(parts: TokenTaskParts): NightlyTask[] {
  return [
    { name: 'token-match', at: '01:20', run: () => matchTokens(parts) },
    { name: 'key-expiry', at: '01:40', run: () => reportExpiring(parts) },
  ];
}

/** Every sold token must have its line in the audit log; tokens that nobody was sold are listed. */
async function matchTokens({ database, tokenServer, log }: TokenTaskParts) {
  const reader = new GrpcTokenLog(tokenServer);
  try {
    const { faults, unsold, figures } = await new TokenMatcher(database, [reader]).run();
    for (const { line, requestId, madeAt } of unsold) {
      log.info({ line, requestId, madeAt: formatInstant(madeAt) }, 'token made but never sold');
    }
    return { faults, figures };
  } finally {
    reader.close();
  }
}

/** Meters whose key ends within 90 days: a warning for each key, and a figure. */
async function reportExpiring({ database, tokenServer, log }: TokenTaskParts) {
  const figure = gauge(
    'vend_meters_key_expiring',
    'Active meters whose key ends within 90 days, without a key change',
    ['sgc', 'krn'],
  );
  const issuer = new GrpcKeySetIssuer(tokenServer);
  try {
    const groups = await expiringMeters(database, await issuer.vendingKeys(), Date.now());
    figure.reset();
    let meters = 0;
    for (const group of groups) {
      const waiting = group.meters - group.changeOpen;
      meters += waiting;
      figure.inc({ sgc: group.sgc, krn: String(group.krn) }, waiting);
      const { endsAt, ...facts } = group;
      log.warn({ ...facts, endsAt: formatInstant(endsAt), withinDays: REPORT_DAYS }, 'the keys of meters end soon');
    }
    return { faults: [], figures: { meters } };
  } finally {
    issuer.close();
  }
}
