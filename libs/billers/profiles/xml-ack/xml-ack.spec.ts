/*
 * Proves the words of xml-ack-v1 against requests and answers written by hand; and that money in an answer adds up, no
 * bytes throw, and what customers are called cannot break the XML.
 */
import * as fc from 'fast-check';
import { parseTaka } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import { BILLER_ERROR_CODES } from '../../biller.codes';
import type { BillerPayment } from '../../core';
import type { ProfileCall, ProfileResult } from '../../profile';
import { xmlAckV1 } from './index';
import type { XmlAckWire } from './write';

const NOW = Date.parse('2026-11-22T10:15:30.250+06:00');
const provider: Provider = {
  ...{ code: 'demo-xml', name: 'Demo vendor', profile: 'xml-ack-v1', mode: 'live', active: true, settings: {} },
  credentials: { userName: 'vendor', userPass: 'invented & <word>', apiKey: 'invented-key' },
  ...{
    allowedAddresses: [],
    minimumPaisa: null,
    maximumPaisa: null,
    prepaid: true,
    lowFloatPaisa: null,
    commissionBasisPoints: 50,
  },
  ...{ settlementBank: 'bank:demo', vatBank: null },
};
const CREDENTIALS =
  '<userName>vendor</userName><userPass>invented &amp; &lt;word&gt;</userPass><apiKey>invented-key</apiKey>';

const read = async (path: string, xml: string, contentType = 'application/x-www-form-urlencoded') => {
  const rawBody = Buffer.from(new URLSearchParams({ reqXml: xml }).toString());
  const headers = { 'content-type': contentType };
  const wire = { method: 'POST', path, query: {}, headers, rawBody, receivedAt: NOW } as const;
  return xmlAckV1.read(wire, provider, Buffer.alloc(32));
};
const meaning = async (path: string, xml: string, contentType?: string) => {
  const reading = await read(path, xml, contentType);
  if ('refused' in reading) return stateOf(reading.refused.body);
  const { wire: _, ...call } = reading.call;
  return call;
};
const ask = (path: string, fields: string) => meaning(path, `<request>${CREDENTIALS}${fields}</request>`);
const stateOf = (body: string) => /<state>(\d+)<\/state>/.exec(body)?.[1];
const textOf = (body: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];

const WIRE: XmlAckWire = { accountNo: '40012345', transId: 'D2611220001' };
const written = (result: ProfileResult, op: 'quote' | 'commit' | 'acknowledge' = 'commit', more = {}) =>
  xmlAckV1.write({ op, wire: WIRE, ...more } as ProfileCall<XmlAckWire>, result, provider).body;
const lines = [
  { code: 'arrears', amountPaisa: 5_000n, en: 'Arrears', bn: '' },
  { code: 'vat', amountPaisa: 4_524n, en: 'VAT', bn: '' },
  { code: 'meter-rent', amountPaisa: 4_000n, en: 'Meter rent', bn: '' },
  { code: 'rebate', amountPaisa: -856n, en: 'Rebate', bn: '' },
  { code: 'energy', amountPaisa: 87_332n, en: 'Energy', bn: '' },
];
const vended: BillerPayment = {
  ...{
    trxId: 'D2611220001',
    state: 'vended',
    refusalCode: null,
    amountPaisa: 100_000n,
    receiptNo: 'NV-261122-7K3M9QXA2T',
  },
  ...{ customerNo: '40012345', customerName: 'A*** & K***', meterNo: '600727000000000009', tariffProgram: 'LT-A' },
  ...{ tokens: ['12345678901234567890'], lines, energyWh: 145_100n, estimatedWh: null },
  ...{ bookedAt: NOW, acknowledgedAt: null },
};
const payment = (over: Partial<BillerPayment>): ProfileResult => ({ kind: 'payment', payment: { ...vended, ...over } });
const MONEY =
  '<dues>50.00</dues><vendingAmount>1000.00</vendingAmount><energyAmount>873.32</energyAmount>' +
  '<feeAmount>76.68</feeAmount><fee><item><name>VAT</name><amt>45.24</amt></item>' +
  '<item><name>Meter rent</name><amt>40.00</amt></item><item><name>Rebate</name><amt>-8.56</amt></item></fee>';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?><response><state>200</state><message>Success</message>';
