import { useRef, useState } from 'react';
import { callApi, type Call } from '../../shared/api';
import type { Text } from '../../shared/words';
import { useTrouble } from '../staff';

/**
 * Sends what moves money, under an id that stays until the server has said what became of it: pressed again after a lost
 * answer, it is the same call.
 *
 * @example const { send, busy, trouble } = useSending();
 */
export function useSending() {
  const troubleOf = useTrouble();
  const key = useRef<string>(undefined);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Text>();
  /** @returns the answer; undefined when there is none, and `trouble` says why. A 202 keeps the id for the next press. */
  const send = async <Body>(path: Call['path'], body: object): Promise<{ body: Body; status: number } | undefined> => {
    key.current ??= crypto.randomUUID();
    setBusy(true);
    const outcome = await callApi<Body>({ path, body, idempotencyKey: key.current });
    setBusy(false);
    setTrouble(troubleOf(outcome));
    if (outcome.kind === 'refused' || (outcome.kind === 'answer' && outcome.status !== 202)) key.current = undefined;
    return outcome.kind === 'answer' ? { body: outcome.body, status: outcome.status } : undefined;
  };
  return { send, busy, trouble };
}
