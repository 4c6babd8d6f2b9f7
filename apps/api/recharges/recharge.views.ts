import { Injectable } from '@nestjs/common';
import type { SessionUser } from '@vend/identity';
import { DomainError, isId } from '@vend/kernel';
import { findKeyChangeOfVend, MetersService } from '@vend/meters';
import { Database } from '@vend/platform';
import { receiptStates } from '@vend/sms';
import { arrearsLeftPaisa, Penalties, VendingService, type RechargeRecord } from '@vend/vending';
import type { RechargeDto } from './recharge.dto';
import { rechargeView } from './recharge.view';

/** Shows vends of every kind: who may see them, and as what. */
@Injectable()
export class RechargeViews {
  constructor(
    private readonly database: Database,
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly penalties: Penalties,
  ) {}

  /**
   * A clerk sees the vends of the own station; to anybody else's they are not there.
   *
   * @throws {DomainError} recharge-not-found
   */
  async visible(user: SessionUser, rechargeId: string): Promise<RechargeRecord> {
    const record = isId(rechargeId) ? await this.vending.find(rechargeId) : undefined;
    if (!record || (user.role === 'clerk' && record.source !== tillOf(user))) {
      throw new DomainError('recharge-not-found');
    }
    return record;
  }

  /** With the lines of its price, or of its parts. @param copy true on a reprint */
  async view(record: RechargeRecord, copy: boolean): Promise<RechargeDto> {
    const { vend } = record;
    const carriesKeyChange = vend?.tokens.some(({ kind }) => kind === 'key-change') ?? false;
    const [meter, notices, keyChange, papers] = await Promise.all([
      record.meterId === null ? undefined : this.meters.byId(record.meterId),
      receiptStates(this.database, vend ? [vend.vendId] : []),
      carriesKeyChange ? findKeyChangeOfVend(this.database, vend!.vendId) : undefined,
      vend ? this.penalties.behindVend(vend) : [],
    ]);
    // Money of a callback for an unknown meter has no receipt; a counter's recharge always has its meter.
    if (!meter) throw new DomainError('recharge-not-found');
    const quote = vend?.kind === 'credit' ? this.vending.quoteOf(record).quote : undefined;
    return rechargeView(record, {
      meter,
      quote,
      arrearsLeftPaisa: vend && arrearsLeftPaisa(record, this.vending),
      papers,
      notice: (vend && notices.get(vend.vendId)) ?? 'QUEUED',
      keyChangeId: keyChange?.changeId ?? null,
      copy,
    });
  }
}

/** Where a counter's vends come from. */
export function tillOf(user: SessionUser): string {
  return `till:${user.station}`;
}
