import { Title } from '@mantine/core';
import { moment, money, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Text } from '../../shared/words';
import { DASHBOARD_WORDS as WORDS } from './dashboard-words';
import type { DashboardHealth } from './supervision-answers';

type Sms = DashboardHealth['sms'];
type Gateway = Sms['gateways'][number];

/** How SMS go out: today's messages, what waits, and each gateway. */
export function SmsCard({ sms }: { readonly sms: Sms }) {
  const { t, language } = useWords();
  const { today, waiting, gateways } = sms;
  const n = (count: number) => number(String(count), language);
  const ended = today.delivered + today.failed;
  const share = ended === 0 ? undefined : number(((today.delivered / ended) * 100).toFixed(1), language);
  return (
    <section className="card">
      <Title order={3} size="h4">
        {t(WORDS.sms)}
      </Title>
      <dl>
        <dt>{t(WORDS.smsDelivered)}</dt>
        <dd>{share === undefined ? n(0) : t(WORDS.smsShare, { share, n: n(today.delivered) })}</dd>
        <dt>{t(WORDS.smsSent)}</dt>
        <dd>{n(today.sent)}</dd>
        <dt>{t(WORDS.smsFailed)}</dt>
        <dd>{n(today.failed)}</dd>
        <dt>{t(WORDS.smsQueued)}</dt>
        <dd>{n(waiting.count)}</dd>
        <dt>{t(WORDS.smsOldest)}</dt>
        <dd>{waiting.oldest === null ? t(WORDS.none) : moment(waiting.oldest, language)}</dd>
      </dl>
      {gateways.length === 0 ? (
        <p className="quiet">{t(WORDS.noGateways)}</p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label={t(WORDS.gateway)}>
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">{t(WORDS.gateway)}</th>
                <th scope="col">{t(WORDS.state)}</th>
                <th scope="col">{t(WORDS.lastFaults)}</th>
              </tr>
            </thead>
            <tbody>
              {gateways.map((gateway) => (
                <tr key={gateway.code}>
                  <th scope="row">{gateway.code}</th>
                  <td>{t(stateOf(gateway), { n: n(gateway.healthyWorkers), all: n(gateway.workers) })}</td>
                  <td>{gateway.lastFaults.join(', ') || t(WORDS.none)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function stateOf({ enabled, workers, healthyWorkers }: Gateway): Text {
  if (!enabled) return WORDS.off;
  if (workers === 0) return WORDS.silent;
  if (healthyWorkers === 0) return WORDS.down;
  return healthyWorkers === workers ? WORDS.works : WORDS.partly;
}

/** How the companies are that take customers' money for us. */
export function PaymentsCard({ payments }: { readonly payments: DashboardHealth['payments'] }) {
  const { t, language } = useWords();
  const n = (count: number) => number(String(count), language);
  return (
    <section className="card">
      <Title order={3} size="h4">
        {t(WORDS.payments)}
      </Title>
      {payments.length === 0 ? (
        <p>{t(WORDS.noCompanies)}</p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label={t(WORDS.payments)}>
          <table className="grid">
            <thead>
              <tr>
                {[WORDS.company, WORDS.lastHeard, WORDS.lastHour, WORDS.refused, WORDS.pending, WORDS.float].map(
                  (head) => (
                    <th scope="col" key={head.en}>
                      {t(head)}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {payments.map(({ code, name, active, lastMessageAt, lastHour, pending, float }) => (
                <tr key={code}>
                  <th scope="row">
                    {name} {!active && <span className="quiet">({t(WORDS.off)})</span>}
                  </th>
                  <td>{lastMessageAt === null ? t(WORDS.never) : moment(lastMessageAt, language)}</td>
                  <td>{n(lastHour.messages)}</td>
                  <td>{lastHour.refused > 0 ? <b>{n(lastHour.refused)}</b> : n(0)}</td>
                  <td>
                    {n(pending.count)}
                    {pending.oldest !== null && ` · ${t(WORDS.since, { at: moment(pending.oldest, language) })}`}
                  </td>
                  <td>
                    {float === null ? '–' : money(float.balance.value, language)} {float?.low && <b>{t(WORDS.low)}</b>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
