import { Badge, Group } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../shared/language';
import { Rows } from '../../shared/rows';
import type { OfficePageProps } from '../office-page-props';
import { useReading, Waiting } from '../reading';
import { go } from '../route';
import { useStaff } from '../staff';
import { TOP_UP_WORK } from '../work/float-work';
import { keptOrders } from '../work/order';
import { WorkForm } from '../work/work-form';
import type { VendorFloat } from './cash-answers';
import { CASH } from './cash-words';
import { FloatCard, FloatStatement } from './float-page';
import { useTaka } from './parts';

/** The floats of all vendors; one of them with its statement, and the way in for new money. */
export default function VendorFloatsPage({ rest: [code] }: OfficePageProps) {
  const { t } = useWords();
  const { can } = useStaff();
  const taka = useTaka();
  const reading = useReading<{ readonly items: readonly VendorFloat[] }>('/v1/vendor-floats');
  const items = reading.body?.items;
  const chosen = items?.find((float) => float.code === code);
  return (
    <Waiting reading={reading} ready={items !== undefined}>
      {chosen && (
        <>
          <FloatCard float={chosen} />
          {can('float.top-up') && <TopUp code={chosen.code} onDone={reading.again} />}
          <FloatStatement key={chosen.balance.value} path={`/v1/vendor-floats/${chosen.code}/statement`} />
        </>
      )}
      {!chosen && items && (
        <Rows
          items={items}
          label={t(CASH.vendor)}
          idOf={(float) => float.code}
          onChoose={(float) => go('vendor-floats', float.code)}
          show={(float) => (
            <Group justify="space-between">
              <span>
                {float.name} · {float.code}
              </span>
              <span>
                {taka(float.balance.value)}{' '}
                {float.low && (
                  <Badge color="red.9" variant="outline">
                    {t(CASH.topUp)}
                  </Badge>
                )}
              </span>
            </Group>
          )}
        />
      )}
    </Waiting>
  );
}

interface TopUpProps {
  readonly code: string;
  readonly onDone: () => void;
}

/** With a second person: what this person has asked for stays here, and on the page of what was asked, until it is done. */
function TopUp({ code, onDone }: TopUpProps) {
  const { person } = useStaff();
  const [turn, setTurn] = useState(0);
  const kept = keptOrders(person.username).find(({ work, about }) => work === TOP_UP_WORK.name && about === code);
  const finished = () => {
    setTurn(turn + 1);
    onDone();
  };
  return <WorkForm key={`${code}.${turn}`} work={TOP_UP_WORK} about={code} kept={kept} onFinished={finished} />;
}
