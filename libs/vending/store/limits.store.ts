import { dhakaDay, idFromBytes, idToBytes, newId, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import { isPersonsAct, LimitGuard, type LimitedSale, type LimitScope, type VendLimit } from '../limits/limits';
import type { Channel } from '../recharge';

/** A limit as it was set: by whom, from when on, and why. */
export interface DatedLimit {
  readonly limitId: Id;
  readonly scope: LimitScope;
  readonly channel: Channel | null;
  /** null: no limit from then on. */
  readonly limitPaisa: Paisa | null;
  readonly effectiveFrom: InstantMs;
  readonly reason: string;
  readonly setBy: string;
  readonly setAt: InstantMs;
}

interface LimitRow extends Row {
  id: Buffer;
  scope: LimitScope;
  channel: Channel | null;
  limit_paisa: string | null;
  effective_from: Date;
  reason: string;
  set_by: string;
  set_at: Date;
}

const LIMITS = `SELECT id, scope, channel, limit_paisa, effective_from, reason, set_by, set_at FROM vend_limits`;

/** The limits in force at an instant, the last one of each scope and channel. */
export async function limitsAt(tx: Pick<Tx, 'query'>, at: InstantMs): Promise<VendLimit[]> {
  const rows = await tx.query<LimitRow>(`${LIMITS} WHERE effective_from <= ? ORDER BY effective_from, id`, [
    new Date(at),
  ]);
  const last = new Map(rows.map((row) => [`${row.scope}|${row.channel}`, row]));
  return [...last.values()].flatMap(({ scope, channel, limit_paisa: paisa }) =>
    paisa === null ? [] : [{ scope, channel, limitPaisa: BigInt(paisa) }],
  );
}

/** Every limit that was ever set, the latest first; and those that will take effect. */
export async function listLimits(reader: Reader): Promise<DatedLimit[]> {
  const rows = await reader.read<LimitRow>(`${LIMITS} ORDER BY effective_from DESC, id DESC LIMIT 500`);
  return rows.map((row) => ({
    limitId: idFromBytes(row.id),
    scope: row.scope,
    channel: row.channel,
    limitPaisa: row.limit_paisa === null ? null : BigInt(row.limit_paisa),
    effectiveFrom: row.effective_from.getTime(),
    reason: row.reason,
    setBy: row.set_by,
    setAt: row.set_at.getTime(),
  }));
}

/** Sets a limit from an instant on. What was in force before stays on record. */
export async function insertLimit(tx: Tx, limit: Omit<DatedLimit, 'limitId'>): Promise<Id> {
  const limitId = newId(limit.setAt);
  await tx.write(
    `INSERT INTO vend_limits (id, scope, channel, limit_paisa, effective_from, reason, set_by, set_at) VALUES (?)`,
    [
      [
        idToBytes(limitId),
        limit.scope,
        limit.channel,
        limit.limitPaisa?.toString() ?? null,
        new Date(limit.effectiveFrom),
        limit.reason,
        limit.setBy,
        new Date(limit.setAt),
      ],
    ],
  );
  return limitId;
}

/**
 * The guard of a transaction. The sums of a day are asked for only where a limit by the day is set: a server without one
 * pays for an empty question. The caller holds the meters' locks, so a meter's sum stands; a person's row is locked here,
 * in name order, so that two tills of one person come one after the other.
 */
export async function limitGuard(
  tx: Tx,
  limits: readonly VendLimit[],
  sales: readonly LimitedSale[],
  now: InstantMs,
): Promise<LimitGuard> {
  const has = (scope: LimitScope) => limits.some((limit) => limit.scope === scope);
  const meterIds = has('meter-day') ? [...new Set(sales.flatMap(({ meterId }) => meterId ?? []))] : [];
  const actors = has('person-day') ? [...new Set(sales.filter(isPersonsAct).map(({ actor }) => actor))] : [];
  const [byMeter, byPerson] = await Promise.all([soldToMeters(tx, meterIds, now), soldByPeople(tx, actors, now)]);
  return new LimitGuard(limits, {
    meter: (meterId, channel) =>
      byMeter
        .filter((sum) => sum.meterId === meterId && (channel === null || sum.channel === channel))
        .reduce((total, { paisa }) => total + paisa, 0n),
    person: (actor) => byPerson.get(actor) ?? 0n,
  });
}

async function soldToMeters(tx: Tx, meterIds: readonly Id[], now: InstantMs) {
  if (meterIds.length === 0) return [];
  const startMs = Date.parse(`${dhakaDay(now)}T00:00:00+06:00`);
  const rows = await tx.query<Row & { meter_id: Buffer; channel: Channel; paisa: string }>(
    `SELECT meter_id, channel, SUM(gross_paisa) AS paisa FROM recharges FORCE INDEX (ix_recharges_meter)
     WHERE meter_id IN (?) AND received_at >= ? AND kind = 'credit' AND state IN ('RECEIVED', 'APPLIED')
     GROUP BY meter_id, channel`,
    [meterIds.map(idToBytes), new Date(startMs)],
  );
  return rows.map((row) => ({
    meterId: idFromBytes(row.meter_id),
    channel: row.channel,
    paisa: BigInt(row.paisa),
  }));
}

async function soldByPeople(tx: Tx, actors: readonly string[], now: InstantMs): Promise<Map<string, Paisa>> {
  if (actors.length === 0) return new Map();
  const names = actors.map((actor) => actor.slice('user:'.length)).sort();
  const locked = tx.query('SELECT id FROM users WHERE username IN (?) ORDER BY username FOR UPDATE', [names]);
  const summed = tx.query<Row & { actor: string; paisa: string }>(
    `SELECT actor, SUM(gross_paisa) AS paisa FROM recharges FORCE INDEX (ix_recharges_day_actor)
     WHERE business_day = ? AND actor IN (?) AND channel = 'counter' AND kind = 'credit' AND state IN ('RECEIVED', 'APPLIED')
     GROUP BY actor`,
    [dhakaDay(now), actors],
  );
  const [, rows] = await Promise.all([locked, summed]);
  return new Map(rows.map(({ actor, paisa }) => [actor, BigInt(paisa)]));
}
