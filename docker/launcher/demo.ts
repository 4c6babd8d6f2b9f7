import { randomUUID } from 'node:crypto';
import {
  DemoFailed,
  call,
  expectShape,
  meterAnswer,
  messages,
  meters,
  paymentStory,
  quote,
  session,
  vend,
} from './demo-calls';
import type { MeterAnswer, Quote, Vend } from './demo-calls';
import { until } from './processes';
import type { StackAddress } from './launcher-record';

/** One recharge as the last line of `npm run demo` reports it. */
export interface DemoRecharge {
  readonly channel: 'counter' | 'mobile-money';
  readonly meter: string;
  readonly gross: string;
  /** kWh. */
  readonly energy: string;
  readonly token: string;
  /** As the phone received it. */
  readonly sms: string;
  /** The virtual meter's answer to the token. */
  readonly meterResult: string;
  /** Its answer to the same token again. */
  readonly meterResultAgain: string;
}

export interface DemoCast {
  readonly clerk: { readonly username: string; readonly password: string };
  /** Code of the mobile-money provider that the sandbox plays. */
  readonly provider: string;
  readonly counterCustomer: DemoCustomer;
  readonly mobileCustomer: DemoCustomer;
}

export interface DemoCustomer {
  readonly meterNo: string;
  readonly mobile: string;
}

const AMOUNT_TAKA = 1_000;
/** The SMS comes by way of outbox, queue, worker and gateway. */
const SMS_WITHIN_MS = 30_000;

/** Two recharges on the running system, each followed from the money to the meter. Uses HTTP and nothing else. */
export class Demo {
  constructor(
    private readonly at: StackAddress,
    private readonly cast: DemoCast,
    private readonly print: (line: string) => void,
  ) {}

  /** @throws DemoFailed at the first thing that is not as it should be */
  async perform(): Promise<DemoRecharge[]> {
    return [await this.atTheCounter(), await this.byMobileMoney()];
  }

  private async atTheCounter(): Promise<DemoRecharge> {
    const { clerk, counterCustomer: customer } = this.cast;
    this.heading('A clerk at the counter recharges a meter / কাউন্টারে রিচার্জ');
    const { accessToken, user } = await call('counter: login', `${this.at.apiUrl}/v1/sessions`, clerk, session);
    const headers = { authorization: `Bearer ${accessToken}` };
    const search = { by: 'meter-no', value: customer.meterNo };
    const { items } = await call(
      'counter: find the meter',
      `${this.at.apiUrl}/v1/meters/search`,
      search,
      meters,
      headers,
    );
    const [meter] = items;
    if (items.length !== 1 || !meter) throw new DemoFailed('counter: find the meter', `${items.length} meters found`);
    this.print(`${user.name} finds meter ${meter.meterNo} of ${meter.customerName}`);
    const quoted = await this.affordable('counter: quote', (amount) =>
      call('counter: quote', `${this.at.apiUrl}/v1/quotes`, { meterNo: meter.meterNo, amount }, quote, headers),
    );
    this.printQuote(quoted);
    const seenId = await this.lastSmsId(customer.mobile);
    const sold = await call('counter: recharge', `${this.at.apiUrl}/v1/recharges`, { quoteId: quoted.quoteId }, vend, {
      ...headers,
      'idempotency-key': randomUUID(),
    });
    return this.follow('counter', quoted, sold, customer, seenId);
  }

  private async byMobileMoney(): Promise<DemoRecharge> {
    const { mobileCustomer: customer, provider } = this.cast;
    this.heading('A customer recharges by mobile money / মোবাইল ব্যাংকিংয়ে রিচার্জ');
    const seenId = await this.lastSmsId(customer.mobile);
    const story = await this.affordable('mobile money: pay', async (amount) => {
      const order = { provider, reference: customer.meterNo, amount };
      const told = await call('mobile money: pay', `${this.at.sandboxUrl}/gateway/payments`, order, paymentStory);
      const refusal = expectRefusal(told.answer);
      if (told.outcome === 'refused' && refusal) {
        throw new DemoFailed('mobile money: pay', `refused: ${refusal.code}`, refusal.code, refusal);
      }
      return told;
    });
    if (story.outcome !== 'vended') throw new DemoFailed('mobile money: pay', `the provider was told ${story.outcome}`);
    if (!story.answersAgree) throw new DemoFailed('mobile money: pay', 'two answers to one transaction differ');
    const inquiry = story.steps.find((step) => step.step === 'inquiry');
    const quoted = expectShape('mobile money: inquiry', inquiry?.answer, quote);
    this.print(`The provider asks about ${customer.meterNo}, then pays with transaction ${story.transactionId}`);
    this.printQuote(quoted);
    const sold = expectShape('mobile money: pay', story.answer, vend);
    return this.follow('mobile-money', quoted, sold, customer, seenId);
  }

