// Proves that token messages survive a bad SMSC: 10,000 of them (SMPP_FAULT_MESSAGES for another number), two to each
// vend, through every fault of the simulator in turn. Each is delivered at least once, shown once, in its vend's order.
import type { DeliveryReceipt, SmsMessage, SmsOutcome } from '@vend/sms';
import { eventually, openSmscWorld } from './smpp-support';

const MESSAGES = Number(process.env['SMPP_FAULT_MESSAGES'] ?? 10_000);
const VENDS = MESSAGES / 2;
/** Vends on their way at once, as a queue's workers would have them. */
const WORKERS = 60;

/** What the SMSC does wrong, one after the other; every round also loses, doubles and hastens receipts. */
const WEATHER: readonly Record<string, unknown>[] = [
  { dropAfter: 0.02, dropBefore: 0.02 },
  { garbage: 0.02, oversized: 0.01 },
  { perSecondMax: 600 },
  { queueFull: 0.2, unknownCommand: 0.05 },
  { silent: 0.02 },
  { latencyMs: 30, windowMax: 10 },
  { torn: true, dropAfter: 0.02 },
  { silent: 0.01, garbage: 0.01, dropAfter: 0.01, dropBefore: 0.01, queueFull: 0.05, latencyMs: 3 },
];
const RECEIPTS = {
  receiptsMissing: 0.1,
  receiptsTwice: 0.1,
  receiptsEarly: 0.2,
  receiptsShuffled: true,
  responseIds: 'hex',
};

const token = (n: number): string => String(10_000_000_000_000_000_000n + BigInt(n)).replace(/(\d{4})(?=\d)/g, '$1-');

/** The texts of one vend: key-change tokens, then the credit. Every fourth is Bangla, in several parts. */
function messagesOf(vend: number): SmsMessage[] {
  const msisdn = `88017${String(vend).padStart(8, '0')}`;
  const bangla = vend % 4 === 0 ? ` ${'রিচার্জ সফল হয়েছে। '.repeat(4)}` : '';
  return [1, 2].map((place) => ({
    csmsId: `vend-${vend}-${place}`,
    msisdn,
    messageClass: 'token' as const,
    text: `${token(vend * 2 + place)} ${place}/2 ref V${vend}${bangla}`,
  }));
}

it(`${MESSAGES.toLocaleString('en')} token messages through drops, garbage, throttling, silence and slow lines`, async () => {
  const world = await openSmscWorld();
  const receipts: DeliveryReceipt[] = [];
  const lost = new Map<string, number>();
  const gateway = world.gateway(
    {
      onReceipt: async (receipt) => void receipts.push(receipt),
      onChange: (each) => each.change === 'lost' && lost.set(each.why, (lost.get(each.why) ?? 0) + 1),
    },
    { windowSize: 10, binds: 2, responseTimeoutMs: 400, responseIdForm: 'hex', receiptIdForm: 'decimal', smsc: 'one' },
    {
      name: 'link-b',
      systemId: 'spare',
      priority: 1,
      responseIdForm: 'hex',
      receiptIdForm: 'decimal',
      smsc: 'one',
      responseTimeoutMs: 400,
    },
  );
  let next = 0;
  let attempts = 0;
  const final = new Map<string, SmsOutcome>();
  const unsure = new Set<string>();
  const worker = async (): Promise<void> => {
    for (let vend = next++; vend < VENDS; vend = next++) {
      if (vend % Math.ceil(VENDS / WEATHER.length) === 0) {
        world.faults({ ...RECEIPTS, ...WEATHER[Math.floor(vend / Math.ceil(VENDS / WEATHER.length))] });
      }
      const messages = messagesOf(vend);
      for (let open = true; open;) {
        const outcomes = await gateway.sendMany(messages);
        attempts++;
        for (const each of outcomes) {
          if (each.kind === 'accepted' && each.maybeDuplicate) unsure.add(each.csmsId);
          if (each.kind === 'retry-later' && each.maybeAccepted) unsure.add(each.csmsId);
          if (each.kind !== 'retry-later') final.set(each.csmsId, final.get(each.csmsId) ?? each);
        }
        open = outcomes.some(({ kind }) => kind === 'retry-later');
      }
    }
  };
  const begunMs = performance.now();
  await Promise.all(Array.from({ length: WORKERS }, worker));
  const tookS = (performance.now() - begunMs) / 1000;
  world.faults({});
  const handled = world.center.state().counts.acknowledged;
  await eventually('the receipts come to an end', () => world.center.state().counts.acknowledged >= handled);

  let copies = 0;
  for (let vend = 0; vend < VENDS; vend++) {
    const messages = messagesOf(vend);
    const shown = world.center.phones.messages(messages[0]!.msisdn);
    // None lost, each shown once, in order.
    expect(shown.map(({ text }) => text)).toEqual(messages.map(({ text }) => text));
    for (const [place, each] of shown.entries()) {
      copies += each.copies - 1;
      // The network may have brought it twice only where we said so.
      if (each.copies > 1) expect(unsure).toContain(messages[place]!.csmsId);
    }
  }
  expect([...final.values()].filter(({ kind }) => kind !== 'accepted' && kind !== 'duplicate')).toEqual([]);
  expect(final.size).toBe(MESSAGES);

  // The faults did happen, and receipts were told once each.
  const { counts } = world.center.state();
  for (const why of ['unreachable', 'garbage']) expect(lost.get(why)).toBeGreaterThan(0);
  expect(counts.throttled).toBeGreaterThan(0);
  expect(copies).toBeGreaterThan(0);
  const told = receipts.filter(({ csmsId }) => csmsId !== null).map(({ csmsId, part }) => `${csmsId} ${part}`);
  expect(new Set(told).size).toBe(told.length);
  expect(told.length).toBeGreaterThan(MESSAGES * 0.8);
  console.log(
    `${MESSAGES} messages in ${tookS.toFixed(1)} s: ${attempts} attempts at ${VENDS} vends, ${counts.taken} parts taken, ` +
      `${counts.throttled} refused for now, links lost ${JSON.stringify(Object.fromEntries(lost))}, ` +
      `${copies} copies kept from the customer, ${told.length} receipts told once, ${receipts.length - told.length} without a message`,
  );
  await world.close();
}, 240_000);
