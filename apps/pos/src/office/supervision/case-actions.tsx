import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useWords } from '../../shared/language';
import { useStaff } from '../staff';
import { Said, useActing, type Acting } from './acting';
import { CASE_WORDS as WORDS, OUTCOME_WORDS, ROLE_WORDS } from './case-words';
import type { Case } from './supervision-answers';

interface ActionsProps {
  readonly shown: Case;
  readonly onDone: (after: Case) => void;
}

type Send = (what: string, body: object) => Promise<void>;

/** Everything that is done with a case besides its money. */
export function CaseActions({ shown, onDone }: ActionsProps) {
  const acting = useActing();
  const send: Send = async (what, body) => {
    const path = `/v1/cases/${encodeURIComponent(shown.caseNo)}/${what}` as const;
    const outcome = await acting.act<Case>({ path, body }, WORDS.done);
    if (outcome) onDone(outcome.body);
  };
  const version = { version: shown.version };
  return (
    <section className="card">
      <Said acting={acting} />
      <div className="actions">
        <Note acting={acting} send={send} />
        {shown.state === 'closed' ? (
          <OneField
            acting={acting}
            label={WORDS.reopenWhy}
            button={WORDS.reopen}
            max={1000}
            onSend={(words) => send('reopen', { ...version, words })}
          />
        ) : (
          <>
            <Assign shown={shown} acting={acting} send={send} />
            <OneField
              acting={acting}
              label={WORDS.waitingFor}
              button={WORDS.wait}
              max={200}
              onSend={(waitingFor) => send('wait', { ...version, waitingFor })}
            />
            <Close shown={shown} acting={acting} send={send} />
          </>
        )}
      </div>
    </section>
  );
}

interface PartProps {
  readonly acting: Acting;
  readonly send: Send;
}

function Note({ acting, send }: PartProps) {
  return (
    <OneField
      acting={acting}
      label={WORDS.note}
      button={WORDS.addNote}
      max={1000}
      onSend={(words) => send('notes', { words })}
    />
  );
}

interface OneFieldProps {
  readonly acting: Acting;
  readonly label: { readonly bn: string; readonly en: string };
  readonly button: { readonly bn: string; readonly en: string };
  readonly max: number;
  readonly onSend: (words: string) => Promise<void>;
  readonly children?: ReactNode;
}

/** A line of words and its button. */
function OneField({ acting, label, button, max, onSend, children }: OneFieldProps) {
  const { t } = useWords();
  const [words, setWords] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    void onSend(words.trim()).then(() => setWords(''));
  };
  return (
    <form onSubmit={send}>
      <Stack gap="xs">
        {children}
        <TextInput
          label={t(label)}
          required
          minLength={3}
          maxLength={max}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={acting.busy}>
          {t(button)}
        </Button>
      </Stack>
    </form>
  );
}

function Assign({ shown, acting, send }: PartProps & { readonly shown: Case }) {
  const { t } = useWords();
  const { person } = useStaff();
  const [role, setRole] = useState('call-centre');
  const to = (target: object) => void send('assign', { version: shown.version, ...target });
  return (
    <Stack gap="xs">
      <Button disabled={acting.busy || shown.owner === person.username} onClick={() => to({ owner: person.username })}>
        {t(WORDS.take)}
      </Button>
      <OneField
        acting={acting}
        label={WORDS.assignTo}
        button={WORDS.assign}
        max={40}
        onSend={(owner) => send('assign', { version: shown.version, owner })}
      />
      <NativeSelect
        label={t(WORDS.toQueue)}
        data={Object.entries(ROLE_WORDS).map(([value, words]) => ({ value, label: t(words) }))}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value)}
      />
      <Button variant="default" disabled={acting.busy} onClick={() => to({ queue: role })}>
        {t(WORDS.putBack)}
      </Button>
    </Stack>
  );
}

function Close({ shown, acting, send }: PartProps & { readonly shown: Case }) {
  const { t } = useWords();
  const [outcome, setOutcome] = useState('explained');
  return (
    <OneField
      acting={acting}
      label={WORDS.closeWords}
      button={WORDS.close}
      max={1000}
      onSend={(words) => send('close', { version: shown.version, outcome, words })}
    >
      <NativeSelect
        label={t(WORDS.closeAs)}
        data={Object.entries(OUTCOME_WORDS).map(([value, words]) => ({ value, label: t(words) }))}
        value={outcome}
        onChange={(event) => setOutcome(event.currentTarget.value)}
      />
    </OneField>
  );
}
