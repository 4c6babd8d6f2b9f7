import './supervision.css';
import { Badge, Button, Group, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { moment, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { List, useList } from '../reading';
import { PageLink } from '../route';
import { useStaff } from '../staff';
import { Said, useActing, wordOf } from './acting';
import { DESK_WORDS as WORDS, RULE_WORDS, STATE_WORDS } from './desk-words';
import type { Review } from './supervision-answers';

/** What looked unusual, to be explained or handed on. */
export default function ReviewsPage() {
  const { t } = useWords();
  const [state, setState] = useState('OPEN');
  const list = useList<Review>(state === 'OPEN' ? '/v1/reviews?state=OPEN' : '/v1/reviews');
  const data = [
    { value: 'OPEN', label: t(WORDS.open) },
    { value: 'ALL', label: t(WORDS.all) },
  ];
  return (
    <Stack>
      <SegmentedControl data={data} value={state} onChange={setState} color="teal.9" autoContrast />
      <List list={list}>{(items) => items.map((review) => <Item key={review.reviewId} review={review} />)}</List>
    </Stack>
  );
}

function Item({ review }: { readonly review: Review }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const [now, setNow] = useState(review);
  const values = {
    n: number(String(now.events), language),
    usual: number(String(now.threshold), language),
    minutes: number(String(Math.ceil(now.windowSeconds / 60)), language),
  };
  const [kind, of = ''] = now.subject.split(':');
  return (
    <section className="card">
      <div className="item-head">
        <b>{t(wordOf(RULE_WORDS, now.rule))}</b>
        <Badge color="gray.8" variant="filled">
          {t(wordOf(STATE_WORDS, now.state))}
        </Badge>
      </div>
      <p>{t(WORDS.seen, values)}</p>
      <dl>
        <dt>{t(WORDS.subject)}</dt>
        <dd>{kind === 'meter' && can('trace.read') ? <PageLink to={['trace', of]}>{of}</PageLink> : of}</dd>
        <dt>{t(WORDS.office)}</dt>
        <dd>{now.office ?? '–'}</dd>
        <dt>{t(WORDS.firstSeen)}</dt>
        <dd>{moment(now.firstSeen, language)}</dd>
        <dt>{t(WORDS.lastSeen)}</dt>
        <dd>{moment(now.lastSeen, language)}</dd>
      </dl>
      {now.decidedBy !== null && now.decidedAt !== null && (
        <p>
          {t(WORDS.decidedBy, { name: now.decidedBy.replace(/^user:/, ''), at: moment(now.decidedAt, language) })} ·{' '}
          {now.note}
        </p>
      )}
      {can('review.decide') && <Decision review={now} onDecided={setNow} />}
    </section>
  );
}

/** Room for the answer stays where it is when it is given, so that the next item does not jump under the hand. */
function Decision({ review, onDecided }: { readonly review: Review; readonly onDecided: (review: Review) => void }) {
  const { t } = useWords();
  const acting = useActing();
  const [note, setNote] = useState('');
  const decide = async (state: 'EXPLAINED' | 'ESCALATED') => {
    if (note.trim().length < 3) return acting.refuse(WORDS.foundNeeded);
    const path = `/v1/reviews/${review.reviewId}/decide` as const;
    const outcome = await acting.act<Review>({ path, body: { state, note: note.trim() } }, WORDS.decided);
    if (outcome) onDecided(outcome.body);
  };
  return (
    <>
      {review.state === 'OPEN' && (
        <Group align="end" mt="sm">
          <TextInput
            className="answer-note"
            label={t(WORDS.found)}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button loading={acting.busy} onClick={() => void decide('EXPLAINED')}>
            {t(WORDS.explained)}
          </Button>
          <Button variant="default" disabled={acting.busy} onClick={() => void decide('ESCALATED')}>
            {t(WORDS.escalated)}
          </Button>
        </Group>
      )}
      <Said acting={acting} />
    </>
  );
}
