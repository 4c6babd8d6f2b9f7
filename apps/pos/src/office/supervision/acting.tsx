import { Alert } from '@mantine/core';
import { useState } from 'react';
import { callApi, type Call, type Outcome } from '../../shared/api';
import { useWords } from '../../shared/language';
import type { Text } from '../../shared/words';
import { useTrouble } from '../staff';

/** Something that a person does, and what came of it. */
export interface Acting {
  readonly busy: boolean;
  readonly trouble: Text | undefined;
  readonly done: Text | undefined;
  /** Refuses by itself, before anything is sent. */
  readonly refuse: (why: Text) => void;
  /** @returns the answer; undefined when there is none, and `trouble` says why */
  readonly act: <Body>(call: Call, done?: Text) => Promise<Extract<Outcome<Body>, { kind: 'answer' }> | undefined>;
}

/** @example const { act, busy } = useActing(); await act<Case>({ path, body: { words } }, WORDS.done) */
export function useActing(): Acting {
  const troubleOf = useTrouble();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly trouble?: Text; readonly done?: Text }>({});
  const act = async <Body,>(call: Call, done?: Text) => {
    setBusy(true);
    const outcome = await callApi<Body>(call);
    setBusy(false);
    const answered = outcome.kind === 'answer' ? outcome : undefined;
    setSaid(answered ? { done } : { trouble: troubleOf(outcome) });
    return answered;
  };
  return { busy, trouble: said.trouble, done: said.done, refuse: (why) => setSaid({ trouble: why }), act };
}

/** What came of it, read out when it comes. */
export function Said({ acting }: { readonly acting: Pick<Acting, 'trouble' | 'done'> }) {
  const { t } = useWords();
  const { trouble, done } = acting;
  return (
    <div aria-live="polite">
      {trouble && (
        <Alert color="red" role="alert" p="xs">
          {t(trouble)}
        </Alert>
      )}
      {done && (
        <Alert color="teal" variant="light" p="xs">
          <span className="dark">{t(done)}</span>
        </Alert>
      )}
    </div>
  );
}

/** The words of a code, or the code itself: an answer may know more than this page. @example wordOf(STATE_WORDS, 'sent') */
export function wordOf(table: Readonly<Record<string, Text>>, code: string): Text {
  return table[code] ?? { bn: code, en: code };
}
