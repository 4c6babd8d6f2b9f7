/*
 * Proves in a real browser, on the real api, database and token server, that every role sees its own pages of the office and
 * no other, whichever address it opens; and that what a clerk does besides selling (cards, an engineering token, a fee whose
 * answer was lost, a free issue that waits for a second person) is done once, with what a meter takes, without a serious
 * fault for people who use the page otherwise.
 */
import { needsSecondFactor, PERSON_ROLES, roleMay, totpCode, type Permission, type PersonRole } from '@vend/identity';
import { ApiWorld } from '../../../test/support/api';
import { browserMissing, TestBrowser } from '../../../test/support/browser';
import { describeWith } from '../../../test/support/debian-packages';
import { TEST_TOTP_SECRET, withCode } from '../../../test/support/second-factor';

jest.setTimeout(300_000);

const CUSTOMER = '61000001';
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Not compiled here: the pages behind it are written for browsers. */
const { OFFICE_PAGES } = jest.requireActual<{
  readonly OFFICE_PAGES: readonly { path: string; permission: Permission; title: { bn: string; en: string } }[];
}>('../../pos/src/office/office-pages');

describeWith(browserMissing(), 'the office in the browser', () => {
  let world: ApiWorld;
  let browser: TestBrowser;
  let address: string;
  let meterNo: string;
  /** Every answer of the API since the last look, as `status path`. */
  let answers: string[] = [];

  beforeAll(async () => {
    world = await ApiWorld.create();
    await world.fresh.admin.read("UPDATE customers SET office = 'Rajshahi' WHERE customer_no = ?", [CUSTOMER]);
    const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: CUSTOMER });
    meterNo = found.body.items[0].meterNo;
    await world.app.listen(0, '127.0.0.1');
    address = await world.app.getUrl();
    browser = await TestBrowser.open();
    await browser.page.setViewportSize(DESKTOP);
    await browser.page.addInitScript('globalThis.print = () => {};');
    browser.page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/v1/')) answers.push(`${response.status()} ${pathname}`);
    });
  });
  afterAll(async () => {
    await browser?.close();
    await world?.destroy();
  });

  const see = (words: string | RegExp) => browser.page.getByText(words).first().waitFor();
  const press = (name: string | RegExp) => browser.page.getByRole('button', { name }).first().click();
  const follow = (name: string) => browser.page.getByRole('link', { name, exact: true }).first().click();
  const fill = (label: string | RegExp, text: string) => browser.page.getByLabel(label).first().fill(text);

  /** A session as the login page opens it, without typing eight passwords. */
  async function enter(username: string, role: PersonRole): Promise<void> {
    await browser.page.context().clearCookies();
    await browser.page.goto(`${address}/office/`);
    const logIn = (code?: string) =>
      browser.page.evaluate<{ status: number; body: { code?: string } }>(
        `fetch('/v1/page-sessions', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-vend-page': '1' },
          body: ${JSON.stringify(JSON.stringify({ username, password: world.password, code }))},
        }).then(async (answer) => ({ status: answer.status, body: await answer.json() }))`,
      );
    const answer = await (needsSecondFactor(role) ? withCode(TEST_TOTP_SECRET, logIn) : logIn());
    expect([role, answer.status]).toEqual([role, 201]);
    answers = [];
    await browser.page.goto(`${address}/office/`);
    await browser.page.locator('.office-nav').waitFor();
  }

  /** As a link does it: the document stays. */
  const open = async (path: string): Promise<void> => {
    await browser.page.evaluate(
      `history.pushState(null, '', '/office/${path}'); window.dispatchEvent(new Event('popstate'))`,
    );
  };

  async function look(name: string): Promise<void> {
    for (const language of ['bn', 'en']) {
      for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
        await browser.page.setViewportSize(viewport);
        await browser.picture(`office-${name}-${language}-${size}`);
      }
      expect([name, language, await browser.seriousFindings()]).toEqual([name, language, []]);
      await browser.page.keyboard.press('F8');
    }
    await browser.page.setViewportSize(DESKTOP);
  }

  const vendsOfKind = async (kind: string): Promise<number> => {
    const [row] = await world.fresh.admin.read('SELECT COUNT(*) AS n FROM vends WHERE kind = ?', [kind]);
    return Number(row?.['n']);
  };
  /** As the sheet shows it. */
  const shownToken = async (): Promise<string> => {
    const token = browser.page.locator('.token-sheet b');
    await token.first().waitFor();
    return (await token.first().innerText()).replaceAll(' ', '');
  };

  it('lets a new supervisor set the phone up, shows what helps when it is lost, and lets in', async () => {
    const { page } = browser;
    const { admin } = world.fresh;
    const [before] = await admin.read(`SELECT totp_sealed, totp_enrolled_at FROM users WHERE username = 'supervisor'`);
    const keep = (sealed: unknown, enrolledAt: unknown) =>
      admin.read(
        `UPDATE users SET totp_sealed = ?, totp_enrolled_at = ?, totp_last_step = NULL WHERE username = 'supervisor'`,
        [sealed, enrolledAt],
      );
    await keep(null, null);
    await page.context().clearCookies();
    await page.goto(`${address}/office/`);
    await page.getByLabel('ব্যবহারকারীর নাম').fill('supervisor');
    await page.getByLabel('পাসওয়ার্ড').first().fill(world.password);
    await press('প্রবেশ করুন');
    await press('এখন ফোনে কোড চালু করুন');
    const shown = page.locator('.phone-secret');
    await shown.waitFor();
    const secret = (await shown.innerText()).replaceAll(' ', '');
    expect(await page.locator('.phone-qr').getAttribute('aria-label')).not.toContain(secret);
    expect(await browser.seriousFindings()).toEqual([]);
    await browser.picture('office-phone-bn-desktop');
    await fill('ফোনের ৬ অঙ্কের কোড', totpCode(secret, Date.now()));
    await press('প্রবেশ করুন');
    await see('এই কোডগুলো কাগজে লিখে রাখুন');
    expect(await page.locator('.recovery-codes li').count()).toBeGreaterThan(5);
    await press('লিখে রেখেছি');
    await page.locator('.office-nav').waitFor();
    // Back to the phone that the other tests know.
    await keep(before!['totp_sealed'], before!['totp_enrolled_at']);
  });

  it.each(PERSON_ROLES)('shows %s what is theirs, and keeps the rest closed at any address', async (role) => {
    await enter(role, role);
    const { page } = browser;
    const mine = OFFICE_PAGES.filter(({ permission }) => roleMay(role, permission));
    const links = await page.locator('.office-nav a').evaluateAll((found) => found.map((link) => link.textContent));
    expect([role, links.toSorted()]).toEqual([role, mine.map(({ title }) => title.bn).toSorted()]);
    for (const { path, title } of mine) {
      await open(path);
      await page.locator('main').getByRole('heading', { level: 2, name: title.bn, exact: true }).waitFor();
      await page.locator('.office-waiting').first().waitFor({ state: 'detached' });
    }
    expect([role, answers.filter((answer) => answer.startsWith('403'))]).toEqual([role, []]);

    answers = [];
    for (const { path, title } of OFFICE_PAGES.filter((each) => !mine.includes(each))) {
      await open(`${path}/${meterNo}`);
      await page.getByRole('alert').filter({ hasText: title.bn }).waitFor();
    }
    expect([role, answers]).toEqual([role, []]);
    // What a page does is no other matter than the page.
    if (!roleMay(role, 'vend.engineering') && roleMay(role, 'meter.find')) {
      await open(`meters/${meterNo}/work/clear-tamper`);
      await page.getByRole('alert').filter({ hasText: 'এই পাতা আপনার জন্য নয়।' }).waitFor();
      expect([role, answers]).toEqual([role, []]);
    }
  });

  it('shows a meter and its customer, and makes an engineering token that the meter takes', async () => {
    await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '500.00' }).then(async ({ body }) => {
      const headers = { 'idempotency-key': 'd3b07384-d113-4ec6-8c5f-0a1b2c3d4e5f' };
      expect((await world.as('clerk', 'POST', '/v1/recharges', { quoteId: body.quoteId }, headers)).status).toBe(201);
    });
    await enter('clerk', 'clerk');
    await fill('মিটার, গ্রাহক বা মোবাইল নম্বর, বা নাম', CUSTOMER);
    await browser.page.keyboard.press('Enter');
    await browser.page.locator('.rows button').first().click();
    await see('ন্যূনতম রিচার্জ');
    await see(/৫০০\.০০ টাকা/);
    await browser.page.locator('.office-waiting').first().waitFor({ state: 'detached' });
    await look('1-meter');
    await press(/^অনুলিপি/);
    await browser.page.locator('.receipt', { hasText: 'অনুলিপি' }).waitFor();
    await press('রসিদ বন্ধ করুন');
    await follow('ট্যাম্পার মুক্ত করার টোকেন');
    await fill(/কেন/, 'সিল ভাঙা, ২১ নভেম্বর দেখা হয়েছে');
    await press('যাচাই করুন');
    await browser.picture('office-2-check');
    expect(await browser.seriousFindings()).toEqual([]);
    await press('হ্যাঁ, করুন');
    const digits = await shownToken();
    expect(world.virtualMeters().get(meterNo)!.enter(digits, 0)).toMatchObject({ result: 'Accept' });
    await look('3-token');
    expect(await browser.page.evaluate<string>('JSON.stringify({ ...localStorage })')).not.toContain(digits);
    await press('শেষ');
    await follow(`মোঃ রহিম উদ্দিন · ${CUSTOMER}`);
    await see('নোটিশ ও স্মরণবার্তা');
    await look('4-customer');
    // A phone without its leading 0 has as many digits as a customer's number may have.
    await open('customers');
    await fill('গ্রাহক নম্বর', '১৭০০-০০০০০১');
    await browser.page.keyboard.press('Enter');
    await see(/এটি গ্রাহক নম্বর নয়/);
    expect(browser.page.url()).toBe(`${address}/office/customers`);
    expect(answers.filter((answer) => answer.replaceAll('-', '').includes('1700000001'))).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });

  it('asks again under the same id when the answer of a fee was lost, and takes it once', async () => {
    const { page } = browser;
    const keys: string[] = [];
    await page.route('**/v1/fees', async (route) => {
      keys.push((await route.request().headerValue('idempotency-key')) ?? '');
      if (keys.length > 1) return route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    await open(`meters/${meterNo}/work/fee`);
    await page.getByLabel('না', { exact: true }).check();
    await press('যাচাই করুন');
    await see(/টাকা নিন/);
    await press('হ্যাঁ, করুন');
    await see('উত্তর আসেনি।');
    // Who has seen elsewhere how it ended need not come back for it.
    await page.getByRole('button', { name: 'বাদ দিন' }).waitFor();
    await page.reload();
    await open('orders');
    await press('খুলুন');
    await press('আবার জিজ্ঞাসা করুন');
    await see('হয়েছে।');
    await page.unroute('**/v1/fees');
    expect([keys.length, new Set(keys).size, await vendsOfKind('fee')]).toEqual([2, 1, 1]);
    await press('শেষ');
    expect(await page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('vend.order'))")).toEqual(
      [],
    );
  });

  it('says that a free issue waits for a second person, and carries it out once when approved', async () => {
    const { page } = browser;
    await open(`meters/${meterNo}/work/free-issue`);
    await page.getByLabel('মিটার কী গোনে').selectOption('taka');
    await fill('টাকা', '২০০');
    await fill(/কেন/, 'বন্যা ত্রাণ, আদেশ ১২/২০২৬');
    await press('যাচাই করুন');
    await press('অনুমোদন চান');
    await see('চাওয়া হয়েছে; দ্বিতীয় একজনের অপেক্ষায়।');
    expect(await vendsOfKind('free-issue')).toBe(0);
    await press('অনুমোদন হলে করুন');
    await see('চাওয়া হয়েছে; দ্বিতীয় একজনের অপেক্ষায়।');

    const waiting = await world.as('supervisor', 'GET', '/v1/approvals');
    const { id } = waiting.body.items[0];
    expect((await world.as('supervisor', 'POST', `/v1/approvals/${id}/approve`, {})).status).toBe(200);
    await page.reload();
    await open('orders');
    await see('অনুমোদিত: এখন করা যাবে');
    await browser.picture('office-5-orders');
    expect(await browser.seriousFindings()).toEqual([]);
    await press('খুলুন');
    await press('অনুমোদন হলে করুন');
    const digits = await shownToken();
    expect(world.virtualMeters().get(meterNo)!.enter(digits, 1)).toMatchObject({ result: 'Accept' });
    expect(await vendsOfKind('free-issue')).toBe(1);
    await page.emulateMedia({ media: 'print' });
    await browser.picture('office-6-paper');
    expect(await page.locator('.office-nav').isVisible()).toBe(false);
    await page.emulateMedia({ media: null });
    await press('শেষ');
    await see('করা হয়েছে');
    expect(browser.complaints).toEqual([]);
  });

  it('leads from the till to the card of the meter in hand by one key', async () => {
    const { page } = browser;
    await page.goto(`${address}/counter/`);
    await fill('মিটার, গ্রাহক বা মোবাইল নম্বর', CUSTOMER);
    await page.keyboard.press('Enter');
    await page.getByLabel('টাকার পরিমাণ').waitFor();
    await page.keyboard.press('F10');
    await page.getByRole('heading', { name: meterNo, exact: true }).waitFor();
    expect(browser.complaints).toEqual([]);
  });
});
