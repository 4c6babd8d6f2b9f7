import { Button, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { latinDigits } from '../../shared/format';
import { useWords } from '../../shared/language';
import { go, PageLink } from '../route';
import { Said, useActing } from './acting';
import { CASE_KIND_WORDS, CASE_WORDS as WORDS } from './case-words';
import type { Case } from './supervision-answers';

const KINDS = Object.keys(CASE_KIND_WORDS) as (keyof typeof CASE_KIND_WORDS)[];
/** What the machine opens by itself. */
const BY_PEOPLE = KINDS.filter((kind) => kind !== 'unexplained-money' && kind !== 'settlement-break');

/** Which of the four a number is. @example subjectOf('NV-261121-7K3M9QXA2T') // { receiptNo: 'NV-261121-7K3M9QXA2T' } */
function subjectOf(typed: string): object {
  const text = latinDigits(typed).trim();
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return { rechargeId: text.toLowerCase() };
  if (/^\d{11,18}$/.test(text)) return { meterNo: text };
  if (/^[A-Z]{1,4}-\d{6}-[0-9A-Z]+$/i.test(text)) return { receiptNo: text.toUpperCase() };
  return { customerNo: text.toUpperCase() };
}

/** A complaint is taken down: its number goes to the customer by SMS. */
export function NewCase({ about: given = '' }: { readonly about: string | undefined }) {
  const { t } = useWords();
  const acting = useActing();
  // Made before it is sent: who presses twice opens one case.
  const [key] = useState(() => crypto.randomUUID());
  const [kind, setKind] = useState<string>(BY_PEOPLE[0]!);
  const [about, setAbout] = useState(given);
  const [words, setWords] = useState('');
  const open = async (event: FormEvent) => {
    event.preventDefault();
    const body = { kind, words: words.trim(), ...subjectOf(about) };
    const outcome = await acting.act<Case>({ path: '/v1/cases', body, idempotencyKey: key });
    if (outcome) go('cases', outcome.body.caseNo);
  };
  return (
    <section className="card">
      <PageLink to={['cases']}>{t(WORDS.back)}</PageLink>
      <form onSubmit={(event) => void open(event)}>
        <Stack mt="sm">
          <NativeSelect
            label={t(WORDS.kind)}
            data={BY_PEOPLE.map((each) => ({ value: each, label: t(CASE_KIND_WORDS[each]) }))}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value)}
          />
          <TextInput
            label={t(WORDS.about)}
            description={t(WORDS.aboutHint)}
            required
            maxLength={40}
            value={about}
            onChange={(event) => setAbout(event.currentTarget.value)}
          />
          <Textarea
            label={t(WORDS.whatSaid)}
            required
            minLength={3}
            maxLength={1000}
            autosize
            minRows={3}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <Said acting={acting} />
          <Button type="submit" loading={acting.busy}>
            {t(WORDS.open)}
          </Button>
        </Stack>
      </form>
    </section>
  );
}
