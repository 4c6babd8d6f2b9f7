import { Badge, Button, Group, Table, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import { Rows } from '../../shared/rows';
import type { OfficePageProps } from '../office-page-props';
import { List, useList, useReading, Waiting } from '../reading';
import { go } from '../route';
import { useStaff } from '../staff';
import type { Shift, ShiftReport } from './cash-answers';
import { CASH } from './cash-words';
import { CountedPieces, Facts, Sending, Signatures, Totals, useTaka } from './parts';
import { useSending } from './use-sending';

/** Shifts, and one of them with its figures: closed or sent back by a supervisor, and printed. */
export default function ShiftsPage({ rest: [shiftId] }: OfficePageProps) {
  return shiftId === undefined ? <ShiftList /> : <ShiftCard key={shiftId} shiftId={shiftId} />;
}

function ShiftList() {
  const { t, language } = useWords();
  const taka = useTaka();
  const [onlyOpen, setOnlyOpen] = useState(true);
  const list = useList<Shift>(onlyOpen ? '/v1/shifts?open=true' : '/v1/shifts');
  return (
    <>
      <Button variant="default" mb="sm" onClick={() => setOnlyOpen(!onlyOpen)}>
        {t(onlyOpen ? CASH.allShifts : CASH.onlyOpen)}
      </Button>
      <List list={list}>
        {(items) => (
          <Rows
            items={items}
            label={t(CASH.shifts)}
            idOf={({ shiftId }) => shiftId}
            onChoose={({ shiftId }) => go('shifts', shiftId)}
            show={(shift) => (
              <Group justify="space-between">
                <span>
                  {shift.clerk} · {shift.station} · {t(CASH.tillOf, { till: shift.till })} ·{' '}
                  {moment(shift.openedAt, language)}
                </span>
                <span>
                  {shift.lastCount && `${t(CASH.difference)} ${taka(shift.lastCount.difference.value)} `}
                  <Badge variant="outline" color="dark">
                    {t(CASH[`state${shift.state}`])}
                  </Badge>
                </span>
              </Group>
            )}
          />
        )}
      </List>
    </>
  );
}

function ShiftCard({ shiftId }: { readonly shiftId: string }) {
  const { t } = useWords();
  const { can, person } = useStaff();
  const reading = useReading<ShiftReport>(`/v1/shifts/${shiftId}`);
  const { body: shift } = reading;
  const decides = shift?.state === 'COUNTED' && can('shift.close') && shift.clerk !== person.username;
  return (
    <Waiting reading={reading} ready={shift !== undefined}>
      {shift && (
        <>
          <Button className="cash-no-print" variant="default" mb="sm" onClick={() => window.print()}>
            {t(CASH.print)}
          </Button>
          <ShiftSheet shift={shift} />
          {decides && <Decide shift={shift} onDone={reading.again} />}
        </>
      )}
    </Waiting>
  );
}

function ShiftSheet({ shift }: { readonly shift: ShiftReport }) {
  const { t, language } = useWords();
  const taka = useTaka();
  const { lastCount } = shift;
  const closed = shift.closedAt === null ? t(CASH.none) : moment(shift.closedAt, language);
  return (
    <section className="card cash-sheet">
      <Title order={3} size="h4">
        {t(CASH.sheet)}
      </Title>
      <Facts
        facts={[
          [CASH.station, `${shift.station} · ${t(CASH.tillOf, { till: shift.till })}`],
          [CASH.clerk, shift.clerk],
          [CASH.state, t(CASH[`state${shift.state}`])],
          [CASH.openedAt, moment(shift.openedAt, language)],
          [CASH.closedAt, closed],
          [CASH.closedBy, shift.closedBy ?? t(CASH.none)],
        ]}
      />
      <Totals
        totals={shift.totals}
        rest={[
          [CASH.expected, shift.expected.value],
          ...(lastCount
            ? ([
                [CASH.counted, lastCount.amount.value],
                [CASH.difference, lastCount.difference.value],
              ] as const)
            : []),
        ]}
      />
      {lastCount && (
        <>
          {lastCount.explanation !== null && (
            <Text my="xs">
              {t(CASH.explanation)}: {lastCount.explanation}
            </Text>
          )}
          <Title order={4} size="h5" mt="sm">
            {t(CASH.counted)}: {taka(lastCount.amount.value)}
          </Title>
          <CountedPieces counted={lastCount.counted} />
        </>
      )}
      <Signatures of={[CASH.signClerk, CASH.signSupervisor]} />
    </section>
  );
}

function Decide({ shift, onDone }: { readonly shift: ShiftReport; readonly onDone: () => void }) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const sending = useSending(`shift.${shift.shiftId}.${shift.lastCount!.no}`, onDone);
  const { busy } = sending;
  const decide = (what: 'close' | 'send-back', body: object) =>
    sending.send(`/v1/shifts/${shift.shiftId}/${what}`, body);
  return (
    <section className="card cash-no-print">
      <Text mb="xs">{t(CASH.closeWhy)}</Text>
      <Sending of={sending}>
        <Button loading={busy} onClick={() => void decide('close', { count: shift.lastCount!.no })}>
          {t(CASH.close)}
        </Button>
        <Group align="end" mt="md">
          <TextInput
            label={t(CASH.reason)}
            maxLength={300}
            value={reason}
            onChange={({ currentTarget: { value } }) => setReason(value)}
          />
          <Button
            variant="default"
            disabled={busy || reason.trim().length < 3}
            onClick={() => void decide('send-back', { reason: reason.trim() })}
          >
            {t(CASH.sendBack)}
          </Button>
        </Group>
      </Sending>
    </section>
  );
}

/** Shifts of a day, for a printed sheet. */
export function ShiftTable({ shifts }: { readonly shifts: readonly Shift[] }) {
  const { t } = useWords();
  const taka = useTaka();
  return (
    <div className="cash-wide" tabIndex={0}>
      <Table className="cash-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t(CASH.clerk)}</Table.Th>
            <Table.Th>{t(CASH.state)}</Table.Th>
            <Table.Th>{t(CASH.float)}</Table.Th>
            <Table.Th>{t(CASH.counted)}</Table.Th>
            <Table.Th>{t(CASH.difference)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shifts.map((shift) => (
            <Table.Tr key={shift.shiftId}>
              <Table.Td>
                {shift.clerk} · {t(CASH.tillOf, { till: shift.till })}
              </Table.Td>
              <Table.Td>{t(CASH[`state${shift.state}`])}</Table.Td>
              <Table.Td>{taka(shift.float.value)}</Table.Td>
              <Table.Td>{shift.lastCount ? taka(shift.lastCount.amount.value) : t(CASH.none)}</Table.Td>
              <Table.Td>{shift.lastCount ? taka(shift.lastCount.difference.value) : t(CASH.none)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
