import { DomainError, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database } from '@vend/platform';
import { checkOrder, type CampaignOrder } from './campaign';
import type { CampaignErrorCode } from './campaign.errors';
import {
  keyChangeRequestId,
  type KeySetIssuer,
  type KeySetOutcome,
  type KeySetRequest,
  type VendingKeyFacts,
} from './key-change';
import {
  campaignFigures,
  findCampaign,
  listCampaigns,
  openCampaign,
  setCampaignState,
  type Campaign,
  type CampaignFigures,
  type CampaignPage,
} from './store/campaigns';
import {
  cancelPage,
  confirmKeyChanges,
  exportPage,
  issuedChangesOf,
  type Confirmation,
  type ExportedChange,
} from './store/closing';
import { selectListed, selectPage } from './store/selection';
import { readUnmade, storeSets, type UnmadeChange } from './store/sets';

const NOTHING = Buffer.alloc(16);

export interface CampaignSettings {
  /** Rows of one transaction. */
  readonly pageRows?: number;
  /** Requests of one group to the token server. */
  readonly groupRequests?: number;
  readonly now?: () => InstantMs;
}

/** How far a long piece of work is: rows done so far. */
export type OnProgress = (done: number) => void;

/** What `make` did. */
export interface MadeSets {
  readonly made: number;
  readonly refused: number;
  readonly void: number;
}

/**
 * Key-change campaigns, for the command of a key officer. Everything works page by page, each in its own
 * transaction, and goes on where it stopped: killed in the middle and run again, or run twice at once, it makes
 * the same rows.
 *
 * @example const campaigns = new Campaigns(database);
 *          await campaigns.create(order, keys, 'officer:anwar'); await campaigns.make('rollover-2026', issuer);
 */
export class Campaigns {
  private readonly pageRows: number;
  private readonly groupRequests: number;
  private readonly now: () => InstantMs;

  constructor(
    private readonly database: Database,
    settings: CampaignSettings = {},
  ) {
    this.pageRows = settings.pageRows ?? 2_000;
    this.groupRequests = settings.groupRequests ?? 500;
    this.now = settings.now ?? Date.now;
  }

  /**
   * Marks the meters of an order: those under its vending key, of its office, on its list. Those that have
   * another change open stay out. Run again it takes in what fits by then.
   *
   * @param keys what the token server holds
   * @param list MeterPANs, when only those on a list are meant
   * @returns how many meters fit, and how many are in the campaign
   * @throws {DomainError} the campaign-* codes
   */
  async create(
    order: CampaignOrder,
    keys: readonly VendingKeyFacts[],
    by: string,
    list?: AsyncIterable<readonly string[]>,
    onProgress: OnProgress = () => undefined,
  ): Promise<{ readonly fitting: number; readonly inCampaign: number }> {
    const to = checkOrder(order, keys, this.now());
    const open = () => this.database.transaction((tx) => openCampaign(tx, order, to, by, this.now()));
    // Two runs of a new name: the one that comes second finds the first one's row.
    const campaignId = await open().catch((error: unknown) =>
      isDuplicate(error) ? open() : Promise.reject(error as Error),
    );
    let fitting = 0;
    if (list) {
      for await (const pans of list) {
        fitting += await selectListed(this.database, campaignId, order, pans, this.now());
        onProgress(fitting);
      }
    } else {
      let after: Buffer | undefined;
      for (;;) {
        const page = await selectPage(this.database, campaignId, order, after, this.pageRows, this.now());
        if (!page) break;
        after = page.after;
        fitting += page.meters;
        onProgress(fitting);
      }
    }
    await this.database.transaction((tx) => setCampaignState(tx, campaignId, 'OPEN'));
    return { fitting, inCampaign: (await campaignFigures(this.database, campaignId)).meters };
  }

