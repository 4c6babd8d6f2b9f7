import { idFromBytes, idToBytes, parseTaka, formatTaka, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { Audience, Broadcast, BroadcastOrder, BroadcastTemplate, FixedWording, StatusCount } from '../broadcast';
import type { BroadcastState, RecipientState } from '../broadcast.lifecycle';

const NOBODY = Buffer.alloc(16);

/** Writes a new notice down; its recipients are still to come. @throws a duplicate key: there is one of this id */
export async function insertBroadcast(
  tx: Tx,
  order: BroadcastOrder,
  wording: FixedWording,
  fixed: { readonly contentSha256: string; readonly phoneSalt: Buffer; readonly at: InstantMs },
): Promise<void> {
  const columns = {
    id: idToBytes(order.id),
    name: order.name,
    state: 'PREPARING',
    template: order.template,
    template_version: wording.templateVersion,
    body_bn: wording.bodies.bn,
    body_en: wording.bodies.en,
    text_bn: order.texts?.bn ?? null,
    text_en: order.texts?.en ?? null,
    audience: audienceText(order.audience),
    content_sha256: Buffer.from(fixed.contentSha256, 'hex'),
    phone_salt: fixed.phoneSalt,
    rate_per_second: order.ratePerSecond,
    quiet_hours: order.quietHours,
    starts_at: order.startsAt === null ? null : new Date(order.startsAt),
    ends_at: new Date(order.endsAt),
    office: order.office,
    made_by: order.by,
    made_at: new Date(fixed.at),
    prepared_through: NOBODY,
    part_cost_paisa: wording.partCostPaisa,
    parts_bn: wording.parts.bn,
    parts_en: wording.parts.en,
  };
  await tx.write(`INSERT INTO broadcasts (${Object.keys(columns).join(', ')}) VALUES (?)`, [Object.values(columns)]);
}

export async function findBroadcast(reader: Reader, id: Id): Promise<Broadcast | undefined> {
  const [row] = await reader.read('SELECT * FROM broadcasts WHERE id = ?', [idToBytes(id)]);
  return row && broadcastOf(row);
}

/** Notices of these offices, newest first. */
export async function listBroadcasts(
  reader: Reader,
  { offices, before, limit }: { offices: 'all' | readonly string[]; before?: Id; limit: number },
): Promise<Broadcast[]> {
  if (offices.length === 0) return [];
  const conditions = ['TRUE'];
  const values: unknown[] = [];
  if (offices !== 'all') {
    conditions.push('office IN (?)');
    values.push(offices);
  }
  if (before !== undefined) {
    conditions.push('id < ?');
    values.push(idToBytes(before));
  }
  const rows = await reader.read(
    `SELECT * FROM broadcasts WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
    [...values, limit],
  );
  return rows.map(broadcastOf);
}

/** Notices that a worker has something to do for, the eldest first. */
export async function openBroadcasts(reader: Reader): Promise<{ id: Id; state: BroadcastState }[]> {
  const rows = await reader.read<{ id: Buffer; state: BroadcastState }>(
    'SELECT id, state FROM broadcasts WHERE is_open = TRUE ORDER BY id',
  );
  return rows.map(({ id, state }) => ({ id: idFromBytes(id), state }));
}

/** What only the store and the worker know of a notice, beside what everybody sees. */
export interface HeldBroadcast {
  readonly broadcast: Broadcast;
  readonly phoneSalt: Buffer;
  /** Customers up to this id are prepared. */
  readonly preparedThrough: Buffer;
  readonly nextChunkAt: InstantMs | null;
  /** Chunks in a row of which the gateway took nothing. */
  readonly fruitless: number;
  readonly lastChunkAt: InstantMs | null;
}

/** Holds a notice: whoever prepares, sends, pauses or ends it does so one after another. */
export async function lockBroadcast(tx: Tx, id: Id): Promise<HeldBroadcast | undefined> {
  const [row] = await tx.query('SELECT * FROM broadcasts WHERE id = ? FOR UPDATE', [idToBytes(id)]);
  return (
    row && {
      broadcast: broadcastOf(row),
      phoneSalt: row['phone_salt'] as Buffer,
      preparedThrough: row['prepared_through'] as Buffer,
      nextChunkAt: instantOf(row['next_chunk_at']),
      fruitless: Number(row['fruitless']),
      lastChunkAt: instantOf(row['last_chunk_at']),
    }
  );
}

/** Columns of a notice that may change. */
export interface BroadcastChange {
  readonly state?: BroadcastState;
  readonly prepared_at?: Date;
  readonly approval_id?: Buffer;
  readonly launched_by?: string;
  readonly launched_at?: Date;
  readonly began_at?: Date;
  readonly ended_at?: Date;
  readonly end_reason?: string;
  readonly next_chunk_at?: Date;
  readonly fruitless?: number;
  readonly waiting_for?: string | null;
  readonly last_chunk_at?: Date;
}

/** Changes a notice that is held. */
export async function changeBroadcast(tx: Tx, id: Id, change: BroadcastChange): Promise<void> {
  const columns = Object.entries(change).filter(([, value]) => value !== undefined);
  await tx.write(`UPDATE broadcasts SET ${columns.map(([name]) => `${name} = ?`).join(', ')} WHERE id = ?`, [
    ...columns.map(([, value]) => value as unknown),
    idToBytes(id),
  ]);
}

/** Adds what a batch of customers came to, and moves on past them. */
export async function addPrepared(
  tx: Tx,
  id: Id,
  batch: { through: Buffer; customers: number; samePhone: number; optedOut: number; bn: number; en: number },
): Promise<void> {
  await tx.write(
    `UPDATE broadcasts SET prepared_through = ?, customers = customers + ?, same_phone = same_phone + ?,
       opted_out = opted_out + ?, recipients_bn = recipients_bn + ?, recipients_en = recipients_en + ? WHERE id = ?`,
    [batch.through, batch.customers, batch.samePhone, batch.optedOut, batch.bn, batch.en, idToBytes(id)],
  );
}

/** Adds what a chunk came to. */
export async function addSettled(tx: Tx, id: Id, settled: number, activeMs: number): Promise<void> {
  await tx.write('UPDATE broadcasts SET settled = settled + ?, active_ms = active_ms + ? WHERE id = ?', [
    ...[settled, activeMs, idToBytes(id)],
  ]);
}

/** How many recipients are where, the most first. */
export async function countStatuses(reader: Reader, id: Id): Promise<StatusCount[]> {
  const rows = await reader.read<{ state: RecipientState; outcome: string | null; n: string }>(
    `SELECT state, outcome, COUNT(*) AS n FROM broadcast_recipients WHERE broadcast_id = ? GROUP BY state, outcome
     ORDER BY n DESC, state, outcome`,
    [idToBytes(id)],
  );
  return rows.map(({ state, outcome, n }) => ({ state, outcome, count: Number(n) }));
}

/** An audience as it is stored and hashed: the same audience is the same text. */
export function audienceText({ offices, tariffClasses, arrearsOverPaisa }: Audience): string {
  return JSON.stringify({
    offices: offices && [...offices].sort(),
    tariffClasses: tariffClasses && [...tariffClasses].sort(),
    arrearsOver: arrearsOverPaisa === null ? null : formatTaka(arrearsOverPaisa),
  });
}

function audienceOf(text: string): Audience {
  const stored = JSON.parse(text) as {
    offices: string[] | null;
    tariffClasses: string[] | null;
    arrearsOver: string | null;
  };
  return {
    offices: stored.offices,
    tariffClasses: stored.tariffClasses,
    arrearsOverPaisa: stored.arrearsOver === null ? null : parseTaka(stored.arrearsOver),
  };
}

function broadcastOf(row: Row): Broadcast {
  const text = (name: string) => row[name] as string;
  const maybe = (name: string) => row[name] as string | null;
  const count = (name: string) => Number(row[name]);
  const audience = row['audience'];
  return {
    id: idFromBytes(row['id'] as Buffer),
    name: text('name'),
    state: row['state'] as BroadcastState,
    template: row['template'] as BroadcastTemplate,
    templateVersion: count('template_version'),
    bodies: { bn: text('body_bn'), en: text('body_en') },
    texts: maybe('text_bn') === null ? null : { bn: text('text_bn'), en: text('text_en') },
    // MariaDB's JSON is a text, MySQL's an object.
    audience: audienceOf(typeof audience === 'string' ? audience : JSON.stringify(audience)),
    contentSha256: (row['content_sha256'] as Buffer).toString('hex'),
    ratePerSecond: count('rate_per_second'),
    quietHours: text('quiet_hours'),
    startsAt: instantOf(row['starts_at']),
    endsAt: instantOf(row['ends_at'])!,
    partCostPaisa: BigInt(row['part_cost_paisa'] as number),
    parts: { bn: count('parts_bn'), en: count('parts_en') },
    office: text('office'),
    madeBy: text('made_by'),
    madeAt: instantOf(row['made_at'])!,
    preparedAt: instantOf(row['prepared_at']),
    customers: count('customers'),
    samePhone: count('same_phone'),
    optedOut: count('opted_out'),
    recipients: { bn: count('recipients_bn'), en: count('recipients_en') },
    approvalId: row['approval_id'] === null ? null : idFromBytes(row['approval_id'] as Buffer),
    launchedBy: maybe('launched_by'),
    launchedAt: instantOf(row['launched_at']),
    beganAt: instantOf(row['began_at']),
    endedAt: instantOf(row['ended_at']),
    endReason: maybe('end_reason'),
    settled: count('settled'),
    activeMs: count('active_ms'),
    waitingFor: maybe('waiting_for'),
  };
}

function instantOf(value: unknown): InstantMs | null {
  return value === null ? null : (value as Date).getTime();
}
