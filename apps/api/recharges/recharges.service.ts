import { Injectable } from '@nestjs/common';
import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, isId, type Id } from '@vend/kernel';
import { findKeyChangeOfVend, MetersService } from '@vend/meters';
import { Database } from '@vend/platform';
import { findNotices } from '@vend/sms';
import { Penalties, VendingService, type RechargeRecord } from '@vend/vending';
import type { RechargeDto } from './recharge.dto';
import { rechargeView } from './recharge.view';

/** Translates the counter's calls into vending's words and back. */
@Injectable()
export class RechargesService {
  constructor(
    private readonly database: Database,
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly penalties: Penalties,
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
    return { recharge: await this.view(record, false), replayed };
  }

  async show(user: SessionUser, rechargeId: string): Promise<RechargeDto> {
    return this.view(await this.visible(user, rechargeId), false);
  }

  /** A copy of the receipt, which hands the tokens out again: who asked for it, and when, is on record first. */
  async reprint(user: SessionUser, rechargeId: string): Promise<RechargeDto> {
    const record = await this.visible(user, rechargeId);
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        actor: `user:${user.username}`,
        action: 'recharge-reprinted',
        subject: `recharge:${record.rechargeId}`,
        detail: { receiptNo: record.vend?.receiptNo ?? null, station: user.station },
        at: Date.now(),
      }),
    );
    return this.view(record, true);
  }

  /** A clerk sees the recharges of the own station; to anybody else's they are not there. */
  private async visible(user: SessionUser, rechargeId: string): Promise<RechargeRecord> {
    const record = isId(rechargeId) ? await this.vending.find(rechargeId) : undefined;
    if (!record || (user.role === 'clerk' && record.source !== tillOf(user))) {
      throw new DomainError('recharge-not-found');
    }
    return record;
  }

  private async view(record: RechargeRecord, copy: boolean): Promise<RechargeDto> {
    const { vend } = record;
    const carriesKeyChange = vend?.tokens.some(({ kind }) => kind === 'key-change') ?? false;
    const [meter, notices, keyChange, papers] = await Promise.all([
      record.meterId === null ? undefined : this.meters.byId(record.meterId),
      findNotices(this.database, vend ? [vend.vendId] : []),
      carriesKeyChange ? findKeyChangeOfVend(this.database, vend!.vendId) : undefined,
      vend ? this.penalties.behindVend(vend) : [],
    ]);
    // Money of a callback for an unknown meter has no receipt; a counter's recharge always has its meter.
    if (!meter) throw new DomainError('recharge-not-found');
    const quote = vend ? this.vending.quoteOf(record).quote : undefined;
    const notice = vend && notices.get(vend.vendId);
    return rechargeView(record, {
      meter,
      quote,
      papers,
      notice: notice?.state ?? 'QUEUED',
      keyChangeId: keyChange?.changeId ?? null,
      copy,
    });
  }
}

function tillOf(user: SessionUser): string {
  return `till:${user.station}`;
}
