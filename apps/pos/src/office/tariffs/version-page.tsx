import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../shared/language';
import { day, number } from '../../shared/format';
import { useReading, Waiting } from '../reading';
import { go, PageLink } from '../route';
import { useStaff } from '../staff';
import { Decision, YourWord } from './decision';
import { Findings } from './findings';
import type { TariffList, TariffWhole } from './tariff-answers';
import { KIND_WORDS, TARIFF_WORDS as WORDS } from './tariff-words';
import { People, StateBadge } from './tariff-parts';

interface VersionProps {
  readonly book: string;
  readonly code: string;
  readonly list: TariffList;
  readonly onChanged: () => void;
}

/** One document whole: what it says, what the check says of it, and what may be done with it. */
export function VersionPage({ book, code, list, onChanged }: VersionProps) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const reading = useReading<TariffWhole>(`/v1/tariffs/${encodeURIComponent(code)}?book=${encodeURIComponent(book)}`);
  const { body } = reading;
  const done = () => {
    reading.again();
    onChanged();
  };
  return (
    <Waiting reading={reading} ready={body !== undefined}>
      {body && (
        <Stack>
          <Group justify="space-between">
            <Group>
              <Text fw={700} size="lg">
                {body.code}
              </Text>
              <StateBadge state={body.state} />
              <Text>{t(KIND_WORDS[body.kind])}</Text>
            </Group>
            <PageLink to={['tariffs', book]}>{t(WORDS.toList)}</PageLink>
          </Group>
          <Text>
            {t(WORDS.from)}: {day(body.effectiveFrom, language)}
            {body.endsOn !== null && ` · ${t(WORDS.until)}: ${day(body.endsOn, language)}`}
          </Text>
          <People item={body} />
          {body.revision !== null && body.state === 'published' && (
            <Text role="status">{t(WORDS.inForce, { revision: number(String(body.revision), language) })}</Text>
          )}
          {body.kind === 'tariff-version' && <CompareWith book={book} code={code} list={list} />}
          <YourWord document={body} />
          {can('tariff.change') && body.state === 'draft' && <Decision document={body} act="publish" onDone={done} />}
          <Findings findings={body.findings} />
          <details>
            <summary>{t(WORDS.text)}</summary>
            <pre className="tariff-json" tabIndex={0}>
              {prettyJson(body.document)}
            </pre>
            <Text size="xs">
              {t(WORDS.hash)}: {body.sha256}
            </Text>
          </details>
          {can('tariff.change') && body.revision !== null && body.state !== 'revoked' && (
            <details>
              <summary>{t(WORDS.askRevoke)}</summary>
              <Decision document={body} act="revoke" onDone={done} />
            </details>
          )}
        </Stack>
      )}
    </Waiting>
  );
}

function CompareWith({
  book,
  code,
  list,
}: {
  readonly book: string;
  readonly code: string;
  readonly list: TariffList;
}) {
  const { t } = useWords();
  const [other, setOther] = useState('');
  const others = list.items.filter((item) => item.kind === 'tariff-version' && item.code !== code);
  return (
    <Group align="end">
      <NativeSelect
        label={t(WORDS.compareWith)}
        data={[{ value: '', label: t(WORDS.choose) }, ...others.map((item) => item.code)]}
        value={other}
        onChange={(event) => setOther(event.currentTarget.value)}
      />
      {/* The other one was there first: it stands on the left. */}
      <Button variant="default" disabled={other === ''} onClick={() => go('tariffs', book, 'beside', other, code)}>
        {t(WORDS.compare)}
      </Button>
    </Group>
  );
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
