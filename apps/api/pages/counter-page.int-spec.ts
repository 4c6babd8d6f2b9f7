/*
 * Proves in a real browser, on the real api, database and token server, what a clerk does all day: the whole path by
 * keyboard with its key presses counted, a line that is cut before or after the vend, a crash, the same sold twice, the
 * receipt in Bangla whose token a meter takes; that little has to be fetched and nothing jumps about; and that no page has
 * a serious fault for people who use it otherwise. COUNTER_LATENCY_MS=150: the first view is also measured on a weak line.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiWorld } from '../../../test/support/api';
import { browserMissing, TestBrowser } from '../../../test/support/browser';
import { describeWith } from '../../../test/support/debian-packages';
import { answersLate, COUNT_JUMPS, viewOf } from '../../../test/support/page-measures';
import { printed, textOfPdf } from '../../../test/support/paper';

jest.setTimeout(240_000);

const CUSTOMER = '61000001';
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** What a clerk may press besides digits, from one customer to the next. */
const KEYS_MAX = 8;
/** The first view, and one with everything in the browser's cache: a quarter more than was measured (2026-11-22). */
const FIRST_VIEW = { requests: 24, bytes: 305_000, warmBytes: 4_000 };
/** What people are taken not to notice. */
const JUMPS_MAX = 0.1;

/** A receipt printer that is plugged in: what it got is in `paper`. */
const PLUG_IN_PRINTER = `globalThis.paper = undefined;
Object.defineProperty(navigator, 'serial', { configurable: true, value: { getPorts: async () => [{
  open() { this.got = []; this.writable = new WritableStream({ write: (bytes) => void this.got.push(...bytes) }); return Promise.resolve(); },
  async close() { globalThis.paper = this.got; },
}] } });
undefined;`;

/** A repeat that comes too late. */
const REFUSAL = {
  ...{ status: 409, code: 'quote-expired', retryable: false },
  ...{ title: 'The price is too old', titleBn: 'দামের সময় শেষ' },
};

/** As much of a page's own world as is asked of it here. */
interface PageGlobals {
  readonly document: {
    readonly activeElement: {
      readonly textContent: string;
      readonly labels?: readonly { textContent: string }[];
    } | null;
  };
}

