import { DomainError, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Row, Tx } from '@vend/platform';
import { definitionHash, selectionText, type CampaignKind, type CampaignOrder } from '../campaign';
import type { CampaignErrorCode } from '../campaign.errors';
import type { VendingKeyFacts } from '../key-change';
import { idOf } from './rows';

export type CampaignState = 'SELECTING' | 'OPEN' | 'CANCELLED';

/** A campaign as it stands. */
export interface Campaign {
  readonly campaignId: Id;
  readonly name: string;
  readonly kind: CampaignKind;
  readonly selection: string;
  readonly state: CampaignState;
  readonly madeBy: string;
  readonly madeAt: InstantMs;
}

/** `before`: the last campaign of the page before. */
export interface CampaignPage {
  readonly before?: Id;
  readonly limit: number;
}

interface CampaignRow extends Row {
  id: Buffer;
  definition_hash: Buffer;
}

/** Stores the order, or finds it there. @throws {DomainError} campaign-differs, campaign-cancelled; 1062 in a race */
export async function openCampaign(
  tx: Tx,
  order: CampaignOrder,
  to: VendingKeyFacts,
  madeBy: string,
  now: InstantMs,
): Promise<Id> {
  const hash = definitionHash(order);
  const stored = () =>
    tx.query<CampaignRow>('SELECT id, state, definition_hash FROM campaigns WHERE name = ?', [order.name]);
  if ((await stored()).length === 0) {
    await tx.write(
      `INSERT INTO campaigns (id, name, kind, to_sgc, to_krn, to_ken, to_base_date, selection, definition_hash, state,
         made_by, made_at) VALUES (?)`,
      [
        [
          ...[idToBytes(newId(now)), order.name, order.kind, to.sgc, to.krn, to.ken, to.baseDate],
          ...[selectionText(order), hash, 'SELECTING', madeBy, new Date(now)],
        ],
      ],
    );
  }
  const [row] = await stored();
  if (!row?.definition_hash.equals(hash)) throw new DomainError<CampaignErrorCode>('campaign-differs');
  if (row['state'] === 'CANCELLED') throw new DomainError<CampaignErrorCode>('campaign-cancelled');
  return idOf(row, 'id');
}

/** @throws {DomainError} campaign-not-found */
export async function findCampaign(database: Pick<Database, 'read'>, name: string): Promise<Campaign> {
  const [campaign] = await readCampaigns(database, 'WHERE name = ?', [name]);
  if (!campaign) throw new DomainError<CampaignErrorCode>('campaign-not-found');
  return campaign;
}

/** The newest first: all of them, or a page. */
export function listCampaigns(database: Pick<Database, 'read'>, page?: CampaignPage): Promise<Campaign[]> {
  if (!page) return readCampaigns(database, 'ORDER BY id DESC', []);
  const { before, limit } = page;
  return before === undefined
    ? readCampaigns(database, 'ORDER BY id DESC LIMIT ?', [limit])
    : readCampaigns(database, 'WHERE id < ? ORDER BY id DESC LIMIT ?', [idToBytes(before), limit]);
}

async function readCampaigns(database: Pick<Database, 'read'>, where: string, parameters: unknown[]) {
  const rows = await database.read(
    `SELECT id, name, kind, selection, state, made_by, made_at FROM campaigns ${where}`,
    parameters,
  );
  return rows.map((row): Campaign => ({
    campaignId: idOf(row, 'id'),
    name: row['name'] as string,
    kind: row['kind'] as CampaignKind,
    selection: row['selection'] as string,
    state: row['state'] as CampaignState,
    madeBy: row['made_by'] as string,
    madeAt: (row['made_at'] as Date).getTime(),
  }));
}

/**
 * Holds the campaign against a cancellation until the end of the transaction.
 *
 * @throws {DomainError} campaign-cancelled
 */
export async function holdCampaign(tx: Tx, campaignId: Id): Promise<void> {
  const [row] = await tx.query<{ state: CampaignState }>('SELECT state FROM campaigns WHERE id = ? FOR UPDATE', [
    idToBytes(campaignId),
  ]);
  if (row?.state !== 'SELECTING' && row?.state !== 'OPEN') {
    throw new DomainError<CampaignErrorCode>('campaign-cancelled');
  }
}

export async function setCampaignState(tx: Tx, campaignId: Id, state: CampaignState): Promise<void> {
  await tx.write(`UPDATE campaigns SET state = ? WHERE id = ? AND state <> 'CANCELLED'`, [
    state,
    idToBytes(campaignId),
  ]);
}

/** How far a campaign is, in meters. The states add up to `meters`. */
export interface CampaignFigures {
  readonly meters: number;
  /** Waiting for their vend or for field staff; `toMake` and `refused` of them have no tokens yet. */
  readonly due: number;
  readonly toMake: number;
  /** The token server refused to make the set, by code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly issued: number;
  readonly issuedByVend: number;
  readonly issuedByFile: number;
  readonly confirmed: number;
  readonly stale: number;
  readonly cancelled: number;
}

/** Counted now, from the rows: nothing is kept beside them that could disagree. */
export async function campaignFigures(database: Database, campaignId: Id): Promise<CampaignFigures> {
  const rows = await database.read<{ state: string; made: number; sold: number; refusal: string | null; n: string }>(
    `SELECT k.state, s.change_id IS NOT NULL AS made, k.vend_id IS NOT NULL AS sold, k.refusal_code AS refusal,
       COUNT(*) AS n
     FROM key_changes k LEFT JOIN key_change_sets s ON s.change_id = k.id
     WHERE k.campaign_id = ? GROUP BY 1, 2, 3, 4`,
    [idToBytes(campaignId)],
  );
  const count = (fits: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(fits).reduce((sum, row) => sum + Number(row.n), 0);
  const refused: Record<string, number> = {};
  for (const { state, made, refusal, n } of rows) {
    if (state === 'DUE' && !made && refusal !== null) refused[refusal] = (refused[refusal] ?? 0) + Number(n);
  }
  return {
    meters: count(() => true),
    due: count((row) => row.state === 'DUE'),
    toMake: count((row) => row.state === 'DUE' && !row.made && row.refusal === null),
    refused,
    issued: count((row) => row.state === 'ISSUED'),
    issuedByVend: count((row) => row.state === 'ISSUED' && Boolean(row.sold)),
    issuedByFile: count((row) => row.state === 'ISSUED' && !row.sold),
    confirmed: count((row) => row.state === 'CONFIRMED'),
    stale: count((row) => row.state === 'STALE'),
    cancelled: count((row) => row.state === 'CANCELLED'),
  };
}
