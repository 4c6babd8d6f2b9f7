import { Button, Group, NativeSelect, Stack, Table } from '@mantine/core';
import './tariffs.css';
import { day } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { OfficePageProps } from '../office-page-props';
import { useReading, Waiting } from '../reading';
import { go, PageLink } from '../route';
import { useStaff } from '../staff';
import { ComparePage } from './compare-page';
import { DraftPage } from './draft-page';
import type { TariffList } from './tariff-answers';
import { KIND_WORDS, TARIFF_WORDS as WORDS } from './tariff-words';
import { People, StateBadge } from './tariff-parts';
import { VersionPage } from './version-page';

/** `/office/tariffs/<book>/…`: the list, one document, two of them, or a new one. */
export default function TariffsPage({ rest }: OfficePageProps) {
  const [book, what, one, other] = rest;
  const list = useReading<TariffList>(
    book === undefined ? '/v1/tariffs' : `/v1/tariffs?book=${encodeURIComponent(book)}`,
  );
  const { body } = list;
  return (
    <Waiting reading={list} ready={body !== undefined}>
      {body && what === undefined && <Documents list={body} book={book ?? body.soldBy} />}
      {body && book !== undefined && what === 'new' && <DraftPage book={book} list={body} />}
      {body && book !== undefined && what === 'version' && one !== undefined && (
        <VersionPage key={one} book={book} code={one} list={body} onChanged={list.again} />
      )}
      {book !== undefined && what === 'beside' && one !== undefined && other !== undefined && (
        <ComparePage book={book} code={one} other={other} />
      )}
    </Waiting>
  );
}

function Documents({ list, book }: { readonly list: TariffList; readonly book: string }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const choices = list.books.map((value) => ({
    value,
    label: value === list.soldBy ? `${value} (${t(WORDS.soldBy)})` : value,
  }));
  return (
    <Stack>
      <Group align="end" justify="space-between">
        <NativeSelect
          label={t(WORDS.book)}
          data={choices}
          value={book}
          onChange={(event) => go('tariffs', event.currentTarget.value)}
        />
        {can('tariff.change') && <Button onClick={() => go('tariffs', book, 'new')}>{t(WORDS.newDraft)}</Button>}
      </Group>
      <Table.ScrollContainer type="native" minWidth={640} tabIndex={0}>
        <Table striped aria-label={t(WORDS.documents)}>
          <Table.Thead>
            <Table.Tr>
              {[WORDS.code, WORDS.kind, WORDS.state, WORDS.from, WORDS.until, WORDS.people].map((word) => (
                <Table.Th key={word.en}>{t(word)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.items.map((item) => (
              <Table.Tr key={item.code}>
                <Table.Td>
                  <PageLink to={['tariffs', book, 'version', item.code]}>{item.code}</PageLink>
                </Table.Td>
                <Table.Td>{t(KIND_WORDS[item.kind])}</Table.Td>
                <Table.Td>
                  <StateBadge state={item.state} />
                </Table.Td>
                <Table.Td>{day(item.effectiveFrom, language)}</Table.Td>
                <Table.Td>{item.endsOn === null ? '–' : day(item.endsOn, language)}</Table.Td>
                <Table.Td>
                  <People item={item} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
