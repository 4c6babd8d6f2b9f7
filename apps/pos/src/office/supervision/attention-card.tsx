import { Title } from '@mantine/core';
import { moment, money, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { PageLink } from '../route';
import { useStaff } from '../staff';
import { wordOf } from './acting';
import { ATTENTION_WORDS, DASHBOARD_WORDS as WORDS } from './dashboard-words';
import type { AttentionItem } from './supervision-answers';

/** Where one can act on what waits; what has no page here the worker does by itself. */
const PAGES: Readonly<Record<string, { readonly to: readonly string[]; readonly permission: string }>> = {
  approval: { to: ['approvals'], permission: 'approval.decide' },
  'failed-sms': { to: ['messages'], permission: 'message.read' },
  'failed-load': { to: ['loads'], permission: 'remote-load.read' },
  'payment-case': { to: ['cases', 'view', 'office'], permission: 'case.read' },
  'overdue-case': { to: ['cases', 'view', 'overdue'], permission: 'case.read' },
  review: { to: ['reviews'], permission: 'review.read' },
  'settlement-break': { to: ['cases', 'view', 'queue'], permission: 'case.read' },
};

/** What waits for somebody or has failed, with the way to it. */
export function AttentionCard({ items }: { readonly items: readonly AttentionItem[] }) {
  const { t } = useWords();
  const some = items.filter(({ count }) => count > 0);
  return (
    <section className="card">
      <Title order={3} size="h4">
        {t(WORDS.attention)}
      </Title>
      {some.length === 0 && <p>{t(WORDS.nothingWaits)}</p>}
      <ul className="items">
        {some.map((item) => (
          <Item key={item.kind} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Item({ item }: { readonly item: AttentionItem }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const n = number(String(item.count), language);
  const page = PAGES[item.kind];
  const [oldest] = item.rechargeIds;
  return (
    <li>
      <div className="item-head">
        <span>
          <b>{t(wordOf(ATTENTION_WORDS, item.kind))}</b>: <b>{item.more ? t(WORDS.moreThan, { n }) : n}</b>
          {item.amount && ` · ${t(WORDS.all, { amount: money(item.amount.value, language) })}`}
          {item.oldest && <span className="quiet"> · {t(WORDS.since, { at: moment(item.oldest, language) })}</span>}
        </span>
        {page && can(page.permission) && <PageLink to={page.to}>{t(WORDS.act)}</PageLink>}
        {!page && oldest !== undefined && <PageLink to={['trace', oldest]}>{t(WORDS.traceOldest)}</PageLink>}
        {!page && oldest === undefined && <span className="quiet">{t(WORDS.byItself)}</span>}
      </div>
    </li>
  );
}
