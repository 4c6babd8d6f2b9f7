import { useState } from 'react';
import { callApi } from '../../shared/api';
import { useStaff, useTrouble } from '../staff';
import {
  forgetOrder,
  keepOrder,
  mayBeDone,
  onItsWay,
  standingOf,
  type Order,
  type OrderDone,
  type Standing,
} from './order';
import type { Work } from './work';

/** How a work is sent: kept first, under its own id, and looked after until the server's last word. */
export function useOrder(work: Work, kept: Order | undefined) {
  const { person } = useStaff();
  const troubleOf = useTrouble();
  const [order, setOrder] = useState<Order | undefined>(kept);
  const [standing, setStanding] = useState<Standing>();
  /** Whether an earlier call under this id may have arrived. */
  const [unsure, setUnsure] = useState(kept !== undefined && mayBeDone(kept));
  const remembers = work.once && !work.personal;

  const send = async (next: Order) => {
    if (remembers) keepOrder(onItsWay(next));
    setOrder(next);
    setStanding({ at: 'sending' });
    const { path, body, key } = next;
    const outcome = await callApi<OrderDone>({
      path,
      body,
      method: work.method,
      ...(work.once && { idempotencyKey: key }),
    });
    const now = standingOf(outcome, unsure);
    setStanding(now);
    // A session that is over leads to the login; the order waits.
    troubleOf(outcome);
    if (now.at === 'lost') setUnsure(true);
    // Not let in: this call did nothing.
    if (now.at === 'refused' && !now.final && !unsure && remembers) keepOrder(next);
    if (now.at === 'waiting') {
      setUnsure(false);
      const { sentAgain: _settled, ...asked } = next;
      const waiting = { ...asked, approvalId: now.approvalId };
      setOrder(waiting);
      if (remembers) keepOrder(waiting);
    }
    if (now.at === 'refused' && now.final) forgetOrder(key);
  };

  const start = (about: string, path: Order['path'], body: object) =>
    send({ key: crypto.randomUUID(), by: person.username, work: work.name, about, path, body, at: Date.now() });
  const again = () => (order ? send(order) : Promise.resolve());
  /** The person has seen how it ended, or wants it no more. */
  const close = () => {
    if (order) forgetOrder(order.key);
    setOrder(undefined);
    setStanding(undefined);
    setUnsure(false);
  };
  return { work, order, standing, start, again, close };
}

export type OrderInHand = ReturnType<typeof useOrder>;
