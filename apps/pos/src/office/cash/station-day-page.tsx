import { Button, Group, Table, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../shared/language';
import { useReading, Waiting } from '../reading';
import { useStaff } from '../staff';
import type { StationDay } from './cash-answers';
import { CASH } from './cash-words';
import { Facts, Signatures, Totals, useTaka } from './parts';
import { ShiftTable } from './shifts-page';

/** Today in Dhaka, as a form's field writes it. */
function today(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Dhaka' }).format(new Date());
}

/** A station's day, to look at and to print. */
export default function StationDayPage() {
  const { t } = useWords();
  const { person } = useStaff();
  const [station, setStation] = useState(person.station);
  const [day, setDay] = useState(today);
  const [asked, setAsked] = useState({ station, day });
  return (
    <>
      <form
        className="cash-no-print"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked({ station: station.trim(), day });
        }}
      >
        <Group align="end" mb="sm">
          <TextInput
            label={t(CASH.station)}
            maxLength={32}
            value={station}
            onChange={({ currentTarget: { value } }) => setStation(value)}
          />
          <TextInput
            type="date"
            label={t(CASH.day)}
            required
            value={day}
            onChange={({ currentTarget: { value } }) => setDay(value)}
          />
          <Button type="submit">{t(CASH.show)}</Button>
          <Button variant="default" onClick={() => window.print()}>
            {t(CASH.print)}
          </Button>
        </Group>
      </form>
      <DaySheet {...asked} />
    </>
  );
}

function DaySheet({ station, day }: { readonly station: string; readonly day: string }) {
  const { t } = useWords();
  const taka = useTaka();
  const path = `/v1/station-days?station=${encodeURIComponent(station)}&day=${encodeURIComponent(day)}` as const;
  const reading = useReading<StationDay>(path);
  const { body } = reading;
  return (
    <Waiting reading={reading} ready={body !== undefined}>
      {body && (
        <section className="card cash-sheet">
          <Title order={3} size="h4">
            {t(CASH.daySheet)}
          </Title>
          <Facts
            facts={[
              [CASH.station, body.station],
              [CASH.day, body.day],
              [CASH.opening, taka(body.opening.value)],
            ]}
          />
          <Totals totals={body.totals} rest={[[CASH.closing, body.closing.value]]} />
          <Title order={4} size="h5" mt="md">
            {t(CASH.shifts)}
          </Title>
          <ShiftTable shifts={body.shifts} />
          <Title order={4} size="h5" mt="md">
            {t(CASH.deposits)}
          </Title>
          <Table className="cash-table">
            <Table.Tbody>
              {body.deposits.map((deposit) => (
                <Table.Tr key={deposit.depositId}>
                  <Table.Td>
                    {deposit.bank} · {t(CASH[`state${deposit.state}`])}
                  </Table.Td>
                  <Table.Td>{taka(deposit.amount.value)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Signatures of={[CASH.signSupervisor]} />
        </section>
      )}
    </Waiting>
  );
}
