import { idToBytes, parseQuietHours, quietUntil, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Row, Tx } from '@vend/platform';
import { queueMessages, type QueuedMessage } from '@vend/sms';
import type { MeterKeys } from '../../meters';
import { loadVendingMeters } from '../../store/meters';
import { lockMeterStates } from '../../store/meter-states';
import type { KeyAttributes, KeySetOutcome } from '../key-change';
import { holdCampaign } from './campaigns';
import { voidKeyChanges } from './due';
import { FITS, FROM_COLUMNS, idOf, keyOf, TO_COLUMNS } from './rows';

/** A campaign may run at any hour; nobody is woken by it. */
const NIGHT = parseQuietHours('22:00-08:00');

/** A change whose set is still to be made. */
export interface UnmadeChange {
  readonly changeId: Id;
  readonly meterId: Id;
  /** As the meter was when it was taken into the campaign. */
  readonly meter: MeterKeys;
  readonly to: Pick<KeyAttributes, 'sgc' | 'krn' | 'ti' | 'kt'>;
}

/** The next changes without a set, in id order from `after` on. */
export async function readUnmade(
  database: Database,
  campaignId: Id,
  after: Buffer,
  limit: number,
): Promise<UnmadeChange[]> {
  const rows = await database.read(
    `SELECT k.id, k.meter_id, m.pan, m.ea, m.tct, ${FROM_COLUMNS}, ${TO_COLUMNS}
     FROM key_changes k JOIN meters m ON m.id = k.meter_id LEFT JOIN key_change_sets s ON s.change_id = k.id
     WHERE k.campaign_id = ? AND k.state = 'DUE' AND k.id > ? AND s.change_id IS NULL ORDER BY k.id LIMIT ?`,
    [idToBytes(campaignId), after, limit],
  );
  return rows.map((row) => ({
    changeId: idOf(row, 'id'),
    meterId: idOf(row, 'meter_id'),
    meter: {
      pan: row['pan'] as string,
      ea: row['ea'] as MeterKeys['ea'],
      tct: row['tct'] as MeterKeys['tct'],
      ...keyOf(row, 'from_'),
    },
    to: {
      sgc: row['to_sgc'] as string,
      krn: row['to_krn'] as number,
      ti: row['to_ti'] as string,
      kt: row['to_kt'] as MeterKeys['kt'],
    },
  }));
}

/** A change and what the token server answered about it. */
export interface AnsweredChange {
  readonly changeId: Id;
  readonly meterId: Id;
  readonly outcome: KeySetOutcome;
}

export interface StoredSets {
  readonly made: number;
  readonly refused: number;
  /** The meter's key had changed meanwhile, the change was closed, or another run was faster: not kept. */
  readonly void: number;
}

/**
 * Stores the sets of one page and marks their meters, in one transaction under the meters' locks. Storing an answer
 * again changes nothing: the set is a function of its request.
 *
 * @throws {DomainError} campaign-cancelled
 */
export async function storeSets(
  database: Database,
  campaignId: Id,
  answered: readonly AnsweredChange[],
  now: InstantMs,
): Promise<StoredSets> {
  return database.transaction(async (tx) => {
    await holdCampaign(tx, campaignId);
    await lockMeterStates(
      tx,
      answered.map(({ meterId }) => meterId),
    );
    const fits = await stillFitting(
      tx,
      answered.map(({ changeId }) => changeId),
    );
    const due = answered.filter(({ changeId }) => fits.get(changeId) !== undefined);
    const stale = due.filter(({ changeId }) => fits.get(changeId) === false);
    await voidKeyChanges(
      tx,
      stale.map(({ changeId }) => changeId),
      'cli:campaign',
      now,
    );
    const open = due.filter(({ changeId }) => fits.get(changeId) === true);
    const made = open.filter(({ outcome }) => outcome.ok);
    await insertSets(tx, made, now);
    await markRefusals(tx, open);
    await tellCustomers(tx, made, now);
    if (made.length > 0) {
      await tx.write('UPDATE meter_states SET key_change_due = TRUE WHERE meter_id IN (?)', [
        made.map(({ meterId }) => idToBytes(meterId)),
      ]);
    }
    return { made: made.length, refused: open.length - made.length, void: answered.length - open.length };
  });
}

/** What the customers will have to do, before the tokens come with their next vends. */
async function tellCustomers(tx: Tx, made: readonly AnsweredChange[], now: InstantMs): Promise<void> {
  const meters = await loadVendingMeters(
    tx,
    made.map(({ meterId }) => meterId),
    now,
  );
  const messages = made.flatMap(({ meterId, changeId, outcome }): QueuedMessage[] => {
    const meter = meters.get(meterId);
    if (!meter || !outcome.ok) return [];
    return [
      {
        template: 'key-change',
        subject: { kind: 'meter', id: meterId },
        recipient: { kind: 'customer', id: meter.customerId },
        once: changeId,
        values: { meter: meter.pan, 'tokens-count': String(outcome.set.tokens.length) },
        dueAt: quietUntil(NIGHT, now) ?? now,
      },
    ];
  });
  await queueMessages(tx, messages, new Date(now));
}

/** Of these changes those that are still DUE and without a set, and whether the meter still has the key they start from. */
async function stillFitting(tx: Tx, changeIds: readonly Id[]): Promise<Map<Id, boolean>> {
  const rows = await tx.query<Row & { fits: number; made: number }>(
    `SELECT k.id, ${FITS} AS fits, s.change_id IS NOT NULL AS made
     FROM key_changes k JOIN meters m ON m.id = k.meter_id LEFT JOIN key_change_sets s ON s.change_id = k.id
     WHERE k.id IN (?) AND k.state = 'DUE'`,
    [changeIds.map(idToBytes)],
  );
  return new Map(rows.filter((row) => !row.made).map((row) => [idOf(row, 'id'), row.fits === 1]));
}

async function insertSets(tx: Tx, made: readonly AnsweredChange[], now: InstantMs): Promise<void> {
  const rows = made.flatMap(({ changeId, outcome }) => {
    if (!outcome.ok) return [];
    const { tokens, after, rollover, fromKcv, toKcv, sampleTables } = outcome.set;
    return [
      [
        ...[idToBytes(changeId), tokens.join(' '), after.ken, after.baseDate, rollover],
        ...[fromKcv, toKcv, sampleTables, new Date(now)],
      ],
    ];
  });
  if (rows.length === 0) return;
  await tx.write(
    `INSERT INTO key_change_sets (change_id, tokens, ken, base_date, rollover, from_kcv, to_kcv, sample_tables, made_at)
     VALUES ?`,
    [rows],
  );
}

/** Notes why a set could not be made; a later `make` asks again. */
async function markRefusals(tx: Tx, answered: readonly AnsweredChange[]): Promise<void> {
  const byCode = new Map<string, Buffer[]>();
  for (const { changeId, outcome } of answered) {
    if (!outcome.ok) byCode.set(outcome.code, [...(byCode.get(outcome.code) ?? []), idToBytes(changeId)]);
  }
  for (const [code, ids] of byCode) {
    await tx.write('UPDATE key_changes SET refusal_code = ? WHERE id IN (?)', [code.slice(0, 48), ids]);
  }
}
