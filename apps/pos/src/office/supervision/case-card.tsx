import { Badge, Title } from '@mantine/core';
import { useState } from 'react';
import { moment, money } from '../../shared/format';
import { useWords } from '../../shared/language';
import { useReading, Waiting } from '../reading';
import { PageLink } from '../route';
import { useStaff } from '../staff';
import { wordOf } from './acting';
import { CaseActions } from './case-actions';
import { CaseMoney } from './case-money';
import { CASE_EVENT_WORDS, CASE_WORDS as WORDS, OUTCOME_WORDS, ROLE_WORDS } from './case-words';
import { STATE_WORDS } from './desk-words';
import type { Case } from './supervision-answers';

/** A case with its payment, its history, and what this person may do about it. */
export function CaseCard({ caseNo }: { readonly caseNo: string }) {
  const { t } = useWords();
  const reading = useReading<Case>(`/v1/cases/${encodeURIComponent(caseNo)}`);
  // What an action answered is newer than what was read before it.
  const [answered, setAnswered] = useState<{ readonly after: Case; readonly over: Case | undefined }>();
  const { can } = useStaff();
  const shown = answered && answered.over === reading.body ? answered.after : reading.body;
  return (
    <>
      <p>
        <PageLink to={['cases']}>{t(WORDS.back)}</PageLink>
      </p>
      <Waiting reading={reading} ready={shown !== undefined}>
        {shown && (
          <>
            <Facts shown={shown} />
            {shown.payment && <Payment payment={shown.payment} />}
            {can('case.settle-money') && shown.state !== 'closed' && (
              <CaseMoney shown={shown} onFinished={reading.again} />
            )}
            {can('case.work') && (
              <CaseActions shown={shown} onDone={(after) => setAnswered({ after, over: reading.body })} />
            )}
            <History shown={shown} />
          </>
        )}
      </Waiting>
    </>
  );
}

function Facts({ shown }: { readonly shown: Case }) {
  const { t, language } = useWords();
  const rows: (readonly [string, string | null])[] = [
    [t(WORDS.state), t(wordOf(STATE_WORDS, shown.state))],
    [t(WORDS.owner), `${shown.owner ?? t(wordOf(ROLE_WORDS, shown.queue))} · ${shown.office}`],
    [t(WORDS.waitsFor), shown.waitingFor],
    [t(WORDS.customer), shown.customerNo && `${shown.customerName ?? ''} · ${shown.customerNo}`],
    [t(WORDS.meter), shown.meterNo],
    [t(WORDS.receipt), shown.receiptNo],
    [t(WORDS.dueAt), moment(shown.dueAt, language)],
    [t(WORDS.openedBy), `${shown.automatic ? t(WORDS.machine) : shown.openedBy} · ${moment(shown.openedAt, language)}`],
    [t(WORDS.said), shown.words],
    [
      t(WORDS.outcome),
      shown.outcome &&
        `${t(wordOf(OUTCOME_WORDS, shown.outcome))} · ${shown.outcomeWords ?? ''} · ${shown.closedBy ?? ''}`,
    ],
  ];
  return (
    <section className="card">
      <div className="item-head">
        <Title order={3} size="h4">
          {shown.caseNo} · {t(shown.kindWords)}
        </Title>
        {shown.overdue && <Badge color="red.9">{t(WORDS.late)}</Badge>}
      </div>
      <Pairs rows={rows} />
    </section>
  );
}

function Pairs({ rows }: { readonly rows: readonly (readonly [string, string | null])[] }) {
  return (
    <dl>
      {rows.map(
        ([name, value]) =>
          value !== null &&
          value !== '' && (
            <div key={name} className="pair">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Payment({ payment }: { readonly payment: NonNullable<Case['payment']> }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  return (
    <section className="card">
      <Title order={3} size="h4">
        {t(WORDS.payment)}
      </Title>
      <Pairs
        rows={[
          [t(WORDS.amount), money(payment.amount.value, language)],
          [t(WORDS.state), t(wordOf(STATE_WORDS, payment.status))],
          [t(WORDS.source), payment.source.replace(/^\w+:/, '')],
          [t(WORDS.reference), payment.sourceRef],
          [t(WORDS.refusal), payment.refusalCode],
          [t(WORDS.typed), payment.typedReference],
          [t(WORDS.meter), payment.meterNo],
        ]}
      />
      {can('trace.read') && <PageLink to={['trace', payment.rechargeId]}>{t(WORDS.trace)}</PageLink>}
    </section>
  );
}

function History({ shown }: { readonly shown: Case }) {
  const { t, language } = useWords();
  return (
    <section className="card">
      <Title order={3} size="h4">
        {t(WORDS.history)}
      </Title>
      <ul className="items">
        {shown.events.map(({ at, by, what, words }, index) => (
          // Events are only ever added at the end.
          <li key={index}>
            <b>{t(wordOf(CASE_EVENT_WORDS, what))}</b> · {by} · {moment(at, language)}
            {words !== null && <div>{words}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}
