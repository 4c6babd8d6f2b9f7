// Proves what the simulated companies do with each answer, against a peer that says what it is told to: when they ask, pay
// again, keep the payer's money or give it back, and that their book has every payment once.
import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProviderBook } from '../providers/provider-book';
import { ProviderFaults } from '../providers/provider-faults';
import { ProvidersFile } from '../providers/providers-file';
import { companyOrder } from './company-order';
import { DialectClient } from './dialect-client';
import { MobileMoneyCompanies } from './mfs';

const REFERENCE = '40012345';
const credentials = { userName: 'u', password: 'p', basicUserName: 'b', basicPassword: 'q', userId: 'i' };
const COMPANIES = [
  { code: 'form', profile: 'biller-form-v1', credentials },
  { code: 'json', profile: 'biller-json-v1', credentials },
  { code: 'fetch', profile: 'fetch-pay-status-v1', credentials },
];
/** How each contract says it. */
const WORDS = {
  form: {
    done: { ErrorCode: '200', CustomMessage: { Token: '1234-5678-9012-3456-7890' } },
    ...{ pending: { ErrorCode: '202' }, missing: { ErrorCode: '404' }, refused: { ErrorCode: '438' } },
    ...{ conflict: { ErrorCode: '435' }, locked: { ErrorCode: '403' } },
  },
  json: {
    ...{ done: { errCode: 'SUC000' }, pending: { errCode: '98' }, missing: { errCode: '99' } },
    ...{ refused: { errCode: '99' }, conflict: { errCode: '97' }, locked: { errCode: '03' } },
  },
  fetch: {
    ...{ done: { code: 2001, tran_status: 'paid' }, pending: { code: 2002 }, missing: { code: 4025 } },
    ...{ refused: { code: 4024 }, conflict: { code: 4004 }, locked: { code: 4002 } },
  },
} as const;
type Code = keyof typeof WORDS;
type Word = keyof (typeof WORDS)['form'];
const CODES = Object.keys(WORDS) as Code[];

const STEP_OF: Readonly<Record<string, 'inquiry' | 'pay' | 'status'>> = {
  ...{ queryBill: 'inquiry', paymentValidation: 'inquiry', fetch: 'inquiry' },
  ...{ payBill: 'pay', paymentConfirmation: 'pay', pay: 'pay' },
  ...{ searchTransaction: 'status', getPaymentStatus: 'status', status: 'status' },
};

let folder: string;
let peer: Server;
let book: ProviderBook;
let companies: MobileMoneyCompanies;
/** What the peer says to pay and to status, in turn; the last for ever. */
let script: { pay: Word[]; status: Word[] };
let bodies: Record<'pay' | 'status', string[]>;

