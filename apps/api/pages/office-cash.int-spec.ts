/*
 * Proves in a real browser that a shift goes its whole way on our pages: a clerk opens it with a counted float, sells at the
 * till, counts to the paisa, a supervisor closes and prints it, and the cash goes to the bank; each sees only the own pages.
 */
import { newId } from '@vend/kernel';
import { depositTakenEntry, LedgerService } from '@vend/ledger';
import { ApiWorld } from '../../../test/support/api';
import { brokenLaws } from '../../../test/support/books';
import { browserMissing, TestBrowser } from '../../../test/support/browser';
import { describeWith } from '../../../test/support/debian-packages';

jest.setTimeout(240_000);

const CUSTOMER = '61000001';
const STATION = 'NESCO-RAJ-01';
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

describeWith(browserMissing(), 'the pages about cash in the browser', () => {
  let world: ApiWorld;
  let browser: TestBrowser;
  let address: string;

  beforeAll(async () => {
    world = await ApiWorld.create();
    const { database } = world.fresh;
    const ledger = new LedgerService(database);
    await ledger.open([`cash:${STATION}`, 'bank:main']);
    const fact = { businessId: newId(), bookedAt: Date.now(), office: 'Rajshahi' };
    await database.transaction((tx) => ledger.post(tx, [depositTakenEntry(fact, `cash:${STATION}`, 1_000_000n)]));
    await world.as('administrator', 'POST', `/v1/station-terms/${STATION}`, { keepsShifts: true });
    await world.app.listen(0, '127.0.0.1');
    address = await world.app.getUrl();
    browser = await TestBrowser.open();
    await browser.page.setViewportSize(DESKTOP);
    await browser.page.addInitScript('globalThis.printed = 0; globalThis.print = () => { globalThis.printed += 1; };');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.destroy();
  });

  const see = (words: string | RegExp) => browser.page.getByText(words).first().waitFor();
  const press = (name: string) => browser.page.getByRole('button', { name, exact: true }).click();
  const count = async (pieces: Readonly<Record<string, string>>) => {
    for (const [label, typed] of Object.entries(pieces)) {
      await browser.page.getByLabel(label, { exact: true }).fill(typed);
    }
  };

  /** With a session as a login gives it: a supervisor's needs a second factor, which other tests prove. */
  async function enter(username: string, path: string): Promise<void> {
    const value = await world.accessToken(username);
    await browser.page.context().clearCookies();
    await browser.page.context().addCookies([{ name: 'vend-access', value, url: address }]);
    await browser.page.goto(`${address}${path}`);
  }

  /** Both languages and both sizes, for people to look at; and what a machine finds. */
  async function look(name: string): Promise<void> {
    for (const language of ['bn', 'en']) {
      for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
        await browser.page.setViewportSize(viewport);
        await browser.picture(`cash-${name}-${language}-${size}`);
      }
      expect([name, language, await browser.seriousFindings()]).toEqual([name, language, []]);
      await browser.page.keyboard.press('F8');
    }
    await browser.page.setViewportSize(DESKTOP);
  }

  it('opens a shift with a counted float, from the till that asks for it', async () => {
    await enter('clerk', '/counter/');
    await see('শিফট খোলা নেই');
    await browser.page.keyboard.press('F9');
    await see('শুরুর টাকা গুনে লিখুন');
    await count({ '৫০০ টাকা': '৪' });
    await see('২,০০০.০০');
    await look('1-open');
    await press('শিফট খুলুন');
    await see(/টিল 1 · খোলা/);
    expect(await browser.page.getByRole('link', { name: 'কেন্দ্রের দিন' }).count()).toBe(0);
  });

  it('sells into it, and says so at the till', async () => {
    const { page } = browser;
    await page.goto(`${address}/counter/`);
    await see('শিফট খোলা: টিল 1');
    await page.getByLabel('মিটার, গ্রাহক বা মোবাইল নম্বর').fill(CUSTOMER);
    await page.keyboard.press('Enter');
    await page.getByLabel('টাকার পরিমাণ').fill('500.25');
    await page.keyboard.press('Enter');
    await page.getByLabel('গ্রাহক দিলেন').waitFor();
    await page.keyboard.press('Enter');
    await see('রিচার্জ হয়েছে');
  });

  it('counts it to the paisa: a difference needs its reason', async () => {
    const { page } = browser;
    await page.goto(`${address}/office/shift`);
    await see('২,৫০০.২৫');
    await count({ '১,০০০ টাকা': '2', '৫০০ টাকা': '1' });
    await see('-০.২৫');
    await look('2-running');
    await press('গণনা পাঠান');
    await see(/^গণনা ও হিসাবে পার্থক্য আছে/);
    await page.getByLabel('পার্থক্যের কারণ').fill('গ্রাহকের কাছে খুচরা ছিল না');
    await press('গণনা পাঠান');
    await see('এখন একজন সুপারভাইজার শিফট বন্ধ করবেন');
  });

  it('is closed and printed by a supervisor, and its cash goes to the bank', async () => {
    const { page } = browser;
    await enter('other-supervisor', '/office/shifts');
    await see('গোনা, বন্ধের অপেক্ষায়');
    await page.getByRole('list', { name: 'শিফট' }).getByRole('button').click();
    await see('গ্রাহকের কাছে খুচরা ছিল না');
    await look('3-close');
    await press('শিফট বন্ধ করুন');
    await page.getByRole('button', { name: 'শিফট বন্ধ করুন' }).waitFor({ state: 'detached' });
    await page.locator('main').getByText('other-supervisor').first().waitFor();
    expect(await world.fresh.admin.read('SELECT state FROM shifts')).toEqual([{ state: 'CLOSED' }]);
    await press('ছাপুন');
    expect(await page.evaluate('printed')).toBe(1);
    await page.emulateMedia({ media: 'print' });
    await browser.picture('cash-4-shift-print');
    expect(await page.getByText('সুপারভাইজারের স্বাক্ষর').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'ছাপুন' }).isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });

    await page.goto(`${address}/office/bank-deposits`);
    await page.getByLabel('ব্যাংক হিসাব').fill('main');
    await count({ '১,০০০ টাকা': '5' });
    await press('জমা স্লিপ করুন');
    await see('ব্যাংক জমা স্লিপ');
    await browser.picture('cash-5-slip');

    await page.goto(`${address}/office/station-day`);
    await see('কেন্দ্রের দিনের নগদ হিসাব');
    await look('6-day');
    expect(await brokenLaws(world.fresh.admin)).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });
});
