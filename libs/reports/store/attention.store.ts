import { idFromBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';
import { ATTENTION_MAX, type Attention, type AttentionKind } from '../health/attention';
import { firstIdAt } from './id-range';

/** What failed earlier than this is in its list, and no longer counted. */
const LATELY_MS = 7 * 24 * 3_600_000;
const STUCK_ATTEMPTS = 20;
const EXAMPLES = 5;

/** Rows `(id, at, paisa)` of a kind, the oldest first; `office` narrows them, and is in SQL what their office is. */
interface Look {
  readonly rows: string;
  readonly values: readonly unknown[];
  readonly office?: string;
  readonly order: string;
  readonly ofMoney?: boolean;
}

const OF_METER = `LEFT JOIN meters m ON m.id = x.meter_id LEFT JOIN connections k ON k.id = m.connection_id
  LEFT JOIN customers c ON c.id = k.customer_id`;

function looksAt(now: InstantMs): Readonly<Record<AttentionKind, Look>> {
  const lately = firstIdAt(now - LATELY_MS);
  return {
    'pending-vend': {
      rows: `SELECT x.id, o.created_at AS at, x.gross_paisa AS paisa FROM outbox o
        JOIN recharges x ON x.id = o.ref_id ${OF_METER} WHERE o.topic = 'pending-vend'`,
      ...{ values: [], office: 'c.office', order: 'o.ref_id', ofMoney: true },
    },
    'payment-message': {
      rows: `SELECT id, created_at AS at, 0 AS paisa FROM outbox WHERE topic IN ('inbox', 'gateway-message')`,
      ...{ values: [], order: 'id' },
    },
    'stuck-work': {
      rows: 'SELECT id, created_at AS at, 0 AS paisa FROM outbox WHERE attempts >= ?',
      ...{ values: [STUCK_ATTEMPTS], order: 'id' },
    },
    'failed-sms': {
      rows: `SELECT n.id, n.queued_at AS at, 0 AS paisa FROM notices n
        LEFT JOIN customers c ON n.recipient_kind = 'customer' AND c.id = n.recipient_id
        LEFT JOIN connection_people p ON n.recipient_kind = 'person' AND p.id = n.recipient_id
        LEFT JOIN connections k ON k.id = p.connection_id
        LEFT JOIN customers o ON o.id = k.customer_id
        WHERE n.state = 'FAILED' AND n.id >= ?`,
      ...{ values: [lately], office: 'COALESCE(c.office, o.office)', order: 'n.id' },
    },
    'failed-load': {
      rows: `SELECT x.id, x.created_at AS at, 0 AS paisa FROM remote_loads x ${OF_METER}
        WHERE x.state = 'FAILED' AND x.id >= ?`,
      ...{ values: [lately], office: 'c.office', order: 'x.id' },
    },
    'payment-case': {
      rows: `SELECT x.id, x.opened_at AS at, r.gross_paisa AS paisa FROM cases x JOIN recharges r ON r.id = x.recharge_id
        WHERE x.open_due IS NOT NULL AND r.state IN ('RECEIVED', 'REFUND_DUE')`,
      ...{ values: [], office: `NULLIF(x.office, '')`, order: 'x.open_due, x.id', ofMoney: true },
    },
    'overdue-case': {
      rows: 'SELECT x.id, x.due_at AS at, 0 AS paisa FROM cases x WHERE x.open_due < ?',
      ...{ values: [new Date(now)], office: `NULLIF(x.office, '')`, order: 'x.open_due, x.id' },
    },
    review: {
      rows: `SELECT id, first_seen AS at, 0 AS paisa FROM review_items WHERE state = 'OPEN'`,
      ...{ values: [], office: 'office', order: 'id' },
    },
    'settlement-break': {
      rows: `SELECT id, raised_at AS at, 0 AS paisa FROM settlement_breaks WHERE state = 'OPEN'`,
      ...{ values: [], order: 'id' },
    },
  };
}

/** Money and cases that belong to no office yet are every office's to look at, as in the queue of cases. */
const NOBODYS: readonly AttentionKind[] = ['pending-vend', 'payment-case', 'overdue-case'];

/** How much there is of these kinds, of these offices. */
export async function readAttention(
  reader: Reader,
  kinds: readonly AttentionKind[],
  offices: 'all' | readonly string[],
  now: InstantMs,
): Promise<Attention[]> {
  const looks = looksAt(now);
  return Promise.all(kinds.map((kind) => readOne(reader, kind, looks[kind], offices)));
}

async function readOne(
  reader: Reader,
  kind: AttentionKind,
  look: Look,
  offices: 'all' | readonly string[],
): Promise<Attention> {
  const values = [...look.values];
  let narrow = '';
  if (offices !== 'all' && look.office !== undefined) {
    const nobodys = NOBODYS.includes(kind) ? ` OR ${look.office} IS NULL` : '';
    narrow = ` AND (${look.office} IN (?)${nobodys})`;
    values.push(offices.length === 0 ? [''] : offices);
  }
  const rows = `${look.rows}${narrow} ORDER BY ${look.order}`;
  const [sums, first] = await Promise.all([
    reader.read<Row & { n: string; oldest: Date | null; paisa: string | null }>(
      `SELECT COUNT(*) AS n, MIN(at) AS oldest, SUM(paisa) AS paisa FROM (${rows} LIMIT ${ATTENTION_MAX + 1}) rows_`,
      values,
    ),
    kind === 'pending-vend' ? reader.read<Row & { id: Buffer }>(`${rows} LIMIT ${EXAMPLES}`, values) : [],
  ]);
  const { n, oldest, paisa } = sums[0]!;
  const rechargeIds: Id[] = first.map(({ id }) => idFromBytes(id));
  return {
    kind,
    count: Math.min(Number(n), ATTENTION_MAX),
    more: Number(n) > ATTENTION_MAX,
    oldest: oldest?.getTime() ?? null,
    paisa: look.ofMoney ? BigInt(paisa ?? '0') : null,
    rechargeIds,
  };
}