beforeEach(async () => {
  script = { pay: ['done'], status: ['done'] };
  bodies = { pay: [], status: [] };
  peer = createServer((request, response) => {
    const [, , , code, ...path] = request.url!.split('/') as [string, string, string, Code, ...string[]];
    const step = STEP_OF[path.at(-1)!]!;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const inquiry = code === 'fetch' ? { code: 2001 } : WORDS[code].done;
      if (step !== 'inquiry') bodies[step].push(Buffer.concat(chunks).toString());
      const words = step === 'inquiry' ? [] : script[step];
      const said = step === 'inquiry' ? inquiry : WORDS[code][words.length > 1 ? words.shift()! : words[0]!];
      response.end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'companies-'));
  const file = join(folder, 'providers.json');
  await writeFile(file, JSON.stringify(COMPANIES));
  book = await ProviderBook.open(folder);
  const client = new DialectClient(`http://127.0.0.1:${(peer.address() as AddressInfo).port}`);
  companies = new MobileMoneyCompanies(new ProvidersFile(file), book, new ProviderFaults(), client);
});
afterEach(async () => {
  await companies.close();
  await book.close();
  peer.closeAllConnections();
  await new Promise((resolve) => peer.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const pay = async (code: string, more: object = {}) =>
  (await companies.pay(code, companyOrder.parse({ reference: REFERENCE, amount: '500.10', ...more }))).told;
const booked = (code: string) =>
  book.payments(code).map(({ amountPaisa, reversedAt }) => ({ amountPaisa, back: reversedAt !== null }));
const KEPT = [{ amountPaisa: 50_010n, back: false }];

describe.each(CODES)('a company that speaks %s', (code) => {
  it('asks, debits, pays once, and believes a success', async () => {
    expect(await pay(code)).toMatchObject({ outcome: 'vended', taken: true, reversed: false, answersAgree: true });
    expect(booked(code)).toEqual(KEPT);
    expect(bodies.pay).toHaveLength(1);
  });

  it.each(['answer-lost', 'html-page', 'failed-but-done', 'empty-answer'])(
    'asks for the status after %s',
    async (fault) => {
      expect(await pay(code, { faults: [fault] })).toMatchObject({ outcome: 'vended', reversed: false });
      expect([bodies.pay.length, bodies.status.length]).toEqual([1, 1]);
      expect(booked(code)).toEqual(KEPT);
    },
  );

  it('pays again, in the same words, when the status is that nobody has heard of it', async () => {
    script.status = ['missing'];
    expect(await pay(code, { faults: ['answer-lost'] })).toMatchObject({ outcome: 'vended' });
    expect(bodies.pay).toHaveLength(2);
    expect(new Set(bodies.pay).size).toBe(1);
  });

  it('gives the money back when it is refused, and only then', async () => {
    script.pay = ['refused'];
    expect(await pay(code)).toMatchObject({ outcome: 'refused', taken: true, reversed: true });
    expect(booked(code)).toEqual([{ amountPaisa: 50_010n, back: true }]);
  });

  it('keeps the money and goes on asking while it is in progress, after its payer has stopped waiting', async () => {
    script = { pay: ['pending'], status: ['pending'] };
    const told = await pay(code, { patienceMs: 500 });
    expect(told).toMatchObject({ outcome: 'pending', reversed: false });
    script = { pay: ['done'], status: ['done'] };
    while (companies.story(code, told.trxId).outcome !== 'vended')
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(booked(code)).toEqual(KEPT);
  });

  it.each(['conflict', 'locked'] as const)('gives nothing back by itself upon %s: a person must look', async (word) => {
    script = { pay: [word], status: [word] };
    expect(await pay(code, { patienceMs: 500 })).toMatchObject({ outcome: 'unknown', taken: true, reversed: false });
    expect(booked(code)).toEqual(KEPT);
  });

  it('takes nothing from a payer who leaves', async () => {
    expect(await pay(code, { faults: ['payer-leaves'] })).toMatchObject({ outcome: 'refused', taken: false });
    expect([booked(code), bodies.pay]).toEqual([[], []]);
  });

  it('sends copies at once, other money under the same id, and its words in other clothes, when told to', async () => {
    const faults = ['pay-in-parallel', 'pay-repeated', 'amount-changed-on-repeat', 'odd-json', 'status-first'];
    await pay(code, { faults, copies: 3, otherAmount: '700.00' });
    expect(bodies.pay).toHaveLength(1 + 3 + 3 + 1);
    expect(bodies.pay.filter((body) => body.includes('700.00'))).toHaveLength(1);
    expect(bodies.pay.every((body) => /APPVERSION|appVersion/.test(body))).toBe(true);
    expect(bodies.status).toHaveLength(1);
    expect(booked(code)).toEqual(KEPT);
  });
});

it('one that insists confirms again after any status but a success, as its contract says; the others only ask', async () => {
  for (const [code, payments] of [
    ['json', 2],
    ['form', 1],
    ['fetch', 1],
  ] as const) {
    script = { pay: ['pending', 'done'], status: ['pending', 'done'] };
    bodies = { pay: [], status: [] };
    expect(await pay(code)).toMatchObject({ outcome: 'vended' });
    expect([code, bodies.pay.length]).toEqual([code, payments]);
  }
});
