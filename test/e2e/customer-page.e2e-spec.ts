/*
 * Proves the customer's page in a real browser over the real processes: in by the code on the phone and not by another, the
 * price with its reasons, the token stepper that goes on without a network and leaves nothing behind, the virtual meter
 * that takes what the page shows, and that people who do not see or point well can use it.
 */
import { browserMissing, TestBrowser } from '../support/browser';
import { call, type HttpAnswer } from '../support/callers';
import { describeWith } from '../support/debian-packages';
import type { InstalledMeter } from '../support/installed-meters';
import { eventually } from '../support/system';
import { tokenOf, World } from '../support/world';

jest.setTimeout(240_000);
const PHONE = { width: 360, height: 760 };

describeWith(browserMissing(), "the customer's page", () => {
  let world: World;
  let browser: TestBrowser;
  let meter: InstalledMeter;
  let digits: string;
  beforeAll(async () => {
    world = await World.start({ name: 'customer-page', meters: 4 });
    browser = await TestBrowser.open();
    meter = world.freshMeter('energy');
    const sold = await world.clerk.recharge((await world.clerk.quote(meter.meterNo, '1000.00')).body.quoteId as string);
    digits = tokenOf(sold);
    await browser.page.setViewportSize(PHONE);
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

  it('says when a phone asked too often, without saying whether it is known', async () => {
    const ask = (): Promise<HttpAnswer> =>
      call(`${world.system.apiUrl}/v1/my/codes`, { body: { reference: '12345678901', mobile: '01999999999' } });
    for (let n = 0; n < 5; n++) expect((await ask()).status).toBe(202);
    await askFor('01999999999');
    await browser.page.getByRole('alert').getByText('অনেকবার').waitFor();
    expect(await browser.seriousFindings()).toEqual([]);
    await browser.picture('customer-come-in-phone-bn');
  });

  it('comes in by the code on the phone, typed in Bangla, and by no other', async () => {
    await askFor(meter.mobile.slice(2));
    await eventually('the code is on the phone', async () => (await codes()).length > 0);
    const [code] = await codes();
    const field = browser.page.getByLabel('৬ অঙ্কের কোড');
    await field.fill(code === '000000' ? '000001' : '000000');
    await button('ঢুকুন').click();
    await browser.page.getByRole('alert').getByText('নতুন কোড চান').waitFor();
    const bangla = code!.replaceAll(/\d/g, (digit) => '০১২৩৪৫৬৭৮৯'[Number(digit)]!);
    await field.fill(bangla);
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
    expect(await browser.seriousFindings()).toEqual([]);
    await browser.picture('customer-home-phone-bn');
    await button('English').click();
    await browser.page.getByText('What will my money give me?').waitFor();
    expect(await text()).toContain('5 % inside Tk 500.00');
    await browser.page.setViewportSize({ width: 1_200, height: 900 });
    await browser.picture('customer-home-desktop-en');
    await browser.page.setViewportSize(PHONE);
    await button('বাংলা').click();
  });

  it('shows the token in groups of four, and puts on record that it was read', async () => {
    await browser.page.locator('.history button').first().click();
    await button(/^টোকেন দেখুন/).click();
    const shown = browser.page.locator('.digits');
    await shown.waitFor();
    expect((await shown.innerText()).split(/\s+/)).toEqual(digits.match(/.{4}/g));
    expect(await browser.seriousFindings()).toEqual([]);
    await browser.picture('customer-token-phone-bn');
    const trail = await world.system.admin.read(`SELECT actor FROM audit_events WHERE action = 'own-tokens-read'`);
    expect(trail).toEqual([{ actor: `customer:${meter.customerNo}` }]);
    expect(browser.page.url()).toBe(`${world.system.apiUrl}/my/`);
  });

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
    await browser.picture('customer-errors-phone-bn');
    await button(/^REJECT/).click();
    await browser.page.getByText('একটি সংখ্যা ভুল').waitFor();
    await browser.picture('customer-explained-phone-bn');
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

  it('leaves nothing behind', async () => {
    const held = () =>
      browser.page.evaluate<{ kept: object; addresses: string[] }>(`(async () => {
        const kept = { ...sessionStorage, ...localStorage };
        const shells = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
        const requests = (await Promise.all(shells.map((shell) => shell.keys()))).flat();
        return { kept, addresses: requests.map(({ url }) => new URL(url).pathname) };
      })()`);
    expect(JSON.stringify((await held()).kept)).toContain(digits);
    await button('বের হন').click();
    await browser.page.getByLabel('মোবাইল নম্বর').waitFor();
    const { kept, addresses } = await held();
    expect(Object.keys(kept)).toEqual(['vend.language']);
    expect(addresses).toContain('/my/');
    expect(addresses.filter((address) => address.startsWith('/v1'))).toEqual([]);
    await eventually('the session has ended', async () => {
      const rows = await world.system.admin.read('SELECT 1 FROM portal_sessions WHERE ended_at IS NULL');
      return rows.length === 0;
    });
    await browser.page.reload();
    await browser.page.getByLabel('মোবাইল নম্বর').waitFor();
    expect(await text()).not.toContain(digits.slice(0, 4));
  });
});
