import { Button, Group, NativeSelect, Stack, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { latinDigits } from '../../shared/format';
import { useWords } from '../../shared/language';
import { useReading } from '../reading';
import { useStaff } from '../staff';
import { Said, useActing, wordOf } from './acting';
import { CASE_WORDS as WORDS } from './case-words';
import { STATE_WORDS } from './desk-words';
import { keptRequests, type KeptRequest } from './kept-request';
import type { Approval, ApprovalNeeded, Case } from './supervision-answers';

interface MoneyProps {
  readonly shown: Case;
  readonly onDone: (after: Case) => void;
}

/** The two ways out of a case about money: vend it to the right meter, or pay it back. */
export function CaseMoney({ shown, onDone }: MoneyProps) {
  const { person } = useStaff();
  const { caseNo, payment } = shown;
  const acting = useActing();
  const [kept, setKept] = useState(() => keptRequests.read(person.username, caseNo));
  const drop = () => {
    keptRequests.drop(person.username, caseNo);
    setKept(undefined);
  };
  const send = async (request: Omit<KeptRequest, 'approvalId'>) => {
    const path = `/v1/cases/${encodeURIComponent(caseNo)}/${request.way}` as const;
    const { body, key } = request;
    const outcome = await acting.act<Case | ApprovalNeeded>({ path, body, idempotencyKey: key });
    if (!outcome) return;
    if ('approval' in outcome.body) {
      const waiting = { ...request, approvalId: outcome.body.approval.id };
      keptRequests.keep(person.username, caseNo, waiting);
      setKept(waiting);
      return;
    }
    drop();
    onDone(outcome.body);
  };
  if (!payment || (payment.waysOut.length === 0 && !kept)) return null;
  return (
    <section className="card">
      <Said acting={acting} />
      {kept ? (
        <Waits kept={kept} busy={acting.busy} onSend={() => void send(kept)} onDrop={drop} />
      ) : (
        <div className="actions">
          {payment.waysOut.includes('apply') && <Apply busy={acting.busy} onSend={send} />}
          {payment.waysOut.includes('refund') && <Refund busy={acting.busy} onSend={send} />}
        </div>
      )}
    </section>
  );
}

interface WaitsProps {
  readonly kept: KeptRequest;
  readonly busy: boolean;
  readonly onSend: () => void;
  readonly onDrop: () => void;
}

/** Asked for, and waiting for somebody else's word; sent again it is carried out once. */
function Waits({ kept, busy, onSend, onDrop }: WaitsProps) {
  const { t } = useWords();
  const approval = useReading<Approval>(`/v1/approvals/${kept.approvalId}`);
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {t(kept.way === 'apply' ? WORDS.apply : WORDS.refund)}
      </Title>
      <p>{t(WORDS.needsSecond)}</p>
      <p role="status">
        {approval.body && t(WORDS.approvalIs, { state: t(wordOf(STATE_WORDS, approval.body.state)) })}
        {approval.body?.note && ` · ${approval.body.note}`}
      </p>
      <Group>
        <Button loading={busy} onClick={onSend}>
          {t(WORDS.sendAgain)}
        </Button>
        <Button variant="default" disabled={busy} onClick={onDrop}>
          {t(WORDS.forget)}
        </Button>
      </Group>
    </Stack>
  );
}

interface WayProps {
  readonly busy: boolean;
  readonly onSend: (request: Omit<KeptRequest, 'approvalId'>) => Promise<void>;
}

function Apply({ busy, onSend }: WayProps) {
  const { t } = useWords();
  // Made before it is sent: the same request again is the same one.
  const [key] = useState(() => crypto.randomUUID());
  const [meterNo, setMeterNo] = useState('');
  const [reason, setReason] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    void onSend({ key, way: 'apply', body: { meterNo: latinDigits(meterNo).trim(), reason: reason.trim() } });
  };
  return (
    <form onSubmit={send}>
      <Stack gap="xs">
        <Title order={3} size="h4">
          {t(WORDS.apply)}
        </Title>
        <TextInput
          label={t(WORDS.toMeter)}
          required
          inputMode="numeric"
          maxLength={18}
          value={meterNo}
          onChange={(event) => setMeterNo(event.currentTarget.value)}
        />
        <Why value={reason} onChange={setReason} />
        <Button type="submit" loading={busy}>
          {t(WORDS.apply)}
        </Button>
      </Stack>
    </form>
  );
}

function Refund({ busy, onSend }: WayProps) {
  const { t } = useWords();
  const [key] = useState(() => crypto.randomUUID());
  const [from, setFrom] = useState('cash');
  const [reference, setReference] = useState('');
  const [reason, setReason] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    void onSend({ key, way: 'refund', body: { from, reference: reference.trim(), reason: reason.trim() } });
  };
  return (
    <form onSubmit={send}>
      <Stack gap="xs">
        <Title order={3} size="h4">
          {t(WORDS.refund)}
        </Title>
        <NativeSelect
          label={t(WORDS.refundFrom)}
          data={[
            { value: 'cash', label: t(WORDS.cash) },
            { value: 'provider', label: t(WORDS.provider) },
          ]}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label={t(WORDS.voucher)}
          required
          maxLength={64}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <Why value={reason} onChange={setReason} />
        <Button type="submit" loading={busy}>
          {t(WORDS.refund)}
        </Button>
      </Stack>
    </form>
  );
}

function Why({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useWords();
  return (
    <TextInput
      label={t(WORDS.why)}
      required
      minLength={3}
      maxLength={200}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
