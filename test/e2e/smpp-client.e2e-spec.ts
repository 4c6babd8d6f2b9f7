// Proves the SMPP client over real TCP against the sandbox's short message centre: window, timers, links and their
// fail-over, pauses, joining, receipts in every form and order, lost answers by class, and customers' messages.
import type { DeliveryReceipt, InboundSms, LinkChange, SmsMessage, SmsOutcome } from '@vend/sms';
import { eventually, linkTo, openSmscWorld, PASSWORD, type SmscWorld } from './smpp-support';

const PHONE = '8801700000001';
const LONG_BANGLA = `টোকেন 1234-5678-9012-3456-7890 ${'ক্ষমা ৳৫০০ '.repeat(20)}`;
const LONG_ENGLISH = `Token 1234-5678-9012-3456-7890 ${'€[x] '.repeat(60)}`;

let world: SmscWorld;
let changes: LinkChange[];
let receipts: DeliveryReceipt[];
const onChange = (change: LinkChange): void => void changes.push(change);
const onReceipt = async (receipt: DeliveryReceipt): Promise<void> => void receipts.push(receipt);

beforeEach(async () => {
  world = await openSmscWorld();
  changes = [];
  receipts = [];
});
afterEach(() => world.close());

const message = (n: number, extra: Partial<SmsMessage> = {}): SmsMessage => ({
  csmsId: `id-${n}`,
  msisdn: PHONE,
  text: `Token ${n}`,
  ...extra,
});
const spread = (count: number): SmsMessage[] =>
  Array.from({ length: count }, (_, n) => message(n, { msisdn: `88017${String(n).padStart(8, '0')}` }));
const kinds = (outcomes: SmsOutcome[]): Set<string> => new Set(outcomes.map(({ kind }) => kind));
const shown = (msisdn = PHONE): string[] => world.center.phones.messages(msisdn).map(({ text }) => text);
const lost = (): (string | undefined)[] => changes.map((each) => (each.change === 'lost' ? each.why : undefined));

describe('window and timers', () => {
  it.each([
    [10, 0],
    [15, 1],
  ])('a window of %i against a centre that takes 10 at once', async (windowSize, refusals) => {
    world.faults({ latencyMs: 20, windowMax: 10 });
    const gateway = world.gateway({}, { windowSize });
    expect(kinds(await gateway.sendMany(spread(100)))).toEqual(new Set(['accepted']));
    expect(Math.min(world.center.state().counts.throttled, 1)).toBe(refusals);
  });

  it('several connections take turns', async () => {
    const gateway = world.gateway({}, { binds: 3 });
    await eventually('three binds', () => gateway.health()[0]!.bound === 3);
    expect(kinds(await gateway.sendMany(spread(30)))).toEqual(new Set(['accepted']));
    expect(world.center.state().bound).toHaveLength(3);
  });

  it('an SMSC that leaves enquire_link unanswered is left, and found again', async () => {
    world.faults({ enquireLink: 'silent' });
    const gateway = world.gateway({ onChange }, { enquireLinkMs: 20 });
    await eventually('the link is given up', () => lost().includes('silent'));
    world.faults({});
    expect(kinds(await gateway.sendMany([message(1)]))).toEqual(new Set(['accepted']));
  });

  it('a window that stays without any answer resets the link', async () => {
    world.faults({ silent: 1 });
    const gateway = world.gateway({ onChange }, { responseTimeoutMs: 50, windowSize: 3 });
    expect(kinds(await gateway.sendMany(spread(3)))).toEqual(new Set(['retry-later']));
    expect(lost()).toContain('silent');
  });

  it('waits longer from try to try, with jitter, up to a limit', async () => {
    await world.close();
    const timers: { delayMs: number; run: () => void }[] = [];
    let nowMs = 0;
    const clock = {
      now: () => nowMs,
      after: (delayMs: number, run: () => void) => {
        const timer = { delayMs, run };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer) >>> 0, 1);
      },
    };
    let drawn = 0;
    const random = (): number => (drawn++ % 2 === 0 ? 0 : 0.999);
    const gateway = world.gateway({ onChange, clock, random }, { reconnectMinMs: 1000, reconnectMaxMs: 8000 });
    for (let tries = 1; tries <= 6; tries++) {
      await eventually('the try fails', () => changes.length === tries);
      const timer = timers.shift()!;
      nowMs += timer.delayMs;
      timer.run();
    }
    await gateway.close();
    const waits = changes.slice(0, 6).map((each) => (each.change === 'lost' ? Math.round(each.nextTryMs!) : 0));
    expect(waits).toEqual([500, 1999, 2000, 7996, 4000, 7996]);
  });

  it('a wrong password is asked again at the slowest pace, and said by nobody', async () => {
    world.center.setAccounts([{ systemId: 'vend', password: 'another', bindsMax: 1 }]);
    const gateway = world.gateway({ onChange, maxWaitMs: 100 }, { reconnectMaxMs: 60_000 });
    expect(await gateway.sendMany([message(1)])).toMatchObject([{ kind: 'retry-later', maybeAccepted: false }]);
    await eventually('the refusal', () => changes.length > 0);
    expect(changes).toMatchObject([{ change: 'lost', why: 'credentials-refused' }]);
    expect((changes[0] as { nextTryMs: number }).nextTryMs).toBeGreaterThanOrEqual(30_000);
    expect(JSON.stringify([changes, gateway.health()])).not.toContain(PASSWORD);
  });

  it('garbage resets the link, an unknown operation does not', async () => {
    const gateway = world.gateway({ onChange });
    world.faults({ unknownCommand: 1 });
    expect(kinds(await gateway.sendMany(spread(20)))).toEqual(new Set(['accepted']));
    expect(lost()).toEqual([undefined]);
    for (const fault of ['garbage', 'oversized']) {
      world.faults({ [fault]: 1 });
      await gateway.sendMany([message(100)]);
      await eventually(`${fault} is noticed`, () => lost().at(-1) === 'garbage' || lost().at(-2) === 'garbage');
      world.faults({});
      await eventually('bound again', () => gateway.health()[0]!.bound === 1);
    }
  });
});

