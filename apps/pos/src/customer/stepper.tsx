import { useEffect, useReducer, useState } from 'react';
import { groupsOfFour, number } from '../shared/format';
import { useWords } from '../shared/language';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import { keepTokens, type OpenedTokens } from './kept';
import { METER_ERRORS } from './meter-errors';
import { Card, taka, units } from './parts';
import { banglaVoice, readAloud } from './speech';
import { moved, resumed, type Stepper, type StepperMove } from './stepper-state';

type Token = OpenedTokens['tokens'][number];

/** The tokens of a receipt, one at a time: type, say what the meter did, go on. Needs no network. */
export function TokenStepper({ opened }: { readonly opened: OpenedTokens }) {
  const { t, language } = useWords();
  const { tokens, receipt } = opened;
  const [stepper, move] = useReducer(moved, resumed(tokens.length, opened.done));
  useEffect(() => keepTokens({ ...opened, done: stepper.at }), [opened, stepper.at]);
  const token = tokens[stepper.at];
  const n = (value: number) => number(String(value), language);

  if (!token) {
    return (
      <Card title={t(WORDS.allDone)}>
        <p role="status">{t(WORDS.balanceCode)}</p>
        <button type="button" className="plain" onClick={() => move({ kind: 'previous' })}>
          {t(WORDS.previous)}
        </button>
      </Card>
    );
  }
  return (
    <Card title={t(WORDS.tokenOf, { k: n(stepper.at + 1), n: n(tokens.length) })}>
      <progress max={tokens.length} value={stepper.at} aria-label={t(WORDS.opened)} />
      <p className="quiet">
        {t(WORDS.meter)} {receipt.meterNo}
      </p>
      <Digits token={token} />
      {tokens.length > 1 && stepper.phase === 'typing' && <p className="quiet">{t(WORDS.lostPlace)}</p>}
      {opened.sampleTables && <p className="quiet">{t(WORDS.notReal)}</p>}
      <Answer stepper={stepper} move={move} />
    </Card>
  );
}

function Digits({ token }: { readonly token: Token }) {
  const { t, language } = useWords();
  const voice = useBanglaVoice();
  const { credited } = token;
  const value =
    credited &&
    (credited.unit === 'kWh' ? units(credited.amount, language) : taka({ value: credited.amount }, language));
  return (
    <>
      <p>{token.kind === 'key-change' ? t(WORDS.keyChange) : value && t(WORDS.credit, { value })}</p>
      <p className="digits" lang="en">
        {groupsOfFour(token.digits).map((group, index) => (
          // Groups of one token never move.
          <span key={index}>{group} </span>
        ))}
      </p>
      <p>{t(WORDS.typeThis)}</p>
      {voice && (
        <button type="button" className="plain" onClick={() => readAloud(token.digits, voice)}>
          🔊 {t(WORDS.listen)}
        </button>
      )}
    </>
  );
}

function Answer({ stepper, move }: { readonly stepper: Stepper; readonly move: (move: StepperMove) => void }) {
  const { t } = useWords();
  const { phase, error, at } = stepper;
  if (phase === 'choosing') {
    return (
      <fieldset>
        <legend>{t(WORDS.whichError)}</legend>
        {METER_ERRORS.map((each) => (
          <button
            key={each.shown}
            type="button"
            className="choice"
            onClick={() => move({ kind: 'chose', error: each })}
          >
            <span lang="en">{each.shown}</span>
            <strong>{t(each.name)}</strong>
          </button>
        ))}
        <button type="button" className="plain" onClick={() => move({ kind: 'again' })}>
          {t(WORDS.back)}
        </button>
      </fieldset>
    );
  }
  if (phase === 'told' && error) {
    return (
      <div role="status" className="told">
        <p>
          <strong>
            <span lang="en">{error.shown}</span> · {t(error.name)}
          </strong>
        </p>
        <p>{t(error.means)}</p>
        {error.then === 'next' && (
          <button type="button" onClick={() => move({ kind: 'next' })}>
            {t(WORDS.goOn)}
          </button>
        )}
        <button type="button" className="plain" onClick={() => move({ kind: 'again' })}>
          {t(error.then === 'again' ? WORDS.again : WORDS.back)}
        </button>
      </div>
    );
  }
  return (
    <div className="answers">
      <button type="button" className="good" onClick={() => move({ kind: 'accepted' })}>
        ✓ {t(WORDS.accepted)}
      </button>
      <button type="button" className="bad" onClick={() => move({ kind: 'refused' })}>
        ✗ {t(WORDS.error)}
      </button>
      {at > 0 && (
        <button type="button" className="plain" onClick={() => move({ kind: 'previous' })}>
          {t(WORDS.previous)}
        </button>
      )}
    </div>
  );
}

/** Voices come some time after the page, and on many phones never. */
function useBanglaVoice(): SpeechSynthesisVoice | undefined {
  const [voice, setVoice] = useState(banglaVoice);
  useEffect(() => {
    if (!('speechSynthesis' in window)) return;
    const look = () => setVoice(banglaVoice());
    speechSynthesis.addEventListener('voiceschanged', look);
    return () => {
      speechSynthesis.removeEventListener('voiceschanged', look);
      speechSynthesis.cancel();
    };
  }, []);
  return voice;
}
