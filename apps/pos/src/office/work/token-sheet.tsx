import type { Token } from '../../shared/answers';
import { groupsOfFour, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { texts } from '../../shared/words';
import { WORK_WORDS } from './work-words';
import './token-sheet.css';

/** Kinds of tokens, as a clerk calls them. */
const TOKEN_KINDS = texts({
  credit: { bn: 'টোকেন', en: 'Token' },
  'key-change': { bn: 'কী পরিবর্তন টোকেন', en: 'Key change token' },
  other: { bn: 'প্রকৌশল টোকেন', en: 'Engineering token' },
});

/** Tokens large enough to be read out, one a line, in the order in which they are typed. */
export function TokenSheet({
  tokens,
  sampleTables,
}: {
  readonly tokens: readonly Token[];
  readonly sampleTables: boolean;
}) {
  const { t, language } = useWords();
  const nameOf = (kind: string) => (kind === 'credit' || kind === 'key-change' ? TOKEN_KINDS[kind] : TOKEN_KINDS.other);
  return (
    <section className="token-sheet" aria-label={t(WORK_WORDS.tokens)}>
      {sampleTables && <p className="token-sheet-test">{t(WORK_WORDS.test)}</p>}
      <p>{t(WORK_WORDS.tokensHow)}</p>
      <ol>
        {tokens
          .toSorted((a, b) => a.sequence - b.sequence)
          .map(({ sequence, of, kind, digits }) => (
            <li key={sequence}>
              <span>
                {t(WORK_WORDS.tokenOf, {
                  kind: t(nameOf(kind)),
                  k: number(String(sequence), language),
                  n: number(String(of), language),
                })}
              </span>
              <b>{groupsOfFour(digits).join(' ')}</b>
            </li>
          ))}
      </ol>
    </section>
  );
}
