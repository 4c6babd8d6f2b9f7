/* Proves on a real database that a receipt goes to the customer and to whoever of the connection asked for it, each in their language, once, and stays so when the meter is replaced. */
import pino from 'pino';
import { newId } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { LifeBench } from '../../../test/support/life';
import { TakingGateway } from '../../../test/support/taking-gateway';
import { counterSale } from '../../../test/support/vending';
import { ReceiptHandler } from './receipt.handler';

let fresh: FreshDatabase;
let bench: LifeBench;
const gateway = new TakingGateway();
let receipts: ReceiptHandler;
beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new LifeBench(fresh);
  receipts = new ReceiptHandler(fresh.database, bench.vending, gateway, pino({ level: 'silent' }));
});
afterAll(() => fresh?.drop());
beforeEach(() => gateway.taken.clear());

async function connectionWith(serial: number) {
  const [meterId] = await bench.install({ serial });
  const pan = (await bench.meters.byId(meterId!))!.pan;
  const { connection, customer } = (await bench.cards.meter(pan))!;
  return { meterId: meterId!, connectionId: connection.recordId, customer };
}
const person = (mobile: string | null, language: 'bn' | 'en', receivesSms: boolean) =>
  ({ role: 'tenant', name: 'Karim', mobile, language, receivesSms }) as const;
const why = { by: 'user:rahima', reason: 'test' };
const sentTo = () => [...gateway.taken.values()].map(({ msisdn }) => msisdn).sort();
async function sell(meterId: string) {
  return (await bench.vending.recharge(counterSale(meterId))).record.vend!;
}

it('reaches the customer and those who asked for it, in their own languages, and nobody twice', async () => {
  const { meterId, connectionId, customer } = await connectionWith(1);
  const own = customer.content.mobile!;
  await bench.changes.addPerson(newId(), connectionId, person('8801911111111', 'bn', true), why);
  await bench.changes.addPerson(newId(), connectionId, person('8801922222222', 'en', false), why);
  await bench.changes.addPerson(newId(), connectionId, person(own, 'en', true), why);
  const removed = newId();
  await bench.changes.addPerson(removed, connectionId, person('8801933333333', 'en', true), why);
  await bench.changes.removePerson(removed, connectionId, why);
  const vend = await sell(meterId);
  await receipts.handle([vend.vendId]);
  await receipts.handle([vend.vendId]);
  expect(sentTo()).toEqual([own, '8801911111111'].sort());
  const [english, bangla] = [own, '8801911111111'].map(
    (mobile) => [...gateway.taken.values()].find(({ msisdn }) => msisdn === mobile)!.text,
  );
  expect(english).not.toMatch(/[\u0980-\u09ff]/);
  expect(bangla).toMatch(/[\u0980-\u09ff]/);

  const done = await bench.replace(meterId, { serial: 2 });
  gateway.taken.clear();
  await receipts.handle([(await sell(done.newMeterId)).vendId]);
  expect(sentTo()).toEqual([own, '8801911111111'].sort());
});

it('goes to nobody else before the customer’s own was taken', async () => {
  const { meterId, connectionId } = await connectionWith(3);
  await bench.changes.addPerson(newId(), connectionId, person('8801944444444', 'bn', true), why);
  const vend = await sell(meterId);
  gateway.away = true;
  await receipts.handle([vend.vendId]);
  expect(sentTo()).toEqual([]);
  gateway.away = false;
  await receipts.handle([vend.vendId]);
  expect(sentTo()).toHaveLength(2);
});
