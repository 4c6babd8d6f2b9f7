/** The checkout on a vending bench, with a gateway that says what a test's script has. */
import { AutomaticCases, CasesService, MoneyWays } from '@vend/cases';
import {
  CheckoutService,
  MessageInbox,
  OrderWorker,
  RefundDesk,
  type CheckoutGateway,
  type GatewayClaim,
  type GatewayRefund,
  type GatewayVerdict,
} from '@vend/checkout';
import { Approvals } from '@vend/identity';
import { idFromBytes, idToBytes, newId, type Id } from '@vend/kernel';
import { InboxService } from '@vend/payments';
import { OwedPayments } from '@vend/vending';
import { meterNo } from '../builders/meters';
import { providerDraft } from './providers';
import type { VendingBench } from './vending';

export const SCRIPTED = 'script';
/** What an order is for, in paisa. */
export const ORDER_PAISA = 50_000n;
const SECRET = Buffer.alloc(32, 7);

export interface PaymentRow {
  readonly id: Buffer;
  readonly state: string;
  readonly gross: string;
  readonly refusal_code: string | null;
}

export class ScriptedCheckout {
  /** What the gateway says when it is asked; the last for ever. */
  verdicts: GatewayVerdict[] = [];
  refundSays: GatewayRefund[] = [];
  refundsAsked: string[] = [];
  readonly publicUrl = () => 'https://vend.example';
  readonly gateway: CheckoutGateway = {
    profile: 'sslcommerz-v4',
    start: (order) => Promise.resolve({ payUrl: `https://pay.example/${order.orderNo}`, gatewayRef: order.orderNo }),
    readMessage: ({ rawBody }) => {
      const text = rawBody.toString();
      return text === 'forged' ? { refused: 'signature-wrong' } : { claim: JSON.parse(text) as GatewayClaim };
    },
    settle: () => Promise.resolve(last(this.verdicts)),
    lookUp: () => Promise.resolve(last(this.verdicts)),
    refund: (_order, _refs, { refundNo }) => {
      this.refundsAsked.push(refundNo);
      return Promise.resolve(last(this.refundSays));
    },
    refundStatus: () => Promise.resolve(last(this.refundSays)),
    close: () => Promise.resolve(),
  };
  private readonly provider = providerDraft({ code: SCRIPTED, profile: 'sslcommerz-v4' });
  readonly gateways = {
    gateway: () => Promise.resolve(this.gateway),
    offered: () => Promise.resolve([this.provider]),
    of: () => Promise.resolve({ kind: 'gateway' as const, provider: this.provider, gateway: this.gateway }),
  };
  readonly now = () => this.bench.now;
  readonly checkout: CheckoutService;
  readonly orders: OrderWorker;
  readonly inbox: MessageInbox;
  private serial = 400;
  private trx = 0;
  private events = 0;

  constructor(private readonly bench: VendingBench) {
    const { fresh, meters, vending } = bench;
    const { database } = fresh;
    const { gateways, publicUrl, now } = this;
    const settings = { publicUrl, orderTtlMs: 1_800_000, ordersPerAddress: 1_000 };
    this.checkout = new CheckoutService({ database, gateways, meters, vending }, settings, now);
    this.orders = new OrderWorker({ database, gateways, meters, vending }, { publicUrl, askMs: 15_000 }, now);
    this.inbox = new MessageInbox(database, gateways, SECRET, now);
  }

  paid(over: Partial<Extract<GatewayVerdict, { kind: 'paid' }>> = {}): GatewayVerdict {
    return { kind: 'paid', trxId: `BANK${++this.trx}`, amountPaisa: ORDER_PAISA, paidAt: null, ...over };
  }

  held(trxId: string): GatewayVerdict {
    return { kind: 'held', trxId, amountPaisa: ORDER_PAISA, reason: 'risk-level-1' };
  }

  /** A customer with a meter of his own begins a payment. */
  async begin(over: { key?: Id; address?: string } = {}): Promise<{ orderNo: string; orderId: Id; pan: string }> {
    const serial = ++this.serial;
    await this.bench.put({ serial });
    const { pan } = meterNo(serial);
    const { orderNo } = await this.checkout.start({
      ...{ key: newId(), gateway: SCRIPTED, reference: pan, amountPaisa: ORDER_PAISA, language: 'bn' },
      ...{ address: '192.0.2.1', ...over },
    });
    const [row] = await this.read<{ id: Buffer }>('SELECT id FROM checkout_orders WHERE order_no = ?', [orderNo]);
    return { orderNo, orderId: idFromBytes(row!.id), pan };
  }

