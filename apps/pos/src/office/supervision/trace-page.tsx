import './supervision.css';
import { Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { callApi } from '../../shared/api';
import { useWords } from '../../shared/language';
import type { Text } from '../../shared/words';
import type { OfficePageProps } from '../office-page-props';
import { SearchForm } from '../search-form';
import { useStaff, useTrouble } from '../staff';
import { DESK_WORDS as WORDS } from './desk-words';
import type { Trace } from './supervision-answers';
import { TraceAnswer } from './trace-answer';
import { traceQuestions, type TraceQuestion } from './trace-question';

const isEmpty = ({ events, meters, cases }: Trace) => events.length + meters.length + cases.length === 0;

/** What was asked and answered; tokens are shown only after they are asked for by themselves. */
interface Asked {
  readonly question: TraceQuestion;
  readonly trace: Trace;
}

/** "I paid, where is my token?" in one search. What is typed is sent in a body and stands in no address. */
export default function TracePage({ rest: [given = ''] }: OfficePageProps) {
  const { t } = useWords();
  const { can } = useStaff();
  const troubleOf = useTrouble();
  const [typed, setTyped] = useState(given);
  const [asked, setAsked] = useState<Asked>();
  const [trouble, setTrouble] = useState<Text>();
  const [busy, setBusy] = useState(false);

  /** The first thing it may be that something is known of; the last when nothing is. */
  const ask = async (questions: readonly TraceQuestion[], more: object = {}) => {
    setBusy(true);
    let found: Asked | undefined;
    for (const question of questions) {
      const outcome = await callApi<Trace>({ path: '/v1/trace', body: { ...question, ...more } });
      setTrouble(troubleOf(outcome));
      if (outcome.kind !== 'answer') break;
      found = { question, trace: outcome.body };
      if (!isEmpty(outcome.body)) break;
    }
    setBusy(false);
    setAsked(found);
  };
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the address of the page is the question
    if (given !== '') void ask(traceQuestions(given));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked when the address changes, not when the language does
  }, [given]);

  return (
    <Stack>
      <SearchForm
        label={WORDS.searchFor}
        action={WORDS.search}
        maxLength={64}
        typed={typed}
        busy={busy}
        trouble={trouble}
        onType={setTyped}
        onSearch={() => void ask(traceQuestions(typed))}
      />
      {asked && isEmpty(asked.trace) && <p role="status">{t(WORDS.nothingFound)}</p>}
      {asked && (
        <TraceAnswer
          trace={asked.trace}
          onShowTokens={can('vend.reprint') ? () => void ask([asked.question], { showTokens: true }) : undefined}
        />
      )}
    </Stack>
  );
}
