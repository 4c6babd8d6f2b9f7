import { useEffect, useState, type ReactNode } from 'react';
import type { Energy, Money, Problem } from '../shared/answers';
import type { Call, Outcome } from '../shared/api';
import { callApi } from '../shared/api';
import { money, number } from '../shared/format';
import { useWords } from '../shared/language';
import type { Language, Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS } from './customer-words';

/** What a refusal or a lost answer says, in both languages. */
export function troubleOf(outcome: Exclude<Outcome<unknown>, { readonly kind: 'answer' }>): Text {
  return outcome.kind === 'lost' ? WORDS.lost : sentenceOf(outcome.problem);
}

function sentenceOf({ title, titleBn }: Problem): Text {
  return { bn: titleBn, en: title };
}

/** True: the cookie is no longer good. */
export function isOver(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'refused' && outcome.problem.code === 'own-session-missing';
}

/** Something that is fetched once for a place on the page, and again when asked. */
export interface Fetched<Body> {
  readonly body: Body | undefined;
  readonly trouble: Text | undefined;
  readonly again: () => void;
}

/** Fetches for as long as the place is on the page; whoever is no longer in is sent out. */
export function useFetched<Body>(path: Call['path'], onOver: () => void): Fetched<Body> {
  const [state, setState] = useState<{ path: string; body?: Body; trouble?: Text }>({ path });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    void callApi<Body>({ path }).then((outcome) => {
      if (gone) return;
      if (isOver(outcome)) return onOver();
      if (outcome.kind === 'answer') setState({ path, body: outcome.body });
      else setState({ path, trouble: troubleOf(outcome) });
    });
    return () => {
      gone = true;
    };
  }, [path, turn, onOver]);
  const isOf = state.path === path;
  return {
    body: isOf ? state.body : undefined,
    trouble: isOf ? state.trouble : undefined,
    again: () => setTurn((before) => before + 1),
  };
}

export function Trouble({ text, again }: { readonly text: Text | undefined; readonly again?: () => void }) {
  const { t } = useWords();
  if (!text) return null;
  return (
    <p className="trouble" role="alert">
      {t(text)}{' '}
      {again && (
        <button type="button" className="plain" onClick={again}>
          {t(WORDS.again)}
        </button>
      )}
    </p>
  );
}

/** On a slow line something is seen to go on. */
export function Wait({ text = WORDS.wait }: { readonly text?: Text }) {
  const { t } = useWords();
  return (
    <p role="status" className="wait">
      {t(text)}
      <progress aria-label={t(text)} />
    </p>
  );
}

export function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** @example taka({ value: '500.00' }, 'bn') // '৫০০.০০ টাকা' */
export function taka({ value }: Money, language: Language): string {
  return language === 'bn' ? `${money(value, 'bn')} টাকা` : `Tk ${money(value, 'en')}`;
}

/** @example units('44.7', 'bn') // '৪৪.৭ ইউনিট' */
export function units(kwh: string, language: Language): string {
  return `${number(kwh, language)} ${language === 'bn' ? 'ইউনিট' : 'kWh'}`;
}

/** What is got for money: Taka of credit with an estimate, or units. */
export function useGiven(): (energy: Energy | null, credit: { readonly value: string } | null) => string {
  const { t, language } = useWords();
  return (energy, credit) => {
    const amount = energy && units(energy.kwh, language);
    const shown = energy?.estimated ? t(WORDS.about, { value: amount! }) : amount;
    return [credit && taka(credit, language), shown].filter((each) => each !== null).join(' · ') || '–';
  };
}
