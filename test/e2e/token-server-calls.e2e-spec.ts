// Proves every call of the token server over the wire: tokens that virtual meters take, one answer for a request id also
// after a restart, bulk orders in order and with back-pressure, and an audit log whose lines stand the check.
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAuditLine, tokenFingerprint, verifyLog } from '@vend/keystore';
import { DecoderKey, deriveDecoderKey, StsMeter, VendingKey } from '@vend/sts';
import type { MeterKeyConfig } from '@vend/vending';
import { bulkIssue, codeOfCall, meterMessage, TokenClient } from '../support/token-client';
import { ROLLOVER_KEYS, sealTestKeys } from '../support/token-keys';
import { freePort, journalAndCallers, TokenServerProcess } from '../support/token-server';
import type { TokenServerSettings } from '../support/token-server';
import { TestAuthority } from '../support/certificates';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'token-calls-'));
const authority = new TestAuthority();
let settings: TokenServerSettings;
let server: TokenServerProcess;
let api: TokenClient;
let keys: TokenClient;
let worker: TokenClient;

beforeAll(async () => {
  settings = {
    address: `127.0.0.1:${await freePort()}`,
    tls: authority.filesFor('token-server', folder),
    ...(await sealTestKeys(folder, ROLLOVER_KEYS)),
    ...journalAndCallers(folder),
  };
  server = await TokenServerProcess.start(settings);
  [api, keys, worker] = ['api', 'keys', 'worker'].map(
    (caller) => new TokenClient(settings.address, authority.filesFor(caller, folder)),
  ) as [TokenClient, TokenClient, TokenClient];
});

afterAll(async () => {
  for (const client of [api, keys, worker]) client?.close();
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const STA: MeterKeyConfig = {
  pan: '600727000000000009',
  ea: '07',
  tct: '02',
  sgc: '123456',
  krn: 2,
  ti: '01',
  kt: 2,
  ken: 255,
  baseDate: 2014,
};
const MISTY: MeterKeyConfig = { ...STA, pan: '000001000000000082', ea: '11', sgc: '201457' };

/** What the maker of the meter would have loaded. */
function decoderKeyOf(meter: MeterKeyConfig): DecoderKey {
  const { hex, dkga } = ROLLOVER_KEYS.find(({ sgc, krn }) => sgc === meter.sgc && krn === meter.krn)!;
  const { pan, ea, kt, sgc, krn, ken, baseDate } = meter;
  const attributes = { pan, ea, kt, sgc, ti: Number(meter.ti), krn, ken, baseDate };
  return deriveDecoderKey({ ...attributes, dkga: dkga === 2 ? '02' : '04', vendingKey: VendingKey.fromHex(hex) });
}

let last = 0;
const nextId = (): string => `call-${(last += 1)}`;
let lastTid = 6_600_000;
/** Even ones only: the reserved minute 00:01 is odd. */
const nextTid = (): number => (lastTid += 2);

function credit(meter: MeterKeyConfig, fields: object = {}) {
  const tid = nextTid();
  return { requestId: nextId(), meter: meterMessage(meter), subclass: 0, tid, rnd: 5, amountUnits: '256', ...fields };
}

async function issued(client: TokenClient, method: string, request: object): Promise<Record<string, never>> {
  const { outcomes } = await client.call(method, { requests: [request] });
  if (!outcomes[0].ok) throw new Error(outcomes[0].error.code);
  return outcomes[0].ok;
}

async function refusal(client: TokenClient, method: string, request: object): Promise<string> {
  const { outcomes } = await client.call(method, { requests: [request] });
  return outcomes[0].error?.code ?? 'a token';
}

/** A caller on HTTP/2 itself: grpc-js takes in all that comes, whether or not its user reads. */
function rawBulk() {
  const { caFile, certFile, keyFile } = authority.filesFor('api', folder);
  const [ca, cert, key] = [caFile, certFile, keyFile].map((path) => readFileSync(path));
  const session = connect(`https://${settings.address}`, { ca, cert, key });
  const stream = session.request({
    ...{ ':method': 'POST', ':path': '/vend.token.v1.TokenServer/BulkIssue' },
    ...{ 'content-type': 'application/grpc', te: 'trailers' },
  });
  stream.pause();
  const write = (piece: object): boolean => {
    const body = bulkIssue.requestSerialize(piece);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length, 1);
    return stream.write(Buffer.concat([head, body]));
  };
  return { stream, write, close: () => session.close() };
}

/** True when an event does not come in time. */
async function nothingFor(ms: number, emitter: EventEmitter, event: string): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  const came = await once(emitter, event, { signal: stop.signal }).then(
    () => true,
    () => false,
  );
  clearTimeout(timer);
  return !came;
}

