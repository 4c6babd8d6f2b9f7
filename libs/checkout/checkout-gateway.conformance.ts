import { AMOUNT, anOrder, begin, FAULTS, paid, type CheckoutWorld } from './checkout-world.conformance';

/** However long a loaded machine takes; the adapter of a world should give up by itself after about a second. */
const DEADLINE_MS = 15_000;

/**
 * The contract of `CheckoutGateway`, for every adapter of it, against the simulator over HTTP: each `it` is one sentence
 * of the contract. To be called inside a test file.
 *
 * @example conformsToCheckoutGateway('bKash tokenized checkout', () => openBkashWorld());
 */
export function conformsToCheckoutGateway(name: string, open: () => Promise<CheckoutWorld>): void {
  describe(`the contract of checkout gateways: ${name}`, () => {
    let world: CheckoutWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    settles(() => world);
    losesAnswers(() => world);
    readsMessages(() => world);
    refunds(() => world);
    keepsQuiet(() => world);
  });
}

const PAID = { kind: 'paid', amountPaisa: AMOUNT, trxId: expect.stringMatching(/^[\w-]{4,64}$/) as string };

function settles(world: () => CheckoutWorld): void {
  it('what the payer has not ended is open, and nothing is taken', async () => {
    const { order, start, refs } = await begin(world());
    expect(start).toEqual({
      payUrl: expect.stringMatching(/^https?:\/\//) as string,
      gatewayRef: expect.stringMatching(/^[\x21-\x7e]{1,100}$/) as string,
    });
    expect(await world().gateway.settle(order, refs)).toEqual({ kind: 'open' });
    expect(await world().book(order.orderNo)).toMatchObject({ payments: 0, takenPaisa: 0n });
  });

  it.each([1_000n, 50_050n, 99_999_999n, 1_900n])(
    'paid is paid to the paisa, and so again: %s',
    async (amountPaisa) => {
      const { order, start, refs } = await begin(world(), amountPaisa);
      await world().visit(start, 'pay');
      const verdict = await world().gateway.settle(order, refs);
      expect(verdict).toMatchObject({ ...PAID, amountPaisa });
      expect(await world().gateway.settle(order, refs)).toEqual(verdict);
      const { trxId } = verdict as { trxId: string };
      expect(await world().gateway.settle(order, { ...refs, trxId })).toEqual(verdict);
      expect(await world().book(order.orderNo)).toMatchObject({ payments: 1, takenPaisa: amountPaisa });
    },
  );

  it('knows when it was paid, or says that it does not', async () => {
    const before = Date.now();
    const { order, refs } = await paid(world());
    const verdict = (await world().gateway.settle(order, refs)) as { paidAt: number | null };
    // Gateways write whole seconds, by a clock of their own.
    if (verdict.paidAt !== null) expect(Math.abs(verdict.paidAt - before)).toBeLessThan(60_000);
  });

  it.each(['fail', 'cancel'] as const)('a payer’s %s is never paid, and nothing is taken', async (action) => {
    const { order, start, refs } = await begin(world());
    await world().visit(start, action);
    expect((await world().gateway.settle(order, refs)).kind).toMatch(/^(?:failed|open)$/);
    expect(await world().book(order.orderNo)).toMatchObject({ payments: 0, takenPaisa: 0n });
  });

  it('time that has run out is expired', async () => {
    const { order, start, refs } = await begin(world());
    await world().expire(start);
    expect((await world().gateway.settle(order, refs)).kind).toMatch(/^(?:expired|failed)$/);
  });

  it('another amount is told as it was taken', async () => {
    const { order, start, refs } = await begin(world());
    await world().takeInstead(1_000n);
    await world().visit(start, 'pay');
    expect(await world().gateway.settle(order, refs)).toMatchObject({ ...PAID, amountPaisa: 1_000n });
  });

  it('of a payment whose order nobody knows it says what was taken, and ends nothing', async () => {
    const { order, start, refs } = await begin(world());
    const [message] = await world().visit(start, 'pay');
    const read = await world().gateway.readMessage(message!);
    if (!('claim' in read)) throw new Error(`refused: ${read.refused}`);
    const before = await world().book(order.orderNo);
    const found = await world().gateway.lookUp(read.claim);
    expect(await world().book(order.orderNo)).toEqual(before);
    // Where we make the payment final, nothing is taken yet.
    expect(found).toMatchObject(before.payments === 0 ? { kind: 'open' } : PAID);
    const settled = await world().gateway.settle(order, refs);
    expect(settled).toMatchObject(PAID);
    expect(await world().gateway.lookUp(read.claim)).toEqual(settled);
    const other = { ...read.claim, orderNo: 'NOBODYS', gatewayRef: 'NOBODYS', trxId: null, claimRef: null };
    expect((await world().gateway.lookUp(other)).kind).toMatch(/^(?:failed|open|unknown)$/);
    await world().play('http-500');
    expect(await world().gateway.lookUp(read.claim)).toMatchObject({ kind: 'unknown' });
  });

  it('five at once, of two processes, are one payment', async () => {
    const { order, start, refs } = await begin(world());
    await world().visit(start, 'pay');
    const gateways = [world().gateway, await world().another()];
    const all = await Promise.all([0, 1, 0, 1, 0].map((n) => gateways[n]!.settle(order, refs)));
    const last = await world().gateway.settle(order, refs);
    expect(last).toMatchObject(PAID);
    // Who came second may be told to ask again; nobody is told anything else than what is true.
    for (const verdict of all) expect([last, expect.objectContaining({ kind: 'unknown' })]).toContainEqual(verdict);
    expect(await world().book(order.orderNo)).toMatchObject({ payments: 1, takenPaisa: AMOUNT });
    await gateways[1]!.close();
  });
}

function losesAnswers(world: () => CheckoutWorld): void {
  it.each(FAULTS)('%s: unknown, never failed; and when it is over, paid once', async (mode) => {
    const { order, start, refs } = await begin(world());
    await world().visit(start, 'pay');
    await world().play(mode);
    for (const turn of [1, 2]) {
      const verdict = await world().gateway.settle(order, refs);
      expect([turn, verdict]).toEqual([
        turn,
        { kind: 'unknown', reason: expect.stringMatching(/^[a-z0-9-]+$/) as string },
      ]);
    }
    await world().play('healthy');
    expect(await world().gateway.settle(order, refs)).toMatchObject(PAID);
    expect(await world().book(order.orderNo)).toMatchObject({ payments: 1, takenPaisa: AMOUNT });
  });

  it('cannot be reached: unknown, and paid when it is back', async () => {
    const { order, start, refs } = await begin(world());
    await world().visit(start, 'pay');
    await world().play('down');
    expect(await world().gateway.settle(order, refs)).toMatchObject({ kind: 'unknown' });
    await world().play('healthy');
    expect(await world().gateway.settle(order, refs)).toMatchObject(PAID);
  });

  it.each(['down', ...FAULTS] as const)('%s: a payment cannot be begun, in so many words', async (mode) => {
    await world().play(mode);
    await expect(world().gateway.start(anOrder())).rejects.toMatchObject({
      name: 'DomainError',
      code: 'gateway-unavailable',
    });
  });

  it('gives up by itself', async () => {
    const { order, start, refs } = await begin(world());
    await world().visit(start, 'pay');
    await world().play('silent');
    const began = performance.now();
    await world().gateway.settle(order, refs);
    expect(performance.now() - began).toBeLessThan(DEADLINE_MS);
  });
}

function readsMessages(world: () => CheckoutWorld): void {
  it.each(['pay', 'fail', 'cancel'] as const)(
    'what comes of a %s is read, the same again, and proves nothing',
    async (action) => {
      const { start, order } = await begin(world());
      const messages = await world().visit(start, action);
      expect(messages.length).toBeGreaterThan(0);
      const claimed = { pay: 'paid', fail: 'failed', cancel: 'cancelled' }[action];
      for (const message of messages) {
        const read = await world().gateway.readMessage(message);
        if (!('claim' in read)) throw new Error(`refused: ${read.refused}`);
        expect(read.claim).toMatchObject({ claims: claimed, eventKey: expect.stringMatching(/^.{1,100}$/) as string });
        // Whose it is can be told, by one name or the other.
        expect([read.claim.orderNo, read.claim.gatewayRef]).toEqual(
          read.claim.orderNo === null ? [null, start.gatewayRef] : [order.orderNo, read.claim.gatewayRef],
        );
        expect(await world().gateway.readMessage(message)).toEqual(read);
      }
    },
  );

  it('what is forged, foreign or cut short is refused, and says why in a word', async () => {
    const { start } = await begin(world());
    const spoilt = world().spoil(await world().visit(start, 'pay'));
    expect(spoilt.length).toBeGreaterThan(0);
    for (const [what, message] of spoilt) {
      expect([what, await world().gateway.readMessage(message)]).toEqual([
        what,
        { refused: expect.stringMatching(/^[a-z0-9-]+$/) as string },
      ]);
    }
  });

  it('no bytes at all, and bytes of any kind, are refused and never an accident', async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('{'),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.alloc(65_536, 0x61),
    ]) {
      for (const way of ['return', 'notice'] as const) {
        const message = { way, query: {}, headers: {}, rawBody: bytes, receivedAt: Date.now() };
        expect(await world().gateway.readMessage(message)).toEqual({
          refused: expect.stringMatching(/^[a-z0-9-]+$/) as string,
        });
      }
    }
  });
}

