import { Alert, Button, FileInput, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { callApi } from '../../shared/api';
import { latinDigits } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Text as Words } from '../../shared/words';
import { go, PageLink } from '../route';
import { useTrouble } from '../staff';
import { Findings } from './findings';
import type { Lint, TariffList, TariffWhole } from './tariff-answers';
import { TARIFF_WORDS as WORDS } from './tariff-words';

interface DraftProps {
  readonly book: string;
  readonly list: TariffList;
}

/** A new document: from one there is or from a file, checked as often as wanted, then entered. */
export function DraftPage({ book, list }: DraftProps) {
  const { t } = useWords();
  const troubleOf = useTrouble();
  const [text, setText] = useState('');
  const [lint, setLint] = useState<Lint>();
  const [trouble, setTrouble] = useState<Words>();
  const [place, setPlace] = useState<string>();
  const [busy, setBusy] = useState(false);

  const change = (next: string) => {
    setText(next);
    setLint(undefined);
    setTrouble(undefined);
  };
  async function call<Body>(path: '/v1/tariffs' | '/v1/tariffs/lint'): Promise<Body | undefined> {
    setBusy(true);
    const outcome = await callApi<Body>({ path, body: { book, document: text } });
    setBusy(false);
    setTrouble(troubleOf(outcome));
    setPlace(outcome.kind === 'refused' ? placeOf(outcome.problem) : undefined);
    return outcome.kind === 'answer' ? outcome.body : undefined;
  }
  const check = async () => setLint(await call<Lint>('/v1/tariffs/lint'));
  const enter = async () => {
    const entered = await call<TariffWhole>('/v1/tariffs');
    if (entered) go('tariffs', book, 'version', entered.code);
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Text>{t(WORDS.enterWhy)}</Text>
        <PageLink to={['tariffs', book]}>{t(WORDS.toList)}</PageLink>
      </Group>
      <StartFrom book={book} list={list} onText={change} />
      <Textarea
        className="tariff-json-edit"
        label={t(WORDS.text)}
        autosize
        minRows={10}
        maxRows={24}
        spellCheck={false}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
      />
      {trouble && (
        <Alert color="red" role="alert">
          {t(trouble)} {place !== undefined && <code>{place}</code>}
        </Alert>
      )}
      {lint && (
        <Alert color={lint.good ? 'teal' : 'red'} role="status">
          {t(lint.good ? WORDS.good : WORDS.bad)}
        </Alert>
      )}
      {lint && <Findings findings={lint.findings} />}
      <Group>
        <Button variant="default" loading={busy} disabled={text === ''} onClick={() => void check()}>
          {t(WORDS.check)}
        </Button>
        <Button loading={busy} disabled={lint?.good !== true} onClick={() => void enter()}>
          {t(WORDS.enter)}
        </Button>
      </Group>
    </Stack>
  );
}

/** Where in the document, as the refusal names it. */
function placeOf(problem: object): string | undefined {
  const { where, reason } = problem as { readonly where?: string; readonly reason?: string };
  return where === undefined ? undefined : `${where}: ${reason ?? ''}`;
}

function StartFrom({ book, list, onText }: DraftProps & { readonly onText: (text: string) => void }) {
  const { t } = useWords();
  const troubleOf = useTrouble();
  const [from, setFrom] = useState(list.items[0]?.code ?? '');
  const [id, setId] = useState('');
  const [day, setDay] = useState('');
  const [trouble, setTrouble] = useState<Words>();
  const copy = async () => {
    const path = `/v1/tariffs/${encodeURIComponent(from)}?book=${encodeURIComponent(book)}` as const;
    const outcome = await callApi<TariffWhole>({ path });
    setTrouble(troubleOf(outcome));
    if (outcome.kind === 'answer') onText(copied(outcome.body.document, id.trim(), latinDigits(day).trim()));
  };
  return (
    <Group align="end">
      <NativeSelect
        label={t(WORDS.startFrom)}
        data={list.items.map(({ code }) => code)}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        label={t(WORDS.newId)}
        value={id}
        maxLength={40}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <TextInput
        label={t(WORDS.newFrom)}
        placeholder="2027-01-01"
        value={day}
        maxLength={10}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <Button variant="default" disabled={id.trim() === '' || day.trim() === ''} onClick={() => void copy()}>
        {t(WORDS.copy)}
      </Button>
      <FileInput
        label={t(WORDS.orFile)}
        placeholder={t(WORDS.choose)}
        accept="application/json,.json"
        onChange={(file) => void file?.text().then(onText)}
      />
      {trouble && (
        <Alert color="red" role="alert">
          {t(trouble)}
        </Alert>
      )}
    </Group>
  );
}

/** The same document under its own id, from its own day; when it was ordered, and when it ends, is not that of the old one. */
function copied(text: string, id: string, effectiveFrom: string): string {
  const document = JSON.parse(text) as Record<string, unknown>;
  const dates = { effectiveFrom, endsOn: null, ...('publishedOn' in document && { publishedOn: null }) };
  return JSON.stringify({ ...document, id, ...dates }, null, 2);
}
