import { Injectable } from '@nestjs/common';
import { recordAudit, type SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { Database } from '@vend/platform';
import { VendingService } from '@vend/vending';
import type { RechargeDto } from './recharge.dto';
import { RechargeViews, tillOf } from './recharge.views';

/** Translates the counter's calls into vending's words and back. */
@Injectable()
export class RechargesService {
  constructor(
    private readonly database: Database,
    private readonly vending: VendingService,
    private readonly views: RechargeViews,
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
    });
    return { recharge: await this.views.view(record, false), replayed };
  }

  async show(user: SessionUser, rechargeId: string): Promise<RechargeDto> {
    return this.views.view(await this.views.visible(user, rechargeId), false);
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
