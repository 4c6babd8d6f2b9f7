import { Badge, Button, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Meter, MeterSearch } from '../../shared/answers';
import { callApi } from '../../shared/api';
import { latinDigits } from '../../shared/format';
import { useWords } from '../../shared/language';
import { Rows } from '../../shared/rows';
import { searchesFor, type Search } from '../../shared/search';
import type { Text } from '../../shared/words';
import { OFFICE_WORDS } from '../office-words';
import { go } from '../route';
import { SearchForm } from '../search-form';
import { useTrouble } from '../staff';
import { METER_WORDS } from './meter-words';

interface Found {
  readonly items: readonly Meter[];
  /** By name there may be more. */
  readonly more?: Search & { readonly cursor: string };
}

/** By whatever the customer reads out. Nothing of it stands in an address: a name and a phone are the customer's own. */
export function FindMeter() {
  const { t } = useWords();
  const troubleOf = useTrouble();
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<Found>();
  const [trouble, setTrouble] = useState<Text>();
  const [busy, setBusy] = useState(false);

  const ask = async ({ by, value }: Search, cursor?: string): Promise<Found | undefined> => {
    const outcome = await callApi<MeterSearch>({ path: '/v1/meters/search', body: { by, value, cursor } });
    setTrouble(troubleOf(outcome));
    if (outcome.kind !== 'answer') return undefined;
    const { items, nextCursor } = outcome.body;
    return { items, ...(nextCursor !== null && { more: { by, value, cursor: nextCursor } }) };
  };
  const find = async () => {
    const value = latinDigits(typed).trim();
    if (value === '') return;
    setBusy(true);
    let answer: Found | undefined;
    for (const search of searchesFor(value)) {
      answer = await ask(search);
      if (answer === undefined || answer.items.length > 0) break;
    }
    setBusy(false);
    setFound(answer);
  };
  const goOn = async ({ cursor, ...search }: NonNullable<Found['more']>) => {
    const next = await ask(search, cursor);
    if (next) setFound((known) => ({ ...next, items: [...(known?.items ?? []), ...next.items] }));
  };

  return (
    <Stack>
      <SearchForm
        label={METER_WORDS.findMeter}
        action={METER_WORDS.find}
        maxLength={60}
        typed={typed}
        busy={busy}
        trouble={trouble}
        onType={setTyped}
        onSearch={() => void find()}
      />
      {found?.items.length === 0 && <p role="status">{t(METER_WORDS.nothingFound)}</p>}
      {found && (
        <Rows
          key={found.items[0]?.meterNo}
          items={found.items}
          label={t(METER_WORDS.found)}
          idOf={({ meterNo }) => meterNo}
          onChoose={({ meterNo }) => go('meters', meterNo)}
          show={({ customerName, customerNo, meterNo, status, address }) => (
            <>
              <b>{customerName}</b> · {customerNo} · {meterNo}{' '}
              {status === 'closed' && <Badge color="gray.8">{t(METER_WORDS.closed)}</Badge>}
              <br />
              <small>{address}</small>
            </>
          )}
        />
      )}
      {found?.more && (
        <Button variant="default" onClick={() => void goOn(found.more!)}>
          {t(OFFICE_WORDS.more)}
        </Button>
      )}
    </Stack>
  );
}
