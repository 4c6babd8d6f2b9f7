type Step = 'login' | 'account' | 'inquiry' | 'pay' | 'acknowledge' | 'status';

/** One payment from the caller's side. */
interface CallerPayment {
  readonly trxId: string;
  readonly reference: string;
  /** Taka as typed. */
  readonly amount: string;
  readonly payerMobile: string;
  readonly at: number;
  /** What earlier answers gave, to be said again. */
  readonly carried: Readonly<Record<string, string>>;
}

export interface CallerCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What a company of this kind makes of an answer. */
interface Understood {
  readonly meaning: 'done' | 'pending' | 'not-found' | 'refused' | 'conflict' | 'unclear';
  readonly code: string | null;
  readonly tokens: readonly string[];
  readonly carried?: Readonly<Record<string, string>>;
}

/** Speaks the profile's dialect from the other side: written from the contract, not from the profile. */
interface BillerCaller {
  readonly steps: readonly Exclude<Step, 'status'>[];
  keyOf(payment: CallerPayment): string;
  call(step: Step, payment: CallerPayment): CallerCall;
  hear(step: Step, answer: { readonly httpStatus: number; readonly body: string }): Understood;
}

/** A profile under test, and how its callers may differ. */
export interface ProfileSubject {
  readonly name: string;
  readonly caller: BillerCaller;
  /** The same company with one wrong credential each; nothing of theirs may be done. */
  readonly strangers: Readonly<Record<string, BillerCaller>>;
  /** Its answers carry no token: customers get it by SMS alone. */
  readonly tokenless?: boolean;
  /** Our quote's id is the key and says meter and amount, so that a conflict cannot even be said. */
  readonly keyIsQuote?: boolean;
  /** The same call in other clothes: keys in another case, extra keys, numbers as strings. Each must mean the same. */
  otherClothes(call: CallerCall): Readonly<Record<string, CallerCall>>;
  /** The same call with a body that is none: cut off, of another kind, without a mandatory field. */
  broken(call: CallerCall): Readonly<Record<string, CallerCall>>;
}

/** The world that the suite runs in: the real api, the real core and a real database. */
export interface BillerGround {
  /** A customer whose meter no other test has touched. */
  meter(): { readonly customerNo: string };
  /** Sends below `/v1/billers/<code>`, from an address that is allowed unless told otherwise. */
  send(call: CallerCall, from?: string): Promise<{ readonly httpStatus: number; readonly body: string }>;
  /** What the books have for an id. */
  booked(
    trxId: string,
  ): Promise<{ readonly payments: number; readonly vends: number; readonly tokens: readonly string[] }>;
  /** Rows of everything that money or tokens are in. */
  footprint(): Promise<string>;
  /** From here on no token is made, and nobody is told so, until the answer is called. */
  holdTokens(): () => void;
  /** Ends what was accepted and is not ended yet, as the worker does in the course of time. */
  workOn(): Promise<void>;
  /** Everything that was logged so far. */
  logged(): string;
  /** What no log may have. */
  readonly secrets: readonly string[];
}

const OUTSIDE = '203.0.113.77';
const TOO_LARGE = 70_000;
const AT_ONCE = 20;
const PATIENCE_MS = 30_000;
let payments = 0;

/**
 * What every profile owes its callers, over HTTP through the real api: each `it` is one sentence of the ports
 * `BillerProfile` and `BillerCore`. To be called inside a test file.
 *
 * @example describe('biller-form-v1', () => conformsToBillerProfile(FORM, () => openBillerGround(world, row)));
 */
