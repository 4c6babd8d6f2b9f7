// Proves on gateways that do as they are told, under a clock that a test moves, which way a message goes: by prefix,
// priority and cost, on to the next when one is away, back to the one that may have it, and no faster than its class may.
import fc from 'fast-check';
import type { SmsGateway, SmsMessage, SmsMessageClass, SmsOutcome } from '../sms-gateway';
import type { SmppClock } from '../smpp/clock';
import { CLASS_POLICY } from './class-policy';
import { LocalPace } from './pace';
import { RoutedSms } from './routed-sms';
import type { SmsRoute } from './route';

/** A clock on which a wait passes at once: whoever waits moves it. */
class TestClock implements SmppClock {
  constructor(private ms = 0) {}
  now(): number {
    return this.ms;
  }
  after(delayMs: number, run: () => void): () => void {
    const at = this.ms + delayMs;
    queueMicrotask(() => {
      this.ms = Math.max(this.ms, at);
      run();
    });
    return () => undefined;
  }
  pass(ms: number): void {
    this.ms += ms;
  }
}

type Mood = 'well' | 'away' | 'silent' | 'throttled' | 'refuses' | 'unwilling';

/** A gateway that knows its ids and has a mood. */
class Gateway implements SmsGateway {
  readonly taken: string[] = [];
  calls = 0;
  mood: Mood = 'well';
  closed = false;

