// Proves that a caller gets what its rules say and no more: by name, method, supply group, kind and amount; together in
// parallel, after a kill, and with each refusal in the audit log and the figures. A real process, real certificates.
import { parseAuditLine } from '@vend/keystore';
import type { AuditLine } from '@vend/keystore';
import type { MeterKeyConfig } from '@vend/vending';
import { codeOfCall, meterMessage, TokenClient } from '../support/token-client';
import { freePort, TokenServerProcess } from '../support/token-server';
import { EA07, EA11, TokenServerWorld } from '../support/token-server-world';

jest.setTimeout(60_000);

const issuer = {
  roles: ['issuer'],
  methods: ['IssueCredit', 'IssueManagement', 'GetStatus', 'FetchResult'],
  supplyGroups: ['201457'],
  managementKinds: ['clear-tamper'],
  energyTenthsKwh: { perRequest: '16384', perDay: '100000' },
  requestsPerDay: 1_000,
};
const auditor = { roles: ['auditor'], methods: ['ReadAuditLog', 'GetStatus'] };
const keyManager = {
  ...{ roles: ['key-manager'], methods: ['IssueKeyChange', 'BulkIssue'], supplyGroups: ['201457'], requestsPerDay: 5 },
};

let world: TokenServerWorld;
let metricsPort: number;
const clients = new Map<string, TokenClient>();

beforeAll(async () => {
  world = await TokenServerWorld.create({ api: issuer, auditor, keys: keyManager });
  metricsPort = await freePort();
  await world.server.stop();
  world.settings = { ...world.settings, env: { TOKEN_SERVER_METRICS_PORT: String(metricsPort) } };
  world.server = await TokenServerProcess.start(world.settings);
});

afterAll(async () => {
  for (const client of clients.values()) client.close();
  await world?.destroy();
});

function as(caller: string): TokenClient {
  let client = clients.get(caller);
  if (!client) clients.set(caller, (client = new TokenClient(world.settings.address, world.filesOf(caller))));
  return client;
}

let last = 0;
function credit(meter: MeterKeyConfig, amountUnits: number | string, fields: object = {}) {
  last += 1;
  const tid = 6_600_000 + 2 * last;
  return { requestId: `limit-${last}`, meter: meterMessage(meter), subclass: 0, tid, rnd: 1, amountUnits, ...fields };
}

async function codesOf(caller: string, method: string, requests: object[]): Promise<string[]> {
  const { outcomes } = await as(caller).call(method, { requests });
  return outcomes.map(({ error }: { error: { code: string } | null }) => error?.code ?? 'a token');
}

async function callRefused(caller: string, method: string, message: object): Promise<string> {
  return as(caller)
    .call(method, message)
    .then(() => 'served', codeOfCall);
}

async function linesSince(count: number) {
  return (await as('auditor').auditLines(count + 1)).map((text) => parseAuditLine(text)!);
}
const lineCount = async (): Promise<number> => (await as('auditor').auditLines()).length;

