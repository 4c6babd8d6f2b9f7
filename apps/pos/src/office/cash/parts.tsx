import { Alert, Button, Group, Table, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { latinDigits, money, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Text as Words } from '../../shared/words';
import type { CashTotal, Counted } from './cash-answers';
import { CASH, kindName } from './cash-words';
import { countOf, PIECES, takaOf, type TypedCount } from './pieces';
import type { SendingInHand } from './use-sending';
import './cash.css';

/** Taka in the language of the page. @example const taka = useTaka(); taka('1000.00') // '১,০০০.০০' */
export function useTaka(): (value: string) => string {
  const { language } = useWords();
  return (value) => money(value, language);
}

interface CountFormProps {
  readonly typed: TypedCount;
  readonly onType: (typed: TypedCount) => void;
}

/** How many of each note and coin; the sum stands below, and says when something typed is no number. */
export function CountForm({ typed, onType }: CountFormProps) {
  const { t, language } = useWords();
  const taka = useTaka();
  const count = countOf(typed);
  return (
    <div className="cash-count">
      {PIECES.map((piece) => (
        <TextInput
          key={piece}
          label={t(CASH.piece, { taka: number(piece, language) })}
          inputMode="numeric"
          autoComplete="off"
          value={typed.pieces[piece] ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onType({ ...typed, pieces: { ...typed.pieces, [piece]: latinDigits(value.trim()) } })
          }
        />
      ))}
      <TextInput
        className="cash-coins"
        label={t(CASH.coins)}
        inputMode="decimal"
        autoComplete="off"
        value={typed.coins}
        onChange={({ currentTarget: { value } }) => onType({ ...typed, coins: latinDigits(value.trim()) })}
      />
      <p className="cash-sum">
        {t(CASH.sum)}: <output>{count ? taka(takaOf(count)) : t(CASH.malformed)}</output>
      </p>
    </div>
  );
}

/** Cash by kind, in and out, with what it comes to. */
export function Totals({
  totals,
  rest,
}: {
  readonly totals: readonly CashTotal[];
  readonly rest: readonly (readonly [Words, string])[];
}) {
  const { t, language } = useWords();
  const taka = useTaka();
  return (
    <Table className="cash-table">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t(CASH.kind)}</Table.Th>
          <Table.Th>{t(CASH.number)}</Table.Th>
          <Table.Th>{t(CASH.in)}</Table.Th>
          <Table.Th>{t(CASH.out)}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {totals.map((total) => (
          <Table.Tr key={total.kind}>
            <Table.Td>{t(kindName(total.kind))}</Table.Td>
            <Table.Td>{number(String(total.count), language)}</Table.Td>
            <Table.Td>{total.in.value === '0.00' ? '' : taka(total.in.value)}</Table.Td>
            <Table.Td>{total.out.value === '0.00' ? '' : taka(total.out.value)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        {rest.map(([name, value]) => (
          <Table.Tr key={name.en}>
            <Table.Th colSpan={3}>{t(name)}</Table.Th>
            <Table.Td>
              <strong>{taka(value)}</strong>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tfoot>
    </Table>
  );
}

/** A count piece by piece, for paper. */
export function CountedPieces({ counted }: { readonly counted: Counted }) {
  const { t, language } = useWords();
  const taka = useTaka();
  const pieces = PIECES.filter((piece) => (counted.pieces[piece] ?? 0) > 0);
  return (
    <Table className="cash-table">
      <Table.Tbody>
        {pieces.map((piece) => {
          const count = counted.pieces[piece]!;
          return (
            <Table.Tr key={piece}>
              <Table.Td>
                {t(CASH.piece, { taka: number(piece, language) })} × {number(String(count), language)}
              </Table.Td>
              <Table.Td>{taka(takaOf({ pieces: { [piece]: count }, coins: '0' }))}</Table.Td>
            </Table.Tr>
          );
        })}
        <Table.Tr>
          <Table.Td>{t(CASH.coins)}</Table.Td>
          <Table.Td>{taka(takaOf({ pieces: {}, coins: counted.coins }))}</Table.Td>
        </Table.Tr>
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th>{t(CASH.sum)}</Table.Th>
          <Table.Td>
            <strong>{taka(takaOf(counted))}</strong>
          </Table.Td>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

/** Facts, one in a line. */
export function Facts({ facts }: { readonly facts: readonly (readonly [Words, string])[] }) {
  const { t } = useWords();
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name.en} className="cash-fact">
          <dt>{t(name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Lines for the signatures of whoever signs. */
export function Signatures({ of }: { readonly of: readonly Words[] }) {
  const { t } = useWords();
  return (
    <Group className="cash-signatures" justify="space-between">
      {of.map((who) => (
        <Text key={who.en} size="sm">
          {t(who)}
        </Text>
      ))}
    </Group>
  );
}

/** Why something did not happen, and the buttons that send it; while it is unknown what became of it, those that lead on. */
export function Sending({ of, children }: { readonly of: SendingInHand; readonly children: ReactNode }) {
  const { t } = useWords();
  const { trouble, unsure, busy, again, drop } = of;
  return (
    <>
      <div role="alert" className="cash-trouble">
        {trouble && (
          <Alert color="red" variant="light" p="sm">
            <Text c="red.9">{t(trouble)}</Text>
          </Alert>
        )}
        {unsure && <Text my="xs">{t(CASH.unsure)}</Text>}
      </div>
      {unsure ? (
        <Group>
          <Button loading={busy} onClick={() => void again()}>
            {t(CASH.askAgain)}
          </Button>
          <Button variant="default" disabled={busy} onClick={drop}>
            {t(CASH.drop)}
          </Button>
        </Group>
      ) : (
        children
      )}
    </>
  );
}
