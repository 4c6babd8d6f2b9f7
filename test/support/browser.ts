/** A real browser for tests of pages: Debian's Chromium, driven over its own protocol (playwright-core downloads nothing). */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findProgram } from '../../docker/launcher/programs';
import { missingSoftware } from './debian-packages';
import { localDirectory } from './servers';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** It has nothing to fetch, to report or to update here. */
const QUIET = [
  ...['--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];
/** What one step may take on a busy machine before it counts as never. */
const STEP_MS = 60_000;

/**
 * Why tests of pages have to be skipped, for their title; '' when a browser is there. As root it is installed.
 *
 * @example describeWith(browserMissing(), 'the page of imports', () => { … });
 */
export function browserMissing(): string {
  return findProgram(NAMES) === undefined ? missingSoftware(['chromium'], ['chromium']) : '';
}

/** One browser with one page. What it downloads is in `downloads`, its pictures are in `.local/screens`. */
export class TestBrowser {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
    /** A folder of its own. */
    readonly downloads: string,
    /** What the page's scripts complained of, and what its policy refused. */
    readonly complaints: readonly string[],
  ) {}

  static async open(): Promise<TestBrowser> {
    const browser = await chromium.launch({
      executablePath: findProgram(NAMES),
      // Chromium's own sandbox needs what containers do not grant; the pages are ours.
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', ...QUIET],
      timeout: STEP_MS,
    });
    const page = await browser.newPage({ locale: 'bn-BD', viewport: { width: 900, height: 900 } });
    page.setDefaultTimeout(STEP_MS);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    return new TestBrowser(browser, page, mkdtempSync(join(localDirectory(), 'downloads-')), complaints);
  }

  /** What axe finds serious or worse on the page as it stands: for those who do not see or point well. */
  async seriousFindings(): Promise<string[]> {
    // What lies under a resting mouse has another colour.
    await this.page.mouse.move(0, 0);
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate<axe.AxeResults>(
      `axe.run(document, { resultTypes: ['violations'] })`,
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  /** A picture of the whole page, for people to look at. */
  async picture(name: string): Promise<void> {
    const folder = join(__dirname, '../../.local/screens');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