describe('links', () => {
  it('the second takes over when the first is gone, and gives back', async () => {
    const second = await openSmscWorld();
    const gateway = world.gateway({ onChange }, {}, { name: 'link-b', port: second.port, priority: 1 });
    await eventually('both bound', () => gateway.health().every(({ bound }) => bound === 1));
    await gateway.sendMany([message(1)]);
    world.center.setAccounts([]);
    world.center.dropAll();
    await eventually('the first is lost', () => gateway.health()[0]!.bound === 0);
    await gateway.sendMany([message(2), message(3)]);
    world.center.setAccounts(undefined);
    await eventually('the first is back', () => gateway.health()[0]!.bound === 1);
    await gateway.sendMany([message(4)]);
    expect(shown()).toEqual(['Token 1', 'Token 4']);
    expect(second.center.phones.messages(PHONE).map(({ text }) => text)).toEqual(['Token 2', 'Token 3']);
    await gateway.close();
    await second.close();
  });

  it('a link that is told to slow down pauses, and the second takes what it may not', async () => {
    const second = await openSmscWorld();
    world.faults({ queueFull: 1 });
    const slow = { throttleMinMs: 60_000, throttleMaxMs: 60_000 };
    const gateway = world.gateway({ onChange }, slow, { name: 'link-b', port: second.port, priority: 1 });
    await eventually('both bound', () => gateway.health().every(({ bound }) => bound === 1));
    expect(kinds(await gateway.sendMany(spread(200)))).toEqual(new Set(['accepted']));
    // One window was under way when the first "slow down" came; then nothing more.
    expect(world.center.state().counts).toMatchObject({ taken: 0, throttled: 10 });
    expect(second.center.state().counts.taken).toBe(200);
    expect(changes.filter(({ change }) => change === 'throttled')).toHaveLength(1);
    await gateway.close();
    await second.close();
  });

  it('a single link waits the pause out: every message is taken, few are refused', async () => {
    world.faults({ perSecondMax: 100 });
    const gateway = world.gateway({ maxWaitMs: 20_000 }, { throttleMinMs: 100, throttleMaxMs: 400 });
    expect(kinds(await gateway.sendMany(spread(250)))).toEqual(new Set(['accepted']));
    expect(world.center.state().counts.throttled).toBeLessThan(150);
  });

  it('keeps to its own rate, so that nobody has to say so', async () => {
    world.faults({ perSecondMax: 200 });
    const gateway = world.gateway({ maxWaitMs: 20_000 }, { maxPerSecond: 150 });
    const begunMs = performance.now();
    expect(kinds(await gateway.sendMany(spread(200)))).toEqual(new Set(['accepted']));
    expect(performance.now() - begunMs).toBeGreaterThan(((200 - 15 - 1) / 150) * 1000 * 0.95);
    expect(world.center.state().counts.throttled).toBe(0);
  });

  it('messages to one phone keep their order, and one that is not taken holds back those of its class', async () => {
    const gateway = world.gateway({}, { windowSize: 50 });
    await gateway.sendMany(Array.from({ length: 50 }, (_, n) => message(n)));
    expect(shown()).toEqual(Array.from({ length: 50 }, (_, n) => `Token ${n}`));
    world.faults({ dropBefore: 1 });
    const line = [message(50), message(51), message(52, { messageClass: 'notice' })];
    expect(await gateway.sendMany(line)).toMatchObject([
      { kind: 'retry-later', reason: 'gateway-unreachable', maybeAccepted: true },
      { kind: 'retry-later', reason: 'held-for-order', maybeAccepted: false },
      { kind: 'retry-later', reason: 'gateway-unreachable' },
    ]);
  });
});