async function restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  server.signal(signal);
  await server.ended();
  server = await TokenServerProcess.start(settings);
}

describe('management tokens', () => {
  it.each([
    ['clear tamper', { clearTamperCondition: {} }, 5, '0'],
    ['a power limit, rounded up to what a token can say', { setMaximumPowerLimitWatts: '20000' }, 0, '20004'],
    ['clear credit', { clearCreditRegister: 65_535 }, 1, '65535'],
    ['an unbalance limit', { setMaximumPhasePowerUnbalanceLimitWatts: '1000' }, 6, '1000'],
  ])('%s: its meter takes it, and does it', async (_what, command, subclass, value) => {
    for (const config of [STA, MISTY]) {
      const request = { requestId: nextId(), meter: meterMessage(config), tid: nextTid(), rnd: 7, ...command };
      const token = await issued(api, 'issueManagement', request);
      expect(token).toMatchObject({ tokenClass: 2, subclass, value, sampleTables: config.ea === '07' });
      const meter = new StsMeter(decoderKeyOf(config));
      meter.tamper();
      expect(meter.enter(token['tokenDec']!, 0).result).toBe('Accept');
      if (subclass === 5) expect(meter.tampered).toBe(false);
      if (subclass === 0) expect(meter.maxPowerLimit).toBe(20_004);
    }
  });

  it('makes the published test token, which any meter takes', async () => {
    const testDisplay = { subclass: 0, manufacturer: 0, control: ((1n << 36n) - 1n).toString() };
    const token = await issued(api, 'issueManagement', { requestId: nextId(), testDisplay });
    expect(token).toMatchObject({ tokenDec: '56493153725450313471', tokenClass: 1, subclass: 0, vkKcv: '' });
  });

  it.each<[string, object, string]>([
    ['no command', {}, 'request-malformed'],
    ['no meter', { clearTamperCondition: {}, meter: null }, 'request-malformed'],
    ['a limit no token can carry', { setMaximumPowerLimitWatts: '18201625' }, 'value-out-of-range'],
    ['a test of another manufacturer form', { testDisplay: { subclass: 0, manufacturer: 100 } }, 'value-out-of-range'],
    ['a test of subclass 2', { testDisplay: { subclass: 2 } }, 'subclass-unsupported'],
  ])('with %s are refused', async (_what, fields, code) => {
    const request = { requestId: nextId(), meter: meterMessage(STA), tid: nextTid(), rnd: 1, ...fields };
    expect(await refusal(api, 'issueManagement', request)).toBe(code);
  });
});

describe('key changes', () => {
  it.each([
    ['EA07, two sections', STA, false, 2],
    ['EA07, three sections', STA, true, 3],
    ['EA11', MISTY, false, 4],
  ] as const)(
    'roll a meter over to 2014, %s; then it takes credit under the new key',
    async (_what, config, withSgc, n) => {
      const from = { ...config, krn: 1, baseDate: 1993 as const };
      const target = { sgc: config.sgc, krn: 2, ti: '05', kt: 2 };
      const request = { requestId: nextId(), meter: meterMessage(from), target, withSupplyGroup: withSgc };
      const set = (await issued(keys, 'issueKeyChange', request)) as unknown as { tokenDec: string[]; after: object };
      expect(set).toMatchObject({ rollover: true });
      expect(set.tokenDec).toHaveLength(n);
      const after = { ...config, ti: '05' };
      expect(set.after).toEqual(meterMessage(after));

      const meter = new StsMeter(decoderKeyOf(from), {}, 0xffff00);
      const results = [...set.tokenDec].reverse().map((digits) => meter.enter(digits, 0).result);
      expect(results.at(-1)).toBe('Accept');
      const { tokenDec } = await issued(api, 'issueCredit', credit(after));
      expect(meter.enter(tokenDec!, 0)).toMatchObject({ result: 'Accept', credited: { units: 256n } });
    },
  );

  it('refuse a target whose base date has gone by, and one that is not loaded', async () => {
    const change = (meter: MeterKeyConfig, krn: number) => ({
      ...{ requestId: nextId(), meter: meterMessage(meter), withSupplyGroup: false },
      target: { sgc: meter.sgc, krn, ti: '01', kt: 2 },
    });
    const old = { ...STA, krn: 1, baseDate: 1993 as const };
    expect(await refusal(keys, 'issueKeyChange', change(old, 1))).toBe('target-key-expired');
    expect(await refusal(keys, 'issueKeyChange', change(STA, 9))).toBe('unknown-vending-key');
  });
});

