import { Injectable } from '@nestjs/common';
import { Approvals, officesOf, recordAudit, useApproval, type AuditAction, type SessionUser } from '@vend/identity';
import { DomainError, formatTaka, isId, startOfDay, type Id } from '@vend/kernel';
import { MetersService, type MeterRef } from '@vend/meters';
import { Database, type Tx } from '@vend/platform';
import { Penalties, type Penalty, type PenaltyPaper } from '@vend/vending';
import { readAmount } from '../http/amount';
import { FieldsInvalid } from '../http/field.pipe';
import { AmountLimits } from '../http/limits';
import { penaltyView, type PenaltyDto, type PenaltyListDto, type PenaltyRequest } from './penalty.dto';

type Answer = PenaltyDto | { readonly approvalId: Id };

/** Puts the second person in front of a penalty, and writes down who did what. */
@Injectable()
export class PenaltiesService {
  constructor(
    private readonly database: Database,
    private readonly meters: MetersService,
    private readonly approvals: Approvals,
    private readonly limits: AmountLimits,
    private readonly penalties: Penalties,
  ) {}

  async enter(user: SessionUser, key: Id, meterNo: string, body: PenaltyRequest): Promise<Answer> {
    const meter = await this.meter(user, meterNo);
    const { meterId } = meter;
    const paper = this.paperOf(body);
    const order = { key, meterId, paper, reason: body.reason, by: `user:${user.username}` };
    const entered = await this.penalties.entered(order);
    if (entered) return penaltyView(entered, meter.pan);
    const amountPaisa = await this.penalties.reckon(order);
    const gate = await this.approvals.gate({
      kind: 'penalty',
      key,
      subject: `meter:${meter.pan}`,
      content: {
        ...{ do: 'enter', kind: paper.kind, noticeNo: paper.noticeNo, noticeDate: paper.noticeDate },
        ...{ amount: formatTaka(amountPaisa), powerFactorHundredths: body.powerFactorHundredths ?? null },
        energyCharge: paper.kind === 'power-factor' ? formatTaka(paper.energyChargePaisa) : null,
      },
      reason: body.reason,
      by: user,
    });
    if (gate.state === 'pending') return { approvalId: gate.approvalId };
    const also = this.trail(user, 'penalty-entered', gate.approvalId, meter);
    return penaltyView(await this.penalties.enter(order, gate.approvalId, also), meter.pan);
  }

  async list(user: SessionUser, meterNo: string): Promise<PenaltyListDto> {
    const meter = await this.meter(user, meterNo);
    const found = await this.penalties.ofMeter(meter.meterId);
    return { items: found.map((penalty) => penaltyView(penalty, meter.pan)) };
  }

  async withdraw(
    user: SessionUser,
    key: Id,
    { meterNo, penaltyId, reason }: { meterNo: string; penaltyId: string; reason: string },
  ): Promise<Answer> {
    const meter = await this.meter(user, meterNo);
    if (!isId(penaltyId)) throw new DomainError('penalty-not-found');
    const penalty = await this.penalties.withdrawable(penaltyId, key);
    if (penalty.meterId !== meter.meterId) throw new DomainError('penalty-not-found');
    if (penalty.state === 'WITHDRAWN') return penaltyView(penalty, meter.pan);
    const { noticeNo, amountPaisa } = penalty;
    const gate = await this.approvals.gate({
      kind: 'penalty',
      key,
      subject: `meter:${meter.pan}`,
      content: { do: 'withdraw', penaltyId, noticeNo, amount: formatTaka(amountPaisa) },
      reason,
      by: user,
    });
    if (gate.state === 'pending') return { approvalId: gate.approvalId };
    const { approvalId } = gate;
    const also = this.trail(user, 'penalty-withdrawn', approvalId, meter);
    const order = { penaltyId, key, approvalId, by: `user:${user.username}`, reason };
    return penaltyView(await this.penalties.withdraw(order, also), meter.pan);
  }

  /** Uses the approval up and writes the trail, in the transaction of the effect. */
  private trail(user: SessionUser, action: AuditAction, approvalId: Id, { pan }: MeterRef) {
    return async (tx: Tx, { penaltyId, noticeNo, amountPaisa, kind }: Penalty, at: number): Promise<void> => {
      await useApproval(tx, approvalId, `penalty:${penaltyId}`, at);
      const detail = { penaltyId, noticeNo, kind, amountTaka: formatTaka(amountPaisa), approvalId };
      await recordAudit(tx, { actor: `user:${user.username}`, action, subject: `meter:${pan}`, detail, at });
    };
  }

  /** A meter of the offices that this person works for: penalties are the own office's papers. */
  private async meter(user: SessionUser, meterNo: string): Promise<MeterRef> {
    const [card] = await this.meters.find('meter-no', meterNo);
    const offices = await officesOf(this.database, user);
    if (!card || !(offices === 'all' || offices.includes(card.office))) throw new DomainError('meter-not-found');
    return card;
  }

  private paperOf({ kind, noticeNo, noticeDate, ...body }: PenaltyRequest): PenaltyPaper {
    try {
      startOfDay(noticeDate);
    } catch {
      throw new FieldsInvalid([{ field: 'noticeDate', code: 'field-malformed' }]);
    }
    const { amount, energyCharge, powerFactorHundredths } = body;
    const need = <T>(value: T | undefined, field: string): T => {
      if (value === undefined) throw new FieldsInvalid([{ field, code: 'field-missing' }]);
      return value;
    };
    const without = (value: unknown, field: string) => {
      if (value !== undefined) throw new FieldsInvalid([{ field, code: 'field-unknown' }]);
    };
    if (kind === 'tampering') {
      without(energyCharge, 'energyCharge');
      without(powerFactorHundredths, 'powerFactorHundredths');
      return { kind, noticeNo, noticeDate, amountPaisa: readAmount(need(amount, 'amount'), this.limits.maximumPaisa) };
    }
    without(amount, 'amount');
    const hundredths = need(powerFactorHundredths, 'powerFactorHundredths');
    // A month's charge may be more than one recharge may be.
    const energyChargePaisa = readAmount(need(energyCharge, 'energyCharge'), this.limits.maximumPaisa * 100n);
    return { kind, noticeNo, noticeDate, powerFactorHundredths: hundredths, energyChargePaisa };
  }
}
