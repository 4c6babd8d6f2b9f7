import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { say, type Language, type Text, type Values } from './words';

const STORED = 'vend.language';

interface Speech {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const SpeechContext = createContext<Speech>({ language: 'bn', setLanguage: () => undefined });

/** Bangla until somebody chooses English; the choice is kept in this browser. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState<Language>(() => (localStorage.getItem(STORED) === 'en' ? 'en' : 'bn'));
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(STORED, language);
  }, [language]);
  const speech = useMemo(() => ({ language, setLanguage: choose }), [language]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

/** The language, and the page's texts in it. @example const { t } = useWords(); t(WORDS.next) */
export function useWords() {
  const { language, setLanguage } = use(SpeechContext);
  const t = useCallback((text: Text, values?: Values) => say(text, language, values), [language]);
  return { language, setLanguage, t };
}