  async standing(orderNo: string) {
    return (await this.checkout.status(orderNo)).standing;
  }

  paymentsOf(trxId: string): Promise<PaymentRow[]> {
    return this.read(
      'SELECT id, state, gross_paisa AS gross, refusal_code FROM recharges WHERE source = ? AND source_ref = ?',
      [`provider:${SCRIPTED}`, trxId],
    );
  }

  /** The one payment under a transaction of the gateway. @throws when there is none, or more than one */
  async paymentId(trxId: string): Promise<Id> {
    const [payment, ...more] = await this.paymentsOf(trxId);
    if (!payment || more.length > 0) throw new Error(`${payment ? more.length + 1 : 0} payments under ${trxId}`);
    return idFromBytes(payment.id);
  }

  /** An order whose money the gateway has and warns of. */
  async heldPayment(trxId: string): Promise<{ orderNo: string; orderId: Id; pan: string; rechargeId: Id }> {
    const begun = await this.begin();
    this.verdicts = [this.held(trxId)];
    const outcome = await this.orders.work(begun.orderId);
    if (outcome !== 'booked') throw new Error(`the held payment was not booked: ${outcome}`);
    return { ...begun, rechargeId: await this.paymentId(trxId) };
  }

  async waits(topic: string, id: Id): Promise<boolean> {
    const rows = await this.read('SELECT 1 FROM outbox WHERE topic = ? AND ref_id = ?', [topic, idToBytes(id)]);
    return rows.length > 0;
  }

  /** A message of the gateway comes in and is worked. @returns what came of it */
  async tell(claim: Partial<GatewayClaim>, text?: string): Promise<string> {
    const whole = { orderNo: null, gatewayRef: null, trxId: null, claims: 'paid', ...claim };
    const rawBody = Buffer.from(text ?? JSON.stringify({ eventKey: `E${++this.events}`, ...whole }));
    const receipt = await this.inbox.receive(SCRIPTED, {
      ...{ way: 'notice', query: {}, headers: {}, rawBody, receivedAt: this.bench.now },
    });
    if (receipt.verdict === 'refused') return receipt.refusal;
    const messageId = await this.waitingMessage();
    return messageId === undefined ? 'nothing-waits' : this.inbox.work(messageId, this.orders);
  }

  /** The last message that waits to be worked. */
  async waitingMessage(): Promise<Id | undefined> {
    const [row] = await this.read<{ ref_id: Buffer }>(
      `SELECT ref_id FROM outbox WHERE topic = 'gateway-message' ORDER BY id DESC LIMIT 1`,
    );
    return row && idFromBytes(row.ref_id);
  }

  /** The case that the worker opens for a payment. @returns its number */
  async caseOf(rechargeId: Id): Promise<{ caseId: Id; caseNo: string }> {
    const { database } = this.bench.fresh;
    await new AutomaticCases(database, new InboxService(database), this.bench.vending, this.now).handle(rechargeId);
    const cases = new CasesService(database, this.now);
    const everybody = { user: { username: 'accounts', role: 'accounts' }, offices: 'all' } as never;
    const cards = await cases.queue(everybody, { view: 'office', after: null, limit: 100 } as never);
    const card = cards.find((each) => each.payment?.rechargeId === rechargeId);
    if (!card) throw new Error('no case was opened');
    return { caseId: card.caseId, caseNo: card.number };
  }

  /** What people do with the money of a case. */
  moneyWays(): MoneyWays {
    const { fresh, vending, ledger } = this.bench;
    const { database } = fresh;
    return new MoneyWays(
      {
        ...{ database, cases: new CasesService(database, this.now), vending },
        ...{ owed: new OwedPayments(ledger), approvals: new Approvals(database), refunds: new RefundDesk(database) },
      },
      this.now,
    );
  }

  private read<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.bench.fresh.admin.read(sql, parameters) as Promise<Row[]>;
  }
}

function last<T>(script: T[]): T {
  return script.length > 1 ? script.shift()! : script[0]!;
}
