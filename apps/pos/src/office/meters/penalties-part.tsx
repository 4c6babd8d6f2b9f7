import { day, money } from '../../shared/format';
import { useWords } from '../../shared/language';
import { useReading, Waiting } from '../reading';
import { PageLink } from '../route';
import { useStaff } from '../staff';
import type { Penalty } from './answers';
import { METER_WORDS } from './meter-words';
import { Part } from './parts';

/** Sums that papers ask for, and what became of them. */
export function PenaltiesPart({ meterNo }: { readonly meterNo: string }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const reading = useReading<{ readonly items: readonly Penalty[] }>(`/v1/meters/${meterNo}/penalties`);
  const items = reading.body?.items;
  return (
    <Part title={METER_WORDS.penalties}>
      <Waiting reading={reading} ready={items !== undefined}>
        {items?.length === 0 && <p>{t(METER_WORDS.none)}</p>}
        <ul className="office-rows">
          {items?.map(({ penaltyId, amount, noticeNo, noticeDate, reason, state }) => (
            <li key={penaltyId} className="office-row">
              <span>
                <b>{t(METER_WORDS.taka, { taka: money(amount.value, language) })}</b> · {noticeNo} ·{' '}
                {day(noticeDate, language)}
                <br />
                <small>
                  {reason} · {t(METER_WORDS[`penalty.${state}`])}
                </small>
              </span>
              {state === 'due' && can('penalty.enter') && (
                <PageLink to={['meters', meterNo, 'work', 'withdraw-penalty', penaltyId]}>
                  {t(METER_WORDS.withdraw)}
                </PageLink>
              )}
            </li>
          ))}
        </ul>
      </Waiting>
    </Part>
  );
}
