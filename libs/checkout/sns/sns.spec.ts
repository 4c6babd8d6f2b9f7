/* Proves that a notice counts only whole, of our topic, signed in either version by a certificate of a host that we believe: known texts, every forgery that we can think of, and a real TLS server for the certificates. */
import { createSign } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { TestAuthority } from '../../../test/support/certificates';
import { GatewayHttp } from '../gateway-http';
import { hintOf, parseBkashNotice } from './bkash-notice';
import { SnsCertificates } from './sns-certificates';
import { canonicalText, isSignedBy, parseSnsEnvelope, type SnsEnvelope } from './sns-envelope';
import { AMAZON_ALONE, isCertificateUrl, isTrustedUrl, readSnsTrust } from './sns-trust';

const authority = new TestAuthority('test authority');
const [signer, stranger, tls] = ['sns signer', 'a stranger', 'tls'].map((name) => authority.issue(name));

const NOTIFICATION = {
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: 'arn:aws:sns:ap-southeast-1:123456789012:bpt_01700000000',
  Subject: 'Payment',
  Message: '{"trxID":"4J420ANOXC"}',
  Timestamp: '2026-03-01T04:15:31.123Z',
  SignatureVersion: '1',
  SigningCertURL: 'https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
  UnsubscribeURL: 'https://sns.ap-southeast-1.amazonaws.com/?Action=Unsubscribe',
};
const SUBSCRIPTION = {
  ...NOTIFICATION,
  ...{
    Type: 'SubscriptionConfirmation',
    Token: '2336412f',
    SubscribeURL: 'https://sns.ap-southeast-1.amazonaws.com/?a=b',
  },
};
const PLACEHOLDER = `${'A'.repeat(342)}==`;
const envelope = (message: object): SnsEnvelope =>
  parseSnsEnvelope(Buffer.from(JSON.stringify({ Signature: PLACEHOLDER, ...message })))!;
/** Signs a text by hand: the canonical form is written out here, and not taken from the code under test. */
const sign = (text: string, version: '1' | '2', key = signer!.key) =>
  createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(text, 'utf8')
    .sign(key, 'base64');

describe('what is signed', () => {
  const WITH_SUBJECT =
    'Message\n{"trxID":"4J420ANOXC"}\nMessageId\n22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324\nSubject\nPayment\n' +
    'Timestamp\n2026-03-01T04:15:31.123Z\nTopicArn\narn:aws:sns:ap-southeast-1:123456789012:bpt_01700000000\n' +
    'Type\nNotification\n';
  const WITHOUT = WITH_SUBJECT.replace('Subject\nPayment\n', '');
  const { Subject: _, ...bare } = NOTIFICATION;

  it('is these keys in this order, Subject only where there is one', () => {
    expect(canonicalText(envelope(NOTIFICATION))).toBe(WITH_SUBJECT);
    expect(canonicalText(envelope(bare))).toBe(WITHOUT);
    expect(canonicalText(envelope({ ...bare, Subject: null }))).toBe(WITHOUT);
    expect(canonicalText(envelope({ ...NOTIFICATION, Extra: 'x', Token: 'y' }))).toBe(WITH_SUBJECT);
  });

  it('of a subscription its token and address', () => {
    expect(canonicalText(envelope(SUBSCRIPTION))).toBe(
      'Message\n{"trxID":"4J420ANOXC"}\nMessageId\n22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324\n' +
        'SubscribeURL\nhttps://sns.ap-southeast-1.amazonaws.com/?a=b\nTimestamp\n2026-03-01T04:15:31.123Z\n' +
        'Token\n2336412f\nTopicArn\narn:aws:sns:ap-southeast-1:123456789012:bpt_01700000000\n' +
        'Type\nSubscriptionConfirmation\n',
    );
  });

  it.each(['1', '2'] as const)(
    'version %s: good as it came; any other byte, key or version is not',
    async (version) => {
      const key = (await keyOfSigner())!;
      const message = { ...NOTIFICATION, SignatureVersion: version };
      const signed = { ...message, Signature: sign(WITH_SUBJECT, version) };
      expect(isSignedBy(envelope(signed), key)).toBe(true);
      const spoilt = [
        { ...signed, Message: '{"trxID":"4J420ANOXD"}' },
        { ...signed, MessageId: 'other' },
        { ...signed, Timestamp: '2026-03-02T04:15:31.123Z' },
        { ...signed, TopicArn: `${message.TopicArn}x` },
        { ...signed, Subject: 'Other' },
        { ...signed, Subject: undefined },
        { ...signed, SignatureVersion: version === '1' ? '2' : '1' },
        { ...signed, Signature: sign(WITH_SUBJECT, version, stranger!.key) },
        { ...signed, Signature: sign(WITHOUT, version) },
        { ...signed, Signature: PLACEHOLDER },
      ];
      expect(spoilt.map((each) => isSignedBy(envelope(each), key))).toEqual(spoilt.map(() => false));
    },
  );

  it('bytes that are no such message are none, whatever they are', () => {
    for (const wrong of [
      { ...NOTIFICATION, Type: 'Other' },
      { ...NOTIFICATION, SignatureVersion: '3' },
      { ...NOTIFICATION, MessageId: undefined },
      { ...SUBSCRIPTION, Token: undefined },
      { ...NOTIFICATION, Message: { trxID: 'an object' } },
      { ...NOTIFICATION, TopicArn: 'not an arn' },
    ]) {
      expect(parseSnsEnvelope(Buffer.from(JSON.stringify({ Signature: PLACEHOLDER, ...wrong })))).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
        expect(parseSnsEnvelope(Buffer.from(bytes))).toBeUndefined();
      }),
    );
    const whole = Buffer.from(JSON.stringify({ Signature: PLACEHOLDER, ...NOTIFICATION }));
    for (let length = 0; length < whole.length; length += 7) {
      expect(parseSnsEnvelope(whole.subarray(0, length))).toBeUndefined();
    }
  });
});

