// Proves the sms-http-v3 adapter against a real local HTTP server that plays each answer and each fault of the profile.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { csmsIdOf } from './csms-id';
import type { SmsGateway, SmsMessage, SmsOutcome } from './sms-gateway';
import { SmsHttpV3Gateway } from './sms-http-v3';

interface SentCall {
  api_token: string;
  sid: string;
  sms: { msisdn: string; text: string; csms_id: string }[];
}
type Play = (call: SentCall, response: ServerResponse) => void;

const TOKEN = 'an-invented-token';
let server: Server;
let calls: SentCall[];
let sockets: Set<unknown>;
let play: Play;
let gateway: SmsGateway;

beforeEach(async () => {
  calls = [];
  sockets = new Set();
  play = (call, response) => json(response, success(call));
  server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = connect();
});

afterEach(async () => {
  server.closeAllConnections();
  await gateway.close();
  await new Promise((resolve) => server.close(resolve));
});

function connect(timeoutMs = 1000): SmsGateway {
  const { port } = server.address() as AddressInfo;
  return new SmsHttpV3Gateway({ baseUrl: `http://127.0.0.1:${port}/sms/`, apiToken: TOKEN, sid: 'NESCO', timeoutMs });
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  sockets.add(request.socket);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.url !== '/sms/api/v3/send-sms/dynamic') {
    response.writeHead(404).end();
    return;
  }
  const call = JSON.parse(Buffer.concat(chunks).toString()) as SentCall;
  calls.push(call);
  play(call, response);
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function row(csmsId: string, extra: object = {}): object {
  return { sms_status: 'SUCCESS', status_message: 'Success', csms_id: csmsId, reference_id: `ref-${csmsId}`, ...extra };
}

function success(call: SentCall): object {
  return { status: 'SUCCESS', status_code: 200, error_message: '', smsinfo: call.sms.map((sms) => row(sms.csms_id)) };
}

function failed(code: number | string): object {
  return { status: 'FAILED', status_code: code, error_message: 'said by the gateway', smsinfo: [] };
}

function message(n: number, extra: Partial<SmsMessage> = {}): SmsMessage {
  return { csmsId: `id-${n}`, msisdn: '8801700000000', text: `Token ${n}`, ...extra };
}

function messages(count: number): SmsMessage[] {
  return Array.from({ length: count }, (_, n) => message(n));
}

const kinds = (outcomes: SmsOutcome[]): string[] => outcomes.map(({ kind }) => kind);

