import './supervision.css';
import { Badge, Button, SegmentedControl, Stack } from '@mantine/core';
import { Fragment, useState, type ReactNode } from 'react';
import { moment, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { List, useList } from '../reading';
import { useStaff } from '../staff';
import { Said, useActing, wordOf } from './acting';
import { TEMPLATE_WORDS } from './code-words';
import { DESK_WORDS as WORDS, STATE_WORDS } from './desk-words';
import type { Message, RemoteLoad } from './supervision-answers';

/** SMS that need a person first, and all others. */
export default function MessagesPage() {
  return (
    <FailedFirst<Message> path="/v1/messages" failed="failed" idOf={({ messageId }) => messageId}>
      {(message) => <Sms message={message} />}
    </FailedFirst>
  );
}

/** Loads of tokens into meters behind a head-end: the failed first, and all others. */
export function LoadsPage() {
  return (
    <FailedFirst<RemoteLoad> path="/v1/remote-loads" failed="FAILED" idOf={({ remoteLoadId }) => remoteLoadId}>
      {(load) => <Load load={load} />}
    </FailedFirst>
  );
}

interface FailedFirstProps<Item> {
  readonly path: `/v1/${string}`;
  /** How the API calls the state of what has failed. */
  readonly failed: 'failed' | 'FAILED';
  readonly idOf: (item: Item) => string;
  readonly children: (item: Item) => ReactNode;
}

/** A list that begins with what has failed and can show everything. */
function FailedFirst<Item>({ path, failed, idOf, children }: FailedFirstProps<Item>) {
  const { t } = useWords();
  const [shown, setShown] = useState<string>(failed);
  const list = useList<Item>(shown === failed ? `${path}?state=${failed}` : path);
  const data = [
    { value: failed, label: t(STATE_WORDS[failed]) },
    { value: 'all', label: t(WORDS.all) },
  ];
  return (
    <Stack>
      <SegmentedControl data={data} value={shown} onChange={setShown} color="teal.9" autoContrast />
      <section className="card">
        <List list={list}>
          {(items) => (
            <ul className="items">
              {items.map((item) => (
                <Fragment key={idOf(item)}>{children(item)}</Fragment>
              ))}
            </ul>
          )}
        </List>
      </section>
    </Stack>
  );
}

function Sms({ message }: { readonly message: Message }) {
  const { t, language } = useWords();
  const [now, setNow] = useState(message);
  const whose = now.customerNo === null ? t(WORDS.nobody) : t(WORDS.customer, { no: now.customerNo });
  return (
    <li>
      <div className="item-head">
        <span>
          <b>{t(wordOf(TEMPLATE_WORDS, now.template))}</b> · {whose} {now.mobile !== null && `· ${now.mobile}`}
        </span>
        <Badge color="gray.8" variant="filled">
          {t(wordOf(STATE_WORDS, now.state))}
        </Badge>
      </div>
      <div className="quiet">
        {moment(now.queuedAt, language)} · {t(WORDS.attempts, { n: number(String(now.attempts), language) })}
        {now.outcome !== null && ` · ${t(WORDS.why, { why: now.outcome })}`}
        {now.gateway !== null && ` · ${now.gateway}`}
      </div>
      <Again<Message>
        permission="message.retry"
        path={`/v1/messages/${now.messageId}/retry`}
        failed={now.state === 'failed'}
        onSent={setNow}
      />
    </li>
  );
}

interface AgainProps<Item> {
  readonly permission: string;
  readonly path: `/v1/${string}`;
  readonly failed: boolean;
  readonly onSent: (item: Item) => void;
}

/** Sends what has failed once more. */
function Again<Item extends Message | RemoteLoad>({ permission, path, failed, onSent }: AgainProps<Item>) {
  const { t } = useWords();
  const { can } = useStaff();
  const acting = useActing();
  const send = async () => {
    const outcome = await acting.act<Item>({ path, body: {} }, WORDS.retried);
    if (outcome) onSent(outcome.body);
  };
  return (
    <>
      {failed && can(permission) && (
        <Button size="compact-sm" mt="xs" loading={acting.busy} onClick={() => void send()}>
          {t(WORDS.retry)}
        </Button>
      )}
      <Said acting={acting} />
    </>
  );
}

function Load({ load }: { readonly load: RemoteLoad }) {
  const { t, language } = useWords();
  const [now, setNow] = useState(load);
  return (
    <li>
      <div className="item-head">
        <span>
          <b>{now.meterNo}</b> · {t(WORDS.customer, { no: now.customerNo })} · {t(WORDS.receipt, { no: now.receiptNo })}
        </span>
        <Badge color="gray.8" variant="filled">
          {t(wordOf(STATE_WORDS, now.state))}
        </Badge>
      </div>
      <div className="quiet">
        {moment(now.createdAt, language)} · {t(WORDS.attempts, { n: number(String(now.attempts), language) })} ·{' '}
        {now.headEnd}
        {now.reason !== null && ` · ${t(WORDS.why, { why: now.reason })}`}
      </div>
      <Again<RemoteLoad>
        permission="remote-load.retry"
        path={`/v1/remote-loads/${now.remoteLoadId}/retry`}
        failed={now.state === 'FAILED'}
        onSent={setNow}
      />
    </li>
  );
}
