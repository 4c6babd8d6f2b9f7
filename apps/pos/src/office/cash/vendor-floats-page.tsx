import { Alert, Badge, Button, Group, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { latinDigits } from '../../shared/format';
import { useWords } from '../../shared/language';
import { Rows } from '../../shared/rows';
import type { OfficePageProps } from '../office-page-props';
import { useReading, Waiting } from '../reading';
import { go } from '../route';
import { useStaff } from '../staff';
import type { VendorFloat } from './cash-answers';
import { CASH } from './cash-words';
import { FloatCard, FloatStatement } from './float-page';
import { Trouble, useTaka } from './parts';
import { useSending } from './use-sending';

/** The floats of all vendors; one of them with its statement, and the way in for new money. */
export default function VendorFloatsPage({ rest: [code] }: OfficePageProps) {
  const { t } = useWords();
  const { can } = useStaff();
  const taka = useTaka();
  const reading = useReading<{ readonly items: readonly VendorFloat[] }>('/v1/vendor-floats');
  const items = reading.body?.items;
  const chosen = items?.find((float) => float.code === code);
  return (
    <Waiting reading={reading} ready={items !== undefined}>
      {chosen && (
        <>
          <FloatCard float={chosen} />
          {can('float.top-up') && <TopUp code={chosen.code} onDone={reading.again} />}
          <FloatStatement key={chosen.balance.value} path={`/v1/vendor-floats/${chosen.code}/statement`} />
        </>
      )}
      {!chosen && items && (
        <Rows
          items={items}
          label={t(CASH.vendor)}
          idOf={(float) => float.code}
          onChoose={(float) => go('vendor-floats', float.code)}
          show={(float) => (
            <Group justify="space-between">
              <span>
                {float.name} · {float.code}
              </span>
              <span>
                {taka(float.balance.value)}{' '}
                {float.low && (
                  <Badge color="red.9" variant="outline">
                    {t(CASH.topUp)}
                  </Badge>
                )}
              </span>
            </Group>
          )}
        />
      )}
    </Waiting>
  );
}

function TopUp({ code, onDone }: { readonly code: string; readonly onDone: () => void }) {
  const { t } = useWords();
  const [ask, setAsk] = useState({ amount: '', reference: '', reason: '' });
  const [asked, setAsked] = useState<'waits' | 'done'>();
  const { send, busy, trouble } = useSending();
  const topUp = async () => {
    const answer = await send(`/v1/vendor-floats/${code}/top-ups`, ask);
    if (!answer) return;
    setAsked(answer.status === 202 ? 'waits' : 'done');
    if (answer.status === 202) return;
    setAsk({ amount: '', reference: '', reason: '' });
    onDone();
  };
  const field = (name: keyof typeof ask, label: (typeof CASH)[keyof typeof CASH]) => (
    <TextInput
      label={t(label)}
      value={ask[name]}
      // While a second person is asked about it, it stays what was asked.
      disabled={asked === 'waits'}
      onChange={({ currentTarget: { value } }) =>
        setAsk({ ...ask, [name]: name === 'amount' ? latinDigits(value.trim()) : value })
      }
    />
  );
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        void topUp();
      }}
    >
      <Title order={3} size="h4">
        {t(CASH.topUp)}
      </Title>
      <Group align="end">
        {field('amount', CASH.amount)}
        {field('reference', CASH.reference)}
        {field('reason', CASH.topUpReason)}
        <Button type="submit" loading={busy} disabled={Object.values(ask).some((text) => text.trim() === '')}>
          {t(CASH.topUp)}
        </Button>
      </Group>
      <Trouble of={trouble} />
      {asked && (
        <Alert role="status" mt="sm">
          {t(asked === 'waits' ? CASH.approvalAsked : CASH.toppedUp)}
        </Alert>
      )}
    </form>
  );
}
