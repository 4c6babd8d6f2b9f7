import { Alert, Button, Kbd, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { lazy, Suspense, useState, type FormEvent } from 'react';
import type { PageSession, PhoneSecret } from './answers';
import { enrolPhone, logIn } from './api';
import { CodeField } from './code-field';
import { useWords } from './language';
import { finishLeaving } from './leaving';
import { SHARED_WORDS } from './shared-words';
import { STAFF_EXIT } from './staff-session';
import type { Text as Words } from './words';
import { useKeys } from './keys';

/** The code of a second factor is asked for only of people who have one. */
const NEEDS_CODE = ['second-factor-needed', 'second-factor-refused'];
const NEEDS_PHONE = 'second-factor-enrolment-needed';
/** Seen once in a person's life here: nobody else waits for it. */
const Enrolment = lazy(() => import('./enrolment'));

interface LoginProps {
  /** The page's own name. */
  readonly title: Words;
  /** Who was here last has left, and the server does not know it. */
  readonly unheard: boolean;
  readonly onEntered: (session: PageSession) => void;
}

/** Who sits here? */
export function Login({ title, unheard, onEntered }: LoginProps) {
  const { t, language, setLanguage } = useWords();
  const turn = () => setLanguage(language === 'bn' ? 'en' : 'bn');
  useKeys([{ key: 'F8', does: SHARED_WORDS.keyLanguage, act: turn }]);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const [needsPhone, setNeedsPhone] = useState(false);
  const [phone, setPhone] = useState<PhoneSecret>();
  const [trouble, setTrouble] = useState<Words>();
  const [busy, setBusy] = useState(false);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    // First the end of the session before: it must not take the cookies of the new one with it.
    if (!(await finishLeaving(STAFF_EXIT))) {
      setBusy(false);
      return setTrouble(SHARED_WORDS.noConnection);
    }
    const outcome = await logIn({ username: username.trim(), password, ...(code && { code: code.trim() }) });
    setBusy(false);
    if (outcome.kind === 'answer') return onEntered(outcome.body);
    if (outcome.kind === 'lost') return setTrouble(SHARED_WORDS.noConnection);
    const { code: refusal, title: en, titleBn: bn } = outcome.problem;
    if (NEEDS_CODE.includes(refusal)) setAsksCode(true);
    setNeedsPhone(refusal === NEEDS_PHONE);
    setTrouble({ bn, en });
  };
  const setUp = async () => {
    setBusy(true);
    const outcome = await enrolPhone({ username: username.trim(), password });
    setBusy(false);
    if (outcome.kind === 'answer') return setPhone(outcome.body);
    setTrouble(
      outcome.kind === 'lost' ? SHARED_WORDS.noAnswer : { bn: outcome.problem.titleBn, en: outcome.problem.title },
    );
  };
  if (phone)
    return (
      <Suspense>
        <Enrolment phone={phone} credentials={{ username: username.trim(), password }} onEntered={onEntered} />
      </Suspense>
    );

  return (
    <Paper component="main" withBorder shadow="sm" p="xl" maw={420} mx="auto" mt="10vh">
      <form onSubmit={enter}>
        <Stack>
          <Title order={1} size="h2">
            {t(title)}
          </Title>
          {unheard && (
            <Alert color="yellow" variant="outline" role="status">
              <Text c="dark.9">{t(SHARED_WORDS.leaving)}</Text>
            </Alert>
          )}
          {trouble && (
            <Alert color="red" role="alert">
              {t(trouble)}
            </Alert>
          )}
          <TextInput
            label={t(SHARED_WORDS.username)}
            autoComplete="username"
            autoFocus
            required
            size="md"
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label={t(SHARED_WORDS.password)}
            autoComplete="current-password"
            required
            size="md"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {needsPhone && (
            <Button variant="outline" onClick={() => void setUp()} loading={busy}>
              {t(SHARED_WORDS.setUp)}
            </Button>
          )}
          {asksCode && <CodeField code={code} onType={setCode} />}
          <Button type="submit" size="md" loading={busy}>
            {t(SHARED_WORDS.enter)}
          </Button>
          <Button variant="subtle" size="compact-md" onClick={turn}>
            <Kbd mr="xs">F8</Kbd> {t(SHARED_WORDS.keyLanguage)}
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
