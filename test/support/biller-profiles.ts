/** What tests of profiles ask about: invented payments, prices and companies, of the sample of CHANNELS.md 1.2. */
import * as fc from 'fast-check';
import { BILLER_ERROR_CODES } from '@vend/billers';
import type { BillerLine, BillerPayment, BillerProfile, BillerQuote, ProfileReading, WireRequest } from '@vend/billers';
import type { Provider } from '@vend/payments';

/** 1 March 2026, 10:15:31 in Dhaka. */
export const SAMPLE_AT = Date.parse('2026-03-01T10:15:31+06:00');

const LINES: readonly BillerLine[] = [
  { code: 'energy', amountPaisa: 81_212n, en: 'Energy', bn: 'বিদ্যুৎ' },
  { code: 'vat', amountPaisa: 4_762n, en: 'VAT', bn: 'ভ্যাট' },
  { code: 'demand-charge', amountPaisa: 8_400n, en: 'Demand charge', bn: 'ডিমান্ড চার্জ' },
  { code: 'demand-charge', amountPaisa: 8_400n, en: 'Demand charge', bn: 'ডিমান্ড চার্জ' },
  { code: 'rebate', amountPaisa: -2_774n, en: 'Rebate', bn: 'রিবেট' },
];

export const vended: BillerPayment = {
  trxId: 'CK12AB34CD',
  state: 'vended',
  refusalCode: null,
  amountPaisa: 100_000n,
  customerName: 'A*** K***',
  customerNo: '40012345',
  meterNo: '600727000000000009',
  receiptNo: 'NV-260301-000123',
  tokens: ['12345678901234567890'],
  lines: LINES,
  energyWh: null,
  estimatedWh: 174_500n,
  bookedAt: SAMPLE_AT,
  acknowledgedAt: null,
};

/** As it stands while there is no token: a receipt is of a vend. */
export const inProgress: BillerPayment = {
  ...vended,
  ...{ state: 'in-progress', receiptNo: null, tokens: [], lines: [], estimatedWh: null },
};

export const refusedPayment = (refusalCode: string): BillerPayment => ({
  ...inProgress,
  state: 'refused',
  refusalCode,
});

export const priced: BillerQuote = {
  quoteId: 'q1',
  expiresAt: SAMPLE_AT + 900_000,
  amountPaisa: 100_000n,
  ...{ customerName: 'A*** K***', customerNo: '40012345', meterNo: '600727000000000009' },
  ...{ lines: LINES, energyWh: null, estimatedWh: 174_500n },
};

export const company = (profile: Provider['profile'], credentials: Readonly<Record<string, string>>): Provider => ({
  ...{ code: 'demo', name: 'Demo', profile, mode: 'live', active: true, credentials, settings: {} },
  ...{ allowedAddresses: [], minimumPaisa: null, maximumPaisa: null, prepaid: false, commissionBasisPoints: 0 },
  ...{ settlementBank: 'bank:demo', vatBank: null, lowFloatPaisa: null },
});

export const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}): WireRequest => ({
  ...{ method: 'POST', path, query: {}, headers, rawBody: Buffer.from(body), receivedAt: SAMPLE_AT },
});

/** The body of the answer to a request that was not understood. @throws {Error} when it was */
export function refusedBody(reading: ProfileReading): Record<string, unknown> {
  if (!('refused' in reading)) throw new Error(`understood as ${reading.call.op}`);
  return JSON.parse(reading.refused.body) as Record<string, unknown>;
}

/** Text, JSON, and JSON with the names of the contract, whole and cut off: whatever somebody may send. */
export function garbage(names: readonly string[]): fc.Arbitrary<Buffer> {
  const object = fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor', ''), fc.jsonValue(), {
    maxKeys: 8,
  });
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    object.map((value) => JSON.stringify(value)),
  );
  const cut = fc.tuple(texts, fc.double({ min: 0, max: 1, noNaN: true }));
  return fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    cut.map(([text, share]) => Buffer.from(text.slice(0, Math.ceil(text.length * share)))),
    texts.map((text) => Buffer.from(text)),
  );
}

/** Every reason that a payment can have been refused for, one of another release among them. */
export const REFUSAL_CODES: readonly string[] = [...BILLER_ERROR_CODES, 'a-code-of-tomorrow'];

/** These contracts have no session that would need one. */
export const NO_SECRET = Buffer.alloc(0);

/** The calls of a profile, each path once. */
export const pathsOf = ({ calls }: BillerProfile): string[] => [...new Set(calls.map(({ path }) => path))];