describe('whom we believe', () => {
  it.each([
    ['https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0a.pem', true],
    ['https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0a.pem', true],
    ['http://sns.ap-southeast-1.amazonaws.com/x.pem', false],
    ['https://sns.ap-southeast-1.amazonaws.com.evil.example/x.pem', false],
    ['https://sns.ap-southeast-1.amazonaws.com@evil.example/x.pem', false],
    ['https://evil.example/sns.ap-southeast-1.amazonaws.com/x.pem', false],
    ['https://sns.ap-southeast-1.amazonaws.com:8443/x.pem', false],
    ['https://evilsns.ap-southeast-1.amazonaws.com/x.pem', false],
    ['https://sns.amazonaws.com/x.pem', false],
    ['https://sns.ap-southeast-1.amazonaws.com/x.pem?a=b', false],
    ['https://sns.ap-southeast-1.amazonaws.com/x.pem#.pem', false],
    ['https://sns.ap-southeast-1.amazonaws.com/x', false],
    ['https://SNS.ap-southeast-1.amazonaws.com/x.pem', false],
    ['https:\\\\sns.ap-southeast-1.amazonaws.com/x.pem', false],
    ['https://my-bucket.s3.amazonaws.com/x.pem', false],
    ['file:///etc/x.pem', false],
    ['127.0.0.1/x.pem', false],
  ])('%s: %s', (url, believed) => expect(isCertificateUrl(url, AMAZON_ALONE)).toBe(believed));

  it('an address to subscribe at may ask something', () => {
    expect(isTrustedUrl('https://sns.ap-southeast-1.amazonaws.com/?Action=ConfirmSubscription', AMAZON_ALONE)).toBe(
      true,
    );
    expect(isTrustedUrl('https://169.254.169.254/latest', AMAZON_ALONE)).toBe(false);
  });

  it('a simulator by its host and port, in development alone', () => {
    const none = { SNS_CERT_HOSTS: '', SNS_CA_FILE: '' };
    const trust = readSnsTrust({ ...none, SNS_CERT_HOSTS: '127.0.0.1:8443' }, undefined);
    expect(isCertificateUrl('https://127.0.0.1:8443/x.pem', trust)).toBe(true);
    expect(isCertificateUrl('https://127.0.0.1:8444/x.pem', trust)).toBe(false);
    expect(isCertificateUrl('https://sns.ap-southeast-1.amazonaws.com/x.pem', trust)).toBe(true);
    expect(readSnsTrust(none, 'production')).toEqual(AMAZON_ALONE);
    for (const setting of ['SNS_CERT_HOSTS', 'SNS_CA_FILE']) {
      expect(() => readSnsTrust({ ...none, [setting]: '127.0.0.1:8443' }, 'production')).toThrow(/not in production/);
    }
  });
});

