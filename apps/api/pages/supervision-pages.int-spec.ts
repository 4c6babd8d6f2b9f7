/*
 * Proves in a real browser, on the real api, database and token server, a supervisor's day: a failed SMS is seen and sent
 * again, a clerk's request read and approved, what looked unusual explained, a payment found by its receipt, a case made of
 * it and the money paid back through a second person, once; in both languages, on a desk and on a phone, without a serious
 * fault for people who use the pages otherwise.
 */
import { idToBytes, newId } from '@vend/kernel';
import { Sales } from '@vend/reports';
import { ApiWorld } from '../../../test/support/api';
import { browserMissing, TestBrowser } from '../../../test/support/browser';
import { describeWith } from '../../../test/support/debian-packages';

jest.setTimeout(240_000);

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const HOUR_MS = 3_600_000;
const CUSTOMER = '61000001';

describeWith(browserMissing(), 'the pages of supervision in the browser', () => {
  let world: ApiWorld;
  let browser: TestBrowser;
  let address: string;
  let sold: { rechargeId: string; receiptNo: string };

  beforeAll(async () => {
    world = await ApiWorld.create();
    await world.app.listen(0, '127.0.0.1');
    address = await world.app.getUrl();
    await world.fresh.admin.read(`UPDATE customers SET office = 'Rajshahi'`);
    const began = Date.now();
    sold = await sell('3000.00');
    await failedSms();
    await reviewItem();
    // Every hour since: the clock may strike meanwhile.
    for (let hour = began - (began % HOUR_MS); hour <= Date.now(); hour += HOUR_MS) {
      await new Sales(world.fresh.database).countHour(hour);
    }
    browser = await TestBrowser.open();
    const { accessToken, refreshToken } = await world.login('supervisor');
    await browser.page.context().addCookies([
      { name: 'vend-access', value: accessToken, url: address },
      { name: 'vend-refresh', value: refreshToken, url: address },
    ]);
    await browser.page.setViewportSize(DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.destroy();
  });

  async function sell(amount: string): Promise<{ rechargeId: string; receiptNo: string }> {
    const found = await world.as('other-clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: CUSTOMER });
    const { meterNo } = found.body.items[0] as { meterNo: string };
    const quote = await world.as('other-clerk', 'POST', '/v1/quotes', { meterNo, amount });
    const { quoteId } = quote.body as { quoteId: string };
    const key = { 'idempotency-key': newId() };
    return (await world.as('other-clerk', 'POST', '/v1/recharges', { quoteId }, key)).body as typeof sold;
  }

  /** As the worker leaves it when no gateway took it. */
  const failedSms = () =>
    world.fresh.admin.read(
      `INSERT INTO notices (id, template, class, subject_kind, subject_id, recipient_kind, recipient_id, state, outcome,
         attempts, queued_at, updated_at)
       SELECT ?, 'receipt', 'token', 'vend', ?, 'customer', id, 'FAILED', 'gateway-unreachable', 3, UTC_TIMESTAMP(3),
         UTC_TIMESTAMP(3) FROM customers WHERE customer_no = ?`,
      [idToBytes(newId()), idToBytes(newId()), CUSTOMER],
    );

  const reviewItem = () =>
    world.fresh.admin.read(
      `INSERT INTO review_items (id, rule, subject, window_start, office, facts, first_seen, last_seen, events)
       VALUES (?, 'many-vends-station', 'station:NESCO-RAJ-02', UTC_TIMESTAMP(3), 'Rajshahi',
         '{"threshold":120,"windowSeconds":60,"vends":[]}', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), 131)`,
      [idToBytes(newId())],
    );

  const see = (words: string | RegExp) => browser.page.getByText(words).first().waitFor();
  const press = (name: string) => browser.page.getByRole('button', { name, exact: true }).first().click();
  const write = (label: string, words: string) => browser.page.getByLabel(label).first().fill(words);
  const open = async (path: string, title: string) => {
    await browser.page.goto(`${address}/office/${path}`);
    await browser.page.getByRole('heading', { level: 2, name: title }).waitFor();
  };

  /** Bangla at a desk and English on a phone, for people to look at; and the faults that a machine can see. */
  async function look(name: string): Promise<void> {
    const { page } = browser;
    // Where the mouse happens to be is another colour.
    await page.mouse.move(0, 0);
    await browser.picture(`office-${name}-bn-desktop`);
    expect([name, await browser.seriousFindings()]).toEqual([name, []]);
    await page.keyboard.press('F8');
    await page.setViewportSize(PHONE);
    await browser.picture(`office-${name}-en-phone`);
    expect([name, await browser.seriousFindings()]).toEqual([name, []]);
    await page.keyboard.press('F8');
    await page.setViewportSize(DESKTOP);
  }

  it('shows the day, and leads from what failed to where it is put right', async () => {
    const { page } = browser;
    await open('dashboard', 'আজকের অবস্থা');
    await see('যা অপেক্ষায় বা ব্যর্থ');
    const failed = page.locator('.items li', { hasText: 'ব্যর্থ এসএমএস' });
    await failed.waitFor();
    await see('ঘণ্টা ধরে বিক্রি');
    await see('পেমেন্ট কোম্পানি ও গেটওয়ে');
    // Every chart has its figures as a table.
    const charts = page.locator('.charts section').filter({ has: page.locator('svg') });
    expect(await charts.count()).toBe(await page.locator('.charts details').count());
    await look('dashboard');

    await failed.getByRole('link').click();
    await see('gateway-unreachable');
    await look('messages');
    await press('আবার পাঠান');
    await see('আবার পাঠানো হচ্ছে।');
    const states = await world.fresh.admin.read(
      `SELECT state FROM notices WHERE attempts = 0 AND template = 'receipt'`,
    );
    expect(states).toContainEqual({ state: 'QUEUED' });
  });

  it("shows exactly what a clerk asks for, takes a yes, and the clerk's request goes through", async () => {
    const { page } = browser;
    const ask = { proof: 'slip-not-handed-out', note: 'printer jammed' };
    const key = { 'idempotency-key': newId() };
    const cancel = () => world.as('other-clerk', 'POST', `/v1/vends/${sold.rechargeId}/cancel`, ask, key);
    expect((await cancel()).status).toBe(202);
    await open('approvals', 'অনুমোদন');
    await see('রিচার্জ বাতিল');
    await see(sold.receiptNo);
    await see('printer jammed');
    await look('approvals');
    await press('নাকচ করুন');
    await see('কেন নাকচ করছেন তা লিখুন');
    await press('অনুমোদন করুন');
    await see('অনুমোদন দেওয়া হয়েছে');
    expect(await page.getByRole('button', { name: 'অনুমোদন করুন' }).count()).toBe(0);
    expect(await cancel()).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  it('explains what looked unusual', async () => {
    await open('reviews', 'অস্বাভাবিক ঘটনা');
    await see('এক কাউন্টারে অল্প সময়ে অনেক রিচার্জ');
    await look('reviews');
    await write('কী পাওয়া গেল', 'Relief day: the list is signed');
    await press('কারণ আছে');
    await see('লেখা হয়েছে।');
    const items = await world.fresh.admin.read('SELECT state, decided_by FROM review_items');
    expect(items).toEqual([{ state: 'EXPLAINED', decided_by: 'user:supervisor' }]);
  });

  it('finds a payment by its receipt, makes a case of it, and pays it back through a second person, once', async () => {
    const { page } = browser;
    await open('trace', 'সন্ধান');
    await write('মোবাইল, মিটার', sold.receiptNo);
    await page.keyboard.press('Enter');
    await see('কী কী হয়েছে');
    await see(/৩,০০০\.০০/);
    expect(page.url()).not.toContain(sold.receiptNo);
    await look('trace');

    await press('অভিযোগ খুলুন');
    await write('গ্রাহক যা বলেছেন', 'The slip never came out');
    await press('অভিযোগ খুলুন');
    await press('টাকা ফেরত দিন');
    await look('case');
    await write('ভাউচার', 'CV-2026-0117');
    await page.locator('.work').getByLabel('কেন').fill('the vend was cancelled');
    await press('যাচাই করুন');
    // Both that it was asked for and that it was carried out is done, and not heard of: by a line that breaks, by a proxy.
    const keys: string[] = [];
    await page.route('**/v1/cases/*/refund', async (route) => {
      keys.push((await route.request().headerValue('idempotency-key')) ?? '');
      if (keys.length === 1 || keys.length === 3) await route.fetch();
      if (keys.length === 1) return route.abort('connectionreset');
      if (keys.length === 3)
        return route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' });
      return route.continue();
    });
    await press('অনুমোদন চান');
    await see('উত্তর আসেনি।');
    await page.reload();
    await see('উত্তর আসেনি।');
    await press('আবার জিজ্ঞাসা করুন');
    await see('চাওয়া হয়েছে; দ্বিতীয় একজনের অপেক্ষায়।');
    // Another look, another day: what was asked is kept, and still not done.
    await page.reload();
    await see('চাওয়া হয়েছে; দ্বিতীয় একজনের অপেক্ষায়।');
    const refunds = () => world.fresh.admin.read('SELECT reference, amount_paisa FROM payment_refunds');
    expect(await refunds()).toEqual([]);

    const waiting = await world.as('other-supervisor', 'GET', '/v1/approvals');
    const requests = waiting.body.items as { id: string; kind: string }[];
    expect(requests).toMatchObject([{ kind: 'refund' }]);
    await world.as('other-supervisor', 'POST', `/v1/approvals/${requests[0]!.id}/approve`, {});
    await page.reload();
    await see('অনুমোদিত: এখন করা যাবে');
    await press('অনুমোদন হলে করুন');
    await see('উত্তর আসেনি।');
    await page.reload();
    await see('উত্তর আসেনি।');
    await press('আবার জিজ্ঞাসা করুন');
    await page.locator('.work').getByText('হয়েছে।', { exact: true }).waitFor();
    await page.unroute('**/v1/cases/*/refund');
    expect([keys.length, new Set(keys).size]).toEqual([4, 1]);
    expect(await refunds()).toMatchObject([{ reference: 'CV-2026-0117' }]);
    await press('শেষ');
    await see('ফেরত দেওয়া');
    expect(await page.locator('.work').count()).toBe(0);

    await page.getByLabel('ফল').selectOption('refunded');
    await write('কী করা হয়েছে', 'Paid back at the counter');
    await press('নিষ্পত্তি করুন');
    await see('হয়েছে।');
    await page.getByRole('button', { name: 'আবার খুলুন' }).waitFor();
    await page.getByRole('link', { name: 'সব অভিযোগ' }).click();
    await see('অভিযোগের নম্বর');
    await look('cases');
  });

  it('leaves an agent of the counter what is the counter’s', async () => {
    const { page } = browser;
    await open('loads', 'মিটারে পাঠানো');
    await look('loads');
    const { accessToken, refreshToken } = await world.login('clerk');
    await page.context().addCookies([
      { name: 'vend-access', value: accessToken, url: address },
      { name: 'vend-refresh', value: refreshToken, url: address },
    ]);
    await page.goto(`${address}/office/dashboard`);
    await see('এই পাতা আপনার জন্য নয়');
    expect(await page.getByRole('link', { name: 'অস্বাভাবিক ঘটনা' }).count()).toBe(0);
    expect(browser.complaints).toEqual([]);
  });
});