describe('one answer for a request id', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('again in the same process, in one group, and after %s', async (signal) => {
    const request = credit(MISTY);
    const first = await issued(api, 'issueCredit', request);
    expect(await issued(api, 'issueCredit', request)).toEqual(first);
    const { outcomes } = await api.call('issueCredit', { requests: [request, credit(STA), request] });
    expect([outcomes[0].ok, outcomes[2].ok]).toEqual([first, first]);
    await restart(signal);
    expect(await issued(api, 'issueCredit', request)).toEqual(first);
    expect(await api.call('fetchResult', { requestId: request.requestId })).toMatchObject({ credit: first });
  });

  it('refuses the id for anything else, and means nothing to another caller', async () => {
    const request = credit(MISTY);
    const first = await issued(api, 'issueCredit', request);
    for (const other of [{ amountUnits: '257' }, { tid: request.tid + 2 }, { rnd: 6 }, { meter: meterMessage(STA) }]) {
      expect(await refusal(api, 'issueCredit', { ...request, ...other })).toBe('request-id-conflict');
    }
    const command = {
      requestId: request.requestId,
      meter: meterMessage(STA),
      clearTamperCondition: {},
      tid: nextTid(),
    };
    expect(await refusal(api, 'issueManagement', command)).toBe('request-id-conflict');
    expect(await api.call('fetchResult', { requestId: request.requestId })).toMatchObject({ credit: first });
    expect(await worker.call('fetchResult', { requestId: request.requestId })).toMatchObject({
      error: { code: 'result-not-found', retryable: false },
    });
    await expect(issued(worker, 'issueCredit', { ...request, amountUnits: '300' })).resolves.toBeDefined();
  });

  it('serves equal calls at the same moment with one token and one line', async () => {
    const request = credit(STA);
    const before = (await worker.auditLines()).length;
    const tokens = await Promise.all(Array.from({ length: 40 }, () => issued(api, 'issueCredit', request)));
    expect(new Set(tokens.map(({ tokenDec }) => tokenDec)).size).toBe(1);
    const lines = (await worker.auditLines(before + 1)).map((text) => parseAuditLine(text)!);
    expect(lines.filter(({ requestId }) => requestId === request.requestId)).toHaveLength(1);
  });

  it('tries a refused id again', async () => {
    const request = credit({ ...MISTY, krn: 7 });
    expect(await refusal(api, 'issueCredit', request)).toBe('unknown-vending-key');
    await expect(issued(api, 'issueCredit', { ...request, meter: meterMessage(MISTY) })).resolves.toBeDefined();
  });

  it('keeps key-change sets and management tokens as well', async () => {
    const from = { ...MISTY, krn: 1, baseDate: 1993 as const };
    const target = { sgc: MISTY.sgc, krn: 2, ti: '01', kt: 2 };
    const change = { requestId: nextId(), meter: meterMessage(from), target, withSupplyGroup: false };
    const set = await issued(keys, 'issueKeyChange', change);
    expect(await keys.call('fetchResult', { requestId: change.requestId })).toMatchObject({ keyChange: set });
    const command = { requestId: nextId(), meter: meterMessage(STA), clearTamperCondition: {}, tid: nextTid(), rnd: 1 };
    const token = await issued(api, 'issueManagement', command);
    expect(await api.call('fetchResult', { requestId: command.requestId })).toMatchObject({ management: token });
  });
});

