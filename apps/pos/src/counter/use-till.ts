import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { Meter, MeterSearch, Person, Problem, Quote, Recharge } from '../shared/answers';
import { callApi, SESSION_OVER, type Outcome } from '../shared/api';
import { heardOf } from '../shared/heard';
import type { Text } from '../shared/words';
import { changeFor } from './cash';
import { WORDS } from './counter-words';
import { forgetSale, keepSale, keptSale } from './sale-store';
import { searchesFor } from '../shared/search';
import { firstStage, maySendAgain, maySettle, move, type Sale } from './till';

const ASK_EVERY_MS = 2_000;

/** What the clerk asks the price of. */
export type Wish = { readonly amount: string } | { readonly kwh: string } | { readonly minimum: true };

const textOf = ({ title, titleBn }: Problem): Text => ({ bn: titleBn, en: title });

/** The till: where it stands, and what the clerk can do. @param onSessionOver the clerk must log in again */
export function useTill(me: Pick<Person, 'station' | 'username'>, onSessionOver: () => void) {
  const [stage, happen] = useReducer(move, undefined, () => firstStage(keptSale(me.station)));
  const [trouble, setTrouble] = useState<Text>();
  const [busy, setBusy] = useState(false);
  /** One thing at a time: a key pressed twice before the page has drawn itself anew is one. */
  const atWork = useRef<object>(undefined);

  /** The answer, or undefined after having told the clerk why there is none. */
  const read = useCallback(
    <Body>(outcome: Outcome<Body>): Body | undefined => {
      if (outcome.kind === 'answer') return outcome.body;
      setTrouble(outcome.kind === 'lost' ? WORDS.noConnection : textOf(outcome.problem));
      if (outcome.kind === 'refused' && SESSION_OVER.includes(outcome.problem.code)) onSessionOver();
      return undefined;
    },
    [onSessionOver],
  );

  const rest = () => {
    atWork.current = undefined;
    setBusy(false);
  };

  const working = async (work: () => Promise<void>) => {
    if (atWork.current) return;
    const mine = {};
    atWork.current = mine;
    setTrouble(undefined);
    setBusy(true);
    try {
      await work();
    } finally {
      if (atWork.current === mine) rest();
    }
  };

  const find = (typed: string) =>
    working(async () => {
      const meters = await findMeters(typed, read);
      if (meters === undefined) return;
      if (meters.length === 0) setTrouble(WORDS.nothingFound);
      happen({ is: 'found', meters });
    });

  const ask = (meter: Meter, wish: Wish) =>
    working(async () => {
      const body = { meterNo: meter.meterNo, ...wish };
      const quote = read(await callApi<Quote>({ path: '/v1/quotes', body }));
      if (quote) happen({ is: 'quoted', quote });
    });

  /** Under the id that it has. What somebody else sent, or another station, is never sent from here. */
  const send = (sale: Sale) =>
    working(() => (maySendAgain(sale, me) ? sendNow(sale, stage.at === 'absent') : Promise.resolve()));

  const sendNow = async (sale: Sale, isAgain: boolean) => {
    keepSale(sale);
    happen({ is: 'sent', sale });
    const { key: idempotencyKey, quoteId } = sale;
    let sentAt = Date.now();
    // How long a call may still arrive counts from the last one that left, also for a page that dies in between.
    const onSend = () => {
      sentAt = Date.now();
      keepSale({ ...sale, sentAt });
    };
    const outcome = await callApi<Recharge>({ path: '/v1/recharges', body: { quoteId }, idempotencyKey, onSend });
    if (outcome.kind === 'answer') return happen({ is: 'answered', recharge: outcome.body });
    // Then only the id tells. Every other refusal means that nothing was charged.
    if (heardOf(outcome) === 'lost') return happen({ is: 'lost', sentAt });
    // That this call was refused does not say what became of the one before.
    if (isAgain) {
      read(outcome);
      return happen({ is: 'lost', sentAt });
    }
    forgetSale(sale.key);
    read(outcome);
    happen({ is: 'refused' });
  };

  /** Cash is in the drawer. @param sure the clerk has said that the same is wanted once more */
  const agree = async (quote: Quote, cash: string, sure: boolean) => {
    if (changeFor(cash, quote.amount.value) === undefined) return setTrouble(WORDS.cashShort);
    if (quote.lookalike && !sure) return happen({ is: 'doubted', cash });
    // What is not sent cannot have been charged: that can be said at once.
    if (!navigator.onLine) return setTrouble(WORDS.noConnection);
    const { quoteId, meterNo, amount } = quote;
    const by = { station: me.station, clerk: me.username, sentAt: Date.now() };
    await send({ key: crypto.randomUUID(), quoteId, meterNo, amount: amount.value, cash, ...by });
  };

  /** Asked once more: what the server did not know before, it may have sold since. */
  const drop = (sale: Sale) =>
    working(async () => {
      if (!maySettle(sale, Date.now())) return;
      const outcome = await callApi<Recharge>({ path: `/v1/recharges/by-key/${sale.key}` });
      if (outcome.kind === 'refused' && outcome.problem.code === 'recharge-not-found') {
        forgetSale(sale.key);
        return happen({ is: 'refused' });
      }
      const recharge = read(outcome);
      if (recharge) happen({ is: 'answered', recharge });
    });

  /** Whatever was asked for the customer before is not waited for. */
  const step = (is: 'back' | 'next') => {
    setTrouble(undefined);
    rest();
    if (stage.at === 'sold' && stage.key !== undefined) forgetSale(stage.key);
    happen({ is });
  };

  /** The receipt once more, marked as a copy; the server writes down who asked. */
  const reprint = (rechargeId: string) =>
    working(async () => {
      const recharge = read(await callApi<Recharge>({ path: `/v1/recharges/${rechargeId}/reprints`, body: {} }));
      if (recharge) happen(stage.at === 'sold' ? { is: 'answered', recharge } : { is: 'opened', recharge });
    });

  const doubtful = stage.at === 'checking' ? stage.sale.key : undefined;
  useEffect(() => {
    if (doubtful === undefined) return;
    let timer: number | undefined;
    let over = false;
    const look = async () => {
      const outcome = await callApi<Recharge>({ path: `/v1/recharges/by-key/${doubtful}` });
      if (over) return;
      if (outcome.kind === 'answer') return happen({ is: 'answered', recharge: outcome.body });
      const code = outcome.kind === 'refused' ? outcome.problem.code : undefined;
      if (code === 'recharge-not-found') return happen({ is: 'missing' });
      if (code !== undefined && SESSION_OVER.includes(code)) return onSessionOver();
      timer = window.setTimeout(() => void look(), ASK_EVERY_MS);
    };
    void look();
    return () => {
      over = true;
      window.clearTimeout(timer);
    };
  }, [doubtful, onSessionOver]);

  const choose = (meter: Meter) => happen({ is: 'chosen', meter });
  return { stage, trouble, busy, find, choose, ask, agree, send, drop, step, reprint };
}

export type Till = ReturnType<typeof useTill>;

async function findMeters(
  typed: string,
  read: <Body>(outcome: Outcome<Body>) => Body | undefined,
): Promise<readonly Meter[] | undefined> {
  let found: readonly Meter[] | undefined;
  for (const body of searchesFor(typed)) {
    const answer = read(await callApi<MeterSearch>({ path: '/v1/meters/search', body }));
    found = answer?.items;
    if (found !== undefined && found.length > 0) return found;
  }
  return found;
}