const WHO =
  '<accountNo>40012345</accountNo><transId>D2611220001</transId><customerName>A*** &amp; K***</customerName>' +
  '<meterNo>600727000000000009</meterNo><tariffProgram>LT-A</tariffProgram>';

it('reads the five calls', async () => {
  const account = '<accountNo>40012345</accountNo>';
  const amount = '<amount>1000</amount>';
  const transId = '<transId>D2611220001</transId>';
  const asked = { reference: '40012345', amountPaisa: 100_000n };
  const trxId = 'D2611220001';
  expect(await ask('/accountValidation', account)).toEqual({ op: 'quote', ask: { reference: '40012345' } });
  expect(await ask('/amountValidation', account + amount)).toEqual({ op: 'quote', ask: asked });
  expect(await ask('/payment', account + amount + transId)).toEqual({ op: 'commit', ask: { ...asked, trxId } });
  expect(await ask('/acknowledgement', transId)).toEqual({ op: 'acknowledge', trxId });
  expect(await ask('/txnStatus', transId)).toEqual({ op: 'status', trxId });
});

it.each([
  ['no account', '<amount>1000</amount><transId>D1</transId>', '400'],
  ['no amount', '<accountNo>4</accountNo><transId>D1</transId>', '400'],
  ['no id', '<accountNo>4</accountNo><amount>1000</amount>', '400'],
  ['an id too long', `<accountNo>4</accountNo><amount>1</amount><transId>${'D'.repeat(65)}</transId>`, '400'],
  ['two amounts', '<accountNo>4</accountNo><amount>1</amount><amount>2</amount><transId>D1</transId>', '400'],
  ['three decimals', '<accountNo>4</accountNo><amount>1.005</amount><transId>D1</transId>', '417'],
  ['less than nothing', '<accountNo>4</accountNo><amount>-1</amount><transId>D1</transId>', '417'],
])('refuses a payment with %s', async (_, fields, state) => expect(await ask('/payment', fields)).toBe(state));

it.each([
  ['user', CREDENTIALS.replace('vendor', 'other')],
  ['password', CREDENTIALS.replace('word', 'x')],
  ['key', CREDENTIALS.replace('invented-key', '')],
  ['key, beside the right one', `${CREDENTIALS}<apiKey>x</apiKey>`],
])('refuses another %s', async (_, credentials) => {
  expect(await meaning('/txnStatus', `<r>${credentials}<transId>D1</transId></r>`)).toBe('401');
});

it.each([
  ['JSON', '{}', undefined],
  ['a document type', `<!DOCTYPE r [<!ENTITY x "1">]><r>${CREDENTIALS}<transId>&x;</transId></r>`, undefined],
  ['another content type', `<r>${CREDENTIALS}<transId>D1</transId></r>`, 'application/json'],
])('refuses %s', async (_, xml, type) => expect(await meaning('/txnStatus', xml, type)).toBe('400'));

it('answers a payment, its status and its acknowledgement', () => {
  const tail =
    '<seq>NV-261122-7K3M9QXA2T</seq><token>12345678901234567890</token><transTime>2026-11-22 10:15:30</transTime>';
  expect(written(payment({}))).toBe(`${HEAD}${WHO}${MONEY}${tail}</response>`);
  expect(written(payment({ acknowledgedAt: NOW }))).toBe(written(payment({})));
  expect(written(payment({ acknowledgedAt: NOW }), 'acknowledge')).toBe(
    `${HEAD}<transId>D2611220001</transId><seq>NV-261122-7K3M9QXA2T</seq></response>`,
  );
});

