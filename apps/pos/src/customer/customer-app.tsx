import { useCallback, useEffect, useState } from 'react';
import { callApi } from '../shared/api';
import { number } from '../shared/format';
import { useWords } from '../shared/language';
import { isLeaving, useLeaving } from '../shared/leaving';
import { SHARED_WORDS } from '../shared/shared-words';
import type { Text } from '../shared/words';
import { Account, Alerts } from './account';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import { History, Receipt } from './history';
import { beginKeeping, EXIT, forgetAll, isKeeping, openedTokens, type OpenedTokens } from './kept';
import type { OwnMeter, OwnMeters, OwnSession } from './own-answers';
import { Trouble, useFetched } from './parts';
import { Quote } from './quote';
import { SignIn } from './sign-in';
import { TokenStepper } from './stepper';

/** The link in an SMS names a receipt behind #r=, which no server and no log gets to see. */
const LINKED = /^#r=([\w-]{5,40})$/;

/** The customer's page: out, until a code came; in, with the meters of the phone. */
export function CustomerApp() {
  const { t, language, setLanguage } = useWords();
  const [isIn, setIn] = useState<boolean | undefined>(() => (isLeaving(EXIT) ? false : isKeeping() || undefined));
  const [said, setSaid] = useState<Text>();
  const offline = useOffline();

  const over = useCallback(() => {
    forgetAll();
    setSaid(WORDS.over);
    setIn(false);
  }, []);
  const entered = useCallback(({ expiresAt }: OwnSession) => {
    beginKeeping(expiresAt);
    setSaid(undefined);
    setIn(true);
  }, []);
  // A new tab, or the page after it was closed: the cookie may still be good.
  useEffect(() => {
    if (isIn !== undefined) return;
    void callApi<OwnMeters>({ path: '/v1/my/meters' }).then((outcome) => {
      if (outcome.kind === 'answer') entered({ expiresAt: outcome.body.sessionExpiresAt });
      else setIn(false);
    });
  }, [isIn, entered]);
  // What this phone holds goes first, whether the server hears of it or not.
  const left = useCallback(() => {
    forgetAll();
    setSaid(undefined);
    setIn(false);
  }, []);
  const { unheard, leave } = useLeaving(EXIT, left);

  return (
    <>
      <header>
        <h1>{t(WORDS.title)}</h1>
        <button
          type="button"
          className="plain"
          lang={language === 'bn' ? 'en' : 'bn'}
          onClick={() => setLanguage(language === 'bn' ? 'en' : 'bn')}
        >
          {language === 'bn' ? 'English' : 'বাংলা'}
        </button>
        {isIn && (
          <button type="button" className="plain" onClick={leave}>
            {t(WORDS.leave)}
          </button>
        )}
      </header>
      <main>
        {offline && (
          <p className="offline" role="status">
            {t(WORDS.offline)}
          </p>
        )}
        {unheard && (
          <p className="told" role="status">
            {t(SHARED_WORDS.leaving)}
          </p>
        )}
        {isIn === undefined && <p>{t(WORDS.wait)}</p>}
        {isIn === true && <Inside onOver={over} />}
        {isIn === false && <SignIn said={said} onEntered={entered} />}
      </main>
    </>
  );
}

type Place =
  | { readonly kind: 'home' }
  | { readonly kind: 'receipt'; readonly rechargeId: string }
  | { readonly kind: 'tokens'; readonly opened: OpenedTokens };

function Inside({ onOver }: { readonly onOver: () => void }) {
  const { t } = useWords();
  const { body, trouble, again } = useFetched<OwnMeters>('/v1/my/meters', onOver);
  const [named, setNamed] = useState<readonly OwnMeter[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [place, setPlace] = useState<Place>({ kind: 'home' });
  const [wanted, setWanted] = useState(() => LINKED.exec(window.location.hash)?.[1]);
  const choose = useCallback((rechargeId: string) => {
    setWanted(undefined);
    setPlace({ kind: 'receipt', rechargeId });
  }, []);

  const meters = body?.items.map((each) => named.find(({ meterNo }) => meterNo === each.meterNo) ?? each);
  const meter = meters?.find(({ meterNo }) => meterNo === chosen) ?? meters?.[0];
  if (place.kind !== 'home') {
    return (
      <>
        <button type="button" className="plain" onClick={() => setPlace({ kind: 'home' })}>
          ← {t(WORDS.back)}
        </button>
        {place.kind === 'receipt' ? (
          <Receipt
            rechargeId={place.rechargeId}
            onOver={onOver}
            onTokens={(opened) => setPlace({ kind: 'tokens', opened })}
          />
        ) : (
          <TokenStepper opened={place.opened} />
        )}
      </>
    );
  }
  return (
    <>
      <Opened onChosen={(opened) => setPlace({ kind: 'tokens', opened })} />
      <Trouble text={trouble} again={again} />
      {!body && !trouble && <p>{t(WORDS.wait)}</p>}
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
          <Quote meter={meter} onOver={onOver} />
          <History meter={meter} wanted={wanted} onOver={onOver} onChosen={choose} />
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

function useOffline(): boolean {
  const [offline, setOffline] = useState(() => !navigator.onLine);
  useEffect(() => {
    const look = () => setOffline(!navigator.onLine);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  return offline;
}
