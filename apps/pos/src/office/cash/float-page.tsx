import { Alert, Table, Title } from '@mantine/core';
import type { Call } from '../../shared/api';
import { moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import { List, useList, useReading, Waiting } from '../reading';
import type { FloatLine, TillState, VendorFloat } from './cash-answers';
import { CASH, kindName } from './cash-words';
import { useTaka } from './parts';

/** What is left of the float that this station sells from, and what moved it. */
export default function FloatPage() {
  const { t } = useWords();
  const reading = useReading<TillState>('/v1/till-state');
  const { body } = reading;
  return (
    <Waiting reading={reading} ready={body !== undefined}>
      {body && !body.float && <Alert>{t(CASH.noFloat)}</Alert>}
      {body?.float && (
        <>
          <FloatCard float={body.float} />
          <FloatStatement path="/v1/vendor-floats/own/statement" />
        </>
      )}
    </Waiting>
  );
}

/** A float, and a warning when its vendor should pay in. */
export function FloatCard({ float }: { readonly float: VendorFloat }) {
  const { t } = useWords();
  const taka = useTaka();
  return (
    <section className="card">
      <Title order={3} size="h4">
        {float.name}
      </Title>
      <p className="cash-sum">
        {t(CASH.floatLeft)}: {taka(float.balance.value)}
      </p>
      {float.low && float.lowBelow && (
        <Alert color="red">{t(CASH.floatLow, { limit: taka(float.lowBelow.value) })}</Alert>
      )}
    </section>
  );
}

/** The lines of a float, the oldest first, page by page. */
export function FloatStatement({ path }: { readonly path: Call['path'] }) {
  const { t, language } = useWords();
  const taka = useTaka();
  const list = useList<FloatLine>(path);
  return (
    <List list={list}>
      {(items) => (
        <div className="cash-wide" tabIndex={0}>
          <Table className="cash-table">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t(CASH.when)}</Table.Th>
                <Table.Th>{t(CASH.kind)}</Table.Th>
                <Table.Th>{t(CASH.amount)}</Table.Th>
                <Table.Th>{t(CASH.balance)}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((line, index) => (
                // A sale is several lines; their order is theirs for ever.
                <Table.Tr key={`${line.businessId}${index}`}>
                  <Table.Td>{moment(line.bookedAt, language)}</Table.Td>
                  <Table.Td>{t(kindName(line.entry))}</Table.Td>
                  <Table.Td>{taka(line.amount.value)}</Table.Td>
                  <Table.Td>{taka(line.balance.value)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </List>
  );
}
