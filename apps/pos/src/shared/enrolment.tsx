import { Alert, Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { PageSession, PhoneSecret } from './answers';
import { logIn, type Credentials } from './api';
import { CodeField } from './code-field';
import { groupsOfFour } from './format';
import { useWords } from './language';
import { QrCode } from './qr-code';
import { SHARED_WORDS } from './shared-words';
import type { Text as Words } from './words';

interface EnrolmentProps {
  readonly phone: PhoneSecret;
  readonly credentials: Credentials;
  readonly onEntered: (session: PageSession) => void;
}

/** The first login with a code: the phone gets its secret, the person the codes for the day on which it is lost. */
export default function Enrolment({ phone, credentials, onEntered }: EnrolmentProps) {
  const { t } = useWords();
  const [code, setCode] = useState('');
  const [trouble, setTrouble] = useState<Words>();
  const [busy, setBusy] = useState(false);
  const [entered, setEntered] = useState<PageSession>();

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const outcome = await logIn({ ...credentials, code: code.trim() });
    setBusy(false);
    if (outcome.kind === 'answer') return setEntered(outcome.body);
    setTrouble(
      outcome.kind === 'lost' ? SHARED_WORDS.noAnswer : { bn: outcome.problem.titleBn, en: outcome.problem.title },
    );
  };

  return (
    <Paper component="main" withBorder shadow="sm" p="xl" maw={480} mx="auto" mt="5vh">
      {entered ? (
        <Stack>
          <Title order={1} size="h2">
            {t(SHARED_WORDS.recovery)}
          </Title>
          <Text>{t(SHARED_WORDS.recoveryWhy)}</Text>
          <ul className="recovery-codes">
            {(entered.recoveryCodes ?? []).map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          <Button autoFocus size="md" onClick={() => onEntered(entered)}>
            {t(SHARED_WORDS.recoveryDone)}
          </Button>
        </Stack>
      ) : (
        <form onSubmit={enter}>
          <Stack>
            <Title order={1} size="h2">
              {t(SHARED_WORDS.setUp)}
            </Title>
            <Text>{t(SHARED_WORDS.setUpHow)}</Text>
            <QrCode className="phone-qr" text={phone.uri} label={t(SHARED_WORDS.setUpPicture)} />
            <Text className="phone-secret">{groupsOfFour(phone.secret).join(' ')}</Text>
            {trouble && (
              <Alert color="red" role="alert">
                {t(trouble)}
              </Alert>
            )}
            <CodeField code={code} required onType={setCode} />
            <Button type="submit" size="md" loading={busy}>
              {t(SHARED_WORDS.enter)}
            </Button>
          </Stack>
        </form>
      )}
    </Paper>
  );
}