describe('a bulk order', () => {
  it('is answered piece by piece in its order, each kind as in its own call', async () => {
    const call = api.bulk();
    const pieces = Array.from({ length: 12 }, (_, n) =>
      n % 3 === 2
        ? {
            management: {
              requests: [{ requestId: nextId(), meter: meterMessage(STA), clearTamperCondition: {}, tid: nextTid() }],
            },
          }
        : { credit: { requests: Array.from({ length: 1 + 40 * (n % 3) }, () => credit(n % 2 ? STA : MISTY)) } },
    );
    for (const piece of pieces) call.write(piece);
    call.end();
    const answers: Record<string, { outcomes: { requestId: string; ok: object | null }[] } | null>[] = [];
    for await (const answer of call) answers.push(answer as (typeof answers)[number]);
    expect(answers).toHaveLength(pieces.length);
    pieces.forEach((piece, n) => {
      const kind = 'credit' in piece ? 'credit' : 'management';
      const { outcomes } = answers[n]![kind]!;
      const requests = (piece as unknown as Record<string, { requests: { requestId: string }[] }>)[kind]!.requests;
      expect(outcomes.map(({ requestId }) => requestId)).toEqual(requests.map(({ requestId }) => requestId));
      expect(outcomes.every(({ ok }) => ok !== null)).toBe(true);
    });
  });

  it('answers while the caller keeps the stream open', async () => {
    const call = api.bulk();
    for (let n = 0; n < 3; n += 1) {
      call.write({ credit: { requests: [credit(MISTY)] } });
      const [answer] = (await once(call, 'data')) as [{ credit: { outcomes: { ok: object }[] } }];
      expect(answer.credit.outcomes[0]!.ok).toBeDefined();
    }
    call.end();
    await once(call, 'end');
  });

  it('takes no more than the caller reads, and keeps its memory flat', async () => {
    const { stream, write, close } = rawBulk();
    const requests = Array.from({ length: 512 }, () => credit(MISTY));
    const before = server.residentBytes;
    // Nobody reads: what the server has made stays in a few pieces, and it stops taking new ones.
    let written = 0;
    for (;;) {
      written += 1;
      if (!write({ credit: { requests } }) && (await nothingFor(1_500, stream, 'drain'))) break;
      if (written > 400) throw new Error('200 000 requests were taken from a caller that reads nothing');
    }
    expect(server.residentBytes - before).toBeLessThan(150 * 1024 * 1024);
    // A caller that reads again gets everything that it asked for.
    let receivedBytes = 0;
    stream.on('data', (chunk: Buffer) => (receivedBytes += chunk.length));
    stream.end();
    stream.resume();
    await once(stream, 'end');
    close();
    expect(receivedBytes).toBeGreaterThan(written * 512 * 40);
  });

  it('ends with a named status at a piece without a group, or of a kind the caller may not ask for', async () => {
    for (const [piece, code] of [
      [{}, 'request-malformed'],
      [{ credit: { requests: [] } }, 'group-size'],
      [{ keyChange: { requests: [{ requestId: nextId() }] } }, 'not-permitted'],
    ] as const) {
      const call = api.bulk();
      const good = credit(MISTY);
      call.write({ credit: { requests: [good] } });
      await once(call, 'data');
      call.write(piece);
      const [error] = (await once(call.resume(), 'error')) as [Error];
      expect(codeOfCall(error)).toBe(code);
      // What was answered before stands.
      expect(await api.call('fetchResult', { requestId: good.requestId })).toHaveProperty('credit');
    }
  });

  it('survives callers that vanish in the middle', async () => {
    for (let n = 0; n < 5; n += 1) {
      const call = api.bulk().on('error', () => undefined);
      for (let piece = 0; piece < 6; piece += 1) call.write({ credit: { requests: [credit(STA), credit(MISTY)] } });
      await once(call, 'data');
      call.cancel();
    }
    await expect(issued(api, 'issueCredit', credit(STA))).resolves.toBeDefined();
  });
});

describe('the audit log', () => {
  it('has a line for every token with what an auditor asks, and never the token', async () => {
    const request = credit(STA, { subclass: 4, amountUnits: '1250000' });
    const before = (await worker.auditLines()).length;
    const token = await issued(api, 'issueCredit', request);
    const texts = await worker.auditLines(before + 1);
    const line = texts.map((text) => parseAuditLine(text)!).find(({ requestId }) => requestId === request.requestId)!;
    expect(line).toMatchObject({
      ...{ kind: 'credit', caller: 'api', pan: STA.pan, sgc: '123456', krn: 2, tid: request.tid, subclass: 4 },
      ...{
        units: '1250024',
        outcome: 'issued',
        fingerprints: [tokenFingerprint(request.requestId, token['tokenDec']!)],
      },
    });
    expect(Math.abs(line.at - Date.now())).toBeLessThan(30_000);
    expect(texts.join('\n')).not.toContain(token['tokenDec']);
  });

  it('is read from any line on, a few lines or all, numbers without a gap', async () => {
    const all = await worker.auditLines();
    const numbers = all.map((text) => parseAuditLine(text)!.number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const some = await worker.auditLines(3, 5);
    expect(some).toEqual(all.slice(2, 7));
    expect(await worker.auditLines(all.length + 50)).toEqual([]);
  });

  it('stands the check, with the key and the head that the status shows', async () => {
    const status = await api.call('getStatus', {});
    const key = createPublicKey({ key: Buffer.from(status.auditPublicKey, 'base64'), format: 'der', type: 'spki' });
    const lines = await worker.auditLines();
    const lastSeen = parseAuditLine(lines[Number(status.auditLines) - 1]!)!;
    expect(status.auditHead).toBe(lastSeen.hash);
    const report = await verifyLog(settings.journalDirectory, { publicKeys: [key] });
    expect(report.faults).toEqual([]);
    expect(report.lines).toBeGreaterThanOrEqual(Number(status.auditLines));
  });
});
