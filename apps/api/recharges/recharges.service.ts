import { Injectable } from '@nestjs/common';
import { Tills } from '@vend/counter';
import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, isDomainError, isId, type Id, type Paisa } from '@vend/kernel';
import { Providers } from '@vend/payments';
import { Database } from '@vend/platform';
import { readTillDay, VendingService } from '@vend/vending';
import { limitOf, pageOf, type PageQuery } from '../http/page';
import type { RechargeDto, TillDayDto } from './recharge.dto';
import { tillVendView } from './recharge.view';
import { RechargeViews, tillOf } from './recharge.views';

/** Translates the counter's calls into vending's words and back. */
@Injectable()
export class RechargesService {
  constructor(
    private readonly database: Database,
    private readonly vending: VendingService,
    private readonly views: RechargeViews,
    private readonly tills: Tills,
    private readonly providers: Providers,
  ) {}

  /** @returns replayed: true when this key had made this recharge before */
  async create(user: SessionUser, key: Id, quoteId: string): Promise<{ recharge: RechargeDto; replayed: boolean }> {
    const { meterId, grossPaisa, expiresAt, fingerprint } = this.vending.readQuoteId(quoteId);
    const { record, replayed } = await this.vending.recharge({
      source: tillOf(user),
      sourceRef: key,
      channel: 'counter',
      actor: `user:${user.username}`,
      meterId,
      grossPaisa,
      quote: { expiresAt, fingerprint },
      moneyIsTaken: false,
      ...(await this.moneyOf(user, key, grossPaisa)),
    });
    return { recharge: await this.views.view(record, false), replayed };
  }

  /**
   * Where the money of a sale goes, and what an agent keeps of it. A repeat is answered whatever became of the shift since.
   *
   * @throws {DomainError} shift-needed, ledger-drawer-sealed; float-not-found: the agent's contract is suspended
   */
  private async moneyOf(user: SessionUser, key: Id, grossPaisa: Paisa) {
    try {
      const funds = await this.tills.fundsOf(user);
      if (!funds.startsWith('float:')) return { funds };
      const vendor = await this.providers.byCode(funds.slice('float:'.length));
      if (!vendor?.active) throw new DomainError('float-not-found');
      // Down to the paisa: nobody keeps more than the contract says.
      return { funds, commissionPaisa: (grossPaisa * BigInt(vendor.commissionBasisPoints)) / 10_000n };
    } catch (error) {
      if (isDomainError(error) && (await this.vending.findByKey(tillOf(user), key))) return {};
      throw error;
    }
  }

  async show(user: SessionUser, rechargeId: string): Promise<RechargeDto> {
    return this.views.view(await this.views.visible(user, rechargeId), false);
  }

  /**
   * What became of the till's own id. While it may still be vended nobody is told that it is not there.
   *
   * @throws {DomainError} recharge-not-found, outcome-unknown
   */
  async byKey(user: SessionUser, key: string): Promise<RechargeDto> {
    if (!isId(key)) throw new DomainError('recharge-not-found');
    const source = tillOf(user);
    // In this order: what is under way now and booked a moment later is then found in the books.
    const underWay = await this.vending.isUnderWay(source, key);
    const record = await this.vending.findByKey(source, key);
    if (record) return this.views.view(record, false);
    throw new DomainError(underWay ? 'outcome-unknown' : 'recharge-not-found');
  }

  /** What the own till sold today. */
  async today(user: SessionUser, query: PageQuery): Promise<TillDayDto> {
    const limit = limitOf(query);
    const before = query.cursor;
    const rows = await readTillDay(this.database, { source: tillOf(user), at: Date.now(), before, limit });
    return pageOf(rows, limit, tillVendView, ({ rechargeId }) => rechargeId);
  }

  /** A copy of the receipt, which hands the tokens out again: who asked for it, and when, is on record first. */
  async reprint(user: SessionUser, rechargeId: string): Promise<RechargeDto> {
    const record = await this.views.visible(user, rechargeId);
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        actor: `user:${user.username}`,
        action: 'recharge-reprinted',
        subject: `recharge:${record.rechargeId}`,
        detail: { receiptNo: record.vend?.receiptNo ?? null, station: user.station },
        at: Date.now(),
      }),
    );
    return this.views.view(record, true);
  }
}
