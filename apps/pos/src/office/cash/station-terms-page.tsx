import { Button, Group, Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../shared/language';
import { List, useList } from '../reading';
import { useStaff } from '../staff';
import type { StationTerms } from './cash-answers';
import { CASH } from './cash-words';
import { Sending } from './parts';
import { useSending } from './use-sending';

/** How stations sell: with shifts, from a vendor's float, or plainly. */
export default function StationTermsPage() {
  const { t } = useWords();
  const { can } = useStaff();
  const list = useList<StationTerms>('/v1/station-terms');
  const [changing, setChanging] = useState<StationTerms>();
  const saved = () => {
    setChanging(undefined);
    list.again();
  };
  return (
    <>
      {changing && <Change key={changing.station} terms={changing} onSaved={saved} />}
      <List list={list}>
        {(items) => (
          <div className="cash-wide" tabIndex={0}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t(CASH.station)}</Table.Th>
                  <Table.Th>{t(CASH.officeName)}</Table.Th>
                  <Table.Th>{t(CASH.sellsHow)}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((terms) => (
                  <Table.Tr key={terms.station}>
                    <Table.Td>
                      {can('station-terms.set') ? (
                        <Button variant="default" size="compact-sm" onClick={() => setChanging(terms)}>
                          {terms.station}
                        </Button>
                      ) : (
                        terms.station
                      )}{' '}
                      {terms.name === terms.station ? '' : terms.name}
                    </Table.Td>
                    <Table.Td>{terms.office}</Table.Td>
                    <Table.Td>
                      {terms.vendor === null
                        ? t(terms.keepsShifts ? CASH.withShifts : CASH.plain)
                        : `${t(CASH.withFloat)}: ${terms.vendor}`}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </List>
    </>
  );
}

function Change({ terms, onSaved }: { readonly terms: StationTerms; readonly onSaved: () => void }) {
  const { t } = useWords();
  const [vendor, setVendor] = useState(terms.vendor ?? '');
  const sending = useSending(`station-terms.${terms.station}`, onSaved);
  const { busy } = sending;
  const save = (body: object) => sending.send(`/v1/station-terms/${terms.station}`, body);
  return (
    <section className="card">
      <strong>{terms.station}</strong>
      <Sending of={sending}>
        <Group align="end" mt="xs">
          <Button loading={busy} onClick={() => void save({ keepsShifts: true })}>
            {t(CASH.withShifts)}
          </Button>
          <Button variant="default" loading={busy} onClick={() => void save({})}>
            {t(CASH.plain)}
          </Button>
          <TextInput
            label={t(CASH.vendorCode)}
            maxLength={32}
            value={vendor}
            onChange={({ currentTarget: { value } }) => setVendor(value.trim())}
          />
          <Button variant="default" loading={busy} disabled={vendor === ''} onClick={() => void save({ vendor })}>
            {t(CASH.withFloat)}
          </Button>
        </Group>
      </Sending>
    </section>
  );
}
