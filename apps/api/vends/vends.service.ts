import { Injectable } from '@nestjs/common';
import { Approvals, recordAudit, roleMay, useApproval, type ApprovalKind, type SessionUser } from '@vend/identity';
import { DomainError, type Id } from '@vend/kernel';
import { MetersService, type MeterRef } from '@vend/meters';
import { Database } from '@vend/platform';
import { Orders, type Order, type VendDetail } from '@vend/vending';
import type { ApprovalNeededDto } from '../http/approval-needed';
import { approvalNeeded } from '../http/approval-needed';
import type { RechargeDto } from '../recharges/recharge.dto';
import { RechargeViews, tillOf } from '../recharges/recharge.views';

/** What came of an order: made now, made before, or waiting for a second person. */
export type OrderAnswer =
  | { readonly status: 200 | 201; readonly body: RechargeDto }
  | { readonly status: 202; readonly body: ApprovalNeededDto };

/** What a second person must agree to. */
interface Gate {
  readonly kind: ApprovalKind;
  readonly reason: string;
  /** Exactly what is approved, as a person reads it. */
  readonly content: VendDetail;
}

type OrderBy = Pick<Order, 'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId'>;

/** Carries out what a counter asks of a meter besides recharges: replay, second person, order, record. */
@Injectable()
export class VendsService {
  constructor(
    private readonly database: Database,
    private readonly meters: MetersService,
    private readonly orders: Orders,
    private readonly approvals: Approvals,
    private readonly views: RechargeViews,
  ) {}

  /** @throws {DomainError} meter-not-found */
  async meterOf(meterNo: string): Promise<MeterRef> {
    const meter = await this.meters.resolve(meterNo);
    if (!meter) throw new DomainError('meter-not-found');
    return meter;
  }

  /** Who orders, where and under which key. */
  by(user: SessionUser, key: Id, meter: MeterRef): OrderBy {
    const actor = `user:${user.username}`;
    return { source: tillOf(user), sourceRef: key, channel: 'counter', actor, meterId: meter.meterId };
  }

  /**
   * An order that was carried out before is answered from the books; one that needs a second person waits for the word;
   * any other is carried out, with its line in the audit trail in the same transaction.
   */
  async run<Extra>(user: SessionUser, meter: MeterRef, order: Order<Extra>, gate?: Gate): Promise<OrderAnswer> {
    const stored = await this.orders.find(order);
    if (stored) return { status: 200, body: await this.views.view(stored, false) };
    const approved = gate && (await this.gate(user, meter, order, gate));
    if (approved?.state === 'pending') return { status: 202, body: approvalNeeded(approved.approvalId) };
    const { record, replayed } = await this.orders.run({
      ...order,
      alongside: async (tx, vend) => {
        const at = vend.issuedAt;
        await order.alongside?.(tx, vend);
        if (approved) await useApproval(tx, approved.approvalId, `vend:${vend.vendId}`, at);
        await recordAudit(tx, {
          actor: order.actor,
          action: 'vend-ordered',
          subject: `vend:${vend.vendId}`,
          detail: {
            kind: order.kind,
            meterNo: meter.pan,
            receiptNo: vend.receiptNo,
            approvalId: approved?.approvalId ?? null,
            ...vend.detail,
          },
          at,
        });
      },
    });
    return { status: replayed ? 200 : 201, body: await this.views.view(record, false) };
  }

  /** Nobody is asked for a word on what would be refused anyway. */
  private async gate<Extra>(user: SessionUser, meter: MeterRef, order: Order<Extra>, gate: Gate) {
    await this.orders.check(order);
    const { kind, reason, content } = gate;
    const subject = `meter:${meter.pan}`;
    const whole = { kind: order.kind, meterNo: meter.pan, ...content };
    return this.approvals.gate({ kind, key: order.sourceRef, subject, content: whole, reason, by: user });
  }

  /** @throws {DomainError} role-not-allowed */
  assertMay(user: SessionUser, permission: Parameters<typeof roleMay>[1]): void {
    if (!roleMay(user.role, permission)) throw new DomainError('role-not-allowed');
  }
}