  /** From the token on, both ways are the same: the SMS, then the meter, then the meter again. */
  private async follow(
    channel: DemoRecharge['channel'],
    quoted: Quote,
    sold: Vend,
    customer: DemoCustomer,
    seenId: number,
  ): Promise<DemoRecharge> {
    const step = (what: string): string => `${channel}: ${what}`;
    // In a key-change campaign the sections of the new key come first.
    const token = sold.tokens.at(-1);
    if (sold.status !== 'vended' || !token?.credited) {
      throw new DemoFailed(step('token'), `status ${sold.status} with ${sold.tokens.length} tokens`);
    }
    if (sold.energy.kwh !== quoted.energy.kwh) throw new DemoFailed(step('token'), 'sold other energy than quoted');
    this.print(`Receipt ${sold.receiptNo}`);
    this.print(`Token   ${inGroups(token.digits)}   (${token.credited.amount} ${token.credited.unit})`);
    const sms = await this.awaitSms(step('SMS'), customer.mobile, seenId, token.digits);
    this.print('SMS     as the phone received it:');
    for (const line of sms.split('\n')) this.print(`        | ${line}`);
    for (const { digits } of sold.tokens.slice(0, -1)) await this.enter(step('key change'), customer.meterNo, digits);
    const first = await this.enter(step('meter'), customer.meterNo, token.digits);
    if (first.result !== 'accepted') throw new DemoFailed(step('meter'), `the meter answered ${first.result}`);
    if (!first.credited || Number(first.credited.amount) !== Number(token.credited.amount)) {
      throw new DemoFailed(step('meter'), `the meter credited ${first.credited?.amount ?? 'nothing'}`);
    }
    const again = await this.enter(step('meter again'), customer.meterNo, token.digits);
    if (again.result !== 'used') throw new DemoFailed(step('meter again'), `the meter answered ${again.result}`);
    return {
      channel,
      meter: customer.meterNo,
      gross: sold.amount.value,
      energy: sold.energy.kwh,
      token: token.digits,
      sms,
      meterResult: first.result,
      meterResultAgain: again.result,
    };
  }

  private async enter(step: string, meterNo: string, digits: string): Promise<MeterAnswer> {
    const answer = await call(step, `${this.at.sandboxUrl}/meters/${meterNo}/tokens`, { digits }, meterAnswer);
    this.print(`Meter   ${answer.result}: ${answer.display}`);
    return answer;
  }

  private async lastSmsId(mobile: string): Promise<number> {
    const inbox = await this.inbox(mobile, 0);
    return Math.max(0, ...inbox.map((sms) => sms.id));
  }

  private async awaitSms(step: string, mobile: string, afterId: number, digits: string): Promise<string> {
    let found: string | undefined;
    await until(
      async () => {
        const inbox = await this.inbox(mobile, afterId);
        found = inbox.find((sms) => sms.text.replace(/[\s-]/g, '').includes(digits))?.text;
        return found !== undefined;
      },
      SMS_WITHIN_MS,
      100,
    );
    if (found === undefined) {
      throw new DemoFailed(step, `no SMS with the token reached the phone within ${SMS_WITHIN_MS / 1000} s`);
    }
    return found;
  }

  private async inbox(mobile: string, after: number): Promise<{ id: number; text: string }[]> {
    const question = { msisdn: mobile, after };
    return (await call('phone inbox', `${this.at.sandboxUrl}/phones/messages`, question, messages)).messages;
  }

  /** The usual amount, or, where months of fixed charges have piled up on this meter, what they need and as much again. */
  private async affordable<Answer>(step: string, ask: (amount: string) => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(`${AMOUNT_TAKA}.00`);
    } catch (error) {
      if (!(error instanceof DemoFailed) || error.code !== 'below-minimum-recharge') throw error;
      const minimum = Number(error.facts['minimumTaka']);
      if (!Number.isFinite(minimum)) throw new DemoFailed(step, 'refused as below the minimum, without naming it');
      return ask(`${Math.ceil(minimum) + AMOUNT_TAKA}.00`);
    }
  }

  private heading(text: string): void {
    this.print('');
    this.print(`== ${text}`);
  }

  private printQuote(quoted: Quote): void {
    this.print(`Quote   ${quoted.amount.value} ${quoted.amount.currency}`);
    for (const { amount, label, why } of quoted.lines) {
      this.print(`        ${amount.padStart(10)}  ${label.en} / ${label.bn}`);
      this.print(`        ${' '.repeat(10)}    ${why.en} / ${why.bn}`);
    }
    const about = quoted.energy.estimated ? ' (estimate)' : '';
    this.print(
      `        gives ${quoted.energy.kwh} kWh${about}${quoted.credit ? `, ${quoted.credit.value} BDT of credit` : ''}`,
    );
  }
}

function expectRefusal(answer: unknown): ({ code: string } & Record<string, unknown>) | undefined {
  if (typeof answer !== 'object' || answer === null || !('code' in answer)) return undefined;
  return { ...answer, code: String(answer.code) };
}

/** 20 digits as meters and customers read them: five groups of four. */
function inGroups(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}
