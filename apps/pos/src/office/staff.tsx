import { createContext, use, useCallback } from 'react';
import type { Person } from '../shared/answers';
import { SESSION_OVER, type Outcome } from '../shared/api';
import { SHARED_WORDS } from '../shared/shared-words';
import type { Text } from '../shared/words';

/** Who sits here, and what they may do. */
export interface Staff {
  readonly person: Person;
  /** Whether a button is theirs; the server asks again. @param permission of libs/identity/permissions.ts */
  readonly can: (permission: string) => boolean;
  /** The server no longer knows this session: back to the login. */
  readonly sessionOver: () => void;
}

export const StaffContext = createContext<Staff | undefined>(undefined);

/** @example const { can } = useStaff(); can('vend.cancel') */
export function useStaff(): Staff {
  const staff = use(StaffContext);
  if (!staff) throw new Error('outside of the office');
  return staff;
}

/**
 * Why there is no answer, in both languages; undefined when there is one. A session that is over leads to the login.
 *
 * @example const troubleOf = useTrouble(); setTrouble(troubleOf(outcome));
 */
export function useTrouble(): (outcome: Outcome<unknown>) => Text | undefined {
  const { sessionOver } = useStaff();
  return useCallback(
    (outcome) => {
      if (outcome.kind === 'answer') return undefined;
      if (outcome.kind === 'lost') return SHARED_WORDS.noAnswer;
      if (SESSION_OVER.includes(outcome.problem.code)) sessionOver();
      return { bn: outcome.problem.titleBn, en: outcome.problem.title };
    },
    [sessionOver],
  );
}
