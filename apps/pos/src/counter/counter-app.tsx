import { Alert } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { PageSession, Person } from '../shared/answers';
import { callApi } from '../shared/api';
import { useWords } from '../shared/language';
import { WORDS } from './counter-words';
import { Login } from '../shared/login';
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
  const [person, setPerson] = useState<Person | null>();
  useEffect(() => {
    void callApi<PageSession>({ path: '/v1/page-sessions' }).then((outcome) =>
      setPerson(outcome.kind === 'answer' ? outcome.body.user : null),
    );
  }, []);
  const goOut = useCallback(() => setPerson(null), []);
  const leave = () => void callApi({ path: '/v1/sessions/logout', body: {} }).then(goOut);

  if (only === false) return <Alert m="xl">{t(WORDS.otherWindow)}</Alert>;
  if (person === undefined || only === undefined) return null;
  if (person === null) return <Login title={WORDS.counter} onEntered={({ user }) => setPerson(user)} />;
  return <TillPage person={person} onLeave={leave} onSessionOver={goOut} />;
}
