import { Alert, Button, Group, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { latinDigits, moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import { useReading, Waiting } from '../reading';
import type { ShiftReport, TillState } from './cash-answers';
import { CASH } from './cash-words';
import { CountForm, Facts, Sending, Totals, useTaka } from './parts';
import { countOf, lessOf, NOTHING_TYPED, takaOf } from './pieces';
import { useSending } from './use-sending';

/** The clerk's own shift: open it, see how it stands, count it. */
export default function ShiftPage() {
  const { t } = useWords();
  const reading = useReading<TillState>('/v1/till-state');
  const { body } = reading;
  return (
    <Waiting reading={reading} ready={body !== undefined}>
      {body?.float && <Alert>{t(CASH.agentStation)}</Alert>}
      {body && !body.shift && !body.float && !body.keepsShifts && <Alert>{t(CASH.noShifts)}</Alert>}
      {body && !body.shift && body.keepsShifts && <OpenShift onOpened={reading.again} />}
      {body?.shift && <OwnShift shift={body.shift} onChanged={reading.again} />}
    </Waiting>
  );
}

function OpenShift({ onOpened }: { readonly onOpened: () => void }) {
  const { t } = useWords();
  const [till, setTill] = useState('1');
  const [typed, setTyped] = useState(NOTHING_TYPED);
  const sending = useSending('shift-open', onOpened);
  const count = countOf(typed);
  const open = async () => {
    if (count) await sending.send('/v1/shifts', { till, ...count });
  };
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <Title order={3} size="h4">
        {t(CASH.openTitle)}
      </Title>
      <TextInput
        label={t(CASH.till)}
        maw="12rem"
        maxLength={7}
        value={till}
        onChange={({ currentTarget: { value } }) => setTill(latinDigits(value.trim()))}
      />
      <Text mt="sm">{t(CASH.floatCount)}</Text>
      <CountForm typed={typed} onType={setTyped} />
      <Sending of={sending}>
        <Button type="submit" loading={sending.busy} disabled={!count || !/^[0-9A-Za-z]{1,7}$/.test(till)}>
          {t(CASH.open)}
        </Button>
      </Sending>
    </form>
  );
}

function OwnShift({ shift, onChanged }: { readonly shift: ShiftReport; readonly onChanged: () => void }) {
  const { t, language } = useWords();
  const taka = useTaka();
  const { lastCount } = shift;
  return (
    <>
      <section className="card">
        <Group justify="space-between">
          <Title order={3} size="h4">
            {t(CASH.tillOf, { till: shift.till })} · {t(CASH[`state${shift.state}`])}
          </Title>
          <Group gap="xs">
            <Button variant="default" size="compact-md" onClick={onChanged}>
              {t(CASH.refresh)}
            </Button>
            {shift.state === 'OPEN' && (
              <Button component="a" href="/counter/" variant="default" size="compact-md">
                {t(CASH.sell)}
              </Button>
            )}
          </Group>
        </Group>
        <Facts facts={[[CASH.openedAt, moment(shift.openedAt, language)]]} />
        <Totals totals={shift.totals} rest={[[CASH.expected, shift.expected.value]]} />
      </section>
      {shift.state === 'COUNTED' && lastCount && (
        <Alert mb="md" role="status">
          {t(CASH.waits)} {t(CASH.counted)}: {taka(lastCount.amount.value)}, {t(CASH.difference)}:{' '}
          {taka(lastCount.difference.value)}
        </Alert>
      )}
      <CountDrawer key={lastCount?.no ?? 0} shift={shift} onCounted={onChanged} />
    </>
  );
}

function CountDrawer({ shift, onCounted }: { readonly shift: ShiftReport; readonly onCounted: () => void }) {
  const { t } = useWords();
  const taka = useTaka();
  const [typed, setTyped] = useState(NOTHING_TYPED);
  const [explanation, setExplanation] = useState('');
  const sending = useSending(`count.${shift.shiftId}.${shift.lastCount?.no ?? 0}`, onCounted);
  const count = countOf(typed);
  const difference = count && lessOf(takaOf(count), shift.expected.value);
  const send = async () => {
    const why = explanation.trim();
    const body = { ...count, ...(why !== '' && { explanation: why }) };
    if (count) await sending.send(`/v1/shifts/${shift.shiftId}/count`, body);
  };
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Title order={3} size="h4">
        {t(CASH.countTitle)}
      </Title>
      <Text size="sm">{t(CASH.countWhy)}</Text>
      <CountForm typed={typed} onType={setTyped} />
      <p className="cash-sum">
        {t(CASH.difference)}: <output>{difference === undefined ? t(CASH.none) : taka(difference)}</output>
      </p>
      <TextInput
        label={t(CASH.explanation)}
        maxLength={300}
        value={explanation}
        onChange={({ currentTarget: { value } }) => setExplanation(value)}
      />
      <Sending of={sending}>
        <Button type="submit" loading={sending.busy} disabled={!count}>
          {t(CASH.sendCount)}
        </Button>
      </Sending>
    </form>
  );
}
