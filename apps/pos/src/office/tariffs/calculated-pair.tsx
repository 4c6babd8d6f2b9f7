import { Table, Text } from '@mantine/core';
import { money, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Calculation } from './tariff-answers';
import { fewerUnits } from './fewer-units';
import { TARIFF_WORDS as WORDS } from './tariff-words';

/** One calculation, or two side by side with what the second one makes of it. */
export function CalculatedPair({ results }: { readonly results: readonly Calculation[] }) {
  const { t, language } = useWords();
  const [first, second] = results;
  const change = first?.energy && second?.energy ? fewerUnits(first.energy.kwh, second.energy.kwh) : undefined;
  return (
    <div className="tariff-result" aria-live="polite">
      {change && second && (
        <Text fw={700} mb="xs">
          {t(change.fewer ? WORDS.less : WORDS.more, {
            second: second.tariffVersion,
            kwh: number(change.kwh, language),
          })}
        </Text>
      )}
      <div className="tariff-pair">
        {results.map((result, index) => (
          <Calculated key={index} result={result} />
        ))}
      </div>
    </div>
  );
}

function Calculated({ result }: { readonly result: Calculation }) {
  const { t, language } = useWords();
  const { amount, energy, credit, lines, tariffVersion, rebateProfile } = result;
  return (
    <Table captionSide="top" aria-label={tariffVersion}>
      <Table.Caption>
        {tariffVersion} · {rebateProfile}
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t(WORDS.line)}</Table.Th>
          <Table.Th>{t(WORDS.taka)}</Table.Th>
          <Table.Th>{t(WORDS.why)}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line) => (
          <Table.Tr key={line.code}>
            <Table.Td>{t(line.label)}</Table.Td>
            <Table.Td>{money(line.amount, language)}</Table.Td>
            <Table.Td>
              <small>{t(line.why)}</small>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th>{t(WORDS.paid)}</Table.Th>
          <Table.Td>
            <b>{money(amount.value, language)}</b>
          </Table.Td>
          <Table.Td />
        </Table.Tr>
        {energy && (
          <Table.Tr>
            <Table.Th>{t(WORDS.gets)}</Table.Th>
            <Table.Td>
              <b>{number(energy.kwh, language)}</b>
            </Table.Td>
            <Table.Td>{energy.estimated && t(WORDS.estimate)}</Table.Td>
          </Table.Tr>
        )}
        {credit && (
          <Table.Tr>
            <Table.Th>{t(WORDS.credited)}</Table.Th>
            <Table.Td>
              <b>{money(credit.value, language)}</b>
            </Table.Td>
            <Table.Td />
          </Table.Tr>
        )}
      </Table.Tfoot>
    </Table>
  );
}
