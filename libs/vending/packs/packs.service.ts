import { createHash } from 'node:crypto';
import { DomainError, formatTaka, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import { loadVendingMeters, lockMeterStates, saveMeterStates } from '@vend/meters';
import type { Database, Tx } from '@vend/platform';
import type { PriceBooks } from '@vend/pricebook';
import { FreshBegin } from '../fresh-begin';
import type { Orders, OrdersSettings } from '../orders/orders';
import { TokenServerUnavailable, type CreditTokenOutcome, type CreditTokenRequest, type TokenIssuer } from '../ports';
import type { RechargeAnswer } from '../recharge';
import { limitsAt } from '../store/limits.store';
import { findPack, findPackItems, insertPack, insertPackItems, withdrawPackRows } from '../store/packs.store';
import { tokenRefusal } from '../token-refusal';
import type { VendingErrorCode } from '../vending.errors';
import type { OfflinePack, PackItem, PackLine } from './pack';
import { packItemOrder, packRequestId, type UsedItem } from './pack-item.order';
import { draftItems, type ItemDraft } from './pack.draft';

/** What a supervisor asks for, and a second person has approved. */
export interface PackOrder {
  /** Made by the caller and kept: the same id is the same pack. */
  readonly packId: Id;
  readonly station: string;
  readonly actor: string;
  readonly reason: string;
  readonly lines: readonly PackLine[];
  /** What belongs to the same fact: the audit trail, the approval that is used up. */
  readonly alongside: (tx: Tx, pack: OfflinePack, at: InstantMs) => Promise<void>;
}

export type PacksSettings = OrdersSettings & {
  /** Tokens that nobody has paid for are sealed under it. */
  readonly sealingSecret: Buffer;
};

/** At most so many tokens in one call. */
const TOKENS_PER_CALL = 64;
/** A counter's clock may be a little ahead of ours. */
const CLOCK_SLACK_MS = 300_000;

/**
 * Tokens made ahead for an outage (MONEY.md 5): priced, numbered and made now, handed out without a server, booked once
 * afterwards. No money moves before an item is booked.
 */
export class OfflinePacks {
  private readonly freshBegin = new FreshBegin();

  constructor(
    private readonly database: Database,
    private readonly orders: Orders,
    private readonly issuer: TokenIssuer,
    private readonly books: PriceBooks,
    private readonly settings: PacksSettings,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Makes a pack, once for its id: all of it or nothing. TIDs are reserved under the meters' locks, so no other token of
   * these meters can have them.
   *
   * @throws {DomainError<VendingErrorCode>} transaction-conflict; pack-meter-refused (facts: meterNo, reason);
   *   limit-exceeded (pack or pack-item); token-server-down …: nothing was made
   * @example await packs.prepare({ packId: key, station, actor, reason, lines: [{ meterId, grossPaisa: 300_000n, items: 2 }], alongside })
   */
  async prepare(order: PackOrder): Promise<{ pack: OfflinePack; repeated: boolean }> {
    return this.freshBegin.run(async () => {
      const known = await this.stored(order);
      if (known) return { pack: known, repeated: true };
      return { pack: await this.database.transaction((tx) => this.make(tx, order), 1), repeated: false };
    });
  }

  /** @throws {DomainError<VendingErrorCode>} pack-not-found: also when it is another station's */
  async find(packId: Id, stations: 'all' | readonly string[]): Promise<{ pack: OfflinePack; items: PackItem[] }> {
    const reader = { query: this.database.read.bind(this.database) };
    const pack = await findPack(reader, packId);
    if (!pack || (stations !== 'all' && !stations.includes(pack.station))) {
      throw new DomainError<VendingErrorCode>('pack-not-found');
    }
    return { pack, items: await findPackItems(reader, packId, this.settings.sealingSecret) };
  }

  /**
   * Books what a journal says was handed out: each item once, by itself, also when it was withdrawn meanwhile. A journal
   * may be uploaded again, in parts, and from anywhere.
   *
   * @throws {DomainError<VendingErrorCode>} pack-item-unknown, pack-used-before: nothing of this upload was booked
   * @example await packs.reconcile(pack, [{ itemId, usedAt }], { actor: 'user:selim' })
   */
  async reconcile(
    pack: OfflinePack,
    used: readonly UsedItem[],
    by: { readonly actor: string; readonly alongside?: (tx: Tx, itemId: Id, vendId: Id) => Promise<void> },
  ): Promise<RechargeAnswer[]> {
    const reader = { query: this.database.read.bind(this.database) };
    const items = await findPackItems(reader, pack.packId, this.settings.sealingSecret);
    const known = new Map(items.map((item) => [item.itemId, item]));
    for (const { itemId, usedAt } of used) {
      if (!known.has(itemId)) throw new DomainError<VendingErrorCode>('pack-item-unknown', { item: itemId });
      if (usedAt < pack.preparedAt - CLOCK_SLACK_MS || usedAt > this.now() + CLOCK_SLACK_MS) {
        throw new DomainError<VendingErrorCode>('pack-used-before', { item: itemId });
      }
    }
    const answers: RechargeAnswer[] = [];
    for (const { itemId, usedAt } of used) {
      const alongside = (tx: Tx, { vendId }: { vendId: Id }) => by.alongside?.(tx, itemId, vendId) ?? Promise.resolve();
      const order = packItemOrder(
        pack,
        known.get(itemId)!,
        usedAt,
        { actor: by.actor, alongside },
        this.settings.sealingSecret,
      );
      answers.push(await this.orders.run(order));
    }
    return answers;
  }

  /**
   * Ends a pack: what is open is withdrawn. A token cannot be recalled: whoever has one can still use it, and it is booked
   * when it turns up. Again changes nothing.
   */
  async withdraw(
    packId: Id,
    actor: string,
    alongside: (tx: Tx, withdrawn: number, at: InstantMs) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const pack = await findPack(tx, packId, true);
      if (!pack) throw new DomainError<VendingErrorCode>('pack-not-found');
      if (pack.state === 'WITHDRAWN') return;
      const at = this.now();
      await alongside(tx, await withdrawPackRows(tx, packId, actor, at), at);
    });
  }

  private async stored(order: PackOrder): Promise<OfflinePack | undefined> {
    const pack = await findPack({ query: this.database.read.bind(this.database) }, order.packId);
    if (pack && !pack.contentHash.equals(hashOf(order))) {
      throw new DomainError<VendingErrorCode>('transaction-conflict');
    }
    return pack;
  }

  private async make(tx: Tx, order: PackOrder): Promise<OfflinePack> {
    const now = this.now();
    const { packId, station, actor, reason, lines } = order;
    const pack: OfflinePack = {
      ...{ packId, station, reason, preparedBy: actor, preparedAt: now, state: 'OPEN' },
      ...{ withdrawnBy: null, withdrawnAt: null },
    };
    // First of all: of two that make the same pack the second waits here, and finds it made.
    await insertPack(tx, pack, hashOf(order));
    const meterIds = lines.map(({ meterId }) => meterId);
    const [states, meters, book, limits] = await Promise.all([
      lockMeterStates(tx, meterIds),
      loadVendingMeters(tx, meterIds),
      this.books.hold(tx, this.settings.book),
      limitsAt(tx, now),
    ]);
    for (const { scope, limitPaisa } of limits) {
      if (scope === 'pack') refuseOver('pack', limitPaisa, totalOf(lines));
      if (scope === 'pack-item') for (const line of lines) refuseOver('pack-item', limitPaisa, line.grossPaisa);
    }
    const maxRunAheadMinutes = this.settings.maxRunAheadMinutes ?? 120;
    const { drafts, changed } = draftItems(packId, lines, { states, meters, book, now, maxRunAheadMinutes });
    const items = await this.makeTokens(packId, drafts);
    await Promise.all([
      insertPackItems(tx, items, this.settings.sealingSecret),
      saveMeterStates(tx, [...changed.values()]),
    ]);
    await order.alongside(tx, pack, now);
    return pack;
  }

  private async makeTokens(packId: Id, drafts: readonly ItemDraft[]): Promise<PackItem[]> {
    const items: PackItem[] = [];
    for (let at = 0; at < drafts.length; at += TOKENS_PER_CALL) {
      const some = drafts.slice(at, at + TOKENS_PER_CALL);
      const outcomes = await this.ask(some.map(requestOf));
      some.forEach(({ meter, tid, subclass, ...draft }, index) => {
        const outcome = outcomes[index]!;
        if (!outcome.ok) throw tokenRefusal(outcome);
        const { digits, creditedUnits, sampleTables } = outcome;
        items.push({
          ...draft,
          packId,
          meterId: meter.meterId,
          baseDate: meter.keys.baseDate,
          token: { sequence: 1, of: 1, kind: 'credit', subclass, tid, digits, creditedUnits, sampleTables },
          ...{ state: 'OPEN', usedAt: null, vendId: null },
        });
      });
    }
    return items;
  }

  private async ask(requests: readonly CreditTokenRequest[]): Promise<CreditTokenOutcome[]> {
    try {
      return await this.issuer.issueCredit(requests, this.settings.tokenDeadlineMs);
    } catch (error) {
      if (!(error instanceof TokenServerUnavailable)) throw error;
      throw new DomainError<VendingErrorCode>('token-server-down', {}, { cause: error });
    }
  }
}

function requestOf({ itemId, meter, tid, rnd, subclass, amountUnits }: ItemDraft): CreditTokenRequest {
  return { requestId: packRequestId(itemId, tid, rnd), meter: meter.keys, subclass, tid, rnd, amountUnits };
}

function totalOf(lines: readonly PackLine[]): Paisa {
  return lines.reduce((sum, { grossPaisa, items }) => sum + grossPaisa * BigInt(items), 0n);
}

function refuseOver(limit: 'pack' | 'pack-item', limitPaisa: Paisa, askedPaisa: Paisa): void {
  if (askedPaisa <= limitPaisa) return;
  const limitTaka = formatTaka(limitPaisa);
  throw new DomainError<VendingErrorCode>('limit-exceeded', { limit, limitTaka, leftTaka: limitTaka });
}

/** Everything that decides what comes of it. */
function hashOf({ station, reason, lines }: PackOrder): Buffer {
  const content = lines.map(({ meterId, grossPaisa, items }) => [meterId, grossPaisa.toString(), items]);
  return createHash('sha256')
    .update(JSON.stringify([station, reason, content]))
    .digest();
}
