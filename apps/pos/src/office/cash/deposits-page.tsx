import { Badge, Button, Group, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import { Rows } from '../../shared/rows';
import { List, useList } from '../reading';
import { useStaff } from '../staff';
import type { BankDeposit } from './cash-answers';
import { CASH } from './cash-words';
import { CountedPieces, CountForm, Facts, Sending, Signatures, useTaka } from './parts';
import { countOf, NOTHING_TYPED } from './pieces';
import { useSending } from './use-sending';

/** Deposit slips: made by who sends the cash, printed for the bank, confirmed by who has the bank's paper. */
export default function DepositsPage() {
  const { t, language } = useWords();
  const { can } = useStaff();
  const taka = useTaka();
  const list = useList<BankDeposit>('/v1/bank-deposits');
  const [shown, setShown] = useState<BankDeposit>();
  const show = (deposit: BankDeposit) => {
    setShown(deposit);
    list.again();
  };
  return (
    <>
      {shown && <Slip key={shown.depositId + shown.state} deposit={shown} onChanged={show} />}
      {can('bank-deposit.send') && <SendCash onSent={show} onUnsure={list.again} />}
      <div className="cash-no-print">
        <List list={list}>
          {(items) => (
            <Rows
              items={items}
              label={t(CASH.deposits)}
              idOf={({ depositId }) => depositId}
              onChoose={setShown}
              show={(deposit) => (
                <Group justify="space-between">
                  <span>
                    {deposit.station} · {deposit.bank} · {moment(deposit.sentAt, language)}
                  </span>
                  <span>
                    {taka(deposit.amount.value)}{' '}
                    <Badge variant="outline" color="dark">
                      {t(CASH[`state${deposit.state}`])}
                    </Badge>
                  </span>
                </Group>
              )}
            />
          )}
        </List>
      </div>
    </>
  );
}

interface SendCashProps {
  readonly onSent: (deposit: BankDeposit) => void;
  /** It may stand in the list. */
  readonly onUnsure: () => void;
}

function SendCash({ onSent, onUnsure }: SendCashProps) {
  const { t } = useWords();
  const [bank, setBank] = useState('');
  const [typed, setTyped] = useState(NOTHING_TYPED);
  const sent = (deposit: BankDeposit) => {
    setTyped(NOTHING_TYPED);
    onSent(deposit);
  };
  const sending = useSending<BankDeposit>('bank-deposit', sent, onUnsure);
  const count = countOf(typed);
  const make = async () => {
    if (count) await sending.send('/v1/bank-deposits', { bank, ...count });
  };
  return (
    <form
      className="card cash-no-print"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <Title order={3} size="h4">
        {t(CASH.depositTitle)}
      </Title>
      <TextInput
        label={t(CASH.bank)}
        maw="20rem"
        maxLength={40}
        value={bank}
        onChange={({ currentTarget: { value } }) => setBank(value.trim())}
      />
      <CountForm typed={typed} onType={setTyped} />
      <Sending of={sending}>
        <Button type="submit" loading={sending.busy} disabled={!count || bank === ''}>
          {t(CASH.makeSlip)}
        </Button>
      </Sending>
    </form>
  );
}

function Slip({
  deposit,
  onChanged,
}: {
  readonly deposit: BankDeposit;
  readonly onChanged: (deposit: BankDeposit) => void;
}) {
  const { t, language } = useWords();
  const { can, person } = useStaff();
  const confirms = deposit.state === 'SENT' && can('bank-deposit.confirm') && deposit.sentBy !== person.username;
  return (
    <section className="card cash-sheet">
      <Group justify="space-between">
        <Title order={3} size="h4">
          {t(CASH.slip)}
        </Title>
        <Button className="cash-no-print" variant="default" onClick={() => window.print()}>
          {t(CASH.print)}
        </Button>
      </Group>
      <Facts
        facts={[
          [CASH.slipNo, deposit.depositId],
          [CASH.station, deposit.station],
          [CASH.bank, deposit.bank],
          [CASH.sentBy, deposit.sentBy],
          [CASH.sentAt, moment(deposit.sentAt, language)],
          [CASH.state, t(CASH[`state${deposit.state}`])],
          [CASH.reference, deposit.reference ?? t(CASH.none)],
        ]}
      />
      <CountedPieces counted={deposit.counted} />
      <Signatures of={[CASH.signSupervisor, CASH.signBank]} />
      {confirms && <Confirm deposit={deposit} onChanged={onChanged} />}
    </section>
  );
}

function Confirm({
  deposit,
  onChanged,
}: {
  readonly deposit: BankDeposit;
  readonly onChanged: (deposit: BankDeposit) => void;
}) {
  const { t } = useWords();
  const [reference, setReference] = useState('');
  const sending = useSending<BankDeposit>(`confirm.${deposit.depositId}`, onChanged);
  const confirm = () => sending.send(`/v1/bank-deposits/${deposit.depositId}/confirm`, { reference });
  return (
    <form
      className="cash-no-print"
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      <TextInput
        label={t(CASH.reference)}
        maw="20rem"
        maxLength={40}
        value={reference}
        onChange={({ currentTarget: { value } }) => setReference(value.trim())}
      />
      <Sending of={sending}>
        <Button type="submit" loading={sending.busy} disabled={reference.length < 3}>
          {t(CASH.confirm)}
        </Button>
      </Sending>
    </form>
  );
}
