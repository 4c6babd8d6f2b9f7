import { formatTaka, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { AccountOf, LedgerService } from '@vend/ledger';
import { loadVendingMeters, type VendingMeter } from '@vend/meters';
import type { Database, Tx } from '@vend/platform';
import { queueMessages, type QueuedMessage } from '@vend/sms';
import type { OwedPayments, VendingService } from '@vend/vending';
import type { CaseCard } from './cases';
import { told, type Told } from './cases.service';
import { changeCase, lockCase, readCaseById } from './store/cases';
import { insertRefund, type PaymentRefund } from './store/payments';

/** A refund that two people want, and that the provider is to make by its own interface. */
export interface AskedRefund {
  /** The Idempotency-Key it was asked with. */
  readonly key: Id;
  readonly rechargeId: Id;
  readonly caseId: Id;
  readonly approvalId: Id;
  readonly amountPaisa: Paisa;
  /** The paper that a person named. */
  readonly reference: string;
  readonly reason: string;
  readonly by: string;
  readonly at: InstantMs;
}

/**
 * Providers that can be asked to give money back, as the cases need them; filled by the room that speaks to them. From
 * `ask` to the provider's last word the payment may go no other way.
 */
export interface ProviderRefunds {
  /** True when this payment's provider has such an interface, and it is that payment's. */
  covers(rechargeId: Id): Promise<boolean>;
  /** What was asked with this key before. */
  asked(key: Id): Promise<Pick<AskedRefund, 'rechargeId' | 'reference'> | undefined>;
  /** True while the provider has not said what became of a refund of this payment; asked under the payment's lock. */
  underWay(tx: Tx, rechargeId: Id): Promise<boolean>;
  /** Puts the refund on record and leaves it to the worker. @throws a duplicate-key error when one is under way */
  ask(tx: Tx, refund: AskedRefund): Promise<void>;
}

interface Rooms {
  readonly database: Database;
  readonly vending: Pick<VendingService, 'find'>;
  readonly owed: OwedPayments;
  readonly ledger: LedgerService;
}

/** Books what a provider says of a refund that it was asked for. */
export class RefundBooking {
  constructor(
    private readonly rooms: Rooms,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * The provider has given the money back: it is booked, and the customer and the case are told.
   *
   * @param refundRef the provider's number of the refund
   * @param conclude ends the caller's own record, in the same transaction; false: it had ended before, and nothing is done
   * @example await booking.done(refund, 'RF-118', (tx) => …)
   */
  async done(refund: AskedRefund, refundRef: string, conclude: (tx: Tx) => Promise<boolean>): Promise<void> {
    const { database, vending, ledger, owed } = this.rooms;
    const { rechargeId, caseId, amountPaisa, reason, by, key, approvalId } = refund;
    const record = (await vending.find(rechargeId))!;
    const from = `receivable:${record.source.slice(record.source.indexOf(':') + 1)}` as const;
    await ledger.open([from]);
    await database.transaction(async (tx) => {
      const at = this.now();
      const card = await this.lock(tx, caseId);
      if (!(await conclude(tx))) return;
      await touchCase(tx, card, {
        ...{ actor: by, at, what: 'payment-refunded', action: 'case-payment-refunded' },
        words: `Tk ${formatTaka(amountPaisa)} by the gateway, its number ${refundRef}: ${reason}`,
        detail: { rechargeId, amountTaka: formatTaka(amountPaisa), paidFrom: from, reference: refundRef },
      });
      const reference = refundRef.slice(0, 64);
      const paid = { rechargeId, key, caseId, approvalId, paidFrom: from, reference, amountPaisa, reason, by, at };
      await writeRefund(tx, owed, card, paid, from, record.meterId);
    });
  }

  /** The provider will not give it back: the payment is owed as before, and the case says so. */
  async refused(refund: AskedRefund, why: string, conclude: (tx: Tx) => Promise<boolean>): Promise<void> {
    await this.rooms.database.transaction(async (tx) => {
      const card = await this.lock(tx, refund.caseId);
      if (!(await conclude(tx))) return;
      await touchCase(tx, card, {
        ...{ actor: 'worker:checkout', at: this.now(), what: 'payment-event', action: 'case-noted' },
        words: `The gateway does not give the money back: ${why}. It is owed as before; pay it back another way.`,
      });
    });
  }

  /** The payment before the case, and both before the refund: as whoever asks for one. */
  private async lock(tx: Tx, caseId: Id): Promise<CaseCard> {
    const card = (await readCaseById({ read: (sql, parameters) => tx.query(sql, parameters) }, caseId))!;
    await lockCase(tx, card);
    return card;
  }
}

/** Locks a case, and with it its payment, and writes what happened to both. @returns false: the case is closed */
export async function touchCase(
  tx: Tx,
  card: CaseCard,
  event: Pick<Told, 'actor' | 'at' | 'what' | 'action' | 'words' | 'detail'>,
): Promise<boolean> {
  const locked = (await lockCase(tx, card))!;
  if (locked.state === 'CLOSED') return false;
  const { state, queue, owner, waitingFor } = locked;
  await changeCase(tx, locked, { state, queue, owner, waitingFor });
  await told(tx, { caseId: card.caseId, number: card.number, ...event });
  return true;
}

/** Writes that a payment was paid back; last in its transaction: it ends with the balance rows that everybody shares. */
export async function writeRefund(
  tx: Tx,
  owed: OwedPayments,
  card: CaseCard,
  paid: PaymentRefund,
  from: AccountOf<'cash' | 'receivable' | 'float'>,
  meterId: Id | null,
): Promise<void> {
  const { rechargeId, amountPaisa, at } = paid;
  await insertRefund(tx, paid);
  const meter = meterId === null ? undefined : (await loadVendingMeters(tx, [meterId])).get(meterId);
  if (meter) await queueMessages(tx, [refundMessage(rechargeId, meter, card.number, amountPaisa)], new Date(at));
  await owed.refund(tx, { rechargeId, from, at });
}

/** Nobody is told of money for a meter that we do not know: whose it is the provider knows. */
function refundMessage(rechargeId: Id, meter: VendingMeter, number: string, amountPaisa: Paisa): QueuedMessage {
  return {
    template: 'refund',
    subject: { kind: 'payment', id: rechargeId },
    recipient: { kind: 'customer', id: meter.customerId },
    values: { amount: formatTaka(amountPaisa), meter: meter.pan, reference: number },
  };
}
