import { Alert } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useWords } from '../shared/language';
import { Login } from '../shared/login';
import { useStaffSession } from '../shared/staff-session';
import { WORDS } from './counter-words';
import { TillPage } from './till-page';

/** Held as long as this window is open: two windows of one browser would share what is in hand. */
function useOnlyWindow(): boolean | undefined {
  const [only, setOnly] = useState<boolean>();
  useEffect(() => {
    const over = new AbortController();
    const held = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()));
    void navigator.locks.request('vend-till', { ifAvailable: true }, (lock) => {
      if (over.signal.aborted) return;
      setOnly(lock !== null);
      return lock === null ? undefined : held;
    });
    return () => over.abort();
  }, []);
  return only;
}

/** The whole page: who sits here first, then the till. */
export function CounterApp() {
  const { t } = useWords();
  const only = useOnlyWindow();
  const { session, enter, over, leave, unheard } = useStaffSession();

  if (only === false) return <Alert m="xl">{t(WORDS.otherWindow)}</Alert>;
  if (session === undefined || only === undefined) return null;
  if (session === null) return <Login title={WORDS.counter} unheard={unheard} onEntered={enter} />;
  return <TillPage person={session.user} onLeave={leave} onSessionOver={over} />;
}
