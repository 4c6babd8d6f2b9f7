import { Alert, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Token } from '../../shared/answers';
import { callApi } from '../../shared/api';
import { money, moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Text as Words } from '../../shared/words';
import { useReading } from '../reading';
import { useStaff, useTrouble } from '../staff';
import type { AskedApproval } from './answers';
import { TokenSheet } from './token-sheet';
import { mayBeDone, type OrderDone } from './order';
import type { OrderInHand } from './use-order';
import { APPROVAL_STATES, FACT_WORDS, WORK_WORDS } from './work-words';

/** Where a sent work stands, and the one thing to do next. @param onFinished it is closed, by whatever end */
export function OrderView({ hand, onFinished }: { readonly hand: OrderInHand; readonly onFinished: () => void }) {
  const { t } = useWords();
  const { order, standing, again, close } = hand;
  const finish = () => {
    close();
    onFinished();
  };
  const resend = (label: Words) => (
    <Button autoFocus onClick={() => void again()}>
      {t(label)}
    </Button>
  );
  const drop = (
    <Button variant="default" onClick={finish}>
      {t(WORK_WORDS.drop)}
    </Button>
  );
  const isAsked = order !== undefined && !mayBeDone(order);
  switch (standing?.at) {
    case undefined:
      return (
        <Notice
          title={isAsked ? WORK_WORDS.waiting : WORK_WORDS.lost}
          why={isAsked ? WORK_WORDS.waitingWhy : WORK_WORDS.lostWhy}
          approvalId={isAsked ? order.approvalId : undefined}
        >
          {resend(isAsked ? WORK_WORDS.carryOut : WORK_WORDS.askAgain)}
          {drop}
        </Notice>
      );
    case 'sending':
      return (
        <Notice title={WORK_WORDS.sending}>
          <Loader size="sm" />
        </Notice>
      );
    case 'lost':
      return (
        <Notice title={WORK_WORDS.lost} why={WORK_WORDS.lostWhy}>
          {resend(WORK_WORDS.askAgain)}
          {drop}
        </Notice>
      );
    case 'waiting':
      return (
        <Notice title={WORK_WORDS.waiting} why={WORK_WORDS.waitingWhy} approvalId={standing.approvalId}>
          {resend(WORK_WORDS.carryOut)}
          {drop}
        </Notice>
      );
    case 'refused': {
      const { title: en, titleBn: bn } = standing.problem;
      return (
        <Stack>
          <Alert color="red" role="alert" title={t(standing.final ? WORK_WORDS.refused : WORK_WORDS.refusedUnsure)}>
            {t({ bn, en })}
          </Alert>
          <Group>
            {!standing.final && resend(WORK_WORDS.askAgain)}
            {drop}
          </Group>
        </Stack>
      );
    }
    case 'done':
      return <Done title={hand.work.title} body={standing.body} onFinished={finish} />;
  }
}

interface NoticeProps {
  readonly title: Words;
  readonly why?: Words;
  /** What a second person is asked, if anything. */
  readonly approvalId?: string | undefined;
  readonly children: React.ReactNode;
}

function Notice({ title, why, approvalId, children }: NoticeProps) {
  const { t } = useWords();
  return (
    <Stack className="notice" role="status">
      <Title order={3}>{t(title)}</Title>
      {why && <Text>{t(why)}</Text>}
      {approvalId !== undefined && <SecondWord approvalId={approvalId} />}
      <Group>{children}</Group>
    </Stack>
  );
}

/** What the second person has said so far. */
function SecondWord({ approvalId }: { readonly approvalId: string }) {
  const { t } = useWords();
  const { body } = useReading<AskedApproval>(`/v1/approvals/${approvalId}`);
  if (!body) return null;
  return (
    <Text>
      {t(WORK_WORDS.asked)}: {t(APPROVAL_STATES[body.state])}
      {body.note !== null && ` · ${body.note}`}
    </Text>
  );
}

interface DoneProps {
  readonly title: Words;
  readonly body: OrderDone;
  readonly onFinished: () => void;
}

/** What was done, with its tokens if it has any. */
function Done({ title, body, onFinished }: DoneProps) {
  const { t } = useWords();
  const tokens = (body['tokens'] ?? []) as readonly Token[];
  const warning = body['warning'] as Words | undefined;
  const isReceipt = typeof body['receiptNo'] === 'string';
  const keyChangeId = body['keyChangeId'] as string | null | undefined;
  return (
    <Stack>
      <Title order={3} role="status">
        {t(WORK_WORDS.done)}
      </Title>
      {warning && <Alert color="orange">{t(warning)}</Alert>}
      <div className="on-paper">
        <Title order={4}>{t(title)}</Title>
        <Facts body={body} />
        {tokens.length > 0 && <TokenSheet tokens={tokens} sampleTables={body['sampleTables'] === true} />}
      </div>
      <Group className="no-print">
        {isReceipt && (
          <Button autoFocus onClick={() => window.print()}>
            {t(WORK_WORDS.print)}
          </Button>
        )}
        {keyChangeId && <ConfirmKey keyChangeId={keyChangeId} />}
        <Button variant="default" autoFocus={!isReceipt} onClick={onFinished}>
          {t(WORK_WORDS.finish)}
        </Button>
      </Group>
    </Stack>
  );
}

/** Sums that are decimal strings by themselves. */
const SUMS = ['fee', 'vat', 'deposit', 'energyMoney', 'arrearsPaid', 'arrearsLeft'];

/** Those that an answer has, in the order of the words; sums that are nothing are left out. */
function Facts({ body }: { readonly body: OrderDone }) {
  const { t, language } = useWords();
  const rows = Object.entries(FACT_WORDS).flatMap(([name, label]) => {
    const value = body[name];
    const taka = typeof value === 'object' && value !== null && 'value' in value ? String(value.value) : undefined;
    const sum = taka ?? (SUMS.includes(name) ? value : undefined);
    if (typeof sum === 'string') return sum === '0.00' ? [] : [{ name, label, shown: money(sum, language) }];
    return typeof value === 'string' && value !== ''
      ? [{ name, label, shown: name === 'bookedAt' ? moment(value, language) : value }]
      : [];
  });
  return (
    <section className="card">
      <dl>
        {rows.map(({ name, label, shown }) => (
          <div className="fact" key={name}>
            <dt>{t(label)}</dt>
            <dd>{shown}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Said by somebody who saw the meter take it. */
function ConfirmKey({ keyChangeId }: { readonly keyChangeId: string }) {
  const { t } = useWords();
  const { can } = useStaff();
  const troubleOf = useTrouble();
  const [said, setSaid] = useState<Words>();
  if (!can('key-change.confirm')) return null;
  const confirm = async () => {
    const outcome = await callApi({ path: `/v1/key-changes/${keyChangeId}/confirm`, body: {} });
    setSaid(troubleOf(outcome) ?? WORK_WORDS.keyConfirmed);
  };
  if (said) return <Text role="status">{t(said)}</Text>;
  return (
    <Button variant="default" onClick={() => void confirm()}>
      {t(WORK_WORDS.confirmKey)}
    </Button>
  );
}
