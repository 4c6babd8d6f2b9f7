import { useState, type FormEvent } from 'react';
import { callApi } from '../shared/api';
import { month } from '../shared/format';
import { useWords } from '../shared/language';
import type { Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import type { OwnAccount, OwnMeter, OwnNotices } from './own-answers';
import { Card, isOver, taka, Trouble, troubleOf, units, useFetched } from './parts';

interface OfMeter {
  readonly meter: OwnMeter;
  readonly onOver: () => void;
}

/** What a meter has bought, what the next unit costs, what is owed. */
export function Account({ meter, onOver, onNamed }: OfMeter & { readonly onNamed: (meter: OwnMeter) => void }) {
  const { t, language } = useWords();
  const { body, trouble, again } = useFetched<OwnAccount>(`/v1/my/meters/${meter.meterNo}`, onOver);
  return (
    <Card title={meter.nickname ?? meter.meterNo}>
      {meter.nickname && <p className="quiet">{meter.meterNo}</p>}
      <Trouble text={trouble} again={again} />
      {!body && !trouble && <p>{t(WORDS.wait)}</p>}
      {body && (
        <dl>
          <dt>{t(WORDS.thisMonth)}</dt>
          <dd>{body.boughtKwh === null ? taka(body.bought, language) : units(body.boughtKwh, language)}</dd>
          {body.nextUnit && (
            <>
              <dt>{t(WORDS.nextUnit)}</dt>
              <dd>{taka(body.nextUnit, language)}</dd>
            </>
          )}
          <dt>{t(WORDS.arrears)}</dt>
          <dd>{taka(body.arrears, language)}</dd>
          {body.due && (
            <>
              <dt>{t(WORDS.monthsDue)}</dt>
              <dd>
                {body.due.months.length === 0
                  ? t(WORDS.noMonths)
                  : `${body.due.months.map((each) => month(each, language)).join(', ')} · ${taka(body.due.fixedCharges, language)}`}
              </dd>
              <dt>{t(WORDS.leastPay)}</dt>
              <dd>{taka(body.due.minimumRecharge, language)}</dd>
            </>
          )}
        </dl>
      )}
      <Nickname meter={meter} onOver={onOver} onNamed={onNamed} />
    </Card>
  );
}

function Nickname({ meter, onOver, onNamed }: OfMeter & { readonly onNamed: (meter: OwnMeter) => void }) {
  const { t } = useWords();
  const [nickname, setNickname] = useState(meter.nickname ?? '');
  const [said, setSaid] = useState<Text>();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await callApi<OwnMeter>({ path: `/v1/my/meters/${meter.meterNo}/nickname`, body: { nickname } });
    if (isOver(outcome)) return onOver();
    setSaid(outcome.kind === 'answer' ? WORDS.saved : troubleOf(outcome));
    if (outcome.kind === 'answer') onNamed(outcome.body);
  };
  return (
    <details>
      <summary>{t(WORDS.nickname)}</summary>
      <form onSubmit={save} className="inline">
        <label>
          {t(WORDS.nickname)}
          <input value={nickname} maxLength={40} onChange={(event) => setNickname(event.currentTarget.value)} />
        </label>
        <button>{t(WORDS.save)}</button>
      </form>
      {said && <p role="status">{t(said)}</p>}
    </details>
  );
}

/** Notices on and off. */
export function Alerts({ onOver }: Pick<OfMeter, 'onOver'>) {
  const { t } = useWords();
  const { body, trouble, again } = useFetched<OwnNotices>('/v1/my/notices', onOver);
  const [refused, setRefused] = useState<Text>();
  const change = async (wanted: boolean) => {
    const outcome = await callApi<OwnNotices>({ path: '/v1/my/notices', body: { wanted } });
    if (isOver(outcome)) return onOver();
    setRefused(outcome.kind === 'answer' ? undefined : troubleOf(outcome));
    again();
  };
  if (!body) return <Trouble text={trouble} again={again} />;
  return (
    <section className="card">
      <label className="switch">
        <input type="checkbox" checked={body.wanted} onChange={(event) => void change(event.currentTarget.checked)} />
        {t(WORDS.alerts)}
      </label>
      <p className="quiet">{t(WORDS.alertsNote)}</p>
      <Trouble text={refused} />
    </section>
  );
}