it('answers the validation of an account, and of an amount', () => {
  const { customerName, customerNo, meterNo, tariffProgram, energyWh, estimatedWh } = vended;
  const who = { customerName: customerName!, customerNo: customerNo!, meterNo: meterNo!, tariffProgram };
  const quote = { quoteId: 'q', expiresAt: NOW, amountPaisa: 100_000n, ...who, lines, energyWh, estimatedWh };
  const of = (amountPaisa?: bigint) =>
    written({ kind: 'quote', quote }, 'quote', { ask: { reference: '40012345', ...(amountPaisa && { amountPaisa }) } });
  expect(of()).toBe(`${HEAD}${WHO}<dues>50.00</dues><minimumAmount>1000.00</minimumAmount></response>`);
  expect(of(100_000n)).toBe(`${HEAD}${WHO}${MONEY}</response>`);
});

it.each([
  [{ state: 'in-progress' }, '428'],
  [{ state: 'refused', refusalCode: 'meter-not-found' }, '404'],
  [{ state: 'refused', refusalCode: 'meter-closed' }, '414'],
  [{ state: 'refused', refusalCode: 'below-minimum-recharge' }, '416'],
  [{ state: 'refused', refusalCode: 'above-maximum-recharge' }, '417'],
  [{ state: 'refused', refusalCode: 'float-exhausted' }, '418'],
  [{ state: 'refused', refusalCode: 'of a later release' }, '414'],
  [{ state: 'refund-due', refusalCode: 'meter-closed' }, '415'],
  [{ state: 'reversed', refusalCode: null }, '415'],
] as const)('answers %j without a token', (over, state) => {
  const body = written(payment({ tokens: [], receiptNo: null, lines: [], ...over }));
  expect(stateOf(body)).toBe(state);
  expect(body).not.toContain('<token>');
});

it('has a state for every reason of the core', () => {
  for (const code of [...BILLER_ERROR_CODES, 'of a later release']) {
    expect(stateOf(written({ kind: 'error', code }))).toMatch(/^(?:404|409|41[4-8]|429)$/);
  }
  expect(stateOf(written({ kind: 'not-found' }))).toBe('404');
  const refusals = ['address-not-allowed', 'unknown-call', 'body-too-large', 'internal-error'] as const;
  expect(refusals.map((code) => stateOf(xmlAckV1.refuse(code).body))).toEqual(['403', '405', '413', '500']);
});

it('shows money that adds up, for any quote', () => {
  const line = fc.record({
    code: fc.constantFrom('energy', 'vat', 'arrears', 'rebate', 'remainder-used', 'penalty', 'adjustment'),
    amountPaisa: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 11n }),
    en: fc.constant('x'),
    bn: fc.constant(''),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), (parts) => {
      const gross = parts.reduce((sum, { amountPaisa }) => sum + amountPaisa, 0n);
      const body = written(payment({ amountPaisa: gross, lines: parts }));
      const [all, ...some] = ['vendingAmount', 'dues', 'energyAmount', 'feeAmount'].map((name) =>
        parseTaka(textOf(body, name)!),
      );
      expect(all).toBe(gross);
      expect(some.reduce((sum, paisa) => sum + paisa, 0n)).toBe(gross);
      const items = [...body.matchAll(/<amt>([^<]+)<\/amt>/g)].reduce((sum, [, taka]) => sum + parseTaka(taka!), 0n);
      expect(items).toBe(some[2]);
    }),
  );
});

it('never throws, whatever comes, and lets nobody write XML of their own', async () => {
  const paths = fc.constantFrom(
    '/accountValidation',
    '/amountValidation',
    '/payment',
    '/acknowledgement',
    '/txnStatus',
  );
  const leaf = fc.constantFrom('accountNo', 'transId', 'amount', 'a').map((name) => `<${name}>${name}</${name}>`);
  const xml = fc.oneof(
    fc.string(),
    fc.array(leaf).map((all) => `<r>${CREDENTIALS}${all.join('')}</r>`),
  );
  await fc.assert(fc.asyncProperty(paths, xml, async (path, text) => void (await read(path, text))));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (customerName) => {
      const body = written(payment({ customerName }));
      expect(body.match(/[<>]/g)).toHaveLength(written(payment({})).match(/[<>]/g)!.length);
    }),
  );
});
