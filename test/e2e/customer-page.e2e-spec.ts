/*
 * Proves the customer's page in a real browser over the real processes: in by the code on the phone and not by another, the
 * price with its reasons, paying and coming back to the token, the token stepper that goes on without a network and is read
 * aloud, leaving that leaves nothing behind, the virtual meter that takes what the page shows; that it is little to load,
 * stands still, and can be used by people who do not see or point well.
 */
import { readFileSync } from 'node:fs';
import { browserMissing, TestBrowser } from '../support/browser';
import { call, type HttpAnswer } from '../support/callers';
import { describeWith } from '../support/debian-packages';
import type { InstalledMeter } from '../support/installed-meters';
import { eventually } from '../support/system';
import { tokenOf, World } from '../support/world';

jest.setTimeout(240_000);
const PHONE = { width: 360, height: 760 };
const DESKTOP = { width: 1_200, height: 900 };
/** What the first view may load, compressed: on 2G three seconds. */
const FIRST_VIEW_BYTES_MAX = 100_000;
/** Above this sum of layout shifts people press the wrong thing (Core Web Vitals: "good"). */
const SHIFT_MAX = 0.1;

/** A voice that writes down what it reads: the browser of a test has none. And how much the page has moved by itself. */
const LISTENING = `
  globalThis.spoken = [];
  const voices = { getVoices: () => [{ lang: 'bn-BD' }], cancel() {}, speak: ({ text }) => spoken.push(text) };
  Object.defineProperty(globalThis, 'speechSynthesis', {
    value: { ...voices, addEventListener() {}, removeEventListener() {} },
  });
  globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  globalThis.shifted = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) shifted += value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

describeWith(browserMissing(), "the customer's page", () => {
  let world: World;
  let browser: TestBrowser;
  let meter: InstalledMeter;
  let shop: InstalledMeter;
  let digits: string;
  let receiptNo: string;
  beforeAll(async () => {
    world = await World.start({ name: 'customer-page', meters: 8, settings: { CHECKOUT_ASK_SECONDS: '1' } });
    browser = await TestBrowser.open();
    meter = world.freshMeter('energy');
    const sold = await world.clerk.recharge((await world.clerk.quote(meter.meterNo, '1000.00')).body.quoteId as string);
    digits = tokenOf(sold);
    receiptNo = sold.body.receiptNo as string;
    // Two meters of one phone, as a house and its shop.
    shop = world.freshMeter('currency');
    const mobileOf = 'SELECT mobile FROM (SELECT * FROM customers) c WHERE customer_no = ?';
    await world.system.admin.read(`UPDATE customers SET mobile = (${mobileOf}) WHERE customer_no = ?`, [
      ...[meter.customerNo, shop.customerNo],
    ]);
    await browser.page.setViewportSize(PHONE);
    await browser.page.addInitScript(LISTENING);
    await browser.page.goto(`${world.system.apiUrl}/my/`);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  }, 120_000);

  const button = (name: string | RegExp) => browser.page.getByRole('button', { name });
  const text = () => browser.page.locator('body').innerText();
  const codes = async (): Promise<string[]> =>
    (await world.outside.inbox(meter)).flatMap((sms) => /\b\d{6}\b(?=\.|।)/.exec(sms.text)?.[0] ?? []);
  const askFor = async (mobile: string): Promise<void> => {
    await browser.page.getByLabel('মিটার বা গ্রাহক নম্বর').fill(meter.meterNo);
    await browser.page.getByLabel('মোবাইল নম্বর').fill(mobile);
    await button('কোড পাঠান').click();
  };

  /** For people to look at: both languages, a phone and a desk; and what a machine can find. */
  async function look(name: string): Promise<void> {
    const { page } = browser;
    for (const [language, turn] of Object.entries({ bn: 'English', en: 'বাংলা' })) {
      for (const [size, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
        await page.setViewportSize(viewport);
        await browser.picture(`customer-${name}-${size}-${language}`);
      }
      if (language === 'bn') expect([name, await browser.seriousFindings()]).toEqual([name, []]);
      await button(turn).click();
    }
    await page.setViewportSize(PHONE);
  }

  it('is little to load before somebody can type', async () => {
    const entries = await browser.page.evaluate<{ name: string; encodedBodySize: number }[]>(
      `performance.getEntries().filter((each) => 'encodedBodySize' in each).map(({ name, encodedBodySize }) => ({ name, encodedBodySize }))`,
    );
    const first = entries.filter(({ name }) => /\/my\/$|\/assets\/.*\.(?:js|css)$/.test(name) && !/font/.test(name));
    expect(first.map(({ name }) => name).join()).toMatch(/customer.*\.js/);
    expect(first.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)).toBeLessThan(FIRST_VIEW_BYTES_MAX);
    expect(first.length).toBeLessThanOrEqual(12);
    expect(await browser.page.evaluate<number>('shifted')).toBeLessThan(SHIFT_MAX);
  });

  it('says when a phone asked too often, without saying whether it is known', async () => {
    const ask = (): Promise<HttpAnswer> =>
      call(`${world.system.apiUrl}/v1/my/codes`, { body: { reference: meter.meterNo, mobile: '01999999999' } });
    for (let n = 0; n < 5; n++) expect((await ask()).status).toBe(202);
    await askFor('01999999999');
    await browser.page.getByRole('alert').getByText('অনেকবার').waitFor();
    await look('come-in');
  });

  it('comes in by the code on the phone, typed in Bangla, and by no other', async () => {
    await askFor(meter.mobile.slice(2));
    await eventually('the code is on the phone', async () => (await codes()).length > 0);
    const [code] = await codes();
    const field = browser.page.getByLabel('৬ অঙ্কের কোড');
    await look('code');
    await field.fill(code === '000000' ? '000001' : '000000');
    await button('ঢুকুন').click();
    await browser.page.getByRole('alert').getByText('নতুন কোড চান').waitFor();
    const bangla = code!.replaceAll(/\d/g, (digit) => '০১২৩৪৫৬৭৮৯'[Number(digit)]!);
    await field.fill(bangla);
    // From here on nothing moves but what the customer moves: an alert above the form was the browser's own business.
    await browser.page.evaluate('globalThis.shifted = 0');
    await button('ঢুকুন').click();
    await browser.page.getByText('পরের ইউনিটের দাম').waitFor();
    const cookies = await browser.page.context().cookies();
    expect(cookies).toMatchObject([{ name: 'vend-my', httpOnly: true, sameSite: 'Strict', path: '/v1/my' }]);
    expect(await browser.page.evaluate('document.cookie')).toBe('');
  });

  it('says what 500 Taka give and why, in both languages', async () => {
    await button('দেখুন').click();
    await browser.page.getByText('পাবেন').first().waitFor();
    expect(await text()).toContain('500.00 টাকার ভেতরে 5 %');
    await button(/দিয়ে টাকা দিন$/)
      .first()
      .waitFor();
    expect(await browser.page.evaluate<number>('shifted')).toBeLessThan(SHIFT_MAX);
    await look('home');
    await button('English').click();
    await browser.page.getByText('What will my money give me?').waitFor();
    expect(await text()).toContain('5 % inside Tk 500.00');
    await button('বাংলা').click();
  });

  it('has both meters of the phone, each with the name that its customer gives it', async () => {
    const { page } = browser;
    await page.getByLabel('আমার মিটার').selectOption(shop.meterNo);
    await page.getByRole('heading', { name: shop.meterNo }).waitFor();
    await page.getByText('মিটারের নাম').first().click();
    await page.getByRole('textbox', { name: 'মিটারের নাম' }).fill('দোকান');
    await button('রাখুন').click();
    await page.getByRole('heading', { name: 'দোকান' }).waitFor();
    await page.getByLabel('আমার মিটার').selectOption(meter.meterNo);
    await page.getByRole('heading', { name: meter.meterNo }).waitFor();
  });

  describe('paying', () => {
    const orders = () =>
      world.system.admin.read<{ order_no: string; state: string }>(
        'SELECT order_no, state FROM checkout_orders WHERE reference = ? ORDER BY created_at',
        [meter.meterNo],
      );
    /** From the quote to the page of the gateway. */
    const toGateway = async (): Promise<void> => {
      await button('দেখুন').click();
      await payButton().click();
      await browser.page.waitForURL(/sslcommerz/);
    };
    const payButton = () => button(/Demo cards/);
    /** What a payer does there, and the way back over our page of the payment to the own one. */
    const press = async (action: string): Promise<void> => {
      await browser.page.locator(`button[value="${action}"]`).click();
      await button(/দোকানে ফিরুন/).click();
      await browser.page.waitForURL(/\/checkout\/V/);
      await browser.page.getByRole('link', { name: 'আমার পাতায় দেখুন' }).click();
      await browser.page.waitForURL(/\/my\/$/);
    };

    it('begins one payment, though the answer is lost and the page is loaded again', async () => {
      const { page } = browser;
      await page.route('**/v1/checkout/orders', async (route) => {
        await route.fetch();
        await route.abort();
      });
      await button('দেখুন').click();
      await payButton().click();
      await page.getByRole('alert').getByText('একই পেমেন্ট শুরু হবে').waitFor();
      await look('pay-lost');
      await page.unroute('**/v1/checkout/orders');
      expect(await orders()).toMatchObject([{ state: 'STARTED' }]);
      await page.reload();
      await toGateway();
      expect(await orders()).toMatchObject([{ state: 'STARTED' }]);
    });

    it('says that a cancelled payment took nothing, and that a failed one can be begun anew', async () => {
      await press('cancel');
      await browser.page.getByText('আপনি পেমেন্ট বাতিল করেছেন').waitFor();
      await button('বন্ধ করুন').click();
      await toGateway();
      await press('fail');
      await browser.page.getByText('পেমেন্ট সফল হয়নি').waitFor();
      await look('pay-failed');
      await button('বন্ধ করুন').click();
      expect(await orders()).toMatchObject([{ state: 'CANCELLED' }, { state: 'FAILED' }]);
    });

    it('comes back from a payment to the token', async () => {
      await toGateway();
      await press('pay');
      await button('রসিদ ও টোকেন দেখুন').waitFor();
      await look('paid');
      await button('রসিদ ও টোকেন দেখুন').click();
      await button(/^টোকেন দেখুন/).click();
      const shown = (await browser.page.locator('.digits').innerText()).replaceAll(/\s/g, '');
      const [token] = await world.system.admin.read(
        `SELECT t.digits FROM checkout_orders o JOIN vends v ON v.recharge_id = o.recharge_id
           JOIN vend_tokens t ON t.vend_id = v.id WHERE o.reference = ? AND o.state = 'PAID'`,
        [meter.meterNo],
      );
      expect(token).toEqual({ digits: shown });
      expect(browser.complaints).toEqual([]);
      await button(/মিটার নিয়েছে/).click();
      await browser.page.getByRole('heading', { name: 'সব টোকেন দেওয়া হয়েছে।' }).waitFor();
    });
  });

  it('follows the link of the SMS, shows the token in groups of four, reads it aloud, and puts that on record', async () => {
    const before = await tokenReadings();
    await browser.page.goto('about:blank');
    await browser.page.goto(`${world.system.apiUrl}/my/#r=${receiptNo}`);
    await browser.page.getByText(receiptNo).waitFor();
    await look('receipt');
    const [file] = await Promise.all([
      browser.page.waitForEvent('download'),
      browser.page.getByRole('link', { name: 'রসিদ রাখুন' }).click(),
    ]);
    expect(
      readFileSync(await file.path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    await button(/^টোকেন দেখুন/).click();
    const shown = browser.page.locator('.digits');
    await shown.waitFor();
    expect((await shown.innerText()).split(/\s+/)).toEqual(digits.match(/.{4}/g));
    await look('token');
    await button(/শুনুন/).click();
    const spoken = await browser.page.evaluate<string[]>('spoken');
    expect(spoken.map((each) => each.split(/[ ,]+/).map((word) => SPOKEN.indexOf(word)).join(''))).toEqual([digits]); // prettier-ignore
    // The file and the page, each on record.
    expect(await tokenReadings()).toBe(before + 2);
    expect(browser.page.url()).toBe(`${world.system.apiUrl}/my/`);
  });

  const SPOKEN = ['শূন্য', 'এক', 'দুই', 'তিন', 'চার', 'পাঁচ', 'ছয়', 'সাত', 'আট', 'নয়'];
  const tokenReadings = async (): Promise<number> => {
    const sql = `SELECT 1 FROM audit_events WHERE action = 'own-tokens-read' AND actor = ?`;
    return (await world.system.admin.read(sql, [`customer:${meter.customerNo}`])).length;
  };

  it('goes on without a network: opens again, explains an error, takes up where it was', async () => {
    // The page is kept on the phone from now on.
    await browser.page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await browser.page.context().setOffline(true);
    await browser.page.reload();
    await browser.page.getByText('ইন্টারনেট নেই').waitFor();
    await browser.page.getByRole('heading', { name: 'খোলা টোকেন' }).waitFor();
    await browser.page.locator('button.row').first().click();
    expect((await browser.page.locator('.digits').innerText()).replaceAll(/\s/g, '')).toBe(digits);
    await button(/মিটার ভুল দেখাচ্ছে/).click();
    await look('errors');
    await button(/^REJECT/).click();
    await browser.page.getByText('একটি সংখ্যা ভুল').waitFor();
    await look('explained');
    await button('আবার চেষ্টা করুন').click();
    await browser.page.locator('.digits').waitFor();
    expect(browser.complaints).toEqual([]);
  });

  it('shows what the virtual meter takes, and the meter says its balance', async () => {
    const shown = (await browser.page.locator('.digits').innerText()).replaceAll(/\s/g, '');
    await browser.page.context().setOffline(false);
    const wall = browser.page;
    await wall.goto(`${world.system.sandboxUrl}/meters`);
    await wall.getByLabel('মিটার নম্বর').fill(meter.meterNo);
    await wall.getByRole('button', { name: 'মিটার আনুন' }).click();
    const typed = wall.getByLabel('২০ সংখ্যার টোকেন');
    for (const key of shown.slice(0, 2)) await wall.getByRole('button', { name: key, exact: true }).click();
    await typed.fill(shown);
    await wall.getByRole('button', { name: 'প্রবেশ' }).click();
    const display = wall.locator('.display');
    expect(await display.innerText()).toMatch(/^ACCEPT \d+\.\d kWh$/);
    const credited = (await display.innerText()).replace('ACCEPT ', '');
    await typed.fill('801');
    await typed.press('Enter');
    expect(await display.innerText()).toBe(credited);
    expect(await browser.seriousFindings()).toEqual([]);
    await browser.picture('virtual-meter-phone-bn');
    await browser.page.goto(`${world.system.apiUrl}/my/`);
    await browser.page.locator('button.row').first().click();
    await button(/মিটার নিয়েছে/).click();
    await browser.page.getByRole('heading', { name: 'সব টোকেন দেওয়া হয়েছে।' }).waitFor();
  });

  const openSessions = async (): Promise<number> =>
    (await world.system.admin.read('SELECT 1 FROM portal_sessions WHERE ended_at IS NULL')).length;

  it('leaves nothing behind, on a weak line either', async () => {
    const held = () =>
      browser.page.evaluate<{ kept: object; addresses: string[] }>(`(async () => {
        const kept = { ...sessionStorage, ...localStorage };
        const shells = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
        const requests = (await Promise.all(shells.map((shell) => shell.keys()))).flat();
        return { kept, addresses: requests.map(({ url }) => new URL(url).pathname) };
      })()`);
    expect(JSON.stringify((await held()).kept)).toContain(digits);
    // A leaving that does not reach the server is said, and lets nobody in again meanwhile.
    await browser.page.context().setOffline(true);
    await button('বের হন').click();
    await browser.page.getByText('সার্ভার এখনও জানে না').waitFor();
    await look('leaving');
    expect(JSON.stringify((await held()).kept)).not.toContain(digits);
    await browser.page.reload();
    await browser.page.getByText('সার্ভার এখনও জানে না').waitFor();
    await browser.page.getByLabel('মোবাইল নম্বর').waitFor();
    expect(await openSessions()).toBe(1);
    await browser.page.context().setOffline(false);
    await browser.page.getByText('সার্ভার এখনও জানে না').waitFor({ state: 'detached' });
    expect(await openSessions()).toBe(0);
    const { kept, addresses } = await held();
    expect(Object.keys(kept)).toEqual(['vend.language']);
    expect(addresses).toContain('/my/');
    expect(addresses.filter((address) => address.startsWith('/v1'))).toEqual([]);
    await browser.page.reload();
    await browser.page.getByLabel('মোবাইল নম্বর').waitFor();
    expect(await text()).not.toContain(digits.slice(0, 4));
  });
});
