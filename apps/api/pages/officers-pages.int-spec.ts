/*
 * Proves in a real browser, on the real api, database and token server, what officers do in the office: a tariff officer
 * compares, calculates, mends what the check finds and drafts; accounts say yes; the till has the new price. A key officer
 * sees keys and a campaign go on, an administrator an import, its bar and its refused row.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GrpcKeySetIssuer } from '@vend/issuer';
import { dhakaDay, idFromBytes, type Id } from '@vend/kernel';
import { Campaigns, ImportJobs } from '@vend/meters';
import { meterCells, meterCsv } from '../../../test/builders/meters';
import { ApiWorld } from '../../../test/support/api';
import { browserMissing, TestBrowser } from '../../../test/support/browser';
import { describeWith } from '../../../test/support/debian-packages';
import { TEST_TOTP_SECRET, withCode } from '../../../test/support/second-factor';

jest.setTimeout(240_000);
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const STANDING = 'bd-retail-2020-03';
const DRAFT = 'bd-retail-page-1';
const CUSTOMER = '61000001';

describeWith(browserMissing(), "the officers' pages", () => {
  let world: ApiWorld;
  let browser: TestBrowser;
  let address: string;
  beforeAll(async () => {
    world = await ApiWorld.create();
    await world.app.listen(0, '127.0.0.1');
    address = await world.app.getUrl();
    browser = await TestBrowser.open();
    await browser.page.setViewportSize(DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.destroy();
  });

  /** Opens the office at a page as somebody: the session's cookies are the browser's own, as after the login. */
  async function open(username: string, path: string): Promise<void> {
    const { page } = browser;
    await page.goto(`${address}/office/`);
    const opened = await withCode(TEST_TOTP_SECRET, (code) => {
      const headers = { 'content-type': 'application/json', 'x-vend-page': '1' };
      const body = JSON.stringify({ username, password: world.password, code });
      return page.evaluate<{ status: number; body: { code?: string } }>(
        `fetch('/v1/page-sessions', { method: 'POST', headers: ${JSON.stringify(headers)}, body: ${JSON.stringify(body)} })
          .then(async (answer) => ({ status: answer.status, body: await answer.json() }))`,
      );
    });
    expect([username, opened.status]).toEqual([username, 201]);
    await page.goto(`${address}/office/${path}`);
  }
  const see = (words: string | RegExp) => browser.page.getByText(words).first().waitFor();
  const click = (name: string) => browser.page.getByRole('button', { name, exact: true }).click();

  const choice = (name: string) => browser.page.getByRole('combobox', { name, exact: true });
  const field = (name: string) => browser.page.getByRole('textbox', { name, exact: true });

  /** Both sizes, and English beside Bangla, for people to look at; and the faults that a machine can see. */
  async function look(name: string): Promise<void> {
    const { page } = browser;
    expect([name, await browser.seriousFindings()]).toEqual([name, []]);
    await browser.picture(`officers-${name}-bn-desktop`);
    await page.setViewportSize(PHONE);
    await browser.picture(`officers-${name}-bn-phone`);
    await page.setViewportSize(DESKTOP);
    await page.keyboard.press('F8');
    await browser.picture(`officers-${name}-en-desktop`);
    await page.keyboard.press('F8');
  }

  const quote = async () => {
    const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: CUSTOMER });
    const { meterNo } = (found.body.items as { meterNo: string }[])[0]!;
    return (await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '500.00' })).body as {
      tariffVersion: string;
      energy: { kwh: string };
    };
  };

  it('shows a tariff officer the book, and two versions side by side with what differs', async () => {
    const { page } = browser;
    await open('tariff-officer', 'tariffs');
    await see(STANDING);
    await look('1-tariffs');
    await choice('মূল্যবই').selectOption('nesco-history');
    await page.getByRole('link', { name: 'bd-retail-2024-02' }).click();
    await choice('কোনটির সঙ্গে তুলনা').selectOption(STANDING);
    await click('পাশাপাশি দেখুন');
    await see(/টি জায়গায় আলাদা/);
    const demand = page.getByRole('row', { name: /ডিমান্ড চার্জ.*৩০\.০০.*৪২\.০০.*আলাদা/ });
    await demand.first().waitFor();
    const all = await page.getByRole('row').count();
    await page.getByLabel('শুধু যা আলাদা').check();
    expect(await page.getByRole('row').count()).toBeLessThan(all);
    await look('2-compare');
  });

  it('calculates with two versions side by side', async () => {
    const { page } = browser;
    await page.getByRole('link', { name: 'দামের হিসাব' }).click();
    await choice('সংস্করণ').waitFor();
    await field('দিন').fill('২০২৬-১১-২০');
    await choice('পাশে আরেকটি').selectOption(STANDING);
    await click('হিসাব করুন');
    await see('ডিমান্ড চার্জ');
    await see('গ্রাহক দেন');
    await look('3-calculator');
  });

  it('checks, drafts, and asks; a second person says yes; the till has the new price', async () => {
    const { page } = browser;
    const before = await quote();
    await page.goto(`${address}/office/tariffs/first-light/new`);
    await choice('কোনটি থেকে শুরু').selectOption(STANDING);
    await field('নতুন আইডি').fill(DRAFT);
    await field('কার্যকরের দিন').fill(dhakaDay(Date.now()));
    await click('কপি করে শুরু');
    const json = field('নথি (JSON)');
    await page.waitForFunction(
      `[...document.querySelectorAll('textarea')].some(({ value }) => value.includes('${DRAFT}'))`,
    );
    const text = await json.inputValue();
    const rates = /("rate": ")(\d+\.\d+)(")/g;
    await json.fill(text.replace(rates, '$1-$2$3'));
    await click('যাচাই করুন');
    await see('একটি দর শূন্যের বেশি নয়');
    await look('4-lint');
    expect(await page.getByRole('button', { name: 'খসড়া রাখুন' }).isDisabled()).toBe(true);
    await json.fill(
      text.replace(
        rates,
        (_all, start: string, rate: string, end: string) => `${start}${(Number(rate) + 1).toFixed(2)}${end}`,
      ),
    );
    await click('যাচাই করুন');
    await see('নথিটি নেওয়া যাবে।');
    await click('খসড়া রাখুন');
    await field('কারণ (আদেশের নম্বর)').fill('order 2026/11');
    await click('প্রকাশের অনুমোদন চান');
    await see(/দ্বিতীয় একজনের অনুমোদনের অপেক্ষায়/);
    await look('5-waits');
    expect((await quote()).tariffVersion).toBe(STANDING);

    await open('accounts', `tariffs/first-light/version/${DRAFT}`);
    await see(/tariff-officer এটি প্রকাশের অনুমোদন চান: order 2026\/11/);
    await look('6-second-person');
    await click('অনুমোদন');
    await see('আপনার উত্তর রাখা হয়েছে।');
    expect((await quote()).tariffVersion).toBe(STANDING);

    await open('tariff-officer', `tariffs/first-light/version/${DRAFT}`);
    await click('এখন কার্যকর করুন');
    await see(/^কার্যকর হয়েছে/);
    await look('7-in-force');
    const after = await quote();
    expect(after.tariffVersion).toBe(DRAFT);
    expect(Number(after.energy.kwh)).toBeLessThan(Number(before.energy.kwh));
  });

  it('shows a key officer the keys, and a campaign as it goes on', async () => {
    const { page } = browser;
    const campaigns = new Campaigns(world.fresh.database);
    const issuer = new GrpcKeySetIssuer(world.keyOfficer);
    try {
      const keys = { from: { sgc: '123456', krn: 1 }, to: { sgc: '123456', krn: 2 } };
      const order = {
        name: 'revision-2',
        kind: 'key-revision',
        ...keys,
        ti: null,
        office: null,
        listHash: null,
      } as const;
      await campaigns.create(order, await issuer.vendingKeys(), 'officer:anwar');
      await open('key-officer', 'keys');
      await see('123456');
      await look('8-keys');
      await page.getByRole('link', { name: 'কী বদলের ক্যাম্পেইন' }).click();
      await see('revision-2');
      await look('9-campaigns');
      await page.getByRole('link', { name: 'revision-2' }).click();
      const toMake = page.getByRole('row', { name: /সেট বানানো বাকি/ });
      await toMake.waitFor();
      expect(await toMake.innerText()).not.toMatch(/\s০$/);
      await campaigns.make('revision-2', issuer);
      // The page looks again by itself.
      await page.getByRole('row', { name: /সেট বানানো বাকি ০$/ }).waitFor();
      for await (const _page of campaigns.export('revision-2')) break;
      await page.getByRole('row', { name: /ফাইলে [১-৯]/ }).waitFor();
      await look('10-campaign');
    } finally {
      issuer.close();
    }
  });

  it('takes a file in, shows how far it is, and gives the refused row to be mended', async () => {
    const { page, downloads } = browser;
    await open('administrator', 'imports');
    // Two and a half thousand rows are more than one group: the bar has a place to be seen at.
    const rows = Array.from({ length: 2_500 }, (_, i) => meterCells(i, i === 7 ? { phase: '2' } : {}));
    const file = join(downloads, 'natore.csv');
    writeFileSync(file, meterCsv(rows));
    await page.locator('input[type=file]').setInputFiles(file);
    await click('পাঠান');
    await see('অপেক্ষায়');
    const id = await orderedImport();

    // The worker is played here, so that it stops where the page is to be looked at.
    const jobs = world.app.get(ImportJobs);
    expect(await jobs.work(id, { signal: abortedAfterGroups(2) })).toBe('interrupted');
    await see('১,৪৯৯');
    await see('সারি নেওয়া হচ্ছে');
    await look('11-import');
    expect(await jobs.work(id)).toBe('done');
    await see('২,৪৯৯');
    const [download] = await Promise.all([page.waitForEvent('download'), click('বাতিল সারির তালিকা নিন')]);
    expect(download.suggestedFilename()).toBe('faults-natore.csv');
    const saved = join(downloads, 'faults.csv');
    await download.saveAs(saved);
    const report = readFileSync(saved, 'utf8').trimEnd().split('\r\n');
    expect(report).toHaveLength(2);
    expect(report[1]).toMatch(/^9,phase,phase-invalid,/);
    await page.getByRole('link', { name: 'তালিকায় ফিরুন' }).click();
    await page.getByRole('row', { name: /natore\.csv.*শেষ/ }).waitFor();
    await look('12-imports');
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
