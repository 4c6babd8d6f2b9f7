import { Injectable } from '@nestjs/common';
import { recordAudit, type SessionUser } from '@vend/identity';
import { dhakaDay, DomainError, idToBytes, isId, startOfDay, type Id } from '@vend/kernel';
import type { MessagesErrorCode } from '@vend/messages';
import { customerAddresses, loadVendingMeters, type VendingMeter } from '@vend/meters';
import { Database } from '@vend/platform';
import { factsOfReceipt, receiptLine } from '@vend/receipts';
import { findMessagesAbout, queueMessages } from '@vend/sms';
import { receiptOf, VendingService, type RechargeRecord } from '@vend/vending';

/** Of one receipt in one Dhaka day. */
const RESENDS_A_DAY = 3;

interface Found {
  readonly record: RechargeRecord;
  readonly vendId: Id;
  readonly receiptNo: string;
  readonly meter: VendingMeter;
}

/** A vend's receipt once more: by SMS to the customer's own phone, or as the line for programs. */
@Injectable()
export class ReceiptsSmsService {
  constructor(
    private readonly database: Database,
    private readonly vending: VendingService,
  ) {}

  /**
   * Queues the receipt to the phone on record, marked as a copy. The same key again queues nothing more.
   *
   * @throws {DomainError} recharge-not-found, sms-resend-no-phone, sms-resend-limit
   */
  async sendAgain(user: SessionUser, key: Id, vendId: string): Promise<{ receiptNo: string; replayed: boolean }> {
    const { vendId: id, receiptNo, meter } = await this.find(vendId);
    const { customerId } = meter;
    const address = (await customerAddresses(this.database, [customerId])).get(customerId);
    if (!address?.mobile) throw new DomainError<MessagesErrorCode>('sms-resend-no-phone');
    const replayed = await this.database.transaction(async (tx) => {
      const at = Date.now();
      // Those who ask at once are counted one after the other.
      await tx.query('SELECT id FROM vends WHERE id = ? FOR UPDATE', [idToBytes(id)]);
      const earlier = await findMessagesAbout({ read: tx.query.bind(tx) }, id, 'resend');
      if (earlier.some(({ once }) => once === key)) return true;
      const today = startOfDay(dhakaDay(at));
      if (earlier.filter(({ queuedAt }) => queuedAt >= today).length >= RESENDS_A_DAY) {
        throw new DomainError<MessagesErrorCode>('sms-resend-limit');
      }
      const message = {
        ...({ template: 'resend', once: key } as const),
        subject: { kind: 'vend', id } as const,
        recipient: { kind: 'customer', id: customerId } as const,
      };
      await queueMessages(tx, [message], new Date(at));
      const actor = `user:${user.username}`;
      await recordAudit(tx, { actor, action: 'receipt-sent-again', subject: `vend:${id}`, detail: { receiptNo }, at });
      return false;
    });
    return { receiptNo, replayed };
  }

  /**
   * The line for programs, marked as a copy; who read it is put on record first.
   *
   * @throws {DomainError} recharge-not-found
   */
  async line(user: SessionUser, vendId: string): Promise<{ receiptNo: string; line: string }> {
    const { record, vendId: id, receiptNo, meter } = await this.find(vendId);
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        ...{ actor: `user:${user.username}`, action: 'receipt-line-read', subject: `vend:${id}` },
        ...{ detail: { receiptNo }, at: Date.now() },
      }),
    );
    return { receiptNo, line: receiptLine(factsOfReceipt({ ...receiptOf(record, meter, this.vending), copy: true })) };
  }

  private async find(vendId: string): Promise<Found> {
    const [record] = isId(vendId) ? await this.vending.findByVends([vendId]) : [];
    const vend = record?.vend;
    const meterId = record?.meterId;
    if (!record || !vend || !meterId) throw new DomainError('recharge-not-found');
    const reader = { query: this.database.read.bind(this.database) };
    const meter = (await loadVendingMeters(reader, [meterId])).get(meterId);
    if (!meter) throw new DomainError('recharge-not-found');
    return { record, vendId: vend.vendId, receiptNo: vend.receiptNo, meter };
  }
}