  sendMany(messages: readonly SmsMessage[]): Promise<SmsOutcome[]> {
    this.calls += 1;
    return Promise.resolve(messages.map(({ csmsId }) => this.take(csmsId)));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  private take(csmsId: string): SmsOutcome {
    const later = (reason: 'gateway-unreachable' | 'gateway-timeout' | 'gateway-throttled', maybeAccepted = false) =>
      ({ csmsId, kind: 'retry-later', reason, maybeAccepted }) as const;
    if (this.mood === 'away') return later('gateway-unreachable');
    if (this.mood === 'throttled') return later('gateway-throttled');
    if (this.mood === 'refuses') return { csmsId, kind: 'refused', reason: 'recipient-blocked' };
    if (this.mood === 'unwilling') return { csmsId, kind: 'refused', reason: 'gateway-refused' };
    const known = this.taken.includes(csmsId);
    if (!known) this.taken.push(csmsId);
    if (this.mood === 'silent') return later('gateway-timeout', true);
    return known ? { csmsId, kind: 'duplicate' } : { csmsId, kind: 'accepted', referenceId: csmsId };
  }
}

const PHONE = '8801700000001';
const sms = (csmsId: string, messageClass: SmsMessageClass = 'token', msisdn = PHONE): SmsMessage => {
  return { csmsId, msisdn, text: 'Token', messageClass };
};

function world(...routes: Partial<SmsRoute>[]) {
  const clock = new TestClock();
  const gateways = routes.map(() => new Gateway());
  const routed = new RoutedSms({ pace: new LocalPace(() => clock.now()), clock });
  const use = (changes: Partial<SmsRoute>[]) =>
    routed.use(
      changes.map((over, n) => ({
        ...{ code: `g${n}`, gateway: gateways[n]!, prefixes: [], costPaisa: 30, priority: 0, maxPerSecond: null },
        ...over,
      })),
    );
  use(routes);
  return { clock, gateways, routed, use };
}
const kinds = (outcomes: readonly SmsOutcome[]) => outcomes.map(({ kind }) => kind);

describe('which way', () => {
  it('an operator’s prefix goes its way, the longest first, whatever it costs; others go by the rest', async () => {
    const { routed, gateways } = world({}, { prefixes: ['88017', '88013'], costPaisa: 90 }, { prefixes: ['880171'] });
    await routed.sendMany([
      sms('gp'),
      sms('gp-new', 'token', '8801300000001'),
      sms('long', 'token', '8801710000001'),
      sms('other', 'token', '8801900000001'),
    ]);
    expect(gateways.map(({ taken }) => taken)).toEqual([['other'], ['gp', 'gp-new'], ['long']]);
  });

  it('a gateway of another operator is never asked', async () => {
    const { routed, gateways } = world({ prefixes: ['88019'] });
    expect(await routed.deliver([sms('a')])).toMatchObject([
      { outcome: { kind: 'retry-later', reason: 'gateway-configuration' }, gateway: null },
    ]);
    expect(gateways[0]!.calls).toBe(0);
  });

  it('the lower priority number first, then the cheaper, then by name', async () => {
    const cheap = world({ priority: 1, costPaisa: 1 }, { costPaisa: 40 }, { costPaisa: 20 }, { costPaisa: 20 });
    await cheap.routed.sendMany([sms('a')]);
    expect(cheap.gateways.map(({ taken }) => taken.length)).toEqual([0, 0, 1, 0]);
  });

  it('changed routes are used at once, and keep the health of a gateway that stays', async () => {
    const { routed, gateways, use } = world({}, {});
    gateways[0]!.mood = 'away';
    await routed.sendMany([sms('a')]);
    expect(routed.report()[0]).toMatchObject({ healthy: false, lastFault: 'gateway-unreachable' });
    use([{ costPaisa: 5 }, { costPaisa: 500 }]);
    expect(routed.report()[0]).toMatchObject({ healthy: false });
    gateways[0]!.mood = 'well';
    await routed.sendMany([sms('b')]);
    expect(gateways[0]!.taken).toEqual([]);
  });
});

describe('when one is away', () => {
  it.each(['away', 'throttled', 'unwilling'] as const)(
    '%s: the next takes the message in the same call',
    async (mood) => {
      const { routed, gateways } = world({}, {});
      gateways[0]!.mood = mood;
      expect(await routed.deliver([sms('a'), sms('b', 'notice')])).toMatchObject([
        { outcome: { kind: 'accepted' }, gateway: 'g1', escalated: true },
        { outcome: { kind: 'accepted' }, gateway: 'g1', escalated: true },
      ]);
      expect(gateways[0]!.taken).toEqual([]);
    },
  );

  it('stands back until its pause is over, then is the first choice again', async () => {
    const { routed, gateways, clock } = world({}, {});
    gateways[0]!.mood = 'away';
    await routed.sendMany([sms('a')]);
    await routed.sendMany([sms('b')]);
    expect(gateways[0]!.calls).toBe(1);
    gateways[0]!.mood = 'well';
    clock.pass(5_001);
    await routed.sendMany([sms('c')]);
    expect(gateways[0]!.taken).toEqual(['c']);
  });

  it('pauses longer each time, and a minute at most', async () => {
    const { routed, gateways, clock } = world({}, {});
    gateways[0]!.mood = 'away';
    const pauses: number[] = [];
    for (let n = 0; n < 8; n++) {
      await routed.sendMany([sms(`m${n}`)]);
      let ms = 0;
      for (; !routed.report()[0]!.healthy; ms += 1_000) clock.pass(1_000);
      pauses.push(ms);
    }
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('a message that is refused for its own sake goes nowhere else, and the gateway stays well', async () => {
    const { routed, gateways } = world({}, {});
    gateways[0]!.mood = 'refuses';
    expect(await routed.sendMany([sms('a')])).toEqual([{ csmsId: 'a', kind: 'refused', reason: 'recipient-blocked' }]);
    expect(gateways[1]!.calls).toBe(0);
    expect(routed.report()[0]!.healthy).toBe(true);
  });

  it('all away: the last says why, and everything goes out when one is back', async () => {
    const { routed, gateways } = world({}, {});
    for (const gateway of gateways) gateway.mood = 'away';
    expect(kinds(await routed.sendMany([sms('a')]))).toEqual(['retry-later']);
    gateways[1]!.mood = 'well';
    expect(kinds(await routed.sendMany([sms('a')]))).toEqual(['accepted']);
  });

  it('a connection that knows it is down is not tried while another is there', async () => {
    const { routed, gateways } = world({ connected: () => false }, {});
    expect(await routed.deliver([sms('a')])).toMatchObject([{ gateway: 'g1', escalated: true }]);
    expect(gateways[0]!.calls).toBe(0);
  });
});

describe('when nobody knows whether it was taken', () => {
  it.each(['token', 'notice'] as const)('a %s stays with its gateway, which knows it again', async (messageClass) => {
    const { routed, gateways } = world({}, {});
    gateways[0]!.mood = 'silent';
    expect(kinds(await routed.sendMany([sms('a', messageClass)]))).toEqual(['retry-later']);
    gateways[0]!.mood = 'well';
    expect(kinds(await routed.sendMany([sms('a', messageClass)]))).toEqual(['duplicate']);
    expect(gateways[1]!.calls).toBe(0);
  });

  it.each(['token', 'pending', 'notice'] as const)(
    'a %s goes by another when its time is over',
    async (messageClass) => {
      const { routed, gateways, clock } = world({}, {});
      gateways[0]!.mood = 'silent';
      await routed.sendMany([sms('a', messageClass)]);
      clock.pass(CLASS_POLICY[messageClass].escalateAfterMs - 1);
      expect(kinds(await routed.sendMany([sms('a', messageClass)]))).toEqual(['retry-later']);
      expect(gateways[1]!.calls).toBe(0);
      clock.pass(1);
      expect(await routed.deliver([sms('a', messageClass)])).toMatchObject([
        { outcome: { kind: 'accepted' }, gateway: 'g1', escalated: true },
      ]);
    },
  );

  it('a new process keeps to the gateway that the row names, for as long', async () => {
    const first = world({}, {});
    const before = { gateway: 'g1', forMs: 10_000 };
    expect(await first.routed.deliver([{ ...sms('a'), before }])).toMatchObject([{ gateway: 'g1' }]);
    const late = world({}, {});
    expect(await late.routed.deliver([{ ...sms('a'), before: { ...before, forMs: 40_000 } }])).toMatchObject([
      { gateway: 'g0' },
    ]);
  });

  it('what was taken is asked of the one that took it, however late', async () => {
    const { routed, gateways, clock } = world({}, {});
    gateways[0]!.mood = 'away';
    await routed.sendMany([sms('a')]);
    gateways[0]!.mood = 'well';
    clock.pass(3_600_000);
    expect(kinds(await routed.sendMany([sms('a')]))).toEqual(['duplicate']);
    expect(gateways[0]!.taken).toEqual([]);
  });
});

describe('how fast', () => {
  /** Sends as the worker does, again and again, for so many seconds of the test's clock. @returns how many were taken */
  async function flood(share: SmsMessageClass, seconds: number, maxPerSecond: number, count: number): Promise<number> {
    const { routed, gateways, clock } = world({ maxPerSecond });
    let waiting = Array.from({ length: count }, (_, n) => sms(`${share}-${n}`, share));
    while (clock.now() < seconds * 1_000 && waiting.length > 0) {
      const outcomes = await routed.sendMany(waiting.slice(0, 50));
      const taken = new Set(outcomes.filter(({ kind }) => kind === 'accepted').map(({ csmsId }) => csmsId));
      waiting = waiting.filter(({ csmsId }) => !taken.has(csmsId));
      if (taken.size === 0) clock.pass(50);
    }
    return gateways[0]!.taken.length;
  }

  it.each(['one-time-code', 'pending', 'reminder', 'notice'] as const)(
    'a %s keeps its share of the rate',
    async (share) => {
      const perSecond = 100 * CLASS_POLICY[share].share;
      const taken = await flood(share, 20, 100, 10_000);
      // What it may run ahead by is not a second's worth, and a call may end a little after the time.
      expect(taken).toBeLessThanOrEqual(perSecond * 22 + 1);
      expect(taken).toBeGreaterThan(perSecond * 15);
    },
  );

  it('a token has the whole rate', async () => {
    const taken = await flood('token', 20, 100, 10_000);
    expect(taken).toBeLessThanOrEqual(100 * 22);
    expect(taken).toBeGreaterThan(100 * 17);
  });

  it('notices that have used all they may leave room for a second’s worth of tokens at once', async () => {
    const { routed } = world({ maxPerSecond: 100 });
    const notices = Array.from({ length: 300 }, (_, n) => sms(`n${n}`, 'notice'));
    const sent = await routed.deliver(notices);
    const shut = sent.filter(({ waitMs }) => waitMs !== undefined);
    expect(shut.length).toBeGreaterThan(0);
    for (const { outcome, waitMs } of shut) {
      expect(outcome).toMatchObject({ kind: 'retry-later', reason: 'rate-share', maybeAccepted: false });
      expect(waitMs).toBeGreaterThan(0);
    }
    const tokens = await routed.deliver(Array.from({ length: 40 }, (_, n) => sms(`t${n}`)));
    expect(tokens.every(({ outcome }) => outcome.kind === 'accepted')).toBe(true);
  });

  it('in a call with both, tokens leave first', async () => {
    const { routed, gateways } = world({ maxPerSecond: 1_000 });
    await routed.sendMany([sms('n', 'notice'), sms('r', 'reminder'), sms('t'), sms('c', 'one-time-code')]);
    expect(gateways[0]!.taken).toEqual(['t', 'c', 'r', 'n']);
  });

  it('a token overflows to a gateway that costs more; a notice waits', async () => {
    const { routed, gateways } = world({ maxPerSecond: 1 }, { costPaisa: 500 });
    const tokens = await routed.deliver(Array.from({ length: 10 }, (_, n) => sms(`t${n}`)));
    expect(tokens.every(({ outcome }) => outcome.kind === 'accepted')).toBe(true);
    expect(gateways[1]!.taken.length).toBeGreaterThan(0);
    const before = gateways[1]!.taken.length;
    await routed.deliver(Array.from({ length: 10 }, (_, n) => sms(`n${n}`, 'notice')));
    expect(gateways[1]!.taken.length).toBe(before);
  });
});

describe('always', () => {
  const moods = fc.constantFrom<Mood[]>('well', 'away', 'silent', 'throttled', 'refuses', 'unwilling');
  it('one outcome for each message, in its order, and no more gateways have it than kept silent, and one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(moods, { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 6 }),
        async (states, ids, steps) => {
          const { routed, gateways, clock } = world(...states.map(() => ({})));
          gateways.forEach((gateway, n) => (gateway.mood = states[n]!));
          const messages = ids.map((id) => sms(`m${id}`));
          for (const step of steps) {
            const outcomes = await routed.sendMany(messages);
            expect(outcomes.map(({ csmsId }) => csmsId)).toEqual(messages.map(({ csmsId }) => csmsId));
            clock.pass(step);
          }
          for (const { csmsId } of messages) {
            const holders = gateways.filter(({ taken }) => taken.includes(csmsId)).length;
            expect(holders).toBeLessThanOrEqual(states.filter((mood) => mood === 'silent').length + 1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a close waits for what is on its way, and closes every gateway', async () => {
    const { routed, gateways } = world({}, {});
    const sending = routed.sendMany([sms('a')]);
    await routed.close();
    expect(kinds(await sending)).toEqual(['accepted']);
    expect(gateways.map(({ closed }) => closed)).toEqual([true, true]);
  });
});
