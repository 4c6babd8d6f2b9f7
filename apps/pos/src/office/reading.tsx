import { Alert, Button, Loader } from '@mantine/core';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { callApi, type Call } from '../shared/api';
import { useWords } from '../shared/language';
import type { Text } from '../shared/words';
import { OFFICE_WORDS } from './office-words';
import { useTrouble } from './staff';

/** What is read, and where it stands. */
export interface Reading<Body> {
  readonly body: Body | undefined;
  readonly trouble: Text | undefined;
  readonly again: () => void;
}

/**
 * Reads one answer and keeps it until the address changes or `again` is called; what was there stays until the new one
 * has come, so that nothing jumps.
 *
 * @example const card = useReading<MeterCard>(`/v1/meters/${meterNo}`);
 */
export function useReading<Body>(path: Call['path']): Reading<Body> {
  const troubleOf = useTrouble();
  const [known, setKnown] = useState<{ path: string; body?: Body; trouble?: Text }>();
  const asked = useRef(0);
  const load = useCallback(async () => {
    const turn = (asked.current += 1);
    const outcome = await callApi<Body>({ path });
    // Of two answers under way, the later question counts.
    if (turn !== asked.current) return;
    const trouble = troubleOf(outcome);
    setKnown((before) => {
      const body = outcome.kind === 'answer' ? outcome.body : before?.path === path ? before.body : undefined;
      return { path, body, trouble };
    });
  }, [path, troubleOf]);
  useEffect(() => {
    void load();
    return () => void (asked.current += 1);
  }, [load]);
  const here = known?.path === path ? known : undefined;
  return { body: here?.body, trouble: here?.trouble, again: () => void load() };
}

/** A page of a list, as every list of the API answers. */
export interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

export interface ListReading<Row> {
  /** Undefined until the first page has come. */
  readonly items: readonly Row[] | undefined;
  readonly trouble: Text | undefined;
  /** Undefined when there is no more. */
  readonly more: (() => void) | undefined;
  readonly again: () => void;
}

/**
 * Reads a list page by page, as far as somebody asks for more.
 *
 * @param path with its question, without a cursor
 * @example const history = useList<MeterEvent>(`/v1/meters/${meterNo}/history`);
 */
export function useList<Row>(path: Call['path']): ListReading<Row> {
  const troubleOf = useTrouble();
  const [known, setKnown] = useState<{
    path: string;
    items?: readonly Row[];
    cursor?: string | null;
    trouble?: Text;
  }>();
  const asked = useRef(0);
  const load = useCallback(
    async (cursor: string | null) => {
      const turn = (asked.current += 1);
      const mark = path.includes('?') ? '&' : '?';
      const from = cursor === null ? '' : `${mark}cursor=${encodeURIComponent(cursor)}`;
      const outcome = await callApi<ListPage<Row>>({ path: `${path}${from}` });
      if (turn !== asked.current) return;
      const trouble = troubleOf(outcome);
      setKnown((before) => {
        const items = before?.path === path ? before.items : undefined;
        if (outcome.kind !== 'answer') return { path, items, cursor, trouble };
        const earlier = cursor === null ? [] : (items ?? []);
        return { path, items: [...earlier, ...outcome.body.items], cursor: outcome.body.nextCursor };
      });
    },
    [path, troubleOf],
  );
  useEffect(() => {
    void load(null);
    return () => void (asked.current += 1);
  }, [load]);
  const here = known?.path === path ? known : undefined;
  const cursor = here?.cursor ?? null;
  return {
    items: here?.items,
    trouble: here?.trouble,
    more: cursor === null ? undefined : () => void load(cursor),
    again: () => void load(null),
  };
}

interface WaitingProps {
  readonly reading: { readonly trouble: Text | undefined; readonly again: () => void };
  /** Whether there is something to show. */
  readonly ready: boolean;
  readonly children?: ReactNode;
}

/** The children when there is something to show; before that a wheel in the same room; and why, when there is nothing. */
export function Waiting({ reading, ready, children }: WaitingProps) {
  const { t } = useWords();
  return (
    <>
      {reading.trouble && (
        <Alert color="red" role="alert" my="xs">
          {t(reading.trouble)}{' '}
          <Button size="compact-sm" variant="default" onClick={reading.again}>
            {t(OFFICE_WORDS.again)}
          </Button>
        </Alert>
      )}
      {ready && children}
      {!ready && !reading.trouble && (
        <div className="office-waiting" role="status">
          <Loader size="sm" aria-label={t(OFFICE_WORDS.loading)} />
        </div>
      )}
    </>
  );
}

interface ListProps<Row> {
  readonly list: ListReading<Row>;
  readonly children: (items: readonly Row[]) => ReactNode;
}

/** A list with its wheel, its trouble, its emptiness said, and a button for more. */
export function List<Row>({ list, children }: ListProps<Row>) {
  const { t } = useWords();
  const { items, more } = list;
  return (
    <Waiting reading={list} ready={items !== undefined}>
      {items && (items.length > 0 ? children(items) : <p>{t(OFFICE_WORDS.nothing)}</p>)}
      {more && (
        <Button variant="default" mt="xs" onClick={more}>
          {t(OFFICE_WORDS.more)}
        </Button>
      )}
    </Waiting>
  );
}