export function conformsToBillerProfile(subject: ProfileSubject, open: () => BillerGround): void {
  const { caller } = subject;
  let ground: BillerGround;
  /** Whom nothing is ever sold. */
  let idle: string;
  beforeAll(() => {
    ground = open();
    idle = ground.meter().customerNo;
  });

  const newPayment = (reference: string, amount = '3000'): CallerPayment => {
    const trxId = `C${Date.now().toString(36).slice(-6)}${String(payments++).padStart(3, '0')}`.toUpperCase();
    return { trxId, reference, amount, payerMobile: '01700000000', at: Date.now(), carried: {} };
  };
  const say = async (step: Step, payment: CallerPayment, as = caller) => {
    const answer = await ground.send(as.call(step, payment));
    return { ...answer, heard: as.hear(step, answer) };
  };
  /** Takes the steps before `pay`, until one of them is not done. */
  const ready = async (payment: CallerPayment, as = caller) => {
    let now = payment;
    for (const step of as.steps.slice(0, as.steps.indexOf('pay'))) {
      const { heard } = await say(step, now, as);
      if (heard.meaning !== 'done') return { payment: now, stopped: heard };
      now = { ...now, carried: { ...now.carried, ...heard.carried } };
    }
    return { payment: now, stopped: undefined };
  };
  const paid = async (payment: CallerPayment) => {
    const { payment: asked, stopped } = await ready(payment);
    if (stopped) throw new Error(`${subject.name} did not get as far as to pay: ${stopped.code}`);
    return { payment: asked, first: await say('pay', asked) };
  };
  const bookedFor = (payment: CallerPayment) => ground.booked(caller.keyOf(payment));
  const once = { payments: 1, vends: 1 };

  it('an inquiry moves nothing; a payment is one vend with its token, and a repeat is the same answer byte for byte', async () => {
    const { customerNo } = ground.meter();
    const before = await ground.footprint();
    const { payment } = await ready(newPayment(customerNo));
    expect(await ground.footprint()).toBe(before);
    const first = await say('pay', payment);
    expect(first.heard.meaning).toBe('done');
    const booked = await bookedFor(payment);
    expect(booked).toMatchObject(once);
    expect(first.heard.tokens).toEqual(subject.tokenless ? [] : booked.tokens);
    expect(booked.tokens.length).toBeGreaterThan(0);
    const after = await ground.footprint();
    for (let n = 0; n < 3; n++) expect((await say('pay', payment)).body).toBe(first.body);
    expect(await ground.footprint()).toBe(after);
    if (caller.steps.includes('acknowledge')) {
      for (let n = 0; n < 2; n++) expect((await say('acknowledge', payment)).heard.meaning).toBe('done');
      expect((await say('pay', payment)).body).toBe(first.body);
    }
  });

  it('twenty times at once is one vend; whoever is told so is told the same', async () => {
    const { payment } = await ready(newPayment(ground.meter().customerNo));
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => say('pay', payment)));
    expect(answers.filter(({ heard }) => heard.meaning !== 'done' && heard.meaning !== 'pending')).toEqual([]);
    await ground.workOn();
    const { heard, body } = await say('pay', payment);
    expect(heard.meaning).toBe('done');
    const told = answers.filter((answer) => answer.heard.meaning === 'done');
    expect(new Set([...told.map((answer) => answer.body), body]).size).toBe(1);
    expect(await bookedFor(payment)).toMatchObject(once);
  });

  it('status: not found before, made after, with the same token', async () => {
    const { payment } = await ready(newPayment(ground.meter().customerNo));
    if (!subject.keyIsQuote) expect((await say('status', payment)).heard.meaning).toBe('not-found');
    const { heard } = await say('pay', payment);
    const status = await say('status', payment);
    expect(status.heard).toMatchObject({ meaning: 'done', tokens: heard.tokens });
    expect((await say('status', payment)).body).toBe(status.body);
  });

  it('while the token is being made, a payment is in progress to status and to a repeat, and is made in the end', async () => {
    const { payment } = await ready(newPayment(ground.meter().customerNo));
    const release = ground.holdTokens();
    const running = say('pay', payment);
    // The status may overtake the payment. Of a quote that can still be charged it says neither yes nor no.
    const before: readonly Understood['meaning'][] = ['not-found', ...(subject.keyIsQuote ? ['unclear' as const] : [])];
    try {
      const status = await eventually(
        () => say('status', payment),
        ({ heard }) => !before.includes(heard.meaning),
      );
      expect(status.heard.meaning).toBe('pending');
    } finally {
      release();
    }
    expect(['done', 'pending']).toContain((await running).heard.meaning);
    const end = await eventually(
      async () => {
        await ground.workOn();
        return say('pay', payment);
      },
      ({ heard }) => heard.meaning === 'done',
    );
    expect(end.heard.meaning).toBe('done');
    expect((await say('status', payment)).heard).toMatchObject({ meaning: 'done', tokens: end.heard.tokens });
    expect(await bookedFor(payment)).toMatchObject(once);
  });

  if (!subject.keyIsQuote) {
    it('the same id with another amount or another meter is a conflict, and the first stays what it was', async () => {
      const { payment, first } = await paid(newPayment(ground.meter().customerNo));
      const before = await ground.footprint();
      const others = [
        { ...payment, amount: '2900' },
        { ...payment, reference: idle },
      ];
      for (const other of others) expect((await say('pay', other)).heard.meaning).toBe('conflict');
      expect(await ground.footprint()).toBe(before);
      expect((await say('pay', payment)).body).toBe(first.body);
    });
  }

  it.each(Object.entries(subject.strangers))('%s is refused, and nothing is done', async (_, stranger) => {
    const payment = newPayment(idle);
    const before = await ground.footprint();
    const steps: readonly Step[] = [...caller.steps, 'status'];
    for (const step of steps) {
      const answer = await ground.send(stranger.call(step, payment));
      expect(['done', 'pending']).not.toContain(stranger.hear(step, answer).meaning);
    }
    expect(await ground.footprint()).toBe(before);
    expect(await ground.booked(payment.trxId)).toMatchObject({ payments: 0 });
  });

  it.each([
    ['no such customer', '99999999', '3000'],
    ['a reference that is none', "x' OR 1=1 --", '3000'],
    ['nothing', undefined, '0'],
    ['less than the least', undefined, '1'],
    ['less than nothing', undefined, '-3000'],
    ['three decimals', undefined, '3000.005'],
    ['an exponent', undefined, '3e3'],
    ['a word', undefined, 'all'],
    ['more than there is', undefined, '99999999999'],
  ])('%s is refused, and the refusal of a payment stays what it was', async (_, reference, amount) => {
    const payment = newPayment(reference ?? idle, amount);
    const before = await ground.footprint();
    const { stopped } = await ready(payment);
    if (stopped) expect(stopped.meaning).toBe('refused');
    if (!subject.keyIsQuote) {
      const refused = await say('pay', payment);
      expect(refused.heard.meaning).toBe('refused');
      expect((await say('pay', payment)).body).toBe(refused.body);
    } else expect(stopped).toBeDefined();
    expect(await ground.footprint()).toBe(before);
  });

  it('the same in other clothes means the same: keys in another case, extra keys, numbers as strings', async () => {
    const { payment } = await ready(newPayment(ground.meter().customerNo));
    const clothes = Object.entries(subject.otherClothes(caller.call('pay', payment)));
    const bodies = new Set<string>();
    for (const [name, call] of clothes) {
      const answer = await ground.send(call);
      expect([name, caller.hear('pay', answer).meaning]).toEqual([name, 'done']);
      bodies.add(answer.body);
    }
    expect([clothes.length > 0, bodies.size]).toEqual([true, 1]);
    expect(await bookedFor(payment)).toMatchObject(once);
  });

  it('a body that is none, a body too large, another path, another address: each has its answer, and nothing is done', async () => {
    const { payment } = await ready(newPayment(idle));
    const call = caller.call('pay', payment);
    const before = await ground.footprint();
    const calls: readonly (readonly [string, CallerCall, string?])[] = [
      ...Object.entries(subject.broken(call)),
      ['too large', { ...call, body: Buffer.concat([Buffer.from(call.body), Buffer.alloc(TOO_LARGE, ' ')]) }],
      ['another path', { ...call, path: `${call.path}x` }],
      ['another address', call, OUTSIDE],
    ];
    for (const [name, bad, from] of calls) {
      const answer = await ground.send(bad, from);
      expect([name, ['done', 'pending'].includes(caller.hear('pay', answer).meaning)]).toEqual([name, false]);
      expect([name, answer.httpStatus < 500, answer.body !== '']).toEqual([name, true, true]);
    }
    expect(await ground.footprint()).toBe(before);
    expect(await bookedFor(payment)).toMatchObject({ payments: 0 });
  });

  it('no secret and no token is in a log', async () => {
    const { payment } = await paid(newPayment(ground.meter().customerNo));
    const { tokens } = await bookedFor(payment);
    expect(
      [...ground.secrets, ...tokens, payment.payerMobile].filter((each) => ground.logged().includes(each)),
    ).toEqual([]);
  });
}

/** Asks again until the answer is as wanted. @returns the last answer, wanted or not, when patience ends */
async function eventually<Answer>(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer> {
  const limitMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > limitMs) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
