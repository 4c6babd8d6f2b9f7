/*
 * Proves in a real browser, on the real api and database, what an officer sees who imports a file: the second factor, the
 * bar at its place while rows go in, Done, the counts, and the report with the refused row.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { totpCode } from '@vend/identity';
import { idFromBytes, type Id } from '@vend/kernel';
import { ImportJobs } from '@vend/meters';
import { meterCells, meterCsv } from '../../../test/builders/meters';
import { ApiWorld } from '../../../test/support/api';
import { browserMissing, TestBrowser } from '../../../test/support/browser';
import { describeWith } from '../../../test/support/debian-packages';
import { TEST_TOTP_SECRET } from '../../../test/support/second-factor';

jest.setTimeout(240_000);

describeWith(browserMissing(), 'the page of imports', () => {
  let world: ApiWorld;
  let browser: TestBrowser;
  let address: string;
  beforeAll(async () => {
    world = await ApiWorld.create();
    await world.app.listen(0, '127.0.0.1');
    address = await world.app.getUrl();
    browser = await TestBrowser.open();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.destroy();
  });

  const text = (id: string) => browser.page.locator(`#${id}`).innerText();
  const barAt = async () => Number(await browser.page.locator('#bar').getAttribute('value'));
  const step = (words: string) => browser.page.locator('#step', { hasText: words }).waitFor();

  async function signIn(code: string): Promise<void> {
    const { page } = browser;
    await page.fill('[name=username]', 'administrator');
    await page.fill('[name=password]', world.password);
    await page.fill('[name=code]', code);
    await page.click('#login button');
  }

  it('asks for the second factor, and says in Bangla why it refuses', async () => {
    await browser.page.goto(`${address}/imports`);
    expect(await browser.page.title()).toContain('Import of customers and meters');
    await signIn('12');
    await browser.page.locator('#message', { hasText: /[\u0980-\u09FF]/ }).waitFor();
    expect(await browser.page.locator('#send').isVisible()).toBe(false);
    await browser.picture('imports-1-refused');
  });

  it('shows the bar while rows go in, Done, and gives the refused row to be mended', async () => {
    const { page, downloads } = browser;
    await signIn(totpCode(TEST_TOTP_SECRET, Date.now()));
    await page.locator('#send').waitFor();
    expect(await page.locator('#message').isVisible()).toBe(false);

    // Two and a half thousand rows are more than one group: the bar has a place to be seen at.
    const rows = Array.from({ length: 2_500 }, (_, i) => meterCells(i, i === 7 ? { phase: '2' } : {}));
    const file = join(downloads, 'natore.csv');
    writeFileSync(file, meterCsv(rows));
    await page.setInputFiles('[name=file]', file);
    await page.click('#send button');
    await step('Waiting');
    const id = await orderedImport();

    // The worker is played here, so that it stops where the page is to be looked at.
    const jobs = world.app.get(ImportJobs);
    expect(await jobs.work(id, { signal: abortedAfterGroups(2) })).toBe('interrupted');
    await page.locator('#rows', { hasText: '1,499' }).waitFor();
    expect(await text('step')).toContain('Taking rows in');
    await browser.picture('imports-2-bar');
    const middle = await barAt();
    expect(middle).toBeGreaterThan(0);
    expect(middle).toBeLessThan(100);

    expect(await jobs.work(id)).toBe('done');
    await step('Done');
    await browser.picture('imports-3-done');
    expect(await barAt()).toBe(100);
    expect([await text('rows'), await text('inserted'), await text('rejected')]).toEqual(['2,500', '2,499', '1']);

    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#report')]);
    expect(download.suggestedFilename()).toBe('faults-natore.csv');
    const saved = join(downloads, 'faults.csv');
    await download.saveAs(saved);
    const report = readFileSync(saved, 'utf8').trimEnd().split('\r\n');
    expect(report).toHaveLength(2);
    expect(report[1]).toMatch(/^9,phase,phase-invalid,/);
    expect(report[1]).toContain('T000007');
    expect(browser.complaints).toEqual([]);
  });

  /** The importer looks at the signal before each group. */
  function abortedAfterGroups(groups: number): AbortSignal {
    let looks = 0;
    return Object.defineProperty(new AbortController().signal, 'aborted', { get: () => ++looks > groups });
  }

  async function orderedImport(): Promise<Id> {
    const [row] = await world.fresh.database.read<{ id: Buffer }>('SELECT id FROM imports');
    return idFromBytes(row!.id);
  }
});
