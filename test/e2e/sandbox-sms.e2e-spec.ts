// Proves the sandbox's SMS gateway and phone inbox over HTTP, alone and with our own client as its customer.
import request from 'supertest';
import { csmsIdOf, SmsHttpV3Gateway, type SmsGateway, type SmsMessage } from '@vend/sms';
import { sandboxFiles, startSandbox } from './sandbox-support';

const PHONE = '8801700000001';
let files: Awaited<ReturnType<typeof sandboxFiles>>;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let gateway: SmsGateway;

beforeEach(async () => {
  files = await sandboxFiles();
  sandbox = await startSandbox(files.config);
  gateway = client();
});
afterEach(async () => {
  await gateway.close();
  await sandbox.app.close();
  await files.remove();
});

function client(timeoutMs?: number): SmsGateway {
  return new SmsHttpV3Gateway({
    baseUrl: `${sandbox.url}/sms`,
    apiToken: 'test',
    sid: 'NESCO',
    ...(timeoutMs && { timeoutMs }),
  });
}

function message(n: number, text = `Token ${n}`): SmsMessage {
  return { csmsId: csmsIdOf(`notice ${n}`), msisdn: PHONE, text };
}

async function inbox(msisdn = PHONE, after?: number | string): Promise<{ id: number; text: string; parts: number }[]> {
  const response = await request(sandbox.url).post('/phones/messages').send({ msisdn, after }).expect(200);
  return (response.body as { messages: { id: number; at: string; text: string; parts: number }[] }).messages;
}

const texts = async (): Promise<string[]> => (await inbox()).map(({ text }) => text);
const play = (mode: string, rate = 1): Promise<unknown> =>
  request(sandbox.url).put('/sms/faults').send({ mode, rate, delayMs: 5000 }).expect(200);
const kindsOf = async (messages: SmsMessage[]): Promise<string[]> =>
  (await gateway.sendMany(messages)).map(({ kind }) => kind);

describe('a healthy gateway', () => {
  it('delivers Bangla and English to the phone, with the parts that the phone received', async () => {
    const bangla = `টোকেন 1234-5678-9012-3456-7890 ${'ক'.repeat(60)}`;
    expect(await kindsOf([message(1, 'Token 1234'), message(2, bangla)])).toEqual(['accepted', 'accepted']);
    expect(await inbox()).toEqual([
      { id: 1, at: expect.stringMatching(/\+06:00$/) as string, text: 'Token 1234', parts: 1 },
      { id: 2, at: expect.stringMatching(/\+06:00$/) as string, text: bangla, parts: 2 },
    ]);
  });

  it('takes the same csms_id once a day: the repeat is a duplicate and the phone has one SMS', async () => {
    expect(await kindsOf([message(1)])).toEqual(['accepted']);
    expect(await kindsOf([message(1)])).toEqual(['duplicate']);
    expect(await kindsOf([message(1), message(2)])).toEqual(['duplicate', 'accepted']);
    expect(await texts()).toEqual(['Token 1', 'Token 2']);
  });

  it('shows only what came after an id or an instant, and finds the phone however its number is written', async () => {
    await gateway.sendMany([message(1), message(2)]);
    expect((await inbox('01700-000001', 1)).map(({ text }) => text)).toEqual(['Token 2']);
    expect(await inbox('+8801700000001', '2020-01-01T00:00:00+06:00')).toHaveLength(2);
    expect(await inbox(PHONE, '2999-01-01T00:00:00+06:00')).toEqual([]);
  });

  it('takes 2 500 messages in calls of a hundred and keeps each in its phone', async () => {
    const many = Array.from({ length: 2500 }, (_, n) => ({
      ...message(n),
      msisdn: `88017${String(n).padStart(8, '0')}`,
    }));
    const outcomes = await gateway.sendMany(many);
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(2500);
    expect(await inbox('8801700002499')).toMatchObject([{ text: 'Token 2499' }]);
  });

  it('answers the single and the bulk call in the profile’s shape', async () => {
    const credentials = { api_token: 'test', sid: 'NESCO' };
    const single = { ...credentials, msisdn: PHONE, sms: 'Hello', csms_id: 'one' };
    const first = await request(sandbox.url).post('/sms/api/v3/send-sms').send(single).expect(200);
    expect(first.body).toMatchObject({
      status: 'SUCCESS',
      status_code: 200,
      smsinfo: [{ sms_status: 'SUCCESS', msisdn: PHONE, sms_type: 'EN', sms_body: 'Hello', csms_id: 'one' }],
    });
    const second = await request(sandbox.url).post('/sms/api/v3/send-sms').send(single).expect(200);
    expect(second.body).toMatchObject({ status: 'FAILED', status_code: 4023, smsinfo: [] });
    const bulk = { ...credentials, msisdn: [PHONE, 'not a phone'], sms: 'All', batch_csms_id: 'batch' };
    const third = await request(sandbox.url).post('/sms/api/v3/send-sms/bulk').send(bulk).expect(200);
    expect(third.body).toMatchObject({
      status: 'SUCCESS',
      smsinfo: [{ sms_status: 'SUCCESS' }, { sms_status: 'FAILED', status_code: 4025 }],
    });
    expect(await texts()).toEqual(['Hello', 'All']);
  });

  it.each([
    ['no token', { api_token: '', sid: 'x', sms: [] }, 4001],
    ['no sender', { api_token: 'x', sid: '', sms: [] }, 4002],
    ['no messages', { api_token: 'x', sid: 'x', sms: [] }, 4020],
    ['another shape', { api_token: 'x' }, 4004],
  ])('refuses %s with the provider’s code', async (_, body, code) => {
    const response = await request(sandbox.url).post('/sms/api/v3/send-sms/dynamic').send(body).expect(200);
    expect(response.body).toMatchObject({ status: 'FAILED', status_code: code });
  });
});

