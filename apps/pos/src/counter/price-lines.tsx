import type { Priced } from '../shared/answers';
import { money, number } from '../shared/format';
import { useWords } from '../shared/language';
import { WORDS } from './counter-words';

/** Every line of a price with its reason; the lines add up to the amount. The same on the screen and on the receipt. */
export function PriceLines({ priced }: { readonly priced: Priced }) {
  const { t, language } = useWords();
  const { energy, credit } = priced;
  return (
    <table className="lines">
      <tbody>
        {priced.lines.map(({ code, amount, label, why, papers }) => (
          <tr key={code}>
            <th scope="row">
              {label[language]}
              <small>
                {why[language]}
                {papers.length > 0 && `; ${t(WORDS.paper, { numbers: papers.join(', ') })}`}
              </small>
            </th>
            <td>{money(amount, language)}</td>
          </tr>
        ))}
        <tr className="lines-total">
          <th scope="row">{t(WORDS.paid)}</th>
          <td>{t(WORDS.taka, { amount: money(priced.amount.value, language) })}</td>
        </tr>
        {credit && (
          <tr className="lines-gain">
            <th scope="row">{t(WORDS.credit)}</th>
            <td>{t(WORDS.taka, { amount: money(credit.value, language) })}</td>
          </tr>
        )}
        {energy && (
          <tr className="lines-gain">
            <th scope="row">
              {t(WORDS.energy)}
              {energy.estimated && <small>{t(WORDS.estimate)}</small>}
            </th>
            <td>{t(WORDS.energyOf, { kwh: number(energy.kwh, language) })}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
