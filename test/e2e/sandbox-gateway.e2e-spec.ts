// Proves the sandbox's mobile-money provider against a real HTTP peer that keeps the biller contract and can misbehave.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { sandboxFiles, startSandbox, TEST_PARTNER } from './sandbox-support';

interface Call {
  path: string;
  raw: string;
  body: Record<string, unknown>;
  signed: boolean;
  atSeconds: number;
}
interface Story {
  transactionId: string;
  outcome: string;
  answer: Record<string, unknown> | null;
  answersAgree: boolean;
  steps: { step: string; attempt: number; seen: string; httpStatus?: number }[];
}

let files: Awaited<ReturnType<typeof sandboxFiles>>;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let peer: Server;
let calls: Call[];
let payAnswers: ((response: ServerResponse) => void)[];

beforeEach(async () => {
  calls = [];
  payAnswers = [];
  peer = createServer((incoming, response) => void answer(incoming, response));
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  files = await sandboxFiles();
  const { port } = peer.address() as AddressInfo;
  sandbox = await startSandbox({ ...files.config, apiUrl: `http://127.0.0.1:${port}` });
});
afterEach(async () => {
  await sandbox.app.close();
  peer.closeAllConnections();
  await new Promise((resolve) => peer.close(resolve));
  await files.remove();
});

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString();
  const timestamp = String(incoming.headers['x-timestamp']);
  const mac = createHmac('sha256', Buffer.alloc(32, 7)).update(`${timestamp}.${raw}`).digest('hex');
  const signed = incoming.headers['x-key-id'] === 'key-1' && incoming.headers['x-signature'] === mac;
  const body = JSON.parse(raw) as Record<string, unknown>;
  calls.push({ path: incoming.url!, raw, body, signed, atSeconds: Number(timestamp) });
  if (!signed) return json(response, { code: 'signature-invalid' }, 401);
  if (incoming.url === '/v1/biller/inquiry') return json(response, { quoteId: 'quote-7', amount: body['amount'] });
  if (incoming.url === '/v1/callbacks/topup') return json(response, { received: true });
  const scripted = incoming.url === '/v1/biller/pay' ? payAnswers.shift() : undefined;
  if (scripted) return scripted(response);
  json(response, {
    transactionId: body['transactionId'],
    status: 'vended',
    tokens: [{ digits: '12345678901234567890' }],
  });
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const ORDER = { provider: TEST_PARTNER.code, reference: '600727000000000009', amount: '500.00' };

async function pay(extra: object = {}): Promise<Story> {
  return (
    await request(sandbox.url)
      .post('/gateway/payments')
      .send({ ...ORDER, ...extra })
      .expect(200)
  ).body as Story;
}

const stepsOf = (story: Story): string[] =>
  story.steps.map(({ step, attempt, seen, httpStatus }) => `${step} ${attempt} ${httpStatus ?? seen}`);
const callsTo = (path: string): Call[] => calls.filter((each) => each.path === path);