function refunds(world: () => CheckoutWorld): void {
  const refund = { refundNo: 'RF0001', amountPaisa: AMOUNT, reason: 'not vended' };

  it('gives back once: the same refund again is the same, also at once, and so it says when it is asked', async () => {
    const { order, refs } = await paid(world());
    const first = await world().gateway.refund(order, refs, refund);
    if (!world().refunds) {
      expect(first).toEqual({ kind: 'refused', reason: expect.stringMatching(/^[a-z0-9-]+$/) as string });
      expect(await world().book(order.orderNo)).toMatchObject({ refunds: 0, takenPaisa: AMOUNT });
      return;
    }
    expect(first.kind).toMatch(/^(?:refunded|processing)$/);
    await Promise.all([1, 2, 3].map(() => world().gateway.refund(order, refs, refund)));
    const { refundRef } = first as { refundRef: string | null };
    const end = await world().gateway.refundStatus(order, refs, { refundNo: refund.refundNo, refundRef });
    expect(end.kind).toMatch(/^(?:refunded|processing)$/);
    expect(await world().book(order.orderNo)).toMatchObject({ refunds: 1, refundedPaisa: AMOUNT });
    expect((await world().gateway.settle(order, refs)).kind).toMatch(/^(?:refunded|paid)$/);
  });

  it.each(FAULTS)(
    '%s: what became of a refund is unknown until it is asked, and it is given back once',
    async (mode) => {
      if (!world().refunds) return;
      const { order, refs } = await paid(world());
      await world().play(mode);
      const lost = await world().gateway.refund(order, refs, refund);
      expect(lost).toEqual({ kind: 'unknown', reason: expect.stringMatching(/^[a-z0-9-]+$/) as string });
      await world().play('healthy');
      await world().gateway.refund(order, refs, refund);
      const asked = await world().gateway.refundStatus(order, refs, { refundNo: refund.refundNo, refundRef: null });
      expect(asked.kind).toMatch(/^(?:refunded|processing)$/);
      expect(await world().book(order.orderNo)).toMatchObject({ refunds: 1, refundedPaisa: AMOUNT });
    },
  );

  it('a refund that was never asked for is not refunded', async () => {
    if (!world().refunds) return;
    const { order, refs } = await paid(world());
    const asked = await world().gateway.refundStatus(order, refs, { refundNo: refund.refundNo, refundRef: null });
    expect(asked.kind).toMatch(/^(?:refused|unknown)$/);
    expect(await world().book(order.orderNo)).toMatchObject({ refunds: 0 });
  });
}

