/** Who calls the system over HTTP: a clerk's till, a mobile-money provider; and the outside world that the sandbox plays. */
import { createHmac, randomUUID } from 'node:crypto';
import { formatInstant } from '@vend/kernel';
import type { DemoLogin, DemoPartner } from '../../docker/launcher/secrets';
import type { InstalledMeter } from './installed-meters';
import { withCode } from './second-factor';

/** An answer as it came. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON, for reading. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it expects
  readonly body: any;
}

/** What a caller sends; a string goes as it is. */
export interface HttpCall {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP call. @throws {Error} when there is no answer within 30 s, or the connection breaks */
export async function call(url: string, { method = 'POST', body, headers = {} }: HttpCall = {}): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An access token lasts ten minutes. */
const TOKEN_KEPT_MS = 8 * 60_000;

/** A clerk, or anybody else, with an open session; a new one when it has become old. */
export class Clerk {
  private constructor(
    private readonly apiUrl: string,
    private readonly who: DemoLogin,
    private session: { readonly accessToken: string; readonly at: number },
  ) {}

  static async login(apiUrl: string, who: DemoLogin): Promise<Clerk> {
    return new Clerk(apiUrl, who, await opened(apiUrl, who));
  }

  get accessToken(): string {
    return this.session.accessToken;
  }

  async post(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return call(`${this.apiUrl}${path}`, { body, headers: { ...(await this.authorization()), ...headers } });
  }

  async get(path: string): Promise<HttpAnswer> {
    return call(`${this.apiUrl}${path}`, { method: 'GET', headers: await this.authorization() });
  }

  private async authorization(): Promise<{ authorization: string }> {
    if (Date.now() - this.session.at > TOKEN_KEPT_MS) this.session = await opened(this.apiUrl, this.who);
    return { authorization: `Bearer ${this.session.accessToken}` };
  }

  quote(meterNo: string, amount: string): Promise<HttpAnswer> {
    return this.post('/v1/quotes', { meterNo, amount });
  }

  recharge(quoteId: string, key: string = randomUUID()): Promise<HttpAnswer> {
    return this.post('/v1/recharges', { quoteId }, { 'idempotency-key': key });
  }
}

async function opened(apiUrl: string, who: DemoLogin): Promise<{ accessToken: string; at: number }> {
  const { username, password, totpSecret } = who;
  const login = (code?: string) => call(`${apiUrl}/v1/sessions`, { body: { username, password, code } });
  const at = Date.now();
  const { status, text, body } = totpSecret === undefined ? await login() : await withCode(totpSecret, login);
  if (status !== 201) throw new Error(`login: HTTP ${status} ${text}`);
  return { accessToken: body.accessToken, at };
}

/** What a provider says when it pays; either quoteId, or reference and amount. */
export interface PayContent {
  readonly transactionId: string;
  readonly quoteId?: string;
  readonly reference?: string;
  readonly amount?: string;
}

let transactions = 0;
/** A transaction id that no other call of this file has. */
export function newTransactionId(): string {
  transactions += 1;
  return `TX${String(transactions).padStart(7, '0')}`;
}

/** A callback about a paid top-up of 500 Taka, with ids of its own; override what the test is about. */
export function topUpEvent(
  reference: string,
  over: Readonly<Record<string, string>> = {},
): Record<string, string> & {
  transactionId: string;
} {
  return {
    eventId: randomUUID(),
    transactionId: newTransactionId(),
    reference,
    amount: '500.00',
    currency: 'BDT',
    status: 'paid',
    paidAt: formatInstant(Date.now()),
    ...over,
  };
}

/** A mobile-money provider that signs as its contract says: hex HMAC-SHA256(secret, `${timestamp}.${rawBody}`). */
export class Biller {
  constructor(
    private readonly apiUrl: string,
    private readonly partner: DemoPartner,
  ) {}

