import './supervision.css';
import { Title } from '@mantine/core';
import { useEffect } from 'react';
import type { Call } from '../../shared/api';
import { clock, money, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Language } from '../../shared/words';
import { useReading, Waiting, type Reading } from '../reading';
import { wordOf } from './acting';
import { AttentionCard } from './attention-card';
import { Columns, FiguresTable, Strips, type Bar } from './charts';
import { CHANNEL_WORDS, DASHBOARD_WORDS as WORDS } from './dashboard-words';
import { PaymentsCard, SmsCard } from './health-cards';
import type { Attention, DashboardHealth, SalesDay, SalesFigures, SalesSum } from './supervision-answers';

const EVERY_MS = 15_000;
/** A count that is older than this has stopped. */
const STALE_MS = 90_000;
/** The bars of a chart; who wants more has the table. */
const STRIPS = 8;

/** Reads again and again; what was there stays until the new one has come. A page that nobody sees asks nothing. */
function useFresh<Body>(path: Call['path']): Reading<Body> {
  const reading = useReading<Body>(path);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reading.again();
    }, EVERY_MS);
    return () => clearInterval(timer);
  });
  return reading;
}

/** The day as it goes. */
export default function DashboardPage() {
  const sales = useFresh<SalesDay>('/v1/dashboard/sales');
  const attention = useFresh<Attention>('/v1/dashboard/attention');
  const health = useFresh<DashboardHealth>('/v1/dashboard/health');
  return (
    <>
      <Waiting reading={attention} ready={attention.body !== undefined}>
        {attention.body && <AttentionCard items={attention.body.items} />}
      </Waiting>
      <div className="room-charts">
        <Waiting reading={sales} ready={sales.body !== undefined}>
          {sales.body && <Sales sales={sales.body} />}
        </Waiting>
      </div>
      <Waiting reading={health} ready={health.body !== undefined}>
        {health.body && (
          <>
            <SmsCard sms={health.body.sms} />
            <PaymentsCard payments={health.body.payments} />
          </>
        )}
      </Waiting>
    </>
  );
}

function Sales({ sales }: { readonly sales: SalesDay }) {
  const { t, language } = useWords();
  const { total } = sales;
  const hours = sales.hours.map((hour) => barOf(hourName(hour.hour, language), hour));
  const stations = sales.sources.map((own) => barOf(own.name, own));
  const channels = sales.channels.map((own) => barOf(t(wordOf(CHANNEL_WORDS, own.channel)), own));
  return (
    <>
      <Counted sales={sales} />
      <div className="figures">
        <Figure label={t(WORDS.sold)} sum={total.sold} />
        <Figure label={t(WORDS.waiting)} sum={total.waiting} />
        <Figure label={t(WORDS.returned)} sum={total.returned} />
      </div>
      <div className="charts">
        <section className="card wide-chart">
          <Title order={3} size="h4">
            {t(WORDS.byHour)}
          </Title>
          <Columns bars={hours} label={t(WORDS.byHour)} />
          <FiguresTable bars={hours} of={t(WORDS.hour)} label={t(WORDS.byHour)} />
        </section>
        <Chart bars={stations} title={t(WORDS.byStation)} of={t(WORDS.station)} />
        <Chart bars={channels} title={t(WORDS.byChannel)} of={t(WORDS.channel)} />
      </div>
    </>
  );
}

/** How fresh the figures are; the same height, whatever it says. */
function Counted({ sales: { countedAt, asOf } }: { readonly sales: SalesDay }) {
  const { t, language } = useWords();
  if (countedAt === null)
    return (
      <p className="counted" role="status">
        {t(WORDS.notCounted)}
      </p>
    );
  const stale = Date.parse(asOf) - Date.parse(countedAt) > STALE_MS;
  const at = clock(countedAt, language);
  return <p className="counted">{stale ? <b>{t(WORDS.stale, { at })}</b> : t(WORDS.counted, { at })}</p>;
}

function Figure({ label, sum }: { readonly label: string; readonly sum: SalesSum }) {
  const { t, language } = useWords();
  return (
    <section className="card">
      <div className="figure-label">{label}</div>
      <div className="figure">{money(sum.amount.value, language)}</div>
      <div className="figure-label">{t(WORDS.vends, { n: number(String(sum.count), language) })}</div>
    </section>
  );
}

interface ChartProps {
  readonly bars: readonly Bar[];
  readonly title: string;
  readonly of: string;
}

function Chart({ bars, title, of }: ChartProps) {
  const { t } = useWords();
  return (
    <section className="card">
      <Title order={3} size="h4">
        {title}
      </Title>
      {bars.length === 0 ? (
        <p>{t(WORDS.noSales)}</p>
      ) : (
        <>
          <Strips bars={bars.slice(0, STRIPS)} />
          <FiguresTable bars={bars} of={of} label={title} />
        </>
      )}
    </section>
  );
}

function barOf(name: string, { sold }: SalesFigures): Bar {
  return { name, count: sold.count, taka: sold.amount.value };
}

/** @example hourName(9, 'en') // '09' */
function hourName(hour: number, language: Language): string {
  return number(String(hour).padStart(2, '0'), language).padStart(2, number('0', language));
}
