import { useState, type FormEvent } from 'react';
import type { PriceLine } from '../shared/answers';
import { callApi } from '../shared/api';
import { latinDigits } from '../shared/format';
import { useWords } from '../shared/language';
import type { Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import type { OwnMeter, OwnQuote } from './own-answers';
import { Card, isOver, taka, Trouble, troubleOf, useGiven, Wait } from './parts';
import { Pay } from './payment';

interface OfMeter {
  readonly meter: OwnMeter;
  readonly onOver: () => void;
  /** Somebody is on the way to a gateway with this payment. */
  readonly onBegun: (orderNo: string) => void;
}

const USUAL = '500';

/** "What will 500 Taka give me, and why?", and the way to pay it. */
export function Quote({ meter, onOver, onBegun }: OfMeter) {
  const { t } = useWords();
  const given = useGiven();
  const [amount, setAmount] = useState(USUAL);
  const [quote, setQuote] = useState<OwnQuote>();
  const [trouble, setTrouble] = useState<Text>();
  const [busy, setBusy] = useState(false);

  const ask = async (event: FormEvent) => {
    event.preventDefault();
    const body = { meterNo: meter.meterNo, amount: latinDigits(amount).replaceAll(',', '').trim() };
    setBusy(true);
    const outcome = await callApi<OwnQuote>({ path: '/v1/my/quotes', body });
    setBusy(false);
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
        <button disabled={busy}>{t(WORDS.show)}</button>
      </form>
      <Trouble text={trouble} />
      {(busy || quote) && (
        // The room is there from the press on: what is below does not move when the answer comes.
        <div className="answer" aria-busy={busy}>
          {busy && <Wait />}
          {quote && !busy && (
            <>
              <p className="given" role="status">
                {t(WORDS.gives)} <strong>{given(quote.energy, quote.credit)}</strong>
              </p>
              <Lines lines={quote.lines} />
              <Pay meter={meter} amount={quote.amount.value} onOver={onOver} onBegun={onBegun} />
            </>
          )}
        </div>
      )}
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
