import { DomainError } from '@vend/kernel';
import { seal, unseal, type Reader, type Row, type Tx } from '@vend/platform';
import {
  parseGateway,
  type GatewayProfile,
  type GatewayRecord,
  type GatewaySettings,
  type GatewayTerms,
} from '../routing/gateway-settings';
import type { RouteReport } from '../routing/routed-sms';
import type { SmsErrorCode } from '../sms.errors';

const COLUMNS = `code, profile, settings, secret_sealed, prefixes, cost_paisa, priority, max_per_second, shares, enabled,
  version, changed_by, changed_at`;

/** A gateway with its secret opened: for whoever connects, and nobody else. */
export type OpenedGateway = GatewayRecord & { readonly secret: string };

const contextOf = (code: string): string => `sms-gateway:${code}`;

/** Every gateway, without its secret, by priority and name. */
export async function listGateways(reader: Reader): Promise<GatewayRecord[]> {
  const rows = await reader.read(`SELECT ${COLUMNS} FROM sms_gateways ORDER BY priority, code`);
  return rows.map(gatewayOf);
}

/**
 * What one part costs by the gateway that is asked first for any number; undefined while there is none.
 *
 * @example await partPricePaisa(database) // 25n
 */
export async function partPricePaisa(reader: Reader): Promise<bigint | undefined> {
  const enabled = (await listGateways(reader)).filter((gateway) => gateway.enabled);
  const first = enabled.find(({ prefixes }) => prefixes.length === 0) ?? enabled[0];
  return first && BigInt(first.costPaisa);
}

/** Those that are in use, with their secrets, and whether there is any at all. */
export async function openGateways(
  reader: Reader,
  sealingSecret: Buffer,
): Promise<{ opened: OpenedGateway[]; any: boolean }> {
  const rows = await reader.read(`SELECT ${COLUMNS} FROM sms_gateways ORDER BY priority, code`);
  const opened = rows
    .filter((row) => row['enabled'])
    .map((row) => ({
      ...gatewayOf(row),
      secret: unseal(sealingSecret, row['secret_sealed'] as Buffer, contextOf(row['code'] as string)).toString('utf8'),
    }));
  return { opened, any: rows.length > 0 };
}

/** A gateway as the office enters it. */
export interface GatewayChange {
  readonly code: string;
  readonly gateway: GatewaySettings;
  readonly terms: GatewayTerms;
  /** The account's token or password; null leaves what is there. */
  readonly secret: string | null;
  /** The version it is based on; 0 for a gateway that is new. */
  readonly version: number;
  readonly by: string;
}

/**
 * Makes a gateway, or changes one that is still as the person saw it. Workers see it within half a minute.
 *
 * @throws {DomainError<SmsErrorCode>} `gateway-changed`: somebody was faster; `gateway-secret-missing`: a new one without
 */
export async function saveGateway(tx: Tx, sealingSecret: Buffer, change: GatewayChange, now: Date): Promise<void> {
  const { code, gateway, terms, secret, version, by } = change;
  const [found] = await tx.query<{ version: number }>('SELECT version FROM sms_gateways WHERE code = ? FOR UPDATE', [
    code,
  ]);
  if ((found?.version ?? 0) !== version) throw new DomainError<SmsErrorCode>('gateway-changed');
  if (!found && secret === null) throw new DomainError<SmsErrorCode>('gateway-secret-missing');
  const columns = {
    profile: gateway.profile,
    settings: JSON.stringify(gateway.settings),
    ...(secret !== null && { secret_sealed: seal(sealingSecret, Buffer.from(secret, 'utf8'), contextOf(code)) }),
    prefixes: JSON.stringify(terms.prefixes),
    cost_paisa: terms.costPaisa,
    priority: terms.priority,
    max_per_second: terms.maxPerSecond,
    shares: terms.shares === undefined ? null : JSON.stringify(terms.shares),
    enabled: terms.enabled,
    version: version + 1,
    changed_by: by,
    changed_at: now,
  };
  const names = Object.keys(columns);
  if (found) {
    const set = names.map((name) => `${name} = ?`).join(', ');
    await tx.write(`UPDATE sms_gateways SET ${set} WHERE code = ?`, [...Object.values(columns), code]);
  } else {
    await tx.write(`INSERT INTO sms_gateways (code, ${names.join(', ')}) VALUES (?)`, [
      [code, ...Object.values(columns)],
    ]);
  }
}

/** What a worker sees of its gateways now. */
export async function reportHealth(tx: Tx, worker: string, reports: readonly RouteReport[], now: Date): Promise<void> {
  if (reports.length === 0) return;
  const rows = reports.map(({ gateway, healthy, lastFault }) => {
    return [gateway, worker, healthy, JSON.stringify({ lastFault }), now];
  });
  await Promise.all([
    tx.write(
      `INSERT INTO sms_gateway_health (gateway, worker, healthy, detail, seen_at) VALUES ?
       ON DUPLICATE KEY UPDATE healthy = VALUES(healthy), detail = VALUES(detail), seen_at = VALUES(seen_at)`,
      [rows],
    ),
    tx.write('DELETE FROM sms_gateway_health WHERE seen_at < ?', [new Date(now.getTime() - FORGOTTEN_AFTER_MS)]),
  ]);
}

const FORGOTTEN_AFTER_MS = 600_000;
/** A worker that has said nothing for so long is not there. */
const SEEN_WITHIN_MS = 60_000;

/** How the workers that are there see a gateway. */
export interface GatewayHealth {
  readonly gateway: string;
  readonly workers: number;
  /** Of them, those for which it works. */
  readonly healthy: number;
  readonly lastFaults: readonly string[];
}

export async function gatewayHealth(reader: Reader, now: Date): Promise<GatewayHealth[]> {
  const rows = await reader.read<{ gateway: string; healthy: number; detail: unknown }>(
    'SELECT gateway, healthy, detail FROM sms_gateway_health WHERE seen_at >= ?',
    [new Date(now.getTime() - SEEN_WITHIN_MS)],
  );
  return [...new Set(rows.map(({ gateway }) => gateway))].sort().map((gateway) => {
    const seen = rows.filter((row) => row.gateway === gateway);
    const faults = seen.flatMap(({ detail }) => (json(detail) as { lastFault: string | null }).lastFault ?? []);
    return {
      gateway,
      workers: seen.length,
      healthy: seen.filter(({ healthy }) => healthy).length,
      lastFaults: [...new Set(faults)].sort(),
    };
  });
}

function gatewayOf(row: Row): GatewayRecord {
  const shares = json(row['shares']) as GatewayTerms['shares'] | null;
  return {
    ...parseGateway(row['profile'] as GatewayProfile, json(row['settings'])),
    code: row['code'] as string,
    prefixes: json(row['prefixes']) as string[],
    costPaisa: row['cost_paisa'] as number,
    priority: row['priority'] as number,
    maxPerSecond: row['max_per_second'] as number | null,
    ...(shares && { shares }),
    enabled: Boolean(row['enabled']),
    version: row['version'] as number,
    changedBy: row['changed_by'] as string,
    changedAt: row['changed_at'] as Date,
  };
}

/** JSON is text to MariaDB and a value to MySQL. */
function json(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}