describe('long messages', () => {
  it.each([
    ['udh-8', {}],
    ['udh-16', { join: 'udh-16' }],
    ['payload', { join: 'payload' }],
    ['packed septets', { defaultAlphabet: 'packed' }],
    ['packed septets, udh-16', { defaultAlphabet: 'packed', join: 'udh-16' }],
  ] as const)('%s: the phone shows what was written', async (_, link) => {
    world.faults({ packed: 'defaultAlphabet' in link, torn: true });
    const gateway = world.gateway({ maxWaitMs: 10_000 }, { ...link, responseTimeoutMs: 10_000 });
    await gateway.sendMany([message(1, { text: LONG_BANGLA }), message(2, { text: LONG_ENGLISH }), message(3)]);
    expect(shown()).toEqual([LONG_BANGLA, LONG_ENGLISH, 'Token 3']);
  });

  it('a repeat sends only the part that was not taken, under the same reference', async () => {
    world.faults({ queueFull: 0.5, record: true });
    const text = 'x'.repeat(200);
    const gateway = world.gateway({ maxWaitMs: 50 }, { throttleMinMs: 500, throttleMaxMs: 500 });
    await eventually('bound', () => gateway.health()[0]!.bound === 1);
    expect(await gateway.sendMany([message(1, { text })])).toMatchObject([
      { reason: 'gateway-throttled', maybeAccepted: true },
    ]);
    world.faults({});
    await eventually('the pause is over', () => !gateway.health()[0]!.paused);
    expect(await gateway.sendMany([message(1, { text })])).toMatchObject([{ kind: 'accepted' }]);
    expect(world.center.state().counts.taken).toBe(2);
    expect(shown()).toEqual([text]);
  });
});

