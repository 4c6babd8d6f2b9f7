import { create } from 'qrcode';
import { useMemo } from 'react';
import type { Recharge, Token } from '../shared/answers';
import { groupsOfFour, money, moment, number } from '../shared/format';
import { useWords } from '../shared/language';
import { WORDS } from './counter-words';
import { PriceLines } from './price-lines';
import './receipt.css';

/** The receipt, as wide as an 80 mm printer's paper; on the screen it looks as it will in the hand. */
export function Receipt({ recharge, station }: { readonly recharge: Recharge; readonly station: string }) {
  const { t, language } = useWords();
  const { tokens, arrearsLeft } = recharge;
  const rows = [
    [WORDS.receiptNo, recharge.receiptNo ?? '–'],
    [WORDS.time, moment(recharge.bookedAt, language)],
    [WORDS.station, station],
    [WORDS.customer, `${recharge.customerNo} ${recharge.customerName}`],
    [WORDS.meter, recharge.meterNo],
  ] as const;
  return (
    <article className="receipt" aria-label={t(WORDS.receipt)}>
      <h2>
        {t(WORDS.receipt)}
        {recharge.copy && <strong className="receipt-copy">{t(WORDS.copy)}</strong>}
      </h2>
      {recharge.sampleTables && <p className="receipt-test">{t(WORDS.test)}</p>}
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
          <span>{t(WORDS.arrearsLeft)}</span>
          <b>{t(WORDS.taka, { amount: money(arrearsLeft, language) })}</b>
        </p>
      )}
      <footer>
        <QrCode text={`${location.origin}/my/`} />
        <span>
          {t(WORDS.page)}
          <br />
          {`${location.host}/my/`}
        </span>
      </footer>
    </article>
  );
}

/** One a line, each with a box to tick when the meter has taken it. */
function Tokens({ tokens }: { readonly tokens: readonly Token[] }) {
  const { t, language } = useWords();
  const inOrder = tokens.toSorted((a, b) => a.sequence - b.sequence);
  return (
    <div className="receipt-tokens">
      <p>{t(inOrder.length > 1 ? WORDS.inOrder : WORDS.onlyOne)}</p>
      <ol>
        {inOrder.map(({ sequence, of, kind, digits }) => (
          <li key={sequence}>
            <span>
              {t(kind === 'key-change' ? WORDS.keyChangeToken : WORDS.token, {
                k: number(String(sequence), language),
                n: number(String(of), language),
              })}
            </span>
            <span className="receipt-box" aria-hidden="true" />
            <b className="receipt-digits">{groupsOfFour(digits).join(' ')}</b>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** As one path: sharp on any printer. */
function QrCode({ text }: { readonly text: string }) {
  const { size, path } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    const squares = Array.from({ length: modules.size ** 2 }, (_, index) => {
      const [x, y] = [index % modules.size, Math.floor(index / modules.size)];
      return modules.get(y, x) ? `M${x} ${y}h1v1h-1z` : '';
    });
    return { size: modules.size, path: squares.join('') };
  }, [text]);
  return (
    <svg className="receipt-qr" viewBox={`-2 -2 ${size + 4} ${size + 4}`} role="img" aria-label={text}>
      <path d={path} />
    </svg>
  );
}