async function figure(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('who may call', () => {
  it('knows a caller by its certificate alone', async () => {
    expect(await callRefused('stranger', 'getStatus', {})).toBe('unknown-caller');
    expect(await callRefused('api', 'getStatus', {})).toBe('served');
  });

  it.each([
    ['api', 'issueKeyChange', { requests: [{ requestId: 'k' }] }],
    ['api', 'verify', { requestId: 'v' }],
    ['auditor', 'issueCredit', { requests: [{ requestId: 'c' }] }],
    ['keys', 'issueCredit', { requests: [{ requestId: 'c' }] }],
    ['keys', 'issueManagement', { requests: [{ requestId: 'm' }] }],
  ] as const)('%s may not call %s, even with nonsense', async (caller, method, message) => {
    expect(await callRefused(caller, method, message)).toBe('not-permitted');
  });

  it('nor read the audit log, nor order in bulk', async () => {
    await expect(as('api').auditLines()).rejects.toMatchObject({ code: 7 });
    const call = as('api').bulk();
    const failed = new Promise((resolve) => call.on('error', resolve));
    call.write({ credit: { requests: [credit(EA11, 1)] } });
    call.resume();
    expect(codeOfCall(await failed)).toBe('not-permitted');
  });

  it('leaves a line and a figure for each who tried', async () => {
    const before = await lineCount();
    const refusedBefore = await figure('vend_token_server_refused_total{code="unknown-caller"');
    await callRefused('stranger', 'issueCredit', { requests: [credit(EA11, 1)] });
    await callRefused('keys', 'issueCredit', { requests: [credit(EA11, 1)] });
    // Such a call is refused whether or not the log can be written, so nobody waits for the line: those of the
    // tests above may still come, and always before these two.
    let lines: AuditLine[] = [];
    while (lines.length < 2) {
      const refusals = (await linesSince(before)).filter(({ kind }) => kind === 'refusal');
      const ours = refusals.findIndex(
        ({ caller, detail }) => caller === 'stranger' && detail?.method === 'IssueCredit',
      );
      lines = ours < 0 ? [] : refusals.slice(ours);
    }
    expect(lines).toMatchObject([
      { caller: 'stranger', outcome: 'unknown-caller' },
      { caller: 'keys', outcome: 'not-permitted', detail: { method: 'IssueCredit' } },
    ]);
    expect(await figure('vend_token_server_refused_total{code="unknown-caller"')).toBe(refusedBefore + 1);
  });
});

describe('what for', () => {
  it('holds a caller to its supply groups, also to those it would change to', async () => {
    expect(await codesOf('api', 'issueCredit', [credit(EA07, 1), credit(EA11, 1)])).toEqual([
      'supply-group-not-permitted',
      'a token',
    ]);
    const target = { sgc: '123456', krn: 1, ti: '01', kt: 2 };
    const change = { requestId: 'change-1', meter: meterMessage(EA11), target, withSupplyGroup: false };
    expect(await codesOf('keys', 'issueKeyChange', [change])).toEqual(['supply-group-not-permitted']);
  });

  it('holds it to its kinds of management token, and to credit of a unit it has a limit for', async () => {
    const command = (id: string, what: object) => ({
      ...{ requestId: id, meter: meterMessage(EA11), tid: 6_500_000, rnd: 1 },
      ...what,
    });
    const tamper = command('management-1', { clearTamperCondition: {} });
    const clear = command('management-2', { clearCreditRegister: 0 });
    expect(await codesOf('api', 'issueManagement', [tamper, clear])).toEqual(['a token', 'not-permitted']);
    expect(await codesOf('api', 'issueCredit', [credit(EA11, 1, { subclass: 4 })])).toEqual(['not-permitted']);
  });
});

describe('how much', () => {
  it('refuses a token above the limit of a request by what the meter would credit, and says so in line and figure', async () => {
    const before = await lineCount();
    // 16385 is rounded up to 16394, which is above the limit; 16384 is what a token can say exactly.
    const asked = [credit(EA11, 16_385), credit(EA11, 16_384)];
    expect(await codesOf('api', 'issueCredit', asked)).toEqual(['limit-exceeded', 'a token']);
    const line = (await linesSince(before)).find(({ outcome }) => outcome === 'limit-exceeded');
    expect(line).toMatchObject({
      ...{ kind: 'refusal', caller: 'api', requestId: asked[0]!.requestId, pan: EA11.pan, units: '16385' },
    });
    expect(await figure('vend_token_server_refused_total{code="limit-exceeded"')).toBe(1);
  });

  it('gives many calls at the same moment together no more than the day allows, also after a kill', async () => {
    await world.callersAre({ api: { ...issuer, energyTenthsKwh: { perRequest: '1000', perDay: '50000' } }, auditor });
    const spent = async (): Promise<number> =>
      (await linesSince(0))
        .filter(({ kind, outcome }) => kind === 'credit' && outcome === 'issued')
        .reduce((sum, { units }) => sum + Number(units), 0);
    const storm = () =>
      Promise.all(
        Array.from({ length: 30 }, () => codesOf('api', 'issueCredit', [credit(EA11, 700), credit(EA11, 900)])),
      ).then((codes) => codes.flat());
    const before = await spent();
    expect(before).toBeLessThan(50_000 - 1_600);
    const first = await storm();
    expect(new Set(first)).toEqual(new Set(['a token', 'day-limit-exceeded']));
    expect(await spent()).toBeLessThanOrEqual(50_000);
    expect(await spent()).toBeGreaterThan(50_000 - 700);

    world.server.signal('SIGKILL');
    await world.server.ended();
    world.server = await TokenServerProcess.start(world.settings);
    expect(new Set(await storm())).toEqual(new Set(['day-limit-exceeded']));
    // A repeat of what was issued is no new use.
    const repeated = (await linesSince(0)).find(({ kind, units }) => kind === 'credit' && units === '700')!;
    expect(await as('api').call('fetchResult', { requestId: repeated.requestId })).toHaveProperty('credit');
  });

  it('counts tokens and sets of a day', async () => {
    await world.callersAre({ keys: keyManager, auditor });
    const change = (n: number) => {
      const target = { sgc: EA11.sgc, krn: 1, ti: String(10 + n), kt: 2 };
      return { requestId: `set-${n}`, meter: meterMessage(EA11), target, withSupplyGroup: false };
    };
    const codes = await codesOf(
      'keys',
      'issueKeyChange',
      Array.from({ length: 7 }, (_, n) => change(n)),
    );
    expect(codes).toEqual([...Array<string>(5).fill('a token'), ...Array<string>(2).fill('day-limit-exceeded')]);
    expect(await codesOf('keys', 'issueKeyChange', [change(2)])).toEqual(['a token']);
  });
});

describe('the list of callers', () => {
  it('is read again on SIGHUP, and a faulty one leaves the old in force', async () => {
    await world.callersAre({ api: issuer, auditor });
    expect(await callRefused('keys', 'issueKeyChange', { requests: [] })).toBe('unknown-caller');
    await world.callersAre({ auditor });
    expect(await callRefused('api', 'getStatus', {})).toBe('unknown-caller');
    await expect(world.callersAre({ api: { ...issuer, roles: ['root'] } })).rejects.toThrow('faulty');
    expect(await callRefused('auditor', 'getStatus', {})).toBe('served');
  });

  it('lets nobody in when there is none, and names its faults at the start', async () => {
    const another = { ...(await world.settingsOfAnother()), env: {} };
    const closed = await TokenServerProcess.start({ ...another, policyFile: '' });
    const client = new TokenClient(another.address, world.filesOf('api'));
    await expect(client.call('getStatus', {})).rejects.toMatchObject({ code: 7 });
    expect(closed.output).toContain('every call will be refused');
    client.close();
    await closed.stop();

    const faulty = TokenServerProcess.launch({ ...another, policyFile: world.settings.keyFile });
    expect(await faulty.ended()).toBe(1);
    expect(faulty.output).toContain('callers');
  });
});

describe('for this machine', () => {
  it('shows health and figures on the loopback address', async () => {
    const health = await fetch(`http://127.0.0.1:${metricsPort}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { journal: 'available', keys: 2 }]);
    expect(await figure('vend_token_server_vending_keys')).toBe(2);
    expect(await figure('vend_token_server_journal_available')).toBe(1);
    expect(await figure('vend_token_server_audit_lines')).toBe(await lineCount());
    expect(await figure('vend_token_server_calls_total{method="GetStatus",outcome="ok"')).toBeGreaterThan(0);
    expect((await fetch(`http://127.0.0.1:${metricsPort}/`)).status).toBe(404);
  });
});
