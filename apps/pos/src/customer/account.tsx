import { useState, type FormEvent } from 'react';
import { callApi } from '../shared/api';
import { month } from '../shared/format';
import { useWords } from '../shared/language';
import type { Language, Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import type { OwnAccount, OwnMeter, OwnNotices } from './own-answers';
import { Card, isOver, taka, Trouble, troubleOf, units, useFetched } from './parts';

/** In the place of a figure that is on its way: nothing moves when it comes. */
const COMING = '…';

interface OfMeter {
  readonly meter: OwnMeter;
  readonly onOver: () => void;
}

/** What a meter has bought, what the next unit costs, what is owed. */
export function Account({ meter, onOver, onNamed }: OfMeter & { readonly onNamed: (meter: OwnMeter) => void }) {
  const { body, trouble, again } = useFetched<OwnAccount>(`/v1/my/meters/${meter.meterNo}`, onOver);
  return (
    <Card title={meter.nickname ?? meter.meterNo}>
      {meter.nickname && <p className="quiet">{meter.meterNo}</p>}
      <Trouble text={trouble} again={again} />
      {!trouble && <Figures meter={meter} account={body} />}
      <Nickname meter={meter} onOver={onOver} onNamed={onNamed} />
    </Card>
  );
}

/** @param account undefined: on its way */
function Figures({ meter, account }: { readonly meter: OwnMeter; readonly account: OwnAccount | undefined }) {
  const { t, language } = useWords();
  const bought =
    account && (account.boughtKwh === null ? taka(account.bought, language) : units(account.boughtKwh, language));
  const until = account?.nextUnitUntilKwh;
  const due = account?.due;
  const hasUnits = account ? account.nextUnit !== null : meter.crediting === 'energy';
  return (
    <dl className="figures" aria-busy={!account}>
      <dt>{t(WORDS.thisMonth)}</dt>
      <dd>{bought ?? COMING}</dd>
      {hasUnits && (
        <>
          <dt>
            {t(WORDS.nextUnit)}
            <small className="under">{until ? t(WORDS.untilUnits, { kwh: units(until, language) }) : '\u00a0'}</small>
          </dt>
          <dd>{account?.nextUnit ? taka(account.nextUnit, language) : COMING}</dd>
        </>
      )}
      <dt>{t(WORDS.arrears)}</dt>
      <dd>{account ? taka(account.arrears, language) : COMING}</dd>
      {due !== null && (
        <>
          <dt>
            {t(WORDS.monthsDue)}
            <small className="under">
              {due?.months.length ? t(WORDS.chargesOf, { value: taka(due.fixedCharges, language) }) : '\u00a0'}
            </small>
          </dt>
          <dd>{due ? monthsOf(due.months, language) || t(WORDS.noMonths) : COMING}</dd>
          <dt>{t(WORDS.leastPay)}</dt>
          <dd>{due ? taka(due.minimumRecharge, language) : COMING}</dd>
        </>
      )}
    </dl>
  );
}

function monthsOf(months: readonly string[], language: Language): string {
  return months.map((each) => month(each, language)).join(', ');
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
  return (
    <section className="card">
      <label className="switch">
        <input
          type="checkbox"
          checked={body?.wanted ?? false}
          disabled={!body}
          onChange={(event) => void change(event.currentTarget.checked)}
        />
        {t(WORDS.alerts)}
      </label>
      <p className="quiet">{t(WORDS.alertsNote)}</p>
      <Trouble text={trouble ?? refused} again={trouble && again} />
    </section>
  );
}
