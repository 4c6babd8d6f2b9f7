import { Badge, Button, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { moment } from '../../shared/format';
import { useWords } from '../../shared/language';
import { List, useList } from '../reading';
import { useStaff } from '../staff';
import type { AskedApproval } from './answers';
import { forgetOrder, keptOrders, type Order } from './order';
import { OrderView } from './order-view';
import { useOrder } from './use-order';
import type { Work } from './work';
import { APPROVAL_STATES, WORK_WORDS } from './work-words';
import { workNamed } from './works';

/** What a person has asked for: what this machine still holds in hand, and what a second person said to the rest. */
export default function OrdersPage() {
  const { t, language } = useWords();
  const { person } = useStaff();
  const [kept, setKept] = useState(() => keptOrders(person.username));
  const [open, setOpen] = useState<Order>();
  const asked = useList<AskedApproval>('/v1/approvals/mine');
  const finished = () => {
    setOpen(undefined);
    setKept(keptOrders(person.username));
    asked.again();
  };
  const drop = ({ key }: Order) => {
    forgetOrder(key);
    setKept(keptOrders(person.username));
  };
  const work = workNamed(open?.work);
  return (
    <Stack>
      {kept.length > 0 && (
        <section className="card" aria-label={t(WORK_WORDS.inHand)}>
          <Title order={3}>{t(WORK_WORDS.inHand)}</Title>
          <Text>{t(WORK_WORDS.inHandWhy)}</Text>
          <ul className="office-rows">
            {kept.map((order) => (
              <li key={order.key} className="office-row">
                <span>
                  <b>{t(workNamed(order.work)?.title ?? WORK_WORDS.work)}</b> · {order.about}
                  <br />
                  <small>{moment(new Date(order.at).toISOString(), language)}</small>
                </span>
                {workNamed(order.work) ? (
                  <Button onClick={() => setOpen(order)}>{t(WORK_WORDS.openIt)}</Button>
                ) : (
                  // Its form is gone from this version: all that is left is to look whether it was done.
                  <Button variant="default" onClick={() => drop(order)}>
                    {t(WORK_WORDS.drop)}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {open && work && <Kept key={open.key} work={work} order={open} onFinished={finished} />}
      <section className="card" aria-label={t(WORK_WORDS.asked)}>
        <Title order={3}>{t(WORK_WORDS.asked)}</Title>
        <List list={asked}>
          {(items) => (
            <ul className="office-rows">
              {items.map(({ id, subject, reason, requestedAt, state, note }) => (
                <li key={id} className="office-row">
                  <span>
                    <b>{reason}</b> · {subject}
                    <br />
                    <small>
                      {moment(requestedAt, language)} {note}
                    </small>
                  </span>
                  <Badge color={state === 'APPROVED' ? 'teal.9' : 'gray.8'}>{t(APPROVAL_STATES[state])}</Badge>
                </li>
              ))}
            </ul>
          )}
        </List>
      </section>
    </Stack>
  );
}

interface KeptProps {
  readonly work: Work;
  readonly order: Order;
  readonly onFinished: () => void;
}

function Kept({ work, order, onFinished }: KeptProps) {
  const { t } = useWords();
  const hand = useOrder(work, order);
  return (
    <section className="card">
      <Title order={3}>
        {t(work.title)} · {order.about}
      </Title>
      <OrderView hand={hand} onFinished={onFinished} />
    </section>
  );
}
