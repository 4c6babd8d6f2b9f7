import { useCallback, useEffect, useState } from 'react';
import type { PageSession } from './answers';
import { callApi, SESSION_OVER } from './api';
import { isLeaving, useLeaving, type Exit } from './leaving';

/** How staff leave: counter and office share one session. */
export const STAFF_EXIT: Exit = {
  kept: 'vend.staff.leaving',
  path: '/v1/sessions/logout',
  over: [...SESSION_OVER, 'refresh-refused'],
};

/** Whose session this browser holds, for a page of staff. */
export interface StaffSession {
  /** null: nobody's; undefined: that is being asked. */
  readonly session: PageSession | null | undefined;
  readonly enter: (session: PageSession) => void;
  /** The server has ended it: a new login is needed. */
  readonly over: () => void;
  readonly leave: () => void;
  /** Somebody left, and the server could not be told so far: to be said. */
  readonly unheard: boolean;
}

/**
 * The session of a page of staff. While somebody is leaving, the cookie may still be good: it lets nobody in.
 *
 * @example const { session, enter, over, leave, unheard } = useStaffSession();
 */
export function useStaffSession(): StaffSession {
  const [session, setSession] = useState<PageSession | null | undefined>(() =>
    isLeaving(STAFF_EXIT) ? null : undefined,
  );
  const over = useCallback(() => setSession(null), []);
  const { unheard, leave } = useLeaving(STAFF_EXIT, over);
  useEffect(() => {
    if (isLeaving(STAFF_EXIT)) return;
    void callApi<PageSession>({ path: '/v1/page-sessions' }).then((outcome) =>
      setSession(outcome.kind === 'answer' && !isLeaving(STAFF_EXIT) ? outcome.body : null),
    );
  }, []);
  return { session, enter: setSession, over, leave, unheard };
}
