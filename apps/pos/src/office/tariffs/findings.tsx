import { Badge, Stack, Text } from '@mantine/core';
import { useWords } from '../../shared/language';
import type { Finding } from './tariff-answers';
import { TARIFF_WORDS as WORDS } from './tariff-words';

/** What the check says, errors first. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const { t, language } = useWords();
  const inOrder = [...findings].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <section aria-label={t(WORDS.findings)}>
      <Text fw={700}>{t(WORDS.findings)}</Text>
      {inOrder.length === 0 && <Text>{t(WORDS.noFindings)}</Text>}
      <Stack component="ul" gap={4}>
        {inOrder.map(({ severity, where, problem, problemBn }, index) => (
          <li key={index}>
            <Badge color={severity === 'error' ? 'red.9' : 'yellow.2'} c={severity === 'error' ? undefined : 'dark.9'}>
              {t(severity === 'error' ? WORDS.error : WORDS.warning)}
            </Badge>{' '}
            <code>{where}</code>: {language === 'bn' ? problemBn : problem}
          </li>
        ))}
      </Stack>
    </section>
  );
}