let server: Server;
let base: string;
let asked: string[];
let http: GatewayHttp;
beforeAll(async () => {
  server = createServer({ key: tls!.key, cert: tls!.cert }, (request, response) => {
    asked.push(request.url!);
    if (request.url === '/silent.pem') return;
    if (request.url === '/moved.pem') return void response.writeHead(302, { location: '/good.pem' }).end();
    if (request.url === '/gone.pem') return void response.writeHead(404).end(signer!.cert);
    if (request.url === '/page.pem') return void response.end('<html>');
    response.end(signer!.cert);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
  http = new GatewayHttp(20_000, authority.pem);
});
afterEach(() => http.close());
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

async function keyOfSigner() {
  const found = await new SnsCertificates(http).keyOf(`${base}/good.pem`, Date.now());
  return 'key' in found ? found.key : undefined;
}

describe('certificates', () => {
  it('are fetched once, also by many at once, and their dates are looked at each time', async () => {
    const certificates = new SnsCertificates(http);
    const now = Date.now();
    const all = await Promise.all([1, 2, 3].map(() => certificates.keyOf(`${base}/good.pem`, now)));
    expect(all.every((each) => 'key' in each)).toBe(true);
    expect(await certificates.keyOf(`${base}/good.pem`, now)).toHaveProperty('key');
    expect(asked).toEqual(['/good.pem']);
    for (const at of [now + 2 * 86_400_000, now - 2 * 86_400_000]) {
      expect(await certificates.keyOf(`${base}/good.pem`, at)).toEqual({ refused: 'certificate-not-valid' });
    }
  });

  it.each([
    ['/moved.pem', 'certificate-not-there'],
    ['/gone.pem', 'certificate-not-there'],
    ['/silent.pem', 'certificate-unreachable'],
    ['/page.pem', 'certificate-unreadable'],
  ])('%s: %s, and not asked for again at once', async (path, refused) => {
    // Where an answer is expected there is time for it; where none comes, little of it is waited for.
    const mine = path === '/silent.pem' ? new GatewayHttp(500, authority.pem) : http;
    const certificates = new SnsCertificates(mine);
    const now = Date.now();
    for (const at of [now, now + 1])
      expect(await certificates.keyOf(`${base}${path}`, at)).toEqual({
        refused: expect.stringMatching(/^certificate-/) as string,
      });
    expect(asked).toEqual([path]);
    expect(await certificates.keyOf(`${base}${path}`, now + 10_000)).toEqual({ refused });
    expect(asked).toEqual([path, path]);
    await mine.close();
  });

  it('of a host whose TLS is nobody’s that we know are not taken', async () => {
    const other = new GatewayHttp(20_000);
    const certificates = new SnsCertificates(other);
    expect(await certificates.keyOf(`${base}/good.pem`, Date.now())).toEqual({ refused: 'certificate-unreachable' });
    expect(asked).toEqual([]);
    await other.close();
  });
});

describe('the message inside', () => {
  const MESSAGE = {
    ...{
      dateTime: '20260301101531',
      debitMSISDN: '8801700000001',
      creditShortCode: '01700000000',
      trxID: '4J420ANOXC',
    },
    ...{ transactionStatus: 'Completed', transactionType: '10002294', amount: '100', currency: 'BDT' },
    ...{ transactionReference: '40012345', merchantInvoiceNumber: 'V1' },
  };
  it('is read, with and without what is optional', () => {
    expect(parseBkashNotice(JSON.stringify(MESSAGE))).toMatchObject({
      ...{ trxID: '4J420ANOXC', amount: 10_000n, currency: 'BDT', creditShortCode: '01700000000' },
      merchantInvoiceNumber: 'V1',
    });
    const { merchantInvoiceNumber: _1, transactionReference: _2, ...rest } = MESSAGE;
    expect(parseBkashNotice(JSON.stringify({ ...rest, couponAmount: '5' }))).toMatchObject({ amount: 10_000n });
    expect(
      parseBkashNotice(JSON.stringify({ ...MESSAGE, merchantInvoiceNumber: 'x<y' }))!.merchantInvoiceNumber,
    ).toBeUndefined();
  });

  it('anything else is no payment, and never an accident', () => {
    for (const change of [
      { trxID: '' },
      { trxID: "x' OR 1" },
      { amount: '1.005' },
      { amount: '-1' },
      { currency: 5 },
    ]) {
      expect(parseBkashNotice(JSON.stringify({ ...MESSAGE, ...change }))).toBeUndefined();
    }
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => expect(parseBkashNotice(text)).toBeUndefined()));
  });

  it('what the payer typed is kept as letters and digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        expect(hintOf({ transactionReference: typed } as never)).toMatch(/^[\p{L}\p{N} ./-]{0,40}$/u);
      }),
    );
    expect(hintOf({ transactionReference: ' মিটার 4001-2345 <b>' } as never)).toContain('4001-2345');
  });
});