describe('a payment', () => {
  it('asks, pays the quote and asks for the status, each call signed over its time and body', async () => {
    const story = await pay({ payerMobile: '01700000001' });
    expect(stepsOf(story)).toEqual(['inquiry 1 200', 'pay 1 200', 'status 1 200']);
    expect(story).toMatchObject({ outcome: 'vended', answersAgree: true });
    expect(story.transactionId).toMatch(/^[0-9A-Z]{10}$/);
    expect(calls.map(({ signed }) => signed)).toEqual([true, true, true]);
    expect(Math.abs(calls[0]!.atSeconds * 1000 - Date.now())).toBeLessThan(5_000);
    expect(calls[0]!.body).toEqual({ reference: ORDER.reference, amount: '500.00' });
    expect(calls[1]!.body).toEqual({
      transactionId: story.transactionId,
      quoteId: 'quote-7',
      payerMobile: '01700000001',
      paidAt: expect.stringMatching(/\+06:00$/) as string,
    });
    expect(calls[2]!.body).toEqual({ transactionId: story.transactionId });
  });

  it('repeats with the same bytes when the answer does not come in time', async () => {
    payAnswers = [() => undefined];
    const story = await pay({ faults: { timeoutMs: 1500 } });
    expect(stepsOf(story)).toEqual(['inquiry 1 200', 'pay 1 time-out', 'pay 2 200', 'status 1 200']);
    expect(callsTo('/v1/biller/pay')[1]!.raw).toBe(callsTo('/v1/biller/pay')[0]!.raw);
  });

  it('repeats when its first answer was lost after the call was carried out', async () => {
    const story = await pay({ transactionId: 'TRX1', faults: { loseFirstAnswer: true } });
    expect(stepsOf(story)).toEqual(['inquiry 1 200', 'pay 1 answer-lost', 'pay 2 200', 'status 1 200']);
    expect(callsTo('/v1/biller/pay').map(({ body }) => body['transactionId'])).toEqual(['TRX1', 'TRX1']);
  });

  it('repeats after a failure of the server, not after a refusal', async () => {
    payAnswers = [(response) => json(response, {}, 503), (response) => json(response, { code: 'closed' }, 422)];
    const story = await pay();
    expect(stepsOf(story)).toEqual(['inquiry 1 200', 'pay 1 503', 'pay 2 422', 'status 1 200']);
    expect(story).toMatchObject({ outcome: 'refused', answer: { code: 'closed' } });
  });

  it('sends fifty copies at once and says whether the answers agree', async () => {
    const story = await pay({ faults: { repeat: 49, parallel: true } });
    expect(callsTo('/v1/biller/pay')).toHaveLength(50);
    expect(new Set(callsTo('/v1/biller/pay').map(({ raw }) => raw)).size).toBe(1);
    expect(story.answersAgree).toBe(true);
    payAnswers = [(response) => json(response, { status: 'vended', tokens: [{ digits: '0' }] })];
    expect((await pay({ faults: { repeat: 1 } })).answersAgree).toBe(false);
  });

  it('believes a later status when pay was only accepted, and asks again on demand', async () => {
    payAnswers = [(response) => json(response, { status: 'pending', tokens: [] })];
    expect(await pay()).toMatchObject({ outcome: 'vended', answersAgree: true });
    const later = await request(sandbox.url)
      .post('/gateway/status')
      .send({ provider: ORDER.provider, transactionId: 'T' });
    expect(later.body).toMatchObject({ transactionId: 'T', outcome: 'vended' });
  });

  it('pays another amount by reference, or without asking first, when told', async () => {
    await pay({ faults: { payAmount: '501' } });
    await pay({ faults: { skipInquiry: true, statusFirst: true } });
    expect(calls.map(({ path }) => path.split('/').at(-1))).toEqual(
      ['inquiry', 'pay', 'status', 'status', 'pay', 'status'], // prettier-ignore
    );
    expect(callsTo('/v1/biller/pay').map(({ body }) => [body['quoteId'], body['reference'], body['amount']])).toEqual([
      [undefined, ORDER.reference, '501'],
      [undefined, ORDER.reference, '500.00'],
    ]);
  });

  it('stops at a refused inquiry, so with a bad signature or a wrong clock nothing is paid', async () => {
    const story = await pay({ faults: { spoilSignature: true, clockSkewSeconds: -1000 } });
    expect(stepsOf(story)).toEqual(['inquiry 1 401']);
    expect(story).toMatchObject({ outcome: 'refused', answer: { code: 'signature-invalid' } });
    expect(Math.abs(calls[0]!.atSeconds + 1000 - Date.now() / 1000)).toBeLessThan(5);
  });

  it('ends as unknown when nobody answers', async () => {
    peer.closeAllConnections();
    await new Promise((resolve) => peer.close(resolve));
    expect(await pay()).toMatchObject({ outcome: 'unknown', steps: [{ step: 'inquiry', seen: 'no-connection' }] });
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  });
});

describe('a callback', () => {
  it('is delivered as often as told, signed, with one event id and the same bytes', async () => {
    const order = { ...ORDER, times: 3, parallel: true };
    const response = await request(sandbox.url).post('/gateway/callbacks').send(order).expect(200);
    const { eventId, transactionId } = response.body as { eventId: string; transactionId: string };
    expect(response.body).toMatchObject({
      deliveries: [{ httpStatus: 200 }, { httpStatus: 200 }, { httpStatus: 200 }],
    });
    expect(new Set(calls.map(({ raw }) => raw)).size).toBe(1);
    expect(calls.every(({ signed, path }) => signed && path === '/v1/callbacks/topup')).toBe(true);
    expect(calls[0]!.body).toEqual({
      eventId,
      transactionId,
      reference: ORDER.reference,
      amount: '500.00',
      currency: 'BDT',
      status: 'paid',
      paidAt: expect.stringMatching(/\+06:00$/) as string,
    });
  });
});

describe('the edge', () => {
  it('refuses a provider that it does not play, and an order with a field it does not know', async () => {
    const unknown = await request(sandbox.url)
      .post('/gateway/payments')
      .send({ ...ORDER, provider: 'x' })
      .expect(404);
    expect(unknown.body).toMatchObject({
      code: 'provider-unknown',
      titleBn: expect.stringContaining('কোম্পানি') as string,
    });
    await request(sandbox.url)
      .post('/gateway/payments')
      .send({ ...ORDER, fault: {} })
      .expect(400);
    await request(sandbox.url).post('/gateway/payments').type('json').send('{"provider"').expect(400);
    expect(calls).toEqual([]);
  });

  it('shows a person each step and the token', async () => {
    const form = { ...ORDER, payerMobile: '', trouble: 'lost' };
    const page = await request(sandbox.url).post('/gateway').type('form').send(form).expect(200);
    expect(page.text).toContain('1234 5678 9012 3456 7890');
    expect(page.text).toContain('answer-lost');
    expect(page.text).toContain('Test wallet');
  });
});
