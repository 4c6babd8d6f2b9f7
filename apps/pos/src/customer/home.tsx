import { useCallback, useEffect, useState } from 'react';
import { number } from '../shared/format';
import { useWords } from '../shared/language';
import { Account, Alerts } from './account';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import { History, Receipt, type WhichReceipt } from './history';
import { keepPayment, keptPayment, openedTokens, type OpenedTokens } from './kept';
import type { OwnMeter, OwnMeters } from './own-answers';
import { Trouble, useFetched, Wait } from './parts';
import { PaymentCard } from './payment';
import { Quote } from './quote';
import { TokenStepper } from './stepper';

type Place =
  | { readonly kind: 'home' }
  | { readonly kind: 'receipt'; readonly which: WhichReceipt }
  | { readonly kind: 'tokens'; readonly opened: OpenedTokens };

/** What a link names behind its #, which no server and no log gets to see: a receipt, or a payment that was begun. */
const RECEIPT_LINK = /^#r=([\w-]{5,40})$/;
const PAYMENT_LINK = /^#o=([0-9A-Z]{1,30})$/;

function linkedPlace(): Place {
  const receiptNo = RECEIPT_LINK.exec(window.location.hash)?.[1];
  return receiptNo === undefined ? { kind: 'home' } : { kind: 'receipt', which: { receiptNo } };
}

/** What is theirs, for somebody who is in. */
export function Home({ onOver }: { readonly onOver: () => void }) {
  const { t } = useWords();
  const [place, setPlace] = useState<Place>(linkedPlace);
  const [orderNo, setOrderNo] = useState(() => PAYMENT_LINK.exec(window.location.hash)?.[1] ?? keptPayment()?.orderNo);
  // Followed once: the next person at this phone finds no link in the address.
  useEffect(() => window.history.replaceState(null, '', window.location.pathname), []);
  const forget = () => {
    keepPayment(undefined);
    setOrderNo(undefined);
  };
  const openReceipt = useCallback((rechargeId: string) => setPlace({ kind: 'receipt', which: { rechargeId } }), []);

  if (place.kind !== 'home') {
    return (
      <>
        <button type="button" className="plain" onClick={() => setPlace({ kind: 'home' })}>
          ← {t(WORDS.back)}
        </button>
        {place.kind === 'receipt' ? (
          <Receipt which={place.which} onOver={onOver} onTokens={(opened) => setPlace({ kind: 'tokens', opened })} />
        ) : (
          <TokenStepper opened={place.opened} />
        )}
      </>
    );
  }
  return (
    <>
      {orderNo !== undefined && (
        <PaymentCard
          key={orderNo}
          orderNo={orderNo}
          onOver={onOver}
          onReceipt={(rechargeId) => {
            forget();
            openReceipt(rechargeId);
          }}
          onClose={forget}
        />
      )}
      <Opened onChosen={(opened) => setPlace({ kind: 'tokens', opened })} />
      <Meters onOver={onOver} onReceipt={openReceipt} onBegun={setOrderNo} />
    </>
  );
}

/** The meters of the phone, one at a time. */
function Meters({
  onOver,
  onReceipt,
  onBegun,
}: {
  readonly onOver: () => void;
  readonly onReceipt: (rechargeId: string) => void;
  readonly onBegun: (orderNo: string) => void;
}) {
  const { t } = useWords();
  const { body, trouble, again } = useFetched<OwnMeters>('/v1/my/meters', onOver);
  const [named, setNamed] = useState<readonly OwnMeter[]>([]);
  const [chosen, setChosen] = useState<string>();
  const meters = body?.items.map((each) => named.find(({ meterNo }) => meterNo === each.meterNo) ?? each);
  const meter = meters?.find(({ meterNo }) => meterNo === chosen) ?? meters?.[0];
  return (
    <>
      <Trouble text={trouble} again={again} />
      {!body && !trouble && <Wait />}
      {meters && meters.length > 1 && (
        <label>
          {t(WORDS.myMeters)}
          <select value={meter?.meterNo} onChange={(event) => setChosen(event.currentTarget.value)}>
            {meters.map(({ meterNo, nickname }) => (
              <option key={meterNo} value={meterNo}>
                {nickname === null ? meterNo : `${nickname} · ${meterNo}`}
              </option>
            ))}
          </select>
        </label>
      )}
      {meter && (
        // Another meter is another page: nothing of the one before may stay on it.
        <div key={meter.meterNo}>
          <Account
            meter={meter}
            onOver={onOver}
            onNamed={(one) => setNamed((before) => [...before.filter(({ meterNo }) => meterNo !== one.meterNo), one])}
          />
          <Quote meter={meter} onOver={onOver} onBegun={onBegun} />
          <History meter={meter} onOver={onOver} onChosen={onReceipt} />
        </div>
      )}
      {meter && <Alerts onOver={onOver} />}
    </>
  );
}

/** Tokens that were opened in this tab: at hand without a network. */
function Opened({ onChosen }: { readonly onChosen: (opened: OpenedTokens) => void }) {
  const { t, language } = useWords();
  const waiting = openedTokens().filter(({ done, tokens }) => done < tokens.length);
  if (waiting.length === 0) return null;
  return (
    <section className="card">
      <h2>{t(WORDS.opened)}</h2>
      {waiting.map((opened) => (
        <button key={opened.receipt.rechargeId} type="button" className="row" onClick={() => onChosen(opened)}>
          <span>{opened.receipt.receiptNo}</span>
          <strong>
            {t(WORDS.tokenOf, {
              k: number(String(opened.done + 1), language),
              n: number(String(opened.tokens.length), language),
            })}
          </strong>
        </button>
      ))}
    </section>
  );
}
