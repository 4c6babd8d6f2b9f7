import { DomainError, idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Reader, type Row, type Tx } from '@vend/platform';
import type { WebhookEventType } from '../events';
import type { WebhooksErrorCode } from '../webhooks.errors';

/** The endpoints that are in use. */
export function readActiveEndpoints(reader: Reader): Promise<{ id: Buffer; owner: string; types: string }[]> {
  return reader.read('SELECT id, owner, types FROM webhook_endpoints WHERE active');
}

/** Where somebody wants to hear of something. */
export interface WebhookEndpoint {
  readonly endpointId: Id;
  /** A partner's or a payment provider's code. */
  readonly owner: string;
  readonly url: string;
  readonly types: readonly WebhookEventType[];
  readonly active: boolean;
  /** Why it is not active: a person, a 410, or days of failure. */
  readonly disabledReason: 'person' | 'gone' | 'failing' | null;
  /** Since when every attempt has failed; null: the last one has not. */
  readonly failingSince: InstantMs | null;
  /** Until when messages are signed with the former secret too. */
  readonly formerUntil: InstantMs | null;
  readonly version: number;
  readonly changedBy: string;
  readonly changedAt: InstantMs;
}

/** The same with its secrets, for whoever signs. Neither may reach a log. */
export interface SealedEndpoint extends WebhookEndpoint {
  readonly secretSealed: Buffer;
  readonly formerSealed: Buffer | null;
}

const COLUMNS = `id, owner, url, types, secret_sealed, former_sealed, former_until, active, disabled_reason, failing_since,
  version, changed_by, changed_at`;

/** What a secret is sealed with, so that it opens in its own row alone. */
export const contextOf = (endpointId: Id): string => `webhook-endpoint:${endpointId}`;

export async function listEndpoints(reader: Reader, owner: string | null): Promise<WebhookEndpoint[]> {
  const where = owner === null ? 'TRUE' : 'owner = ?';
  const rows = await reader.read(
    `SELECT ${COLUMNS} FROM webhook_endpoints WHERE ${where} ORDER BY owner, id LIMIT 1000`,
    owner === null ? [] : [owner],
  );
  return rows.map(endpointOf);
}

export async function findEndpoint(reader: Reader, endpointId: Id): Promise<SealedEndpoint | undefined> {
  const [row] = await reader.read(`SELECT ${COLUMNS} FROM webhook_endpoints WHERE id = ?`, [idToBytes(endpointId)]);
  return row && endpointOf(row);
}

/** Locks an endpoint. @throws {DomainError<WebhooksErrorCode>} webhook-endpoint-not-found */
export async function lockEndpoint(tx: Tx, endpointId: Id): Promise<SealedEndpoint> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM webhook_endpoints WHERE id = ? FOR UPDATE`, [
    idToBytes(endpointId),
  ]);
  if (!row) throw new DomainError<WebhooksErrorCode>('webhook-endpoint-not-found');
  return endpointOf(row);
}

/** Writes an endpoint whole. @throws {DomainError<WebhooksErrorCode>} webhook-endpoint-exists */
export async function saveEndpoint(tx: Tx, endpoint: SealedEndpoint, isNew: boolean): Promise<void> {
  const { endpointId, formerUntil, failingSince } = endpoint;
  const columns = {
    owner: endpoint.owner,
    url: endpoint.url,
    types: endpoint.types.join(','),
    secret_sealed: endpoint.secretSealed,
    former_sealed: endpoint.formerSealed,
    former_until: formerUntil === null ? null : new Date(formerUntil),
    active: endpoint.active,
    disabled_reason: endpoint.disabledReason,
    failing_since: failingSince === null ? null : new Date(failingSince),
    version: endpoint.version,
    changed_by: endpoint.changedBy,
    changed_at: new Date(endpoint.changedAt),
  };
  const names = Object.keys(columns);
  try {
    if (isNew) {
      await tx.write(`INSERT INTO webhook_endpoints (id, ${names.join(', ')}) VALUES (?)`, [
        [idToBytes(endpointId), ...Object.values(columns)],
      ]);
    } else {
      const set = names.map((name) => `${name} = ?`).join(', ');
      await tx.write(`UPDATE webhook_endpoints SET ${set} WHERE id = ?`, [
        ...Object.values(columns),
        idToBytes(endpointId),
      ]);
    }
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new DomainError<WebhooksErrorCode>('webhook-endpoint-exists', {}, { cause: error });
  }
}

/** True when a partner or a payment provider has this code. */
export async function isOwner(tx: Tx, code: string): Promise<boolean> {
  const rows = await tx.query(
    'SELECT 1 FROM partners WHERE code = ? UNION ALL SELECT 1 FROM payment_providers WHERE code = ?',
    [code, code],
  );
  return rows.length > 0;
}

/** Of the active endpoints those for which something is due. */
export async function dueEndpoints(reader: Reader, now: Date): Promise<Id[]> {
  const rows = await reader.read<{ id: Buffer }>(
    `SELECT e.id FROM webhook_endpoints e WHERE e.active AND EXISTS (
       SELECT 1 FROM webhook_messages m WHERE m.state = 'PENDING' AND m.endpoint_id = e.id AND m.due_at <= ?)`,
    [now],
  );
  return rows.map(({ id }) => idFromBytes(id));
}

function endpointOf(row: Row): SealedEndpoint {
  const instant = (value: unknown) => (value as Date | null)?.getTime() ?? null;
  return {
    endpointId: idFromBytes(row['id'] as Buffer),
    owner: row['owner'] as string,
    url: row['url'] as string,
    types: (row['types'] as string).split(',') as WebhookEventType[],
    active: Boolean(row['active']),
    disabledReason: row['disabled_reason'] as WebhookEndpoint['disabledReason'],
    failingSince: instant(row['failing_since']),
    formerUntil: instant(row['former_until']),
    version: row['version'] as number,
    changedBy: row['changed_by'] as string,
    changedAt: (row['changed_at'] as Date).getTime(),
    secretSealed: row['secret_sealed'] as Buffer,
    formerSealed: row['former_sealed'] as Buffer | null,
  };
}
