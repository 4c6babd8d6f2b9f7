import { newId } from '@vend/kernel';
import type { LoadOrder, LoadToken, MeterLink } from './meter-link';

/** A link under test, and the head-end and the meter behind it. Everything is healthy when it is opened. */
export interface MeterLinkWorld {
  readonly link: MeterLink;
  readonly meterNo: string;
  /** What the credentials are, so that the suite can see that nobody says them. */
  readonly secret: string;
  /** Fresh tokens for the meter, in the order in which it must get them. */
  tokens(count: number): Promise<readonly LoadToken[]>;
  /** How many tokens the meter has accepted. */
  accepted(): Promise<number>;
  /** `silent`: takes loads and never answers. */
  play(mode: 'healthy' | 'down' | 'busy' | 'silent' | 'refuse' | 'meter-off'): Promise<void>;
  close(): Promise<void>;
}

/**
 * The contract of `MeterLink`, for every adapter of it: each `it` is one sentence of the contract. To be called inside a
 * test file; the link should give up within about a second, so that the suite is quick.
 *
 * @example describe('the HTTP link', () => conformsToMeterLink(() => openSandboxWorld()));
 */
export function conformsToMeterLink(open: () => Promise<MeterLinkWorld>): void {
  let world: MeterLinkWorld;
  beforeEach(async () => {
    world = await open();
  });
  afterEach(() => world.close());

  const order = async (count = 1): Promise<LoadOrder> => ({
    ...{ loadId: newId(), round: 1, meterNo: world.meterNo },
    tokens: await world.tokens(count),
  });
  async function acceptedWithin(count: number): Promise<number> {
    const deadline = performance.now() + 10_000;
    while ((await world.accepted()) < count && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return world.accepted();
  }

  it('a load is taken, every token reaches the meter once, and asked about it is loaded', async () => {
    const load = await order(3);
    expect(await world.link.push(load)).toEqual({ kind: 'taken' });
    expect(await acceptedWithin(3)).toBe(3);
    expect(await world.link.ask(load)).toEqual({ kind: 'loaded' });
  });

  it('the same load again, also at once, reaches the meter once', async () => {
    const load = await order();
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => world.link.push(load)));
    expect(outcomes).toEqual(outcomes.map(() => ({ kind: 'taken' })));
    expect(await world.link.push({ ...load, round: 2 })).toEqual({ kind: 'taken' });
    expect(await world.link.ask({ ...load, round: 2 })).toEqual({ kind: 'loaded' });
    expect(await world.accepted()).toBe(1);
  });

  it('a load that was never pushed is unknown', async () => {
    expect(await world.link.ask({ loadId: newId(), round: 1 })).toEqual({ kind: 'unknown' });
  });

  it('what the head-end refuses is refused, with a code', async () => {
    await world.play('refuse');
    expect(await world.link.push(await order())).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/^[a-z-]+$/) as string,
    });
    expect(await world.accepted()).toBe(0);
  });

  it('a meter that cannot be reached is a failure with a reason, told when asked', async () => {
    await world.play('meter-off');
    const load = await order();
    expect(await world.link.push(load)).toEqual({ kind: 'taken' });
    expect(await world.link.ask(load)).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(/^[a-z-]+$/) as string,
    });
  });

  it('cannot be reached: try again later, and it is taken when the head-end is back', async () => {
    await world.play('down');
    const load = await order();
    expect(await world.link.push(load)).toMatchObject({ kind: 'retry-later', reason: 'head-end-unreachable' });
    expect(await world.link.ask(load)).toMatchObject({ kind: 'retry-later' });
    await world.play('healthy');
    expect(await world.link.push(load)).toEqual({ kind: 'taken' });
    expect(await acceptedWithin(1)).toBe(1);
  });

  it('told to slow down: try again later, certainly not taken', async () => {
    await world.play('busy');
    expect(await world.link.push(await order())).toEqual({
      ...{ kind: 'retry-later', reason: 'head-end-throttled', maybeTaken: false },
    });
    expect(await world.accepted()).toBe(0);
  });

  it('no answer: perhaps taken; asked about it later it says so, and the meter has it once', async () => {
    await world.play('silent');
    const load = await order();
    expect(await world.link.push(load)).toEqual({ kind: 'retry-later', reason: 'head-end-timeout', maybeTaken: true });
    await world.play('healthy');
    expect(await world.link.push(load)).toEqual({ kind: 'taken' });
    expect(await world.link.ask(load)).toEqual({ kind: 'loaded' });
    expect(await world.accepted()).toBe(1);
  });

  it('never says a token or a credential', async () => {
    const load = await order();
    const said: string[] = [];
    for (const mode of ['refuse', 'busy', 'silent', 'down'] as const) {
      await world.play(mode);
      said.push(JSON.stringify([await world.link.push({ ...load, loadId: newId() }), await world.link.ask(load)]));
    }
    for (const secret of [load.tokens[0]!.digits, world.secret]) expect(said.join()).not.toContain(secret);
  });

  it('a close waits for what is on its way, and may be called twice', async () => {
    const pushing = world.link.push(await order());
    await Promise.resolve();
    await Promise.all([world.link.close(), world.link.close()]);
    expect(await pushing).toEqual({ kind: 'taken' });
  });
}
