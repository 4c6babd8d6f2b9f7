import { Button, Loader, Stack, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { TillDay, TillVend } from '../shared/answers';
import { callApi } from '../shared/api';
import { clock, money } from '../shared/format';
import { useWords } from '../shared/language';
import { WORDS } from './counter-words';
import { Rows } from '../shared/rows';

interface TodayProps {
  /** The receipt of one of them, as a copy. */
  readonly onChoose: (rechargeId: string) => void;
}

/** What this till has sold today, the latest first; page by page, as far as somebody asks for more. */
export function Today({ onChoose }: TodayProps) {
  const { t, language } = useWords();
  const [items, setItems] = useState<readonly TillVend[]>();
  const [cursor, setCursor] = useState<string | null>(null);
  const [lost, setLost] = useState(false);
  const load = useCallback(async (from: string | null) => {
    const page = from === null ? '' : `?cursor=${from}`;
    const outcome = await callApi<TillDay>({ path: `/v1/recharges${page}` });
    setLost(outcome.kind !== 'answer');
    if (outcome.kind !== 'answer') return;
    setItems((known) => [...(from === null ? [] : (known ?? [])), ...outcome.body.items]);
    setCursor(outcome.body.nextCursor);
  }, []);
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- it is set when the answer has come, not here
    void load(null);
  }, [load]);

  return (
    <Stack>
      <Title order={2} size="h3">
        {t(WORDS.today)}
      </Title>
      {lost && <Text role="alert">{t(WORDS.noConnection)}</Text>}
      {!items && !lost && <Loader />}
      {items?.length === 0 && <Text>{t(WORDS.nothingToday)}</Text>}
      {items && (
        <Rows
          items={items}
          label={t(WORDS.today)}
          idOf={({ rechargeId }) => rechargeId}
          onChoose={({ rechargeId }) => onChoose(rechargeId)}
          show={(vend) => (
            <span className="row-line">
              <span>{clock(vend.bookedAt, language)}</span>
              <span>
                <b>{vend.customerName}</b> · {vend.meterNo}
              </span>
              <b>{money(vend.amount.value, language)}</b>
            </span>
          )}
        />
      )}
      {cursor !== null && (
        <Button variant="default" onClick={() => void load(cursor)}>
          {t(WORDS.more)}
        </Button>
      )}
    </Stack>
  );
}
