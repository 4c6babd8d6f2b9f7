import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { callApi } from '../../shared/api';
import { moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Text } from '../../shared/words';
import { useReading, Waiting } from '../reading';
import { useStaff, useTrouble } from '../staff';
import type { Deliveries } from './answers';
import { METER_WORDS } from './meter-words';
import { Part } from './parts';

const KEY_CHANGE: Readonly<Record<string, Text>> = {
  due: METER_WORDS.keyChangeDue,
  issued: METER_WORDS.keyChangeIssued,
};

/** A state by its word; one that this page does not know yet is shown as it is. */
function stateText(of: 'sms' | 'load', state: string): Text {
  const key = `${of}.${state}`;
  return key in METER_WORDS ? METER_WORDS[key as keyof typeof METER_WORDS] : { bn: state, en: state };
}

/** How the last tokens went on their way, and one that did not arrive sent once more. */
export function DeliveryPart({ meterNo }: { readonly meterNo: string }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const troubleOf = useTrouble();
  const [trouble, setTrouble] = useState<Text>();
  const reading = useReading<Deliveries>(`/v1/trace?meter=${meterNo}&limit=5`);
  const traced = reading.body?.meters.find((meter) => meter.meterNo === meterNo);
  const keyChange = KEY_CHANGE[traced?.keyChange ?? ''];
  const events = reading.body?.events.filter(({ vended }) => vended) ?? [];
  const again = async (remoteLoadId: string) => {
    setTrouble(troubleOf(await callApi({ path: `/v1/remote-loads/${remoteLoadId}/retry`, body: {} })));
    reading.again();
  };
  return (
    <Part title={METER_WORDS.loads}>
      <Waiting reading={reading} ready={reading.body !== undefined}>
        {trouble && <Alert color="red">{t(trouble)}</Alert>}
        {keyChange && <Alert color="orange">{t(keyChange)}</Alert>}
        <p>
          {t(METER_WORDS.headEnd)}: {traced?.headEnd ?? t(METER_WORDS.none)}
        </p>
        <ul className="office-rows">
          {events.map(({ rechargeId, vended, sms, load }) => (
            <li key={rechargeId} className="office-row">
              <span>
                <b>{vended!.receiptNo}</b> · {moment(vended!.at, language)}
              </span>
              {sms && (
                <span>
                  {t(METER_WORDS.sms)}: {t(stateText('sms', sms.state))}
                </span>
              )}
              {load && (
                <span>
                  {t(METER_WORDS.load)}: {t(stateText('load', load.state))} {load.reason}
                </span>
              )}
              {load?.state === 'FAILED' && can('remote-load.retry') && (
                <Button size="compact-sm" variant="default" onClick={() => void again(load.remoteLoadId)}>
                  {t(METER_WORDS.loadAgain)}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Waiting>
    </Part>
  );
}
