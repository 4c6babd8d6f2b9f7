import { SESSION_OVER, type Outcome } from './api';

/** After these the server itself does not know. */
const UNKNOWN = ['outcome-unknown', 'database-unavailable', 'internal-error'];
/** These say nothing of what was asked: only that the one who asks was not let in. */
const NOT_LET_IN = [...SESSION_OVER, 'page-header-missing'];

/**
 * What an outcome says of what was asked for: an answer; nothing, so that nobody knows (`lost`); that the one who asks was
 * not let in, which says nothing of an earlier call; or that this call changed nothing (`refused`).
 *
 * @example heardOf({ kind: 'lost' }) // 'lost'
 */
export function heardOf(outcome: Outcome<unknown>): 'answer' | 'lost' | 'not-let-in' | 'refused' {
  if (outcome.kind !== 'refused') return outcome.kind;
  const { code } = outcome.problem;
  if (UNKNOWN.includes(code)) return 'lost';
  return NOT_LET_IN.includes(code) ? 'not-let-in' : 'refused';
}
