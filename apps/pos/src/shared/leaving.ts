import { useCallback, useEffect, useState } from 'react';
import { callApi, type Call } from './api';

/**
 * A way out of a page. The session is a cookie that no script can delete, so that only the server can end it: what was left
 * on a weak line is written down, said, and repeated until the server has heard it. Meanwhile nobody is let in by that
 * cookie, after a reload or in another tab either.
 */
export interface Exit {
  /** Where this browser notes that somebody is leaving. */
  readonly kept: string;
  readonly path: Call['path'];
  /** Codes of refusals which say that the session has ended already. */
  readonly over: readonly string[];
}

const AGAIN_MS = 10_000;

/** Whether somebody has left and the server may not know it. */
export function isLeaving({ kept }: Exit): boolean {
  return localStorage.getItem(kept) !== null;
}

/**
 * Tells the server, if it may not know. Whoever comes in calls this before: the end of the old session must not take the
 * cookie of the new one with it. One at a time in all tabs.
 *
 * @returns true: nobody is leaving any more
 * @example if (!(await finishLeaving(EXIT))) return setTrouble(WORDS.lost);
 */
export async function finishLeaving(exit: Exit): Promise<boolean> {
  const tell = async () => {
    if (!isLeaving(exit)) return true;
    const outcome = await callApi({ path: exit.path, body: {} });
    const ended = outcome.kind === 'answer' || (outcome.kind === 'refused' && exit.over.includes(outcome.problem.code));
    if (ended) localStorage.removeItem(exit.kept);
    return ended;
  };
  return 'locks' in navigator ? await navigator.locks.request(exit.kept, tell) : tell();
}

/** What a page needs to let somebody out. */
export interface Leaving {
  /** Somebody left, and the server could not be told so far: to be said. */
  readonly unheard: boolean;
  readonly leave: () => void;
}

/**
 * Leaving, for a page. @param onLeft here or in another tab: shows and keeps nothing of whoever was in
 *
 * @example const { unheard, leave } = useLeaving(EXIT, forget);
 */
export function useLeaving(exit: Exit, onLeft: () => void): Leaving {
  const [leaving, setLeaving] = useState(() => isLeaving(exit));
  const [unheard, setUnheard] = useState(leaving);
  const leave = useCallback(() => {
    localStorage.setItem(exit.kept, '1');
    setLeaving(true);
    onLeft();
  }, [exit, onLeft]);

  useEffect(() => {
    // Opened again before the server heard of it.
    if (isLeaving(exit)) onLeft();
    const elsewhere = ({ key, newValue }: StorageEvent) => {
      if (key !== exit.kept) return;
      setLeaving(newValue !== null);
      if (newValue !== null) onLeft();
    };
    window.addEventListener('storage', elsewhere);
    return () => window.removeEventListener('storage', elsewhere);
  }, [exit, onLeft]);

  useEffect(() => {
    if (!leaving) return;
    const tell = () =>
      void finishLeaving(exit).then((ended) => {
        setUnheard(!ended);
        if (ended) setLeaving(false);
      });
    tell();
    const timer = setInterval(tell, AGAIN_MS);
    window.addEventListener('online', tell);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', tell);
    };
  }, [exit, leaving]);
  return { unheard: leaving && unheard, leave };
}