describe('faults that can be switched on', () => {
  it.each([
    ['down', 'gateway-unreachable'],
    ['html', 'gateway-unreadable'],
    ['throttle', 'gateway-throttled'],
  ])('%s: nothing is delivered, and all of it after the fault is gone', async (mode, reason) => {
    await play(mode);
    expect(await gateway.sendMany([message(1)])).toMatchObject([{ kind: 'retry-later', reason }]);
    expect(await texts()).toEqual([]);
    await play('none');
    expect(await kindsOf([message(1)])).toEqual(['accepted']);
    expect(await texts()).toEqual(['Token 1']);
  });

  it.each(['timeout-after-accept', 'slow'])('%s: the SMS has arrived, and the repeat is a duplicate', async (mode) => {
    await play(mode);
    const impatient = client(300);
    expect(await impatient.sendMany([message(1)])).toMatchObject([{ reason: 'gateway-timeout', maybeAccepted: true }]);
    await impatient.close();
    await play('none');
    expect(await kindsOf([message(1)])).toEqual(['duplicate']);
    expect(await texts()).toEqual(['Token 1']);
  });

  it('partial: exactly the wanted share of the messages fails and succeeds when repeated', async () => {
    await play('partial', 0.25);
    const messages = Array.from({ length: 8 }, (_, n) => message(n));
    const outcomes = await gateway.sendMany(messages);
    expect(outcomes.map(({ kind }) => kind === 'accepted')).toEqual([true, true, true, false, true, true, true, false]);
    await play('none');
    expect(await kindsOf([messages[3]!, messages[7]!])).toEqual(['accepted', 'accepted']);
    expect(await texts()).toHaveLength(8);
  });

  it('refuses a fault that it does not know', async () => {
    const response = await request(sandbox.url).put('/sms/faults').send({ mode: 'on fire' }).expect(400);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.body).toMatchObject({ code: 'request-malformed', fields: 'mode: invalid_value' });
  });
});

describe('the pages', () => {
  it('show the phone’s SMS to a person, escaped, in both languages and without scripts', async () => {
    await gateway.sendMany([message(1, '<b>&"')]);
    const page = await request(sandbox.url).post('/phones').type('form').send({ msisdn: '01700000001' }).expect(200);
    expect(page.text).toContain('&#60;b&#62;&#38;&#34;');
    expect(page.text).toContain('ফোনের ইনবক্স');
    expect(page.text).not.toMatch(/<script|style=|onclick/i);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'/);
    await request(sandbox.url).post('/phones').type('form').send({ msisdn: '12' }).expect(400);
  });

  it('switch a fault from the form', async () => {
    await request(sandbox.url).post('/sms').type('form').send({ mode: 'html', rate: '0.5' }).expect(200);
    const now = await request(sandbox.url).get('/sms/faults').expect(200);
    expect(now.body).toMatchObject({ mode: 'html', rate: 0.5 });
  });

  it.each(['/', '/phones', '/meters', '/gateway', '/sms', '/style.css', '/health/ready', '/health/live'])(
    '%s answers',
    async (path) => {
      await request(sandbox.url).get(path).expect(200);
    },
  );

  it('answer an address that is none with a problem', async () => {
    const response = await request(sandbox.url).get('/nowhere').expect(404);
    expect(response.body).toMatchObject({ status: 404, code: 'http-404' });
  });
});
