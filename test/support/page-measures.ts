/** What a page costs whoever opens it and works with it: bytes and requests, and how far things jump about. */
import type { Page } from 'playwright-core';

const GOOD_LINE = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
/** 1.6 Mbit/s, in bytes a second. */
const WEAK = { offline: false, downloadThroughput: 200_000, uploadThroughput: 200_000 };

/** What a view of a page fetched from the server, and how long it took; a file that the browser had is not in it. */
export interface View {
  readonly paths: readonly string[];
  readonly bytes: number;
  readonly tookMs: number;
}

/**
 * Opens a page and says what that cost, as the browser counts it. Before any `page.route`, which switches the cache off.
 *
 * @param latencyMs over a line of 1.6 Mbit/s with so long a way to the server; 0: as fast as the machine is
 * @param ready resolves when somebody can work
 * @example await viewOf(page, address, { cold: true, latencyMs: 0, ready: () => focused('Amount') })
 */
export async function viewOf(
  page: Page,
  address: string,
  how: { readonly cold: boolean; readonly latencyMs: number; readonly ready: () => Promise<unknown> },
): Promise<View> {
  const line = await page.context().newCDPSession(page);
  if (how.cold) await line.send('Network.clearBrowserCache');
  if (how.latencyMs > 0) await line.send('Network.emulateNetworkConditions', { ...WEAK, latency: how.latencyMs });
  const beganMs = performance.now();
  await page.goto(address);
  await how.ready();
  const tookMs = Math.round(performance.now() - beganMs);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await line.send('Network.emulateNetworkConditions', GOOD_LINE);
  await line.detach();
  const fetched = await page.evaluate<{ path: string; bytes: number }[]>(
    `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ transferSize }) => transferSize > 0)
      .map(({ name, transferSize }) => ({ path: new URL(name).pathname, bytes: transferSize }))`,
  );
  return {
    paths: fetched.map(({ path }) => path).sort(),
    bytes: fetched.reduce((sum, each) => sum + each.bytes, 0),
    tookMs,
  };
}

/** For `addInitScript`: adds up in `jumped` how far things jump, as Chromium reckons it, unless a key was just pressed. */
export const COUNT_JUMPS = `globalThis.jumped = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.jumped += entry.value;
}).observe({ type: 'layout-shift', buffered: true });`;

/** Chromium puts a jump down to a key for half a second: an answer that comes later must not make the page jump. */
const LATE_MS = 700;

/** From here on every answer of the server comes late, until the answer is called; that takes away every other route too. */
export async function answersLate(page: Page): Promise<() => Promise<void>> {
  await page.route('**/v1/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    await route.continue();
  });
  // An answer that is still held back must not meet a browser that has let go of it.
  return () => page.unrouteAll({ behavior: 'wait' });
}
