// Proves that port choice keeps a checkout's addresses, passes over taken ports and keeps two checkouts apart,
// with an injected probe in place of the machine, and the real probe against a real listener.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { choosePorts, portIsFree } from './ports';

const NAMES = ['api', 'sandbox', 'worker'] as const;
const allFree = async (): Promise<boolean> => true;

describe('choosePorts', () => {
  it('gives every name its own port below the range of outgoing connections, for any path', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (root) => {
        const ports = Object.values(await choosePorts(root, NAMES, {}, allFree));
        expect(new Set(ports).size).toBe(NAMES.length);
        for (const port of ports) {
          expect(port).toBeGreaterThanOrEqual(20_000);
          expect(port).toBeLessThan(32_768);
        }
      }),
    );
  });

  it('answers the same for the same checkout, and other ports for another', async () => {
    const first = await choosePorts('/home/a/vending', NAMES, {}, allFree);
    expect(await choosePorts('/home/a/vending', NAMES, {}, allFree)).toEqual(first);
    const second = await choosePorts('/home/b/vending', NAMES, {}, allFree);
    expect(Object.values(second).filter((port) => Object.values(first).includes(port))).toEqual([]);
  });

  it('keeps a remembered port while it is free, and replaces it when it is taken', async () => {
    const remembered = { api: 21_234, worker: 21_235 };
    const kept = await choosePorts('/home/a', NAMES, remembered, allFree);
    expect(kept).toMatchObject(remembered);
    const moved = await choosePorts('/home/a', NAMES, remembered, async (port) => port !== 21_234);
    expect(moved.worker).toBe(21_235);
    expect(moved.api).not.toBe(21_234);
  });

  it('does not hand out one port twice when two names remember it', async () => {
    const ports = await choosePorts('/home/a', NAMES, { api: 21_234, sandbox: 21_234 }, allFree);
    expect(new Set(Object.values(ports)).size).toBe(3);
  });

  it('passes over everything that is taken, and says so when nothing is left', async () => {
    const home = await choosePorts('/home/a', NAMES, {}, allFree);
    const taken = new Set(Object.values(home));
    const ports = await choosePorts('/home/a', NAMES, {}, async (port) => !taken.has(port));
    expect(Object.values(ports).some((port) => taken.has(port))).toBe(false);
    await expect(choosePorts('/home/a', NAMES, {}, async () => false)).rejects.toThrow(/no free port/);
  });
});

describe('portIsFree', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('sees a listener on %s, and that it has gone', async (host) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    expect(await portIsFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await portIsFree(port)).toBe(true);
  });
});
