import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { PageSession, Person } from '../shared/answers';
import { callApi } from '../shared/api';
import { Login } from './login';

/** The whole page: who sits here first, then the till. */
export function CounterApp() {
  const [person, setPerson] = useState<Person | null>();
  useEffect(() => {
    void callApi<PageSession>({ path: '/v1/page-sessions' }).then((outcome) =>
      setPerson(outcome.kind === 'answer' ? outcome.body.user : null),
    );
  }, []);
  if (person === undefined) return null;
  if (person === null) return <Login onEntered={setPerson} />;
  return <Text>{person.name}</Text>;
}