function keepsQuiet(world: () => CheckoutWorld): void {
  it('never says a credential, whatever goes wrong', async () => {
    const said: unknown[] = [];
    const say = async (work: () => Promise<unknown>): Promise<void> => {
      said.push(await work().catch((error: unknown) => wordsOf(error)));
    };
    const { order, start, refs } = await begin(world());
    const messages = await world().visit(start, 'pay');
    for (const mode of ['down', ...FAULTS, 'healthy'] as const) {
      await world().play(mode);
      await say(() => world().gateway.start(anOrder()));
      await say(() => world().gateway.settle(order, refs));
      await say(() => world().gateway.refundStatus(order, refs, { refundNo: 'RF0002', refundRef: null }));
    }
    for (const message of messages) await say(async () => world().gateway.readMessage(message));
    for (const [, message] of world().spoil(messages)) await say(async () => world().gateway.readMessage(message));
    for (const secret of world().secrets) expect(inText(said)).not.toContain(secret);
  });

  it('may be closed twice', async () => {
    await world().gateway.close();
    await world().gateway.close();
  });
}

function wordsOf(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { facts, code } = error as { facts?: unknown; code?: unknown };
  return [error.name, error.message, error.stack, code, facts, error.cause === undefined ? null : wordsOf(error.cause)];
}

function inText(said: unknown): string {
  return JSON.stringify(said, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