  /**
   * Has the sets made that are missing, and marks their meters: their next vends carry the tokens. Sets that the
   * token server refused before are asked for again.
   *
   * @throws {DomainError} campaign-not-selected, campaign-cancelled, key-sets-wait
   */
  async make(name: string, issuer: KeySetIssuer, onProgress: OnProgress = () => undefined): Promise<MadeSets> {
    const { campaignId, state } = await findCampaign(this.database, name);
    if (state === 'SELECTING') throw new DomainError<CampaignErrorCode>('campaign-not-selected');
    if (state === 'CANCELLED') throw new DomainError<CampaignErrorCode>('campaign-cancelled');
    // Groups wait here between their question and their answer: the two streams keep the same order.
    const asked: (readonly UnmadeChange[])[] = [];
    const total = { made: 0, refused: 0, void: 0 };
    const groups = this.groupsToMake(campaignId, asked);
    for await (const outcomes of issuer.makeSets(groups)) {
      const changes = asked.shift();
      const answered = pair(changes, outcomes);
      const waiting = answered.find(({ outcome }) => !outcome.ok && outcome.retryable);
      if (waiting && !waiting.outcome.ok) {
        throw new DomainError<CampaignErrorCode>('key-sets-wait', { reason: waiting.outcome.code });
      }
      const stored = await storeSets(this.database, campaignId, answered, this.now());
      total.made += stored.made;
      total.refused += stored.refused;
      total.void += stored.void;
      onProgress(total.made + total.refused + total.void);
    }
    return total;
  }

  private async *groupsToMake(campaignId: Id, asked: (readonly UnmadeChange[])[]): AsyncGenerator<KeySetRequest[]> {
    let after: Buffer = NOTHING;
    for (;;) {
      const page = await readUnmade(this.database, campaignId, after, this.pageRows);
      if (page.length === 0) return;
      after = idToBytes(page.at(-1)!.changeId);
      for (let start = 0; start < page.length; start += this.groupRequests) {
        const group = page.slice(start, start + this.groupRequests);
        asked.push(group);
        yield group.map(requestOf);
      }
    }
  }

  /**
   * The sets that nobody has seen in their meters, page by page, for a file; they count as handed out from here on.
   *
   * @throws {DomainError} campaign-not-found
   */
  async *export(name: string): AsyncGenerator<ExportedChange[]> {
    const { campaignId } = await findCampaign(this.database, name);
    let after: Buffer = NOTHING;
    for (;;) {
      const page = await exportPage(this.database, campaignId, after, this.pageRows, this.now());
      if (!page) return;
      after = page.after;
      if (page.changes.length > 0) yield page.changes;
    }
  }

  /**
   * Field staff saw these meters on their new keys.
   *
   * @returns an answer for each meter number; `not-found` where nothing was handed out
   */
  async confirm(pans: readonly string[], by: string): Promise<Map<string, Confirmation>> {
    const changes = await issuedChangesOf(this.database, pans);
    const answers = await confirmKeyChanges(this.database, [...changes.values()], by, this.now());
    return new Map(pans.map((pan) => [pan, answers.get(changes.get(pan) ?? '') ?? 'not-found']));
  }

  /** Ends a campaign: meters whose tokens are not out yet keep their keys. @returns how many changes were taken back */
  async cancel(name: string, by: string, onProgress: OnProgress = () => undefined): Promise<number> {
    const { campaignId } = await findCampaign(this.database, name);
    await this.database.transaction((tx) => setCampaignState(tx, campaignId, 'CANCELLED'));
    let cancelled = 0;
    for (;;) {
      const page = await cancelPage(this.database, campaignId, this.pageRows, by, this.now());
      if (page === 0) return cancelled;
      cancelled += page;
      onProgress(cancelled);
    }
  }

  /** One campaign with its figures. @throws {DomainError} campaign-not-found */
  async status(name: string): Promise<{ readonly campaign: Campaign; readonly figures: CampaignFigures }> {
    const campaign = await findCampaign(this.database, name);
    return { campaign, figures: await campaignFigures(this.database, campaign.campaignId) };
  }

  /** The newest first: all of them, or a page. */
  list(page?: CampaignPage): Promise<Campaign[]> {
    return listCampaigns(this.database, page);
  }
}

function requestOf({ changeId, meter, to }: UnmadeChange): KeySetRequest {
  return {
    requestId: keyChangeRequestId(changeId),
    meter,
    target: to,
    withSupplyGroup: meter.ea === '07' && to.sgc !== meter.sgc,
  };
}

function pair(changes: readonly UnmadeChange[] | undefined, outcomes: readonly KeySetOutcome[]) {
  if (changes?.length !== outcomes.length) throw new Error('the token server answered another group than was asked');
  return changes.map(({ changeId, meterId }, index) => ({ changeId, meterId, outcome: outcomes[index]! }));
}
