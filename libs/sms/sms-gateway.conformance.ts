import type { SmsGateway, SmsMessage, SmsOutcome } from './sms-gateway';

/** A gateway under test, and the world behind it. Everything is healthy when it is opened. */
export interface GatewayWorld {
  readonly gateway: SmsGateway;
  /** What the credentials are, so that the suite can see that nobody says them. */
  readonly secret: string;
  /** What a phone shows, in order. */
  shown(msisdn: string): Promise<string[]>;
  /** `silent`: takes messages and never answers. `throttled`: tells everybody to slow down. `down`: cannot be reached. */
  play(mode: 'healthy' | 'down' | 'silent' | 'throttled'): Promise<void>;
  close(): Promise<void>;
}

const PHONE = '8801700000001';
const BANGLA = `টোকেন 1234-5678-9012-3456-7890\n৳৫০০ রিচার্জ সফল। ${'ক্ষ'.repeat(40)}`;
const EXTENDED = `${'x'.repeat(152)}€[]{}~|^\\${'y'.repeat(160)}`;

function message(n: number, extra: Partial<SmsMessage> = {}): SmsMessage {
  return { csmsId: `conformance-${n}`, msisdn: PHONE, text: `Token ${n}`, ...extra };
}

/**
 * The contract of `SmsGateway`, for every adapter of it: each `it` is one sentence of the contract. To be called inside
 * a test file; the gateway should give up within about a second, so that the suite is quick.
 *
 * @example describe('the HTTP gateway', () => conformsToSmsGateway(() => openHttpWorld()));
 */
export function conformsToSmsGateway(open: () => Promise<GatewayWorld>): void {
  let world: GatewayWorld;
  const send = (...messages: SmsMessage[]): Promise<SmsOutcome[]> => world.gateway.sendMany(messages);
  const kinds = (outcomes: readonly SmsOutcome[]): string[] => outcomes.map(({ kind }) => kind);

  beforeEach(async () => {
    world = await open();
  });
  afterEach(() => world.close());

  describe('what is taken', () => {
    it('arrives as it was written: English, Bangla in several parts, extension characters at a part’s edge', async () => {
      const outcomes = await send(message(1), message(2, { text: BANGLA }), message(3, { text: EXTENDED }));
      expect(kinds(outcomes)).toEqual(['accepted', 'accepted', 'accepted']);
      expect(outcomes.map(({ csmsId }) => csmsId)).toEqual(['conformance-1', 'conformance-2', 'conformance-3']);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ referenceId: expect.stringMatching(/./) as unknown });
      }
      expect([...(await world.shown(PHONE))].sort()).toEqual(['Token 1', BANGLA, EXTENDED].sort());
    });

    it('five hundred messages to as many phones: each once', async () => {
      const many = Array.from({ length: 500 }, (_, n) => message(n, { msisdn: `88017${String(n).padStart(8, '0')}` }));
      const outcomes = await send(...many);
      expect(outcomes.filter(({ kind }) => kind !== 'accepted')).toEqual([]);
      for (const { msisdn, text } of [many[0]!, many[250]!, many[499]!]) {
        expect(await world.shown(msisdn)).toEqual([text]);
      }
    });

    it('the same id twice in a call is one SMS and two equal outcomes', async () => {
      const [first, second] = await send(message(1), message(1));
      expect(first).toMatchObject({ kind: 'accepted' });
      expect(second).toEqual(first);
      expect(await world.shown(PHONE)).toEqual(['Token 1']);
    });

    it('the same id in two calls at once is one SMS', async () => {
      const outcomes = (await Promise.all([send(message(1)), send(message(1))])).flat();
      expect(kinds(outcomes)).toContain('accepted');
      expect(await world.shown(PHONE)).toEqual(['Token 1']);
    });

    it('a repeat is a duplicate, and nothing is sent again', async () => {
      expect(kinds(await send(message(1)))).toEqual(['accepted']);
      expect(await send(message(1))).toEqual([{ csmsId: 'conformance-1', kind: 'duplicate' }]);
      expect(await world.shown(PHONE)).toEqual(['Token 1']);
    });

    it('no messages are no outcomes', async () => {
      expect(await send()).toEqual([]);
    });
  });

  describe('what is never sent', () => {
    it.each([
      ['recipient-malformed', { msisdn: '01700000000' }],
      ['recipient-malformed', { msisdn: '8801200000000' }],
      ['text-empty', { text: '' }],
      ['text-too-long', { text: 'x'.repeat(1001) }],
    ])('%s: refused, and the others go out', async (reason, fault) => {
      const outcomes = await send(message(0), message(1, fault), message(2));
      expect(outcomes[1]).toEqual({ csmsId: 'conformance-1', kind: 'refused', reason });
      expect(kinds(outcomes)).toEqual(['accepted', 'refused', 'accepted']);
    });

    it.each(['', 'x'.repeat(21)])('the id %p is a mistake in our own code', async (csmsId) => {
      await expect(send(message(0, { csmsId }))).rejects.toThrow(RangeError);
    });
  });

  describe('what fails', () => {
    it('cannot be reached: try again later, and it goes out once when the gateway is back', async () => {
      await world.play('down');
      expect(await send(message(1))).toMatchObject([{ kind: 'retry-later', reason: 'gateway-unreachable' }]);
      expect(await world.shown(PHONE)).toEqual([]);
      await world.play('healthy');
      expect(kinds(await sendUntilTaken(message(1)))).toEqual(['accepted']);
      expect(await world.shown(PHONE)).toEqual(['Token 1']);
    });

    it('told to slow down: try again later, certainly not taken', async () => {
      await world.play('throttled');
      expect(await send(message(1))).toEqual([
        { csmsId: 'conformance-1', kind: 'retry-later', reason: 'gateway-throttled', maybeAccepted: false },
      ]);
      expect(await world.shown(PHONE)).toEqual([]);
    });

    it('no answer: perhaps taken; the repeat says so, and the phone shows it once', async () => {
      await world.play('silent');
      expect(await send(message(1))).toEqual([
        { csmsId: 'conformance-1', kind: 'retry-later', reason: 'gateway-timeout', maybeAccepted: true },
      ]);
      expect(await world.shown(PHONE)).toEqual(['Token 1']);
      await world.play('healthy');
      const [outcome] = await sendUntilTaken(message(1));
      // A gateway that knows its ids says that it has had it; another can only say that there may be two.
      const honest =
        outcome!.kind === 'duplicate' || (outcome!.kind === 'accepted' && outcome!.maybeDuplicate === true);
      expect(honest).toBe(true);
      expect(await world.shown(PHONE)).toEqual(['Token 1']);
    });

    it('never says a number, a text or a credential', async () => {
      const said: string[] = [];
      for (const mode of ['silent', 'throttled', 'down'] as const) {
        await world.play(mode);
        said.push(JSON.stringify(await send(message(1), message(2, { msisdn: '01711111111' }))));
      }
      for (const secret of [PHONE, '01711111111', 'Token', world.secret]) expect(said.join()).not.toContain(secret);
    });

    it('a close waits for what is on its way', async () => {
      const sending = send(message(1), message(2));
      await Promise.resolve();
      await world.gateway.close();
      expect(kinds(await sending)).toEqual(['accepted', 'accepted']);
    });
  });

  async function sendUntilTaken(each: SmsMessage): Promise<SmsOutcome[]> {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const outcomes = await send(each);
      if (outcomes[0]!.kind !== 'retry-later' || performance.now() > deadline) return outcomes;
    }
  }
}
