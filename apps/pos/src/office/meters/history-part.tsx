import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Call } from '../../shared/api';
import { moment, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { OFFICE_WORDS } from '../office-words';
import { useReading, Waiting } from '../reading';
import type { RecordHistory } from './answers';
import { METER_WORDS } from './meter-words';
import { Part } from './parts';

const ROWS = 20;

/** What the records said before, by whom they were changed and why; read when somebody asks for it. */
export function HistoryPart({ path }: { readonly path: Call['path'] }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <Part title={METER_WORDS.history}>
      {open ? (
        <Versions path={path} />
      ) : (
        <Button mt="xs" variant="default" onClick={() => setOpen(true)}>
          {t(METER_WORDS.showHistory)}
        </Button>
      )}
    </Part>
  );
}

function Versions({ path }: { readonly path: Call['path'] }) {
  const { t, language } = useWords();
  const [shown, setShown] = useState(ROWS);
  const reading = useReading<RecordHistory>(path);
  const versions = reading.body?.items.toReversed() ?? [];
  return (
    <Waiting reading={reading} ready={reading.body !== undefined}>
      <ul className="office-rows">
        {versions.slice(0, shown).map(({ record, validFrom, validTo, by, reason, content }) => (
          <li key={`${record} ${validFrom} ${validTo}`} className="office-row">
            <span>
              <b>{t(METER_WORDS[`record.${record}`])}</b> · {moment(validFrom, language)} –{' '}
              {validTo === null ? t(METER_WORDS.holdsNow) : moment(validTo, language)}
              <br />
              {[by, reason].filter((each) => each !== null).join(': ')}
              <br />
              <small>{contentText(content)}</small>
            </span>
          </li>
        ))}
      </ul>
      {versions.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + ROWS)}>
          {t(OFFICE_WORDS.more)} ({number(String(versions.length - shown), language)})
        </Button>
      )}
    </Waiting>
  );
}

/** As the record has it: for people who know its fields. */
function contentText(content: Readonly<Record<string, unknown>>): string {
  return Object.entries(content)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(' · ');
}
