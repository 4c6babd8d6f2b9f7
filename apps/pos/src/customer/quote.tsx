import { useState, type FormEvent } from 'react';
import type { PriceLine } from '../shared/answers';
import { callApi } from '../shared/api';
import { latinDigits } from '../shared/format';
import { useWords } from '../shared/language';
import type { Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import { keepOrder, keptOrder } from './kept';
import type { Gateways, OrderStarted, OrderStatus, OwnMeter, OwnQuote } from './own-answers';
import { Card, isOver, taka, Trouble, troubleOf, useFetched, useGiven } from './parts';

interface OfMeter {
  readonly meter: OwnMeter;
  readonly onOver: () => void;
}

const USUAL = '500';

/** "What will 500 Taka give me, and why?", and the way to pay it. */
export function Quote({ meter, onOver }: OfMeter) {
  const { t, language } = useWords();
  const given = useGiven();
  const [amount, setAmount] = useState(USUAL);
  const [quote, setQuote] = useState<OwnQuote>();
  const [trouble, setTrouble] = useState<Text>();

  const ask = async (event: FormEvent) => {
    event.preventDefault();
    const body = { meterNo: meter.meterNo, amount: latinDigits(amount).replaceAll(',', '').trim() };
    const outcome = await callApi<OwnQuote>({ path: '/v1/my/quotes', body });
    if (isOver(outcome)) return onOver();
    setQuote(outcome.kind === 'answer' ? outcome.body : undefined);
    setTrouble(outcome.kind === 'answer' ? undefined : troubleOf(outcome));
  };

  return (
    <Card title={t(WORDS.whatGives)}>
      <form onSubmit={ask} className="inline">
        <label>
          {t(WORDS.amount)}
          <input
            value={amount}
            onChange={(event) => setAmount(event.currentTarget.value)}
            inputMode="decimal"
            maxLength={12}
            required
          />
        </label>
        <button>{t(WORDS.show)}</button>
      </form>
      <Trouble text={trouble} />
      {quote && (
        <>
          <p className="given" role="status">
            {t(WORDS.gives)} <strong>{given(quote.energy, quote.credit)}</strong>
          </p>
          <Lines lines={quote.lines} />
          <Pay meter={meter} amount={quote.amount.value} onOver={onOver} />
        </>
      )}
      <LastOrder language={language} />
    </Card>
  );
}

/** The lines of a price, each with its reason. */
export function Lines({ lines }: { readonly lines: readonly PriceLine[] }) {
  const { t, language } = useWords();
  return (
    <ul className="lines">
      {lines.map(({ code, label, amount, why }) => (
        <li key={code}>
          <span>{t(label)}</span> <span className="sum">{taka({ value: amount }, language)}</span>
          <small>{t(why)}</small>
        </li>
      ))}
    </ul>
  );
}

function Pay({ meter, amount, onOver }: OfMeter & { readonly amount: string }) {
  const { t, language } = useWords();
  const { body, trouble, again } = useFetched<Gateways>('/v1/checkout/gateways', onOver);
  const [refused, setRefused] = useState<Text>();
  const [busy, setBusy] = useState(false);

  const begin = async (gateway: string) => {
    setBusy(true);
    const outcome = await callApi<OrderStarted>({
      path: '/v1/checkout/orders',
      body: { reference: meter.meterNo, amount, gateway, language },
      idempotencyKey: crypto.randomUUID(),
    });
    setBusy(false);
    if (outcome.kind !== 'answer') return setRefused(troubleOf(outcome));
    keepOrder(outcome.body.orderNo);
    window.location.assign(outcome.body.payUrl);
  };

  return (
    <>
      <Trouble text={trouble ?? refused} again={trouble && again} />
      {body?.items.length === 0 && <p>{t(WORDS.noGateway)}</p>}
      {body?.items.map(({ code, name }) => (
        <button key={code} type="button" disabled={busy} onClick={() => void begin(code)}>
          {t(WORDS.pay, { name })}
        </button>
      ))}
    </>
  );
}

/** What became of the payment that this tab went away for. */
function LastOrder({ language }: { readonly language: 'bn' | 'en' }) {
  const { t } = useWords();
  const [orderNo] = useState(keptOrder);
  const [status, setStatus] = useState<OrderStatus>();
  const [trouble, setTrouble] = useState<Text>();
  if (orderNo === undefined) return null;
  const look = async () => {
    const outcome = await callApi<OrderStatus>({ path: '/v1/checkout/orders/status', body: { orderNo } });
    setStatus(outcome.kind === 'answer' ? outcome.body : undefined);
    setTrouble(outcome.kind === 'answer' ? undefined : troubleOf(outcome));
  };
  return (
    <p>
      <button type="button" className="plain" onClick={() => void look()}>
        {t(WORDS.lastPayment)}
      </button>{' '}
      {status && (
        <span role="status">
          {taka(status.amount, language)}: {status[language]}
        </span>
      )}
      <Trouble text={trouble} />
    </p>
  );
}
