import { useCallback, useEffect, useState } from 'react';
import { callApi } from '../shared/api';
import { useWords } from '../shared/language';
import { isLeaving, useLeaving } from '../shared/leaving';
import { SHARED_WORDS } from '../shared/shared-words';
import type { Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import { Home } from './home';
import { beginKeeping, EXIT, forgetAll, isKeeping } from './kept';
import type { OwnMeters, OwnSession } from './own-answers';
import { Wait } from './parts';
import { SignIn } from './sign-in';

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
        {isIn === undefined && <Wait />}
        {isIn === true && <Home onOver={over} />}
        {isIn === false && <SignIn said={said} onEntered={entered} />}
      </main>
    </>
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