describe('receipts', () => {
  const FORMS = { hex: { responseIds: 'hex' }, decimal: { responseIds: 'decimal' } } as const;

  it.each([
    ['decimal', 'decimal', true],
    ['hex', 'decimal', true],
    ['decimal', 'hex', false],
    ['hex', 'hex', false],
  ] as const)('ids in %s and receipts in %s, with parameters: %p', async (response, receipt, receiptParameters) => {
    world.faults({ ...FORMS[response], receiptIds: receipt, receiptParameters });
    const gateway = world.gateway({ onReceipt }, { responseIdForm: response, receiptIdForm: receipt });
    await gateway.sendMany([message(1), message(2, { text: LONG_BANGLA })]);
    await eventually('every receipt', () => receipts.length === 1 + Math.ceil(LONG_BANGLA.length / 67));
    expect(receipts[0]).toMatchObject({ csmsId: 'id-1', part: 1, fate: 'delivered', messageFate: 'delivered' });
    expect(receipts.at(-1)).toMatchObject({ csmsId: 'id-2', fate: 'delivered', messageFate: 'delivered' });
    expect(receipts.at(-2)).toMatchObject({ csmsId: 'id-2', messageFate: 'pending' });
  });

  it.each([
    ['before the answer', { receiptsEarly: 1, latencyMs: 30 }, 50],
    ['twice', { receiptsTwice: 1 }, 50],
    ['before the answer, and twice', { receiptsEarly: 1, receiptsTwice: 1, latencyMs: 30 }, 50],
    ['in another order', { receiptsShuffled: true }, 49],
    ['half of them never', { receiptsMissing: 0.5 }, 25],
  ])('%s: each is told once', async (_, faults, expected) => {
    world.faults(faults);
    const gateway = world.gateway({ onReceipt });
    expect(kinds(await gateway.sendMany(spread(50)))).toEqual(new Set(['accepted']));
    await eventually('the receipts', () => receipts.length >= expected);
    const acknowledged = (): boolean =>
      world.center.state().counts.acknowledged >= ('receiptsTwice' in faults ? 2 : 1) * expected;
    await eventually('all acknowledged', acknowledged);
    expect(receipts).toHaveLength(expected);
    expect(new Set(receipts.map(({ csmsId }) => csmsId)).size).toBe(expected);
    expect(receipts.map(({ csmsId }) => csmsId)).not.toContain(null);
  });

  it('a handler that fails gets it again', async () => {
    let calls = 0;
    const gateway = world.gateway({
      onReceipt: async (receipt) => {
        if (++calls < 3) throw new Error('the database is away');
        receipts.push(receipt);
      },
    });
    await gateway.sendMany([message(1)]);
    await eventually('handled in the end', () => receipts.length === 1);
    expect([calls, receipts[0]!.csmsId]).toEqual([3, 'id-1']);
  });

  it('one for a message of an earlier process is told with its id alone', async () => {
    world.faults({ receiptDelayMs: 150, responseIds: 'hex' });
    const earlier = world.gateway({}, { responseIdForm: 'hex' });
    const [outcome] = await earlier.sendMany([message(1)]);
    await earlier.close();
    world.gateway({ onReceipt }, { responseIdForm: 'hex', receiptIdForm: 'decimal' });
    await eventually('the receipt', () => receipts.length === 1);
    const { referenceId } = outcome as { referenceId: string };
    expect(receipts).toMatchObject([{ csmsId: null, part: null, messageId: BigInt(`0x${referenceId}`).toString() }]);
  });
});