describeWith(browserMissing(), 'the counter in the browser', () => {
  let world: ApiWorld;
  let browser: TestBrowser;
  let address: string;
  let keys = 0;

  beforeAll(async () => {
    world = await ApiWorld.create();
    await world.app.listen(0, '127.0.0.1');
    address = await world.app.getUrl();
    browser = await TestBrowser.open();
    await browser.page.setViewportSize(DESKTOP);
    // A printer's dialogue would wait for somebody.
    await browser.page.addInitScript(COUNT_JUMPS);
    await browser.page.addInitScript('globalThis.printed = 0; globalThis.print = () => { globalThis.printed += 1; };');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.destroy();
  });

  const press = async (key: string) => {
    keys += 1;
    await browser.page.keyboard.press(key);
  };
  const type = (text: string) => browser.page.keyboard.type(text);
  const see = (words: string | RegExp) => browser.page.getByText(words).first().waitFor();
  /** The field that the next digit goes to. */
  const focused = (label: string) =>
    browser.page.waitForFunction((wanted) => {
      const { activeElement } = (globalThis as unknown as PageGlobals).document;
      return activeElement?.labels?.[0]?.textContent.startsWith(wanted);
    }, label);
  const focusedButton = (words: string) =>
    browser.page.waitForFunction(
      (wanted) => (globalThis as unknown as PageGlobals).document.activeElement?.textContent === wanted,
      words,
    );

  async function toQuote(amount: string): Promise<void> {
    await focused('মিটার, গ্রাহক');
    await type(CUSTOMER);
    await press('Enter');
    await focused('টাকার পরিমাণ');
    await type(amount);
    await press('Enter');
    await focused('গ্রাহক দিলেন');
  }

  const vendsOf = async (taka: string): Promise<number> => {
    const sql = 'SELECT COUNT(*) AS n FROM vends v JOIN recharges r ON r.id = v.recharge_id WHERE r.gross_paisa = ?';
    const [row] = await world.fresh.admin.read(sql, [`${taka}00`]);
    return Number(row?.['n']);
  };
  const lastToken = async (): Promise<string> => {
    const [row] = await world.fresh.admin.read(
      'SELECT t.digits FROM vend_tokens t JOIN vends v ON v.id = t.vend_id ORDER BY v.issued_at DESC, v.id DESC LIMIT 1',
    );
    return String(row?.['digits']);
  };

  /** Both languages and both sizes, for people to look at; and the faults that a machine can see. */
  async function look(name: string): Promise<void> {
    const { page } = browser;
    for (const language of ['bn', 'en']) {
      for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
        await page.setViewportSize(viewport);
        await browser.picture(`counter-${name}-${language}-${size}`);
      }
      expect([name, language, await browser.seriousFindings()]).toEqual([name, language, []]);
      await page.keyboard.press('F8');
    }
    await page.setViewportSize(DESKTOP);
  }

  it('lets a clerk in, and keeps the session where no script can read it', async () => {
    const { page } = browser;
    await page.goto(`${address}/counter/`);
    await focused('ব্যবহারকারীর নাম');
    await look('1-login');
    await type('clerk');
    await press('Tab');
    await type('not the password');
    await press('Enter');
    await page
      .getByRole('alert')
      .filter({ hasText: /[\u0980-\u09ff]/ })
      .waitFor();
    await page.locator('input[type=password]').fill(world.password);
    await press('Enter');
    await focused('মিটার, গ্রাহক');
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]).sort()).toEqual([
      ['vend-access', true, 'Strict'],
      ['vend-refresh', true, 'Strict'],
    ]);
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await browser.seriousFindings()).toEqual([]);
  });

  it('opens in few requests, and again with its document and two questions', async () => {
    const { page } = browser;
    const ready = () => focused('মিটার, গ্রাহক');
    const latencyMs = Number(process.env['COUNTER_LATENCY_MS'] ?? 0);
    const cold = await viewOf(page, `${address}/counter/`, { cold: true, latencyMs, ready });
    const warm = await viewOf(page, `${address}/counter/`, { cold: false, latencyMs, ready });
    if (latencyMs > 0) console.info(`${latencyMs} ms:`, { cold, warm });
    expect(cold.paths.length).toBeLessThanOrEqual(FIRST_VIEW.requests);
    expect(cold.bytes).toBeLessThan(FIRST_VIEW.bytes);
    expect(warm.paths.filter((path) => path.startsWith('/pages/'))).toEqual([]);
    expect(warm.bytes).toBeLessThan(FIRST_VIEW.warmBytes);
  });

  it('sells by keyboard alone, and prints what a meter takes', async () => {
    const { page } = browser;
    const jumped = () => page.evaluate<number>('globalThis.jumped');
    const answersSoon = await answersLate(page);
    await page.evaluate('globalThis.jumped = 0');
    keys = 0;
    await toQuote('500');
    await see('মিটার ভাড়া');
    expect(await jumped()).toBeLessThan(JUMPS_MAX);
    await type('1000');
    await page.locator('output', { hasText: '৫০০.০০' }).waitFor();
    await look('2-quote');
    await page.evaluate('globalThis.jumped = 0');
    await press('Enter');
    await focusedButton('রসিদ ছাপুন');
    await press('Enter');
    await focusedButton('পরের গ্রাহক');
    expect(await jumped()).toBeLessThan(JUMPS_MAX);
    await answersSoon();
    expect(await page.evaluate('printed')).toBe(1);

    const digits = await lastToken();
    const receipt = await page.locator('.receipt').innerText();
    expect(receipt).toContain(digits.match(/.{4}/g)!.join(' '));
    for (const words of ['রিচার্জ রসিদ', 'টোকেন ১/১', 'ভ্যাট', 'মিটার ভাড়া', 'ডিমান্ড চার্জ', '৫০০.০০', '/my/'])
      expect(receipt).toContain(words);
    const meterNo = /\b600\d{15}\b/.exec(receipt)![0];
    expect(world.virtualMeters().get(meterNo)!.enter(digits, 0)).toMatchObject({ result: 'Accept' });
    await look('3-sold');

    await press('Enter');
    await focused('মিটার, গ্রাহক');
    expect(keys).toBeLessThanOrEqual(KEYS_MAX);
    expect(await vendsOf('500')).toBe(1);
  });

  it('asks before it sells the same again', async () => {
    await toQuote('500');
    await press('Enter');
    await browser.page.getByRole('alertdialog').waitFor();
    expect(await browser.seriousFindings()).toEqual([]);
    await press('Escape');
    await focused('গ্রাহক দিলেন');
    await press('Enter');
    await browser.page.getByRole('alertdialog').waitFor();
    await press('F7');
    await focusedButton('রসিদ ছাপুন');
    await press('F2');
    expect(await vendsOf('500')).toBe(2);
  });

  it('finds out by its own id what became of a sale whose answer was lost, also after a crash', async () => {
    const { page } = browser;
    let heardOf = 0;
    await page.route('**/v1/recharges', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      heardOf += 1;
      await route.fetch();
      await route.abort('connectionreset');
    });
    await page.route('**/v1/recharges/by-key/*', (route) => route.abort('connectionreset'));
    await toQuote('700');
    await press('Enter');
    await see('কী হয়েছে তা দেখা হচ্ছে');
    expect(await vendsOf('700')).toBe(1);
    const kept = await page.evaluate<string>('JSON.stringify({ ...localStorage })');
    expect(kept).not.toContain(await lastToken());
    expect(await browser.seriousFindings()).toEqual([]);
    await browser.picture('counter-5-checking');

    await page.reload();
    await see('কী হয়েছে তা দেখা হচ্ছে');
    await page.unroute('**/v1/recharges');
    await page.unroute('**/v1/recharges/by-key/*');
    await focusedButton('রসিদ ছাপুন');
    await see((await lastToken()).match(/.{4}/g)!.join(' '));
    await press('F2');
    await focused('মিটার, গ্রাহক');
    expect([heardOf, await vendsOf('700')]).toEqual([1, 1]);
    expect(await keptSales()).toEqual([]);
  });

  it('says that nothing was charged when nothing arrived, and sends again under the same id', async () => {
    const { page } = browser;
    const ids: string[] = [];
    await page.route('**/v1/recharges', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      ids.push((await route.request().headerValue('idempotency-key')) ?? '');
      if (ids.length === 1) return route.abort('connectionreset');
      return route.continue();
    });
    await toQuote('800');
    await press('Enter');
    await see('কোনো টাকা কাটা হয়নি।');
    await focusedButton('আবার পাঠান');
    expect(await vendsOf('800')).toBe(0);
    await press('Enter');
    await focusedButton('রসিদ ছাপুন');
    await page.unroute('**/v1/recharges');
    expect([new Set(ids).size, ids.length, await vendsOf('800')]).toEqual([1, 2, 1]);
    await press('F2');
  });

  /** As it is half a minute later, after a crash. */
  const later = async (change: object = {}) => {
    await browser.page.evaluate(
      `for (const [name, text] of Object.entries(localStorage)) if (name.startsWith('vend.sale'))
        localStorage.setItem(name, JSON.stringify({ ...JSON.parse(text), sentAt: Date.now() - 31000, ...${JSON.stringify(change)} }))`,
    );
    await browser.page.reload();
  };
  const dropButton = () => browser.page.getByRole('button', { name: 'বাদ দিন (Esc)', exact: true });
  const keptSales = () =>
    browser.page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('vend.sale'))");

  it('looks again after a refused repeat and before it drops a sale, and finds what has arrived meanwhile', async () => {
    const { page } = browser;
    let sent: { key: string; body: object } | undefined;
    await page.route('**/v1/recharges', async (route) => {
      const request = route.request();
      if (request.method() !== 'POST') return route.continue();
      if (sent) return route.fulfill({ status: 409, contentType: 'application/problem+json', json: REFUSAL });
      sent = { key: (await request.headerValue('idempotency-key')) ?? '', body: request.postDataJSON() as object };
      return route.abort('connectionreset');
    });
    let looks = 0;
    await page.route('**/v1/recharges/by-key/*', async (route) => {
      looks += 1;
      await route.continue();
    });
    await toQuote('900');
    await press('Enter');
    await focusedButton('আবার পাঠান');
    expect(looks).toBe(1);
    await press('Enter');
    await see(REFUSAL.titleBn);
    await focusedButton('আবার পাঠান');
    expect([looks, await vendsOf('900')]).toEqual([2, 0]);
    expect(await keptSales()).toHaveLength(1);

    await later();
    await dropButton().waitFor();
    const late = await world.as('clerk', 'POST', '/v1/recharges', sent!.body, { 'idempotency-key': sent!.key });
    expect(late.status).toBe(201);
    await press('Escape');
    await focusedButton('রসিদ ছাপুন');
    await see((await lastToken()).match(/.{4}/g)!.join(' '));
    expect([looks, await vendsOf('900')]).toEqual([4, 1]);
    await page.unroute('**/v1/recharges');
    await page.unroute('**/v1/recharges/by-key/*');
    await press('F2');
    expect(await keptSales()).toEqual([]);
  });

  it("sends nobody else's sale again, and drops it when nothing came of it", async () => {
    const { page } = browser;
    await page.route('**/v1/recharges', (route) => route.abort('connectionreset'));
    await toQuote('950');
    await press('Enter');
    await focusedButton('আবার পাঠান');
    await later({ clerk: 'karim' });
    await see('টাকা নিয়েছিলেন karim');
    expect(await page.getByRole('button', { name: 'আবার পাঠান' }).count()).toBe(0);
    expect(await browser.seriousFindings()).toEqual([]);
    await browser.picture('counter-7-absent-of-another');
    await dropButton().waitFor();
    await press('Escape');
    await focused('মিটার, গ্রাহক');
    await page.unroute('**/v1/recharges');
    expect([await keptSales(), await vendsOf('950')]).toEqual([[], 0]);
  });

  it('turns units into Taka, lists the day and prints a copy', async () => {
    const { page } = browser;
    await focused('মিটার, গ্রাহক');
    await type(CUSTOMER);
    await press('Enter');
    await focused('টাকার পরিমাণ');
    await press('F3');
    await focused('কত ইউনিট');
    await type('১০০');
    await press('Enter');
    await see(/১০০\.[০-৯]+ ইউনিট/);
    await press('F2');
    await focused('মিটার, গ্রাহক');
    await press('F6');
    await see('আজকের রিচার্জ');
    await page.locator('.rows button').first().waitFor();
    expect(await page.locator('.rows button').count()).toBe(5);
    await look('6-today');
    await press('ArrowDown');
    await press('Enter');
    await page.locator('.receipt', { hasText: 'অনুলিপি' }).waitFor();
    // On paper there is the receipt alone. Last: what is not shown loses the focus.
    await page.emulateMedia({ media: 'print' });
    await browser.picture('counter-4-receipt-print');
    expect(await page.locator('.receipt').isVisible()).toBe(true);
    expect(await page.locator('.frame-keys').isVisible()).toBe(false);
    expect(browser.complaints).toEqual([]);
    await page.emulateMedia({ media: 'screen' });
  });

  it('saves the receipt as PDF and sends it to a printer', async () => {
    const { page } = browser;
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('F3')]);
    const saved = join(browser.downloads, 'receipt.pdf');
    await download.saveAs(saved);
    expect(textOfPdf(readFileSync(saved))).toEqual(expect.arrayContaining(['রিচার্জ রসিদ', 'টোকেন ১/১', 'অনুলিপি']));
    await page.evaluate(PLUG_IN_PRINTER);
    await page.keyboard.press('F4');
    await page.waitForFunction(() => (globalThis as unknown as { paper?: unknown }).paper !== undefined);
    const bytes = await page.evaluate<string>(
      'globalThis.paper.map((byte) => byte.toString(16).padStart(2, "0")).join("")',
    );
    expect(printed(Buffer.from(bytes, 'hex')).width).toBe(576);
  });

  it('lets nobody in by a session that has been left, also before the server knows it', async () => {
    const { page } = browser;
    await page.route('**/v1/sessions/logout', (route) => route.abort('connectionreset'));
    await page.getByRole('button', { name: 'প্রস্থান' }).click();
    await see('সার্ভার এখনও জানে না');
    await page.reload();
    await focused('ব্যবহারকারীর নাম');
    await see('সার্ভার এখনও জানে না');
    expect(await browser.seriousFindings()).toEqual([]);
    await browser.picture('counter-9-leaving');
    const session = () =>
      page.evaluate<number>(
        `fetch('/v1/page-sessions', { headers: { 'x-vend-page': '1' } }).then(({ status }) => status)`,
      );
    expect(await session()).toBe(200);
    await page.unroute('**/v1/sessions/logout');
    await page.evaluate(`dispatchEvent(new Event('online'))`);
    await page.getByText('সার্ভার এখনও জানে না').waitFor({ state: 'detached' });
    expect(await session()).toBe(401);
  });
});
