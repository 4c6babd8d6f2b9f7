import { Badge, Button, Group, Title } from '@mantine/core';
import { moment, money, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { go, PageLink } from '../route';
import { useStaff } from '../staff';
import { wordOf } from './acting';
import { DESK_WORDS as WORDS, STATE_WORDS } from './desk-words';
import type { Trace, TracedEvent } from './supervision-answers';

interface TraceAnswerProps {
  readonly trace: Trace;
  /** Undefined: they are not for this person. */
  readonly onShowTokens: (() => void) | undefined;
}

/** What is known, the most telling first, with what to do next. */
export function TraceAnswer({ trace, onShowTokens }: TraceAnswerProps) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const { findings, meters, cases, events } = trace;
  return (
    <>
      {findings.length > 0 && (
        <section className="card">
          <Title order={3} size="h4">
            {t(WORDS.findings)}
          </Title>
          <ul className="items">
            {findings.map(({ code, rechargeId, says, next }) => (
              <li key={`${code} ${rechargeId ?? ''}`}>
                <b>{t(says)}</b>
                <br />
                {t(WORDS.nextStep)} {t(next)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {meters.length > 0 && (
        <section className="card">
          <Title order={3} size="h4">
            {t(WORDS.meters)}
          </Title>
          <ul className="items">
            {meters.map((meter) => (
              <li key={meter.meterNo}>
                <div className="item-head">
                  <span>
                    <b>{meter.customerName}</b> · {meter.customerNo} ·{' '}
                    {can('meter.read') ? (
                      <PageLink to={['meters', meter.meterNo]}>{meter.meterNo}</PageLink>
                    ) : (
                      meter.meterNo
                    )}
                  </span>
                  <span>{t(wordOf(STATE_WORDS, meter.status))}</span>
                </div>
                <span className="quiet">
                  {meter.office} · {t(WORDS.arrears)} {money(meter.arrears.value, language)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {cases.length > 0 && (
        <section className="card">
          <Title order={3} size="h4">
            {t(WORDS.cases)}
          </Title>
          <ul className="items">
            {cases.map((each) => (
              <li key={each.number}>
                <PageLink to={['cases', each.number]}>{each.number}</PageLink> ·{' '}
                {t(wordOf(STATE_WORDS, each.state.toLowerCase()))} · {each.owner} · {moment(each.dueAt, language)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {events.length > 0 && (
        <section className="card">
          <Group justify="space-between">
            <Title order={3} size="h4">
              {t(WORDS.timeline)}
            </Title>
            {onShowTokens && events.some(({ vended }) => vended && vended.tokens.length > 0) && (
              <Button variant="default" size="compact-sm" onClick={onShowTokens}>
                {t(WORDS.showTokens)}
              </Button>
            )}
          </Group>
          <ul className="items">
            {events.map((event) => (
              <Event key={event.rechargeId} event={event} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** One payment, and everything that came of it, step by step. */
function Event({ event }: { readonly event: TracedEvent }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const { paid, vended, sms, load } = event;
  return (
    <li>
      <div className="item-head">
        <span>
          <b>{money(paid.amount.value, language)}</b> · {moment(paid.at, language)}
        </span>
        {can('case.open') && (
          <Button variant="default" size="compact-sm" onClick={() => go('cases', 'new', event.rechargeId)}>
            {t(WORDS.openCase)}
          </Button>
        )}
      </div>
      <ul className="steps">
        <li>
          {t(WORDS.paid)}: {paid.source.replace(/^\w+:/, '')} · {paid.transactionId} ·{' '}
          <Badge color="gray.8" variant="filled">
            {t(wordOf(STATE_WORDS, paid.state))}
          </Badge>
          {paid.refusalCode !== null && ` · ${t(WORDS.why, { why: paid.refusalCode })}`}
          {paid.attempts > 0 && ` · ${t(WORDS.attempts, { n: number(String(paid.attempts), language) })}`}
        </li>
        {!vended && <li>{t(WORDS.notVended)}</li>}
        {vended && (
          <li>
            {t(WORDS.vended)}: {t(WORDS.receipt, { no: vended.receiptNo })} · {moment(vended.at, language)}
            {vended.kwh !== null && ` · ${t(WORDS.energy, { kwh: number(vended.kwh, language) })}`}
            {vended.tokens.map((token) => (
              <div key={token.sequence}>
                {t(WORDS.token, {
                  k: number(String(token.sequence), language),
                  n: number(String(token.of), language),
                })}{' '}
                <span className="digits">{token.digits}</span>
              </div>
            ))}
          </li>
        )}
        {vended?.cancelledAt && (
          <li>
            {t(WORDS.cancelled)}: {moment(vended.cancelledAt, language)}
          </li>
        )}
        {sms && (
          <li>
            {t(WORDS.sms)}: {t(wordOf(STATE_WORDS, sms.state))}
            {sms.at !== null && ` · ${moment(sms.at, language)}`}
            {sms.outcome !== null && ` · ${t(WORDS.why, { why: sms.outcome })}`}
          </li>
        )}
        {load && (
          <li>
            {t(WORDS.load)}: {t(wordOf(STATE_WORDS, load.state))} · {load.headEnd}
            {load.reason !== null && ` · ${t(WORDS.why, { why: load.reason })}`}
          </li>
        )}
      </ul>
    </li>
  );
}
