import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { CheckoutOrder } from '../order';
import { assertOrderMove, type OrderState } from '../order.lifecycle';

const COLUMNS = `id, order_no, request_id, provider, reference, amount_paisa, language, address, state, gateway_ref, pay_url,
  claim_ref, claimed, trx_id, paid_paisa, paid_at, recharge_id, reason, asked, created_at, expires_at`;

/** How an order is looked for. */
export type OrderName =
  | { readonly orderId: Id }
  | { readonly orderNo: string }
  | { readonly requestId: Id }
  | { readonly rechargeId: Id }
  | { readonly provider: string; readonly orderNo: string }
  | { readonly provider: string; readonly gatewayRef: string }
  | { readonly provider: string; readonly trxId: string };

/** Writes a new order. @throws a duplicate-key error when its request has made one */
export async function insertOrder(tx: Tx, order: CheckoutOrder): Promise<void> {
  const { orderId, orderNo, requestId, provider, reference, amountPaisa, language, address, state } = order;
  const at = new Date(order.createdAt);
  await tx.write(
    `INSERT INTO checkout_orders (id, order_no, request_id, provider, reference, amount_paisa, language, address, state,
       created_at, expires_at, changed_at) VALUES (?)`,
    [
      [
        ...[idToBytes(orderId), orderNo, idToBytes(requestId), provider, reference, amountPaisa, language, address],
        ...[state, at, new Date(order.expiresAt), at],
      ],
    ],
  );
}

export async function findOrder(reader: Reader, name: OrderName): Promise<CheckoutOrder | undefined> {
  const { where, values } = conditionOf(name);
  const [row] = await reader.read(`SELECT ${COLUMNS} FROM checkout_orders WHERE ${where}`, values);
  return row && orderOf(row);
}

/** Locks an order until the end of the transaction. */
export async function lockOrder(tx: Tx, name: OrderName): Promise<CheckoutOrder | undefined> {
  const { where, values } = conditionOf(name);
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM checkout_orders WHERE ${where} FOR UPDATE`, values);
  return row && orderOf(row);
}

/** What is written of an order; the caller holds its lock. @throws {Error} for a move that is not in the table */
export async function saveOrder(
  tx: Tx,
  before: CheckoutOrder,
  change: Partial<CheckoutOrder>,
  at: InstantMs,
): Promise<CheckoutOrder> {
  const order = { ...before, ...change };
  if (order.state !== before.state) assertOrderMove(before.state, order.state);
  const { state, gatewayRef, payUrl, claimRef, claimed, trxId, paidPaisa, paidAt, rechargeId, reason, asked } = order;
  await tx.write(
    `UPDATE checkout_orders SET state = ?, gateway_ref = ?, pay_url = ?, claim_ref = ?, claimed = ?, trx_id = ?,
       paid_paisa = ?, paid_at = ?, recharge_id = ?, reason = ?, asked = ?, changed_at = ? WHERE id = ?`,
    [
      ...[state, gatewayRef, payUrl, claimRef, claimed, trxId, paidPaisa, paidAt === null ? null : new Date(paidAt)],
      ...[rechargeId && idToBytes(rechargeId), reason, Math.min(asked, 60_000), new Date(at), idToBytes(order.orderId)],
    ],
  );
  return order;
}

/** The instants at which this address began its orders since; the oldest first, at most so many. */
export async function ordersOfAddress(
  reader: Reader,
  address: string,
  since: InstantMs,
  limit: number,
): Promise<InstantMs[]> {
  const rows = await reader.read<{ created_at: Date }>(
    'SELECT created_at FROM checkout_orders WHERE address = ? AND created_at > ? ORDER BY created_at LIMIT ?',
    [address, new Date(since), limit],
  );
  return rows.map(({ created_at: at }) => at.getTime());
}

function conditionOf(name: OrderName): { where: string; values: unknown[] } {
  const columns = {
    orderId: 'id',
    orderNo: 'order_no',
    requestId: 'request_id',
    rechargeId: 'recharge_id',
    provider: 'provider',
    gatewayRef: 'gateway_ref',
    trxId: 'trx_id',
  } as const;
  const entries = Object.entries(name) as [keyof typeof columns, string][];
  const ids: readonly string[] = ['orderId', 'requestId', 'rechargeId'];
  return {
    where: entries.map(([key]) => `${columns[key]} = ?`).join(' AND '),
    values: entries.map(([key, value]) => (ids.includes(key) ? idToBytes(value) : value)),
  };
}

function orderOf(row: Row): CheckoutOrder {
  const text = (name: string) => row[name] as string | null;
  const instant = (name: string) => (row[name] as Date | null)?.getTime() ?? null;
  return {
    orderId: idFromBytes(row['id'] as Buffer),
    orderNo: row['order_no'] as string,
    requestId: idFromBytes(row['request_id'] as Buffer),
    provider: row['provider'] as string,
    reference: row['reference'] as string,
    amountPaisa: BigInt(row['amount_paisa'] as string),
    language: row['language'] as CheckoutOrder['language'],
    address: row['address'] as string,
    state: row['state'] as OrderState,
    gatewayRef: text('gateway_ref'),
    payUrl: text('pay_url'),
    claimRef: text('claim_ref'),
    claimed: row['claimed'] as CheckoutOrder['claimed'],
    trxId: text('trx_id'),
    paidPaisa: row['paid_paisa'] === null ? null : BigInt(row['paid_paisa'] as string),
    paidAt: instant('paid_at'),
    rechargeId: row['recharge_id'] === null ? null : idFromBytes(row['recharge_id'] as Buffer),
    reason: text('reason'),
    asked: row['asked'] as number,
    createdAt: instant('created_at')!,
    expiresAt: instant('expires_at')!,
  };
}
