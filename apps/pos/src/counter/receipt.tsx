import type { Recharge, Token } from '../shared/answers';
import { groupsOfFour, money, moment, number } from '../shared/format';
import { useWords } from '../shared/language';
import { QrCode } from '../shared/qr-code';
import type { Text } from '../shared/words';
import { WORDS } from './counter-words';
import { KIND_TITLES, RECEIPT_WORDS, TOKEN_WORDS } from './receipt-words';
import { PriceLines } from './price-lines';
import './receipt.css';

/** The receipt, as wide as an 80 mm printer's paper; on the screen it looks as it will in the hand. */
export function Receipt({ recharge, station }: { readonly recharge: Recharge; readonly station: string }) {
  const { t, language } = useWords();
  const { tokens, arrearsLeft } = recharge;
  const rows = [
    [RECEIPT_WORDS.receiptNo, recharge.receiptNo ?? '–'],
    [RECEIPT_WORDS.time, moment(recharge.bookedAt, language)],
    [RECEIPT_WORDS.station, station],
    [RECEIPT_WORDS.customer, `${recharge.customerNo} ${recharge.customerName}`],
    [RECEIPT_WORDS.meter, recharge.meterNo],
  ] as const;
  return (
    <article className="receipt" aria-label={t(WORDS.receipt)}>
      <h2>
        {t(KIND_TITLES[recharge.kind])}
        {recharge.copy && <strong className="receipt-copy">{t(RECEIPT_WORDS.copy)}</strong>}
      </h2>
      {recharge.sampleTables && <p className="receipt-test">{t(RECEIPT_WORDS.test)}</p>}
      <dl>
        {rows.map(([name, value]) => (
          <div key={name.en}>
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {tokens.length > 0 && <Tokens tokens={tokens} />}
      {recharge.status !== 'vended' && <p>{t(WORDS.pending)}</p>}
      <PriceLines priced={recharge} />
      {arrearsLeft !== null && arrearsLeft !== '0.00' && (
        <p className="receipt-arrears">
          <span>{t(RECEIPT_WORDS.arrearsLeft)}</span>
          <b>{t(WORDS.taka, { amount: money(arrearsLeft, language) })}</b>
        </p>
      )}
      <footer>
        <QrCode
          className="receipt-qr"
          text={`${location.origin}/my/${recharge.receiptNo === null ? '' : `#r=${recharge.receiptNo}`}`}
        />
        <span>
          {t(RECEIPT_WORDS.page)}
          <br />
          {`${location.host}/my/`}
        </span>
      </footer>
    </article>
  );
}

/** A kind that came after this page was built is a token. */
const wordsOf = (kind: string): Text =>
  Object.entries<Text>(TOKEN_WORDS).find(([name]) => name === kind)?.[1] ?? TOKEN_WORDS.credit;

/** One a line, each with a box to tick when the meter has taken it. */
function Tokens({ tokens }: { readonly tokens: readonly Token[] }) {
  const { t, language } = useWords();
  const inOrder = tokens.toSorted((a, b) => a.sequence - b.sequence);
  // With a recharge; alone its title says it.
  const changesKey = inOrder.some(({ kind }) => kind === 'key-change') && inOrder.at(-1)?.kind === 'credit';
  return (
    <div className="receipt-tokens">
      {changesKey && <p>{t(RECEIPT_WORDS.keyChange)}</p>}
      <p>{t(inOrder.length > 1 ? RECEIPT_WORDS.tick : RECEIPT_WORDS.onlyOne)}</p>
      <ol>
        {inOrder.map(({ sequence, of, kind, digits }) => (
          <li key={sequence}>
            <span>
              {t(wordsOf(kind))} {number(String(sequence), language)}/{number(String(of), language)}
            </span>
            <span className="receipt-box" aria-hidden="true" />
            <b className="receipt-digits">{groupsOfFour(digits).join(' ')}</b>
          </li>
        ))}
      </ol>
    </div>
  );
}
