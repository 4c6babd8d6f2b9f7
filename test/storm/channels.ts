/** How a planned payment is made: by asking the sandbox to play the company that it goes through. */
import { Pool } from 'undici';
import { CHECKOUT, type Channel, type PlannedPayment, type StormCompany, type Twist } from './plan';

/**
 * What was seen of a payment. ended: its company has a final answer (vended, refused, told). waiting: accepted, and the
 * company goes on asking or being asked by itself. open: nobody answered; somebody must ask again.
 */
export type Sight = 'ended' | 'waiting' | 'open';

interface SandboxAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it expects
  readonly body: any;
}

/** A story takes as long as a payer's patience: some twenty calls of a few seconds each. */
const PATIENCE_MS = 300_000;
/** How long a company waits for one answer of ours. */
const TIMEOUT_MS = 3_000;

const PAY_FAULTS: Readonly<Partial<Record<Twist, object>>> = {
  'answer-lost': { loseFirstAnswer: true },
  repeated: { repeat: 2 },
  'in-parallel': { repeat: 5, parallel: true },
  'status-first': { statusFirst: true },
};
const CALLBACK_FAULTS: Readonly<Partial<Record<Twist, object>>> = {
  repeated: { times: 3 },
  'in-parallel': { times: 6, parallel: true },
};
const PAYER_ACTIONS: Readonly<Partial<Record<Twist, string>>> = {
  'payer-fails': 'fail',
  'payer-cancels': 'cancel',
  'payer-leaves': 'leave',
};

/** The payers and their companies, over a bounded number of connections. */
export class Payers {
  /** Answers that must not be. */
  readonly wrong: string[] = [];
  /** Payments that our own page would not begin, and why. */
  readonly refusals: string[] = [];
  private readonly pool: Pool;

  constructor(sandboxUrl: string, connections: number) {
    const timeouts = { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS };
    this.pool = new Pool(sandboxUrl, { connections, pipelining: 1, ...timeouts });
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  /**
   * An order at each gateway that nobody pays, before anything goes wrong. bKash grants two tokens an hour: with both
   * answers lost it would be silent for longer than a storm, and a token that was granted lives as long.
   *
   * @throws {Error} a gateway that cannot be paid through on a good day
   */
  async tryGateways(companies: readonly StormCompany[], reference: string): Promise<void> {
    for (const { code } of companies.filter(({ profile }) => CHECKOUT.includes(profile))) {
      const order = { gateway: code, reference, amount: '500.00', action: 'leave' };
      const { body: story } = await this.ask('/payers/orders', order);
      if (story.orderNo === null) throw new Error(`${code}: ${story.refusal} (${story.steps.join(', ')})`);
    }
  }

  /** Makes the payment, or, when `again`, goes on with one that nobody answered. */
  pay(payment: PlannedPayment, again: boolean): Promise<Sight> {
    return WAYS[payment.channel](this, payment, again);
  }

  async ask(path: string, body: object): Promise<SandboxAnswer> {
    const { statusCode, body: answer } = await this.pool.request({
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode !== 200) throw new Error(`sandbox ${path}: HTTP ${statusCode} ${text.slice(0, 300)}`);
    return { status: statusCode, body: JSON.parse(text) };
  }
}

type Way = (payers: Payers, payment: PlannedPayment, again: boolean) => Promise<Sight>;

const WAYS: Readonly<Record<Channel, Way>> = {
  'signed pay': paySigned,
  'signed callback': callBack,
  biller: payBill,
  checkout: checkOut,
};

async function paySigned(payers: Payers, payment: PlannedPayment, again: boolean): Promise<Sight> {
  const { company, reference, amount, twist } = payment;
  const transactionId = idOf(payment);
  const order = { provider: company.code, reference, amount, transactionId };
  const faults = again ? { skipInquiry: true } : PAY_FAULTS[twist];
  const { body: story } = await payers.ask('/gateway/payments', {
    ...order,
    faults: { timeoutMs: TIMEOUT_MS, ...faults },
  });
  if (!story.answersAgree) payers.wrong.push(`${transactionId}: a repeat was answered otherwise`);
  if (story.outcome === 'vended' && twist === 'other-amount') await payOtherAmount(payers, order);
  if (story.outcome === 'unknown') return leftUnpaid(story) ? 'ended' : 'open';
  return story.outcome === 'pending' ? 'waiting' : 'ended';
}

/** The payer looked at the price and went away: nobody's money is anywhere. */
function leftUnpaid({ steps }: { readonly steps: readonly { readonly step: string }[] }): boolean {
  return steps.some(({ step }) => step === 'inquiry') && !steps.some(({ step }) => step === 'pay');
}

/** The same id with other money must be refused, and change nothing. */
async function payOtherAmount(payers: Payers, order: { readonly transactionId: string }): Promise<void> {
  const faults = { timeoutMs: TIMEOUT_MS, skipInquiry: true, payAmount: '1999.00' };
  const { body: story } = await payers.ask('/gateway/payments', { ...order, faults });
  if (story.outcome === 'vended') payers.wrong.push(`${order.transactionId}: vended again for other money`);
}

async function callBack(payers: Payers, payment: PlannedPayment, again: boolean): Promise<Sight> {
  const { company, reference, amount, twist } = payment;
  const transactionId = idOf(payment);
  const { body } = await payers.ask('/gateway/callbacks', {
    ...{ provider: company.code, reference, amount, transactionId, eventId: `E-${transactionId}` },
    ...(again ? {} : CALLBACK_FAULTS[twist]),
  });
  const answers: (number | undefined)[] = body.deliveries.map(({ httpStatus }: { httpStatus?: number }) => httpStatus);
  const refused = answers.find((status) => status !== undefined && status >= 400 && status < 500 && status !== 429);
  if (refused !== undefined) payers.wrong.push(`${transactionId}: a good callback was answered HTTP ${refused}`);
  return answers.includes(200) ? 'ended' : 'open';
}

/** The company goes on by itself until it knows what became of its payment. */
async function payBill(payers: Payers, payment: PlannedPayment): Promise<Sight> {
  const { company, reference, amount } = payment;
  const { body: story } = await payers.ask(`/billers/${company.code}/payments`, {
    ...{ reference, amount, timeoutMs: TIMEOUT_MS, patienceMs: TIMEOUT_MS },
  });
  if (!story.answersAgree) payers.wrong.push(`${company.code} ${story.key}: a repeat was answered otherwise`);
  return story.outcome === 'vended' || story.outcome === 'refused' ? 'ended' : 'waiting';
}

async function checkOut(payers: Payers, payment: PlannedPayment): Promise<Sight> {
  const { company, reference, amount, twist } = payment;
  const action = PAYER_ACTIONS[twist] ?? 'pay';
  const { body: story } = await payers.ask('/payers/orders', { gateway: company.code, reference, amount, action });
  if (story.refusal !== null) payers.refusals.push(`${company.code} ${story.refusal}`);
  return 'waiting';
}

/** Ten characters A-Z0-9; unique in the storm. */
function idOf({ no }: PlannedPayment): string {
  return `ST${String(no).padStart(8, '0')}`;
}
