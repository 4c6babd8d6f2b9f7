import { useWords } from '../../shared/language';
import { money, number } from '../../shared/format';
import { DASHBOARD_WORDS } from './dashboard-words';

/** A bar: its name, and Taka as a decimal string. Heights need no more than a float holds; figures are never made of them. */
export interface Bar {
  readonly name: string;
  readonly count: number;
  readonly taka: string;
}

const [WIDTH, HEIGHT] = [720, 180];
/** Every so many columns have their name below them. */
const NAMED = 3;

const largest = (bars: readonly Bar[]) => Math.max(1, ...bars.map(({ taka }) => Number(taka)));

/** Columns over a time that goes on, with a name below every third. For the eye; the table beside it says the same. */
export function Columns({ bars, label }: { readonly bars: readonly Bar[]; readonly label: string }) {
  const most = largest(bars);
  const step = WIDTH / bars.length;
  return (
    <>
      <svg
        className="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bars.map(({ name, taka }, index) => {
          const height = (Number(taka) / most) * (HEIGHT - 8);
          return (
            <rect key={name} x={index * step + 2} y={HEIGHT - height} width={step - 4} height={height}>
              <title>{`${name}: ${taka}`}</title>
            </rect>
          );
        })}
      </svg>
      <div className="chart-names" aria-hidden="true">
        {bars.map(({ name }, index) => index % NAMED === 0 && <span key={name}>{name}</span>)}
      </div>
    </>
  );
}

/** Bars below each other, the largest first, with their figures: a chart and its reading in one. */
export function Strips({ bars }: { readonly bars: readonly Bar[] }) {
  const { t, language } = useWords();
  const most = largest(bars);
  return (
    <ul className="bars">
      {bars.map(({ name, count, taka }) => (
        <li key={name}>
          <span className="bars-line">
            <span>
              {name} · {t(DASHBOARD_WORDS.vends, { n: number(String(count), language) })}
            </span>
            <b>{money(taka, language)}</b>
          </span>
          <svg className="chart-strip" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
            <rect width={(Number(taka) / most) * 100} height={1} />
          </svg>
        </li>
      ))}
    </ul>
  );
}

interface FiguresProps {
  readonly bars: readonly Bar[];
  /** What the first column is. */
  readonly of: string;
  readonly label: string;
}

/** The same figures for who cannot see a chart, or wants them exactly. */
export function FiguresTable({ bars, of, label }: FiguresProps) {
  const { t, language } = useWords();
  return (
    <details>
      <summary>{t(DASHBOARD_WORDS.figures)}</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={label}>
        <table className="grid">
          <caption className="quiet">{label}</caption>
          <thead>
            <tr>
              <th scope="col">{of}</th>
              <th scope="col" className="number">
                {t(DASHBOARD_WORDS.count)}
              </th>
              <th scope="col" className="number">
                {t(DASHBOARD_WORDS.taka)}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ name, count, taka }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="number">{number(String(count), language)}</td>
                <td className="number">{money(taka, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
