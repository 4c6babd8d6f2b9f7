import { Alert, Button, Group, Kbd, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Person } from '../shared/answers';
import { useWords } from '../shared/language';
import { SHARED_WORDS } from '../shared/shared-words';
import type { Text as Words } from '../shared/words';
import { WORDS } from './counter-words';
import { useKeys, type KeyHint } from '../shared/keys';

interface FrameProps {
  readonly person: Person;
  readonly trouble: Words | undefined;
  readonly keys: readonly KeyHint[];
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

/** Who sits here above, the work in the middle, the keys below. */
export function Frame({ person, trouble, keys, onLeave, children }: FrameProps) {
  const { t, language, setLanguage } = useWords();
  const turn = () => setLanguage(language === 'bn' ? 'en' : 'bn');
  const all = [...keys, { key: 'F8', does: SHARED_WORDS.keyLanguage, act: turn }];
  useKeys(all);
  return (
    <div className="frame">
      <header className="frame-head">
        <Title order={1} size="h4">
          {t(WORDS.counter)}
        </Title>
        <Group gap="sm">
          <Text size="sm">
            {person.name} · {person.station}
          </Text>
          <Button variant="default" size="compact-sm" onClick={onLeave} tabIndex={-1}>
            {t(SHARED_WORDS.leave)}
          </Button>
        </Group>
      </header>
      <main className="frame-work">
        <div className="frame-trouble" role="alert">
          {trouble && (
            <Alert color="red" variant="light" p="sm">
              <Text c="red.9">{t(trouble)}</Text>
            </Alert>
          )}
        </div>
        {children}
      </main>
      <nav className="frame-keys" aria-label={t(WORDS.keys)}>
        {all.map(({ key, does, act }) => (
          <button key={key} type="button" tabIndex={-1} onClick={act}>
            <Kbd size="sm">{key === 'Escape' ? 'Esc' : key}</Kbd> {t(does)}
          </button>
        ))}
      </nav>
    </div>
  );
}
