import { Checkbox, Group, Stack, Table, Text } from '@mantine/core';
import { Fragment, useState } from 'react';
import { day, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { useReading, Waiting } from '../reading';
import { PageLink } from '../route';
import type { ComparedRow, Comparison, Tariff } from './tariff-answers';
import { ITEM_WORDS, TARIFF_WORDS as WORDS } from './tariff-words';

/** Two versions side by side; what differs is marked, by colour and by a word. */
export function ComparePage({
  book,
  code,
  other,
}: {
  readonly book: string;
  readonly code: string;
  readonly other: string;
}) {
  const { t, language } = useWords();
  const path =
    `/v1/tariffs/${encodeURIComponent(code)}/beside/${encodeURIComponent(other)}?book=${encodeURIComponent(book)}` as const;
  const reading = useReading<Comparison>(path);
  const [only, setOnly] = useState(false);
  const { body } = reading;
  const differences = body?.rows.filter(({ differs }) => differs).length ?? 0;
  return (
    <Waiting reading={reading} ready={body !== undefined}>
      {body && (
        <Stack>
          <Group justify="space-between">
            <Text role="status" fw={700}>
              {t(WORDS.differences, { n: number(String(differences), language) })}
            </Text>
            <Checkbox
              label={t(WORDS.onlyDifferent)}
              checked={only}
              onChange={(event) => setOnly(event.currentTarget.checked)}
            />
            <PageLink to={['tariffs', book]}>{t(WORDS.toList)}</PageLink>
          </Group>
          <Sides comparison={body} rows={only ? body.rows.filter(({ differs }) => differs) : body.rows} />
        </Stack>
      )}
    </Waiting>
  );
}

function Sides({ comparison, rows }: { readonly comparison: Comparison; readonly rows: readonly ComparedRow[] }) {
  const { t } = useWords();
  const classes = [...new Set(rows.map(({ tariffClass }) => tariffClass))];
  return (
    <Table.ScrollContainer type="native" minWidth={320} tabIndex={0}>
      <Table className="tariff-compare" aria-label={t(WORDS.compare)}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t(WORDS.item)}</Table.Th>
            <SideHead side={comparison.left} />
            <SideHead side={comparison.right} />
          </Table.Tr>
        </Table.Thead>
        {classes.map((tariffClass) => {
          const own = rows.filter((row) => row.tariffClass === tariffClass);
          return (
            <Table.Tbody key={tariffClass ?? ''}>
              <Table.Tr>
                <Table.Th scope="rowgroup" colSpan={3}>
                  {tariffClass === null ? t(WORDS.whole) : `${tariffClass} · ${t(own[0]!.className!)}`}
                </Table.Th>
              </Table.Tr>
              {own.map((row) => (
                <Side key={`${row.item} ${row.kwh}`} row={row} />
              ))}
            </Table.Tbody>
          );
        })}
      </Table>
    </Table.ScrollContainer>
  );
}

function SideHead({ side }: { readonly side: Tariff }) {
  return (
    <Table.Th>
      <PageLink to={['tariffs', side.book, 'version', side.code]}>{side.code}</PageLink>
    </Table.Th>
  );
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;

function Side({ row }: { readonly row: ComparedRow }) {
  const { t, language } = useWords();
  const shown = (value: string | null) => {
    if (value === null) return t(WORDS.none);
    if (DAY.test(value)) return day(value, language);
    return DECIMAL.test(value) ? number(value, language) : value;
  };
  return (
    <Table.Tr data-differs={row.differs}>
      <Table.Td>
        {t(ITEM_WORDS[row.item])} {row.kwh !== null && `${row.kwh} kWh`}
      </Table.Td>
      <Table.Td>{shown(row.left)}</Table.Td>
      <Table.Td>
        {shown(row.right)}
        {row.differs && <Fragment> ({t(WORDS.changed)})</Fragment>}
      </Table.Td>
    </Table.Tr>
  );
}
