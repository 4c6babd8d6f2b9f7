import { newTransactionId, topUpEvent } from './callers';
import { expiredQuote } from './forgery';
import { settled } from './proofs';
import { tokenOf } from './world';
import type { World } from './world';

/** What a bad request may refer to. */
export interface Scene {
  readonly meterNo: string;
  readonly closedMeterNo: string;
  /** A good quote of 500 Taka for the meter. */
  readonly quoteId: string;
  /** The same quote, a second after its end. */
  readonly expiredQuoteId: string;
  /** A vended payment of 500 Taka for the meter. */
  readonly paidTransactionId: string;
  /** An event that has been taken. */
  readonly event: Readonly<Record<string, string>>;
}

/** Sells once by each way, closes a meter, and makes the quotes. Nothing is left to do when it is done. */
export async function arrange(world: World): Promise<Scene> {
  const [meter, closed] = [world.freshMeter(), world.freshMeter()];
  await world.system.admin.transaction((tx) =>
    tx.write(`UPDATE meters SET status = 'closed' WHERE pan = ?`, [closed.meterNo]),
  );
  const paidTransactionId = newTransactionId();
  const paid = await world.biller.pay({ transactionId: paidTransactionId, reference: meter.meterNo, amount: '500.00' });
  // The till's first sale opens its account in the books; what is proved here is that refusals leave no trace.
  const sold = await world.clerk.recharge((await world.clerk.quote(meter.meterNo, '500.00')).body.quoteId);
  const event = topUpEvent(meter.meterNo);
  await world.biller.callback(event);
  for (const answer of [paid, sold]) await world.smsOn(meter, tokenOf(answer));
  await settled(world.system.admin);
  const quoteId: string = (await world.clerk.quote(meter.meterNo, '500.00')).body.quoteId;
  const expiredQuoteId = expiredQuote(quoteId, secretOf(world, 'quoteSecret'));
  const { meterNo } = meter;
  return { meterNo, closedMeterNo: closed.meterNo, quoteId, expiredQuoteId, paidTransactionId, event };
}

/** The bytes of one of the application's secrets. */
export function secretOf(world: World, name: string): Buffer {
  return Buffer.from(world.system.secrets<Record<string, string>>('application.json')[name]!, 'base64url');
}