describe('a call that succeeds', () => {
  it('sends the profile’s body and answers in the order of the messages, whatever the order of the rows', async () => {
    play = (call, response) =>
      json(response, { ...success(call), smsinfo: call.sms.map((s) => row(s.csms_id)).reverse() });
    const noticeId = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';
    const outcomes = await gateway.sendMany([message(1, { csmsId: csmsIdOf(noticeId), text: 'টোকেন' }), message(2)]);
    expect(outcomes).toEqual([
      { csmsId: csmsIdOf(noticeId), kind: 'accepted', referenceId: `ref-${csmsIdOf(noticeId)}` },
      { csmsId: 'id-2', kind: 'accepted', referenceId: 'ref-id-2' },
    ]);
    expect(calls).toEqual([
      {
        api_token: TOKEN,
        sid: 'NESCO',
        sms: [
          { msisdn: '8801700000000', text: 'টোকেন', csms_id: csmsIdOf(noticeId) },
          { msisdn: '8801700000000', text: 'Token 2', csms_id: 'id-2' },
        ],
      },
    ]);
  });

  it('cuts 250 messages into calls of 100, 100 and 50', async () => {
    const outcomes = await gateway.sendMany(messages(250));
    expect(calls.map((call) => call.sms.length).sort()).toEqual([100, 100, 50].sort());
    expect(outcomes.map(({ csmsId }) => csmsId)).toEqual(messages(250).map(({ csmsId }) => csmsId));
    expect(new Set(kinds(outcomes))).toEqual(new Set(['accepted']));
  });

  it('keeps its connections: a second one at most, for the call that starts while the first is being put back', async () => {
    for (let n = 0; n < 20; n++) await gateway.sendMany([message(n)]);
    expect(calls).toHaveLength(20);
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('sends the same csmsId once within a call and answers for both', async () => {
    const outcomes = await gateway.sendMany([message(1), message(1)]);
    expect(calls[0]!.sms).toHaveLength(1);
    expect(kinds(outcomes)).toEqual(['accepted', 'accepted']);
  });

  it('calls nobody for no messages', async () => {
    expect(await gateway.sendMany([])).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('takes numbers for texts and a row without a reference', async () => {
    play = (_, response) =>
      json(response, {
        status: 'Success',
        status_code: '200',
        smsinfo: [row('7', { csms_id: 7, reference_id: null })],
      });
    expect(await gateway.sendMany([message(0, { csmsId: '7' })])).toEqual([
      { csmsId: '7', kind: 'accepted', referenceId: null },
    ]);
  });
});

describe('partial success', () => {
  it('gives each row its own outcome, and one that is not mentioned is asked again later', async () => {
    play = (_, response) =>
      json(response, {
        status: 'SUCCESS',
        status_code: 200,
        smsinfo: [
          row('id-0'),
          row('id-1', { sms_status: 'FAILED', status_code: 4023 }),
          row('id-2', { sms_status: 'FAILED', status_code: '4026' }),
          row('id-3', { sms_status: 'FAILED', status_message: '4031: TPS exceeded' }),
          row('id-4', { sms_status: 'FAILED', status_message: 'no reason given' }),
        ],
      });
    expect(await gateway.sendMany(messages(6))).toEqual([
      { csmsId: 'id-0', kind: 'accepted', referenceId: 'ref-id-0' },
      { csmsId: 'id-1', kind: 'duplicate' },
      { csmsId: 'id-2', kind: 'refused', reason: 'recipient-blocked' },
      { csmsId: 'id-3', kind: 'retry-later', reason: 'gateway-throttled', maybeAccepted: false },
      { csmsId: 'id-4', kind: 'retry-later', reason: 'gateway-unexplained', maybeAccepted: false },
      { csmsId: 'id-5', kind: 'retry-later', reason: 'gateway-unexplained', maybeAccepted: true },
    ]);
  });
});

describe('a call that fails whole', () => {
  it.each([
    [4001, { kind: 'retry-later', reason: 'gateway-configuration', maybeAccepted: false }],
    [4002, { kind: 'retry-later', reason: 'gateway-configuration', maybeAccepted: false }],
    [4003, { kind: 'retry-later', reason: 'gateway-configuration', maybeAccepted: false }],
    [4004, { kind: 'refused', reason: 'message-malformed' }],
    [4005, { kind: 'refused', reason: 'message-malformed' }],
    [4020, { kind: 'refused', reason: 'message-malformed' }],
    [4022, { kind: 'refused', reason: 'message-malformed' }],
    [4023, { kind: 'duplicate' }],
    [4025, { kind: 'refused', reason: 'recipient-invalid' }],
    [4026, { kind: 'refused', reason: 'recipient-blocked' }],
    [4027, { kind: 'refused', reason: 'text-too-long' }],
    [4028, { kind: 'retry-later', reason: 'gateway-unexplained', maybeAccepted: false }],
    [4029, { kind: 'retry-later', reason: 'gateway-throttled', maybeAccepted: false }],
    [4030, { kind: 'retry-later', reason: 'gateway-unexplained', maybeAccepted: false }],
    [4031, { kind: 'retry-later', reason: 'gateway-throttled', maybeAccepted: false }],
    ['5000', { kind: 'retry-later', reason: 'gateway-error', maybeAccepted: false }],
    [7777, { kind: 'retry-later', reason: 'gateway-unexplained', maybeAccepted: false }],
  ])('understands code %s', async (code, expected) => {
    play = (_, response) => json(response, failed(code));
    expect(await gateway.sendMany([message(1)])).toEqual([{ csmsId: 'id-1', ...expected }]);
  });

  it('finds the one bad message among a hundred and sends the others', async () => {
    play = (call, response) =>
      json(response, call.sms.some((s) => s.csms_id === 'id-37') ? failed(4025) : success(call));
    const outcomes = await gateway.sendMany(messages(100));
    expect(outcomes.filter(({ kind }) => kind !== 'accepted')).toEqual([
      { csmsId: 'id-37', kind: 'refused', reason: 'recipient-invalid' },
    ]);
    expect(calls.length).toBeLessThan(20);
  });

  it('does not ask in halves when the gateway says to slow down', async () => {
    play = (_, response) => json(response, failed(4029));
    expect(new Set(kinds(await gateway.sendMany(messages(100))))).toEqual(new Set(['retry-later']));
    expect(calls).toHaveLength(1);
  });
});

describe('faults', () => {
  it.each([
    [
      'an HTML page',
      (r: ServerResponse) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>'),
    ],
    ['an HTML page with 502', (r: ServerResponse) => r.writeHead(502).end('<html>Bad gateway</html>')],
    ['an empty body', (r: ServerResponse) => r.writeHead(200).end()],
    ['half a body', (r: ServerResponse) => r.writeHead(200).end('{"status":"SUCC')],
    ['JSON of another shape', (r: ServerResponse) => json(r, { message: 'Unauthorized' }, 401)],
    ['an answer without an end', (r: ServerResponse) => r.writeHead(200).end(`[${' '.repeat(1_100_000)}]`)],
  ])('%s: try again later, it may have been accepted', async (_, respond) => {
    play = (_call, response) => void respond(response);
    const expected = { kind: 'retry-later', reason: 'gateway-unreadable', maybeAccepted: true };
    expect(await gateway.sendMany(messages(2))).toEqual([
      { csmsId: 'id-0', ...expected },
      { csmsId: 'id-1', ...expected },
    ]);
  });

  it('time-out after accept: unknown, and the repeat comes back as a duplicate', async () => {
    const accepted = new Set<string>();
    play = (call, response) => {
      const id = call.sms[0]!.csms_id;
      if (accepted.has(id)) json(response, failed(4023));
      else accepted.add(id); // and no answer
    };
    expect(await gateway.sendMany([message(1)])).toEqual([
      { csmsId: 'id-1', kind: 'retry-later', reason: 'gateway-timeout', maybeAccepted: true },
    ]);
    expect(await gateway.sendMany([message(1)])).toEqual([{ csmsId: 'id-1', kind: 'duplicate' }]);
  });

  it('an answer that trickles without an end is cut off by the whole call’s time', async () => {
    let timer: NodeJS.Timeout | undefined;
    play = (_, response) => {
      response.writeHead(200);
      timer = setInterval(() => response.write(' '), 20);
    };
    const outcomes = await gateway.sendMany([message(1)]);
    clearInterval(timer);
    expect(outcomes).toEqual([{ csmsId: 'id-1', kind: 'retry-later', reason: 'gateway-timeout', maybeAccepted: true }]);
  });

  it('a connection that breaks in the middle may have been accepted', async () => {
    play = (_, response) => response.destroy();
    expect(await gateway.sendMany([message(1)])).toEqual([
      { csmsId: 'id-1', kind: 'retry-later', reason: 'gateway-unreachable', maybeAccepted: true },
    ]);
  });

  it('a closed port was certainly not reached, and the gateway’s return is noticed', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await gateway.sendMany([message(1)])).toEqual([
      { csmsId: 'id-1', kind: 'retry-later', reason: 'gateway-unreachable', maybeAccepted: false },
    ]);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(kinds(await gateway.sendMany([message(1)]))).toEqual(['accepted']);
  });
});

describe('what is never sent', () => {
  it.each([
    ['recipient-malformed', { msisdn: '01700000000' }],
    ['recipient-malformed', { msisdn: '8801200000000' }],
    ['recipient-malformed', { msisdn: '88017000000001' }],
    ['text-empty', { text: '' }],
    ['text-too-long', { text: 'x'.repeat(1001) }],
  ])('%s is refused here and the others go out', async (reason, fault) => {
    const outcomes = await gateway.sendMany([message(0), message(1, fault)]);
    expect(outcomes).toEqual([
      { csmsId: 'id-0', kind: 'accepted', referenceId: 'ref-id-0' },
      { csmsId: 'id-1', kind: 'refused', reason },
    ]);
    expect(calls[0]!.sms).toHaveLength(1);
  });

  it('sends a text of exactly 1000', async () => {
    expect(kinds(await gateway.sendMany([message(0, { text: 'x'.repeat(1000) })]))).toEqual(['accepted']);
  });

  it.each(['', 'x'.repeat(21)])('throws for the csmsId %p', async (csmsId) => {
    await expect(gateway.sendMany([message(0, { csmsId })])).rejects.toThrow(RangeError);
    expect(calls).toEqual([]);
  });

  it('says nothing of the number, the text or the credential in any outcome', async () => {
    play = (_, response) => json(response, failed(4025));
    const said = JSON.stringify(await gateway.sendMany([message(1), message(2, { msisdn: '01711111111' })]));
    for (const secret of ['8801700000000', '01711111111', 'Token 1', TOKEN]) expect(said).not.toContain(secret);
  });
});
