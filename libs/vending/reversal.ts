import { DomainError, newId, type Id, type InstantMs } from '@vend/kernel';
import { paymentEntry, refundEntry, type LedgerService } from '@vend/ledger';
import { lockMeterStates } from '@vend/meters';
import { settleOutbox, type Database, type Tx } from '@vend/platform';
import { announce, paymentFacts } from '@vend/webhooks';
import { askedFor } from './asked';
import { FreshBegin } from './fresh-begin';
import type { RechargeCommand, RechargeRecord } from './recharge';
import { assertMove } from './recharge.lifecycle';
import { fundsAccount } from './recharge.writes';
import { moveOwed, readOwed } from './store/owed-payments.store';
import { concludeRecharges, findClaims, insertRecharges, keyText, readRecordByKey } from './store/recharge.store';
import type { VendingErrorCode } from './vending.errors';

/** The payment that its provider takes back, in the words in which it would be vended. */
export type ReverseCommand = Pick<
  RechargeCommand,
  'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId' | 'reference' | 'grossPaisa'
>;

/**
 * Takes a payment back whose token does not exist yet: the provider gives the money to the payer, and owes us nothing.
 * Payment and refund are both booked, so that a statement which has both is found in the books.
 *
 * Against a vend that is under way, the business key decides: one of the two has the row first. Against the vend of a
 * kept payment it is the meter's lock.
 */
export class PaymentReversal {
  private readonly freshBegin = new FreshBegin();

  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Reverses once, whoever asks and however often.
   *
   * @throws {DomainError<VendingErrorCode>} token-released; payment-moved, books-unreachable, outcome-unknown: ask again
   * @example (await reversal.reverse({ source: 'provider:demo-xml', sourceRef: 'T-1', … })).state // 'REFUNDED'
   */
  async reverse(command: ReverseCommand): Promise<RechargeRecord> {
    await this.ledger.open([fundsAccount(command.source)]);
    await this.freshBegin.run(() => this.database.transaction((tx) => this.work(tx, command), 1));
    return (await readRecordByKey(this.database, command))!;
  }

  private async work(tx: Tx, command: ReverseCommand): Promise<void> {
    const before = (await findClaims(tx, [command])).get(keyText(command));
    if (!before) return this.takeKey(tx, command);
    if (before.meterId) await lockMeterStates(tx, [before.meterId]);
    const claim = (await findClaims(tx, [command])).get(keyText(command))!;
    // It went on to another meter before this one was locked; whoever asks again finds it there.
    if (claim.meterId !== before.meterId) throw new DomainError<VendingErrorCode>('payment-moved');
    if (claim.state === 'REFUNDED') return;
    if (claim.state === 'APPLIED') throw new DomainError<VendingErrorCode>('token-released');
    await this.giveBack(tx, claim.rechargeId, claim.state);
  }

  /** Nothing is booked under the key: from here on nothing can be vended under it. */
  private async takeKey(tx: Tx, command: ReverseCommand): Promise<void> {
    const at = this.now();
    const { source, sourceRef, channel, actor, meterId, grossPaisa } = command;
    const rechargeId = newId(at);
    const fact = { businessId: rechargeId, bookedAt: at, meterId };
    const funds = fundsAccount(source);
    const none = { refusalCode: null, vend: null, kind: 'credit', state: 'REFUNDED' } as const;
    const payment = { rechargeId, source, sourceRef, grossPaisa };
    await Promise.all([
      insertRecharges(tx, [{ ...payment, ...none, channel, meterId, receivedAt: at, asked: askedFor(command), actor }]),
      announce(tx, paymentFacts({ ...payment, type: 'payment.refunded', at })),
    ]);
    await this.ledger.post(tx, [paymentEntry(fact, funds, grossPaisa), refundEntry(fact, funds, grossPaisa)]);
  }

  private async giveBack(tx: Tx, rechargeId: Id, state: 'RECEIVED' | 'REFUND_DUE'): Promise<void> {
    const at = this.now();
    if (state === 'RECEIVED') {
      assertMove('RECEIVED', 'REFUND_DUE');
      await Promise.all([
        concludeRecharges(tx, [rechargeId], 'REFUND_DUE', null),
        settleOutbox(tx, 'pending-vend', [rechargeId]),
      ]);
    }
    const owed = await readOwed(tx, rechargeId);
    // Its vend was cancelled at the office: the token is out all the same.
    if (owed?.vended) throw new DomainError<VendingErrorCode>('token-released');
    assertMove('REFUND_DUE', 'REFUNDED');
    if (!owed || !(await moveOwed(tx, rechargeId, { to: 'REFUNDED', at }))) {
      throw new DomainError<VendingErrorCode>('payment-moved');
    }
    await settleOutbox(tx, 'case', [rechargeId]);
    await announce(tx, paymentFacts({ ...owed, type: 'payment.refunded', at }));
    const fact = { businessId: rechargeId, bookedAt: at, meterId: owed.meterId };
    await this.ledger.post(tx, [refundEntry(fact, fundsAccount(owed.source), owed.grossPaisa)]);
  }
}
