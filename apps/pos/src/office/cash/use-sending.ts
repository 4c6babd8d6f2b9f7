import { useState } from 'react';
import { callApi, type Call } from '../../shared/api';
import type { Text } from '../../shared/words';
import { useStaff, useTrouble } from '../staff';
import { afterSending, keepSending, keptSending, nextSending, type Sending } from './sending';

/**
 * Sends what moves money, under an id that stays, also over a reload, until the server has said what became of it.
 *
 * @param what its name: of one at a time
 * @param onAnswer it is done
 * @param onUnsure it is not known whether it is: to be looked up
 * @example const sending = useSending<BankDeposit>('bank-deposit', onSent); await sending.send(path, body);
 */
export function useSending<Body>(what: string, onAnswer: (body: Body) => void, onUnsure?: () => void) {
  const { person } = useStaff();
  const troubleOf = useTrouble();
  const [inHand, setInHand] = useState(() => keptSending(person.username, what));
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Text>();
  const keep = (sending: Sending | undefined) => {
    keepSending(person.username, what, sending);
    setInHand(sending);
  };
  const sendNow = async (sending: Sending) => {
    // Whoever reloads the page now does not know what became of it.
    keepSending(person.username, what, { ...sending, unsure: true });
    setBusy(true);
    const outcome = await callApi<Body>({ path: sending.path, body: sending.body, idempotencyKey: sending.key });
    setBusy(false);
    const left = afterSending(sending, outcome);
    keep(left);
    if (left?.unsure) onUnsure?.();
    setTrouble(troubleOf(outcome));
    if (outcome.kind === 'answer') onAnswer(outcome.body);
  };
  const send = async (path: Call['path'], body: object) => {
    const sending = nextSending(inHand, { path, body }, crypto.randomUUID());
    if (sending) await sendNow(sending);
  };
  /** The same under the same id. */
  const again = async () => {
    if (inHand) await sendNow(inHand);
  };
  /** The person has looked whether it was done, and wants it no more. */
  const drop = () => {
    keep(undefined);
    setTrouble(undefined);
  };
  /** A call got no answer: only asking again, or dropping it, leads on. */
  const unsure = inHand?.unsure ?? false;
  return { send, again, drop, busy, trouble, unsure };
}

export type SendingInHand = ReturnType<typeof useSending>;