  inquiry(reference: string, amount: string): Promise<HttpAnswer> {
    return this.send('/v1/biller/inquiry', { reference, amount });
  }

  pay(content: PayContent): Promise<HttpAnswer> {
    return this.send('/v1/biller/pay', content);
  }

  status(transactionId: string): Promise<HttpAnswer> {
    return this.send('/v1/biller/status', { transactionId });
  }

  callback(event: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    return this.send('/v1/callbacks/topup', event);
  }

  /** Signs and sends; a string body goes as it is. */
  send(path: string, body: unknown): Promise<HttpAnswer> {
    const raw = typeof body === 'string' ? body : JSON.stringify(body);
    return call(`${this.apiUrl}${path}`, { body: raw, headers: this.sign(raw) });
  }

  /** The three headers; the test bends what it is about. */
  sign(raw: string, timestamp = String(Math.floor(Date.now() / 1000))): Record<string, string> {
    const signature = createHmac('sha256', Buffer.from(this.partner.secret, 'base64url'))
      .update(`${timestamp}.${raw}`)
      .digest('hex');
    return { 'x-key-id': this.partner.keyId, 'x-timestamp': timestamp, 'x-signature': signature };
  }
}

export interface ReceivedSms {
  readonly id: number;
  readonly text: string;
}

/** The world around the utility, played by the sandbox. */
export class Outside {
  constructor(private readonly sandboxUrl: string) {}

  /** What lies in a phone's inbox. */
  async inbox({ mobile }: Pick<InstalledMeter, 'mobile'>): Promise<ReceivedSms[]> {
    return (await this.ask('/phones/messages', { msisdn: mobile })).messages;
  }

  /** A meter as it stands: keys by their names, balance, sections of a key change typed so far. */
  async meter({ meterNo }: Pick<InstalledMeter, 'meterNo'>) {
    return (await call(`${this.sandboxUrl}/meters/${meterNo}`, { method: 'GET' })).body;
  }

  /** Types a token into the meter on the wall; the answer's `result` is accepted, used, crc ... */
  enter({ meterNo }: Pick<InstalledMeter, 'meterNo'>, digits: string) {
    return this.ask(`/meters/${meterNo}/tokens`, { digits });
  }

  /** A provider's payment, with the provider's troubles. */
  payment(order: object) {
    return this.ask('/gateway/payments', order);
  }

  /** What a provider hears about an earlier payment. */
  paymentStatus(provider: string, transactionId: string) {
    return this.ask('/gateway/status', { provider, transactionId });
  }

  callbacks(order: object) {
    return this.ask('/gateway/callbacks', order);
  }

  /** A payment through a company that sells our recharges in its own dialect, with what goes wrong. */
  companyPayment(code: string, order: object) {
    return this.ask(`/billers/${code}/payments`, order);
  }

  /** What a company says that it took and gave back. */
  async companyBook(code: string): Promise<{ trxId: string; amount: string; reversedAt: string | null }[]> {
    return (await call(`${this.sandboxUrl}/providers/${code}/payments`, { method: 'GET' })).body.payments;
  }

  /** How the SMS gateway behaves from now on. */
  async smsGateway(mode: 'none' | 'down' | 'timeout-after-accept'): Promise<void> {
    const { status } = await call(`${this.sandboxUrl}/sms/faults`, { method: 'PUT', body: { mode } });
    if (status !== 200) throw new Error(`the SMS gateway cannot be switched: HTTP ${status}`);
  }

  private async ask(path: string, body: object) {
    const answer = await call(`${this.sandboxUrl}${path}`, { body });
    if (answer.status !== 200) throw new Error(`sandbox ${path}: HTTP ${answer.status} ${answer.text}`);
    return answer.body;
  }
}

/** How many SMS in an inbox carry a token. */
export function smsWith(inbox: readonly ReceivedSms[], digits: string): ReceivedSms[] {
  return inbox.filter(({ text }) => text.replaceAll(/[\s-]/g, '').includes(digits));
}