describe('an answer that was lost', () => {
  it('a token is sent again at once, and said to be perhaps a duplicate', async () => {
    world.faults({ dropAfter: 1, receiptsMissing: 1 });
    const gateway = world.gateway();
    expect(await gateway.sendMany([message(1)])).toMatchObject([
      { reason: 'gateway-unreachable', maybeAccepted: true },
    ]);
    world.faults({});
    expect(await gateway.sendMany([message(1)])).toMatchObject([{ kind: 'accepted', maybeDuplicate: true }]);
    expect(world.center.phones.messages(PHONE)).toMatchObject([{ text: 'Token 1', copies: 2 }]);
  });

  it('notices wait for their receipts, known by the reference that the SMSC echoes, and are not sent twice', async () => {
    world.faults({ silent: 1, receiptDelayMs: 3_000, echoReference: true });
    const gateway = world.gateway({ onReceipt }, { responseTimeoutMs: 60, windowSize: 30, sendsReference: true });
    const notices = [1, 2].map((n) => message(n, { messageClass: 'notice' }));
    // Each in a call of its own: both are open at once.
    for (const each of notices) expect(await gateway.sendMany([each])).toMatchObject([{ reason: 'gateway-timeout' }]);
    for (const each of notices) {
      expect(await gateway.sendMany([each])).toMatchObject([{ reason: 'awaiting-receipt', maybeAccepted: true }]);
    }
    await eventually('the receipts', () => receipts.length === 2);
    expect(receipts.map(({ csmsId }) => csmsId)).toEqual(['id-1', 'id-2']);
    expect(await gateway.sendMany(notices)).toEqual(notices.map(({ csmsId }) => ({ csmsId, kind: 'duplicate' })));
    expect(world.center.state().counts.taken).toBe(2);
  });

  it('a receipt without that reference is never taken for the only open message: that one was not taken', async () => {
    world.faults({ silent: 1, receiptDelayMs: 3_000 });
    const gateway = world.gateway({ onReceipt }, { responseTimeoutMs: 50, windowSize: 30 });
    await gateway.sendMany([message(1)]);
    world.faults({ receiptsMissing: 1 });
    expect(await gateway.sendMany([message(1)])).toMatchObject([{ kind: 'accepted', maybeDuplicate: true }]);
    world.faults({ dropBefore: 1 });
    await gateway.sendMany([message(2)]);
    await eventually('the receipt of the first copy', () => receipts.length === 1);
    expect(receipts[0]!.csmsId).toBeNull();
    world.faults({});
    expect(await gateway.sendMany([message(2)])).toMatchObject([{ kind: 'accepted' }]);
    expect(shown()).toEqual(['Token 1', 'Token 2']);
  });

  it('a notice is sent again when no receipt came in its time', async () => {
    world.faults({ silent: 1, receiptsMissing: 1 });
    const gateway = world.gateway({ awaitReceiptMs: 0 }, { responseTimeoutMs: 60 });
    await gateway.sendMany([message(1, { messageClass: 'notice' })]);
    world.faults({});
    expect(await gateway.sendMany([message(1, { messageClass: 'notice' })])).toMatchObject([
      { kind: 'accepted', maybeDuplicate: true },
    ]);
  });

  it('an answer that comes late still counts: the repeat is a duplicate', async () => {
    world.faults({ latencyMs: 3_000, receiptsMissing: 1 });
    const gateway = world.gateway({}, { responseTimeoutMs: 60, windowSize: 30 });
    const notice = message(1, { messageClass: 'notice' });
    expect(await gateway.sendMany([notice])).toMatchObject([{ reason: 'gateway-timeout', maybeAccepted: true }]);
    const known = async (): Promise<boolean> => (await gateway.sendMany([notice]))[0]!.kind === 'duplicate';
    expect(await known()).toBe(false);
    await eventually('known as taken', known);
    expect(world.center.state().counts.taken).toBe(1);
  });
});

describe('customers’ messages', () => {
  it.each([
    ['a short one', 'BAL 040012345'],
    ['Bangla in parts', 'টোকেন '.repeat(30)],
    ['English in parts', 'x'.repeat(400)],
  ])('%s arrives whole', async (_, text) => {
    const inbound: InboundSms[] = [];
    const gateway = world.gateway({ onInbound: async (sms) => void inbound.push(sms) });
    await eventually('bound', () => gateway.health()[0]!.bound === 1);
    world.center.write('vend', PHONE, '16603', text);
    await eventually('the message', () => inbound.length === 1);
    expect(inbound).toEqual([{ smsc: 'link-a', from: PHONE, to: '16603', text, complete: true }]);
  });

  it('comes again when it could not be kept', async () => {
    const inbound: InboundSms[] = [];
    let calls = 0;
    world.gateway({
      onInbound: async (sms) => {
        if (++calls === 1) throw new Error('the database is away');
        inbound.push(sms);
      },
    });
    world.center.write('vend', PHONE, '16603', 'y'.repeat(300));
    await eventually('kept', () => inbound.length === 1);
    expect([calls, inbound[0]!.text]).toEqual([2, 'y'.repeat(300)]);
  });

  it('reaches a receiver beside a transmitter', async () => {
    const inbound: InboundSms[] = [];
    const links = [
      linkTo(world.port, { bindAs: 'transmitter' }),
      linkTo(world.port, { name: 'in', bindAs: 'receiver' }),
    ];
    const gateway = world.gateway({ links, onReceipt, onInbound: async (sms) => void inbound.push(sms) });
    await eventually('both bound', () => gateway.health().every(({ bound }) => bound === 1));
    world.center.write('vend', PHONE, '16603', 'HELP');
    expect(kinds(await gateway.sendMany([message(1)]))).toEqual(new Set(['accepted']));
    await eventually('the message', () => inbound.length === 1);
  });
});
