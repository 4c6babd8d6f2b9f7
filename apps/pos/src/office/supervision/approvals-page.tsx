import './supervision.css';
import { Badge, Button, Group, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import { List, useList } from '../reading';
import { PageLink } from '../route';
import { Said, useActing, wordOf } from './acting';
import { PROOF_WORDS } from './code-words';
import { APPROVAL_WORDS, CONTENT_WORDS, DESK_WORDS as WORDS, STATE_WORDS } from './desk-words';
import type { Approval } from './supervision-answers';

const WAITING = 'waiting';
const MINE = 'mine';

/** What waits for a second person's word, and what became of one's own requests. */
export default function ApprovalsPage() {
  const { t } = useWords();
  const [shown, setShown] = useState(WAITING);
  const data = [
    { value: WAITING, label: t(WORDS.waitingForMe) },
    { value: MINE, label: t(WORDS.askedByMe) },
  ];
  return (
    <Stack>
      <SegmentedControl data={data} value={shown} onChange={setShown} color="teal.9" autoContrast />
      {shown === WAITING ? <WaitingList /> : <OwnList />}
    </Stack>
  );
}

function WaitingList() {
  const list = useList<Approval>('/v1/approvals');
  return (
    <List list={list}>
      {(items) => items.map((approval) => <Request key={approval.id} approval={approval} decides />)}
    </List>
  );
}

function OwnList() {
  const list = useList<Approval>('/v1/approvals/mine');
  return (
    <List list={list}>{(items) => items.map((approval) => <Request key={approval.id} approval={approval} />)}</List>
  );
}

/** One request, with exactly what would be done; who may, answers it. */
function Request({ approval, decides = false }: { readonly approval: Approval; readonly decides?: boolean }) {
  const { t, language } = useWords();
  const [now, setNow] = useState(approval);
  const answered = now.state !== approval.state;
  return (
    <section className="card">
      <div className="item-head">
        <b>{t(wordOf(APPROVAL_WORDS, now.kind))}</b>
        <Badge color="gray.8" variant="filled">
          {t(wordOf(STATE_WORDS, now.state))}
        </Badge>
      </div>
      <dl>
        <dt>{t(WORDS.subject)}</dt>
        <dd>{now.subject}</dd>
        <dt>{t(WORDS.reason)}</dt>
        <dd>{now.reason}</dd>
        <dt>{t(WORDS.askedBy)}</dt>
        <dd>
          {now.requestedBy} · {now.station}
        </dd>
        <dt>{t(WORDS.askedAt)}</dt>
        <dd>{moment(now.requestedAt, language)}</dd>
        {now.state === 'PENDING' && (
          <>
            <dt>{t(WORDS.until)}</dt>
            <dd>{moment(now.expiresAt, language)}</dd>
          </>
        )}
      </dl>
      <Content content={now.content} />
      {now.decidedBy !== null && now.decidedAt !== null && (
        <p>
          {t(WORDS.decidedBy, { name: now.decidedBy, at: moment(now.decidedAt, language) })}
          {now.note !== null && ` · ${now.note}`}
        </p>
      )}
      {decides && <Answer approval={now} answered={answered} onAnswered={setNow} />}
    </section>
  );
}

function Content({ content }: { readonly content: Approval['content'] }) {
  const { t } = useWords();
  const known = Object.entries(content).filter(([, value]) => value !== null && value !== '');
  return (
    <>
      <p className="quiet">{t(WORDS.exactly)}</p>
      <dl>
        {known.map(([name, value]) => (
          <div key={name} className="pair">
            <dt>{t(wordOf(CONTENT_WORDS, name))}</dt>
            <dd>
              <Value name={name} value={typeof value === 'string' ? value : JSON.stringify(value)} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Where more is known of a value. */
const LINKS: Readonly<Record<string, string>> = {
  ...{ meterNo: 'meters', oldMeterNo: 'meters', fromMeter: 'meters', toMeter: 'meters' },
  ...{ rechargeId: 'trace', receiptNo: 'trace', case: 'cases' },
};

function Value({ name, value }: { readonly name: string; readonly value: string }) {
  const { t } = useWords();
  const page = LINKS[name];
  if (page !== undefined) return <PageLink to={[page, value]}>{value}</PageLink>;
  return name === 'proof' ? t(wordOf(PROOF_WORDS, value)) : value;
}

interface AnswerProps {
  readonly approval: Approval;
  readonly answered: boolean;
  readonly onAnswered: (approval: Approval) => void;
}

function Answer({ approval, answered, onAnswered }: AnswerProps) {
  const { t } = useWords();
  const acting = useActing();
  const [note, setNote] = useState('');
  const said = note.trim();
  const answer = async (word: 'approve' | 'refuse') => {
    if (word === 'refuse' && said === '') return acting.refuse(WORDS.noteNeeded);
    const path = `/v1/approvals/${approval.id}/${word}` as const;
    const body = said === '' ? {} : { note: said };
    const outcome = await acting.act<Approval>(
      { path, body },
      word === 'approve' ? WORDS.approvedNow : WORDS.refusedNow,
    );
    if (outcome) onAnswered(outcome.body);
  };
  return (
    <>
      {!answered && (
        <Group align="end" mt="sm">
          <TextInput
            className="answer-note"
            label={t(WORDS.noteForRefusal)}
            maxLength={300}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button loading={acting.busy} onClick={() => void answer('approve')}>
            {t(WORDS.approve)}
          </Button>
          <Button variant="default" disabled={acting.busy} onClick={() => void answer('refuse')}>
            {t(WORDS.refuse)}
          </Button>
        </Group>
      )}
      <Said acting={acting} />
    </>
  );
}
