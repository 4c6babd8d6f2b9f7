import './supervision.css';
import { Badge, Button, Group, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import { Rows } from '../../shared/rows';
import { caseNoOf } from '../../shared/search';
import type { OfficePageProps } from '../office-page-props';
import { List, useList } from '../reading';
import { go } from '../route';
import { useStaff } from '../staff';
import { wordOf } from './acting';
import { CaseCard } from './case-card';
import { CASE_WORDS as WORDS, ROLE_WORDS } from './case-words';
import { STATE_WORDS } from './desk-words';
import { NewCase } from './new-case';
import type { CaseRow } from './supervision-answers';

const VIEWS = ['queue', 'mine', 'office', 'overdue'] as const;

/** Complaints: a list, a card below its number, and a new one. */
export default function CasesPage({ rest: [first, second] }: OfficePageProps) {
  if (first === 'new') return <NewCase about={second} />;
  if (first !== undefined && first !== 'view') return <CaseCard key={first} caseNo={first} />;
  return <CaseList view={VIEWS.find((each) => each === second) ?? 'queue'} />;
}

function CaseList({ view }: { readonly view: (typeof VIEWS)[number] }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const list = useList<CaseRow>(`/v1/cases?view=${view}`);
  const [number, setNumber] = useState('');
  const [refused, setRefused] = useState(false);
  const show = (event: FormEvent) => {
    event.preventDefault();
    // What stands in an address stays in the history of the browser: no phone, no name.
    const caseNo = caseNoOf(number);
    setRefused(caseNo === undefined);
    if (caseNo !== undefined) go('cases', caseNo);
  };
  return (
    <Stack>
      <Group justify="space-between" align="end">
        <Group gap="xs">
          {VIEWS.map((each) => (
            <Button
              key={each}
              variant="default"
              className="view"
              aria-pressed={each === view}
              onClick={() => go('cases', 'view', each)}
            >
              {t(WORDS[each])}
            </Button>
          ))}
        </Group>
        {can('case.open') && <Button onClick={() => go('cases', 'new')}>{t(WORDS.openNew)}</Button>}
      </Group>
      <form onSubmit={show}>
        <Group align="end">
          <TextInput
            label={t(WORDS.byNumber)}
            placeholder="C-26-1184-0"
            maxLength={20}
            value={number}
            error={refused && t(WORDS.notSuchNumber)}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {t(WORDS.show)}
          </Button>
        </Group>
      </form>
      <List list={list}>
        {(items) => (
          <Rows
            items={items}
            label={t(WORDS[view])}
            idOf={({ caseNo }) => caseNo}
            onChoose={({ caseNo }) => go('cases', caseNo)}
            show={(row) => (
              <>
                <span className="item-head">
                  <span>
                    <b>{row.caseNo}</b> · {t(row.kindWords)} {row.customerName !== null && `· ${row.customerName}`}
                  </span>
                  <span>
                    {row.overdue && <Badge color="red.9">{t(WORDS.late)}</Badge>}{' '}
                    <Badge color="gray.8">{t(wordOf(STATE_WORDS, row.state))}</Badge>
                  </span>
                </span>
                <span className="quiet">
                  {t(WORDS.due, { at: moment(row.dueAt, language) })} · {row.owner ?? t(wordOf(ROLE_WORDS, row.queue))}{' '}
                  · {row.words}
                </span>
              </>
            )}
          />
        )}
      </List>
    </Stack>
  );
}
