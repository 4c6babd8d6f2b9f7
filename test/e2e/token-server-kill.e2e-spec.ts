// Proves that no kill -9 makes a request id yield two tokens, or loses or tears a line: several callers ask for the same
// ids with different amounts while the server is killed again and again; then the log, the stored answers and what the
// callers got are held against each other. TOKEN_SERVER_KILLS=2000 for a long run; by itself it ends after 40 s.
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAuditLine, tokenFingerprint, verifyLog } from '@vend/keystore';
import { TestAuthority } from '../support/certificates';
import { TokenClient } from '../support/token-client';
import { ROLLOVER_KEYS, sealTestKeys } from '../support/token-keys';
import { freePort, journalAndCallers, TokenServerProcess } from '../support/token-server';
import type { TokenServerSettings } from '../support/token-server';

const KILLS = Number(process.env['TOKEN_SERVER_KILLS'] ?? Infinity);
const SECONDS = process.env['TOKEN_SERVER_KILLS'] ? Infinity : 40;
const UNARY_CALLERS = 5;
/** Ids under way at a time: few, so that callers meet on them; they move on slowly, so that kills fall on fresh ones. */
const WINDOW = 400;

jest.setTimeout(KILLS === Infinity ? 240_000 : KILLS * 5_000 + 60_000);

const folder = mkdtempSync(join(tmpdir(), 'token-kill-'));
const authority = new TestAuthority();
let settings: TokenServerSettings;

/** What callers were given, by request id. */
const given = new Map<string, Set<string>>();
const tally = { answers: 0, repeats: 0, conflicts: 0, lost: 0, kills: 0 };
let firstId = 0;
let over = false;

/** One of three requests under the same id: whoever comes first decides which of them the id stands for. */
function someRequest(): { requestId: string } {
  const n = firstId + Math.floor(Math.random() * WINDOW);
  const isSta = n % 2 === 0;
  const meter = {
    ...{ meterPan: '600727000000000009', ea: isSta ? 7 : 11, tct: 2, sgc: isSta ? '123456' : '201457' },
    ...{ krn: 2, ti: '01', kt: 2, ken: 255, baseDate: 2014 },
  };
  const amountUnits = String(100 + Math.floor(Math.random() * 3));
  return { requestId: `kill-${n}`, meter, subclass: 0, tid: 6_600_000 + 2 * n, rnd: 1, amountUnits } as never;
}

interface Outcome {
  readonly requestId: string;
  readonly ok: { readonly tokenDec: string } | null;
  readonly error: { readonly code: string } | null;
}

function note(outcomes: readonly Outcome[]): void {
  for (const { requestId, ok, error } of outcomes) {
    if (error?.code === 'request-id-conflict') tally.conflicts += 1;
    else if (!ok) throw new Error(`refused: ${error?.code}`);
    else {
      tally.answers += 1;
      const tokens = given.get(requestId);
      if (tokens) tally.repeats += 1;
      given.set(requestId, (tokens ?? new Set()).add(ok.tokenDec));
    }
  }
  firstId += Math.ceil(outcomes.length / 12);
}

const group = (): object => ({ requests: Array.from({ length: 1 + Math.floor(Math.random() * 20) }, someRequest) });

async function askOneByOne(client: TokenClient): Promise<void> {
  while (!over) {
    try {
      note((await client.call('issueCredit', group(), 3_000)).outcomes);
    } catch (error) {
      lost(error);
      await delay(20);
    }
  }
}

async function askInBulk(client: TokenClient): Promise<void> {
  while (!over) {
    const call = client.bulk();
    const failed = once(call, 'error').then(([error]) => lost(error));
    call.on('data', (answer: { credit: { outcomes: Outcome[] } }) => note(answer.credit.outcomes));
    const open = () => !over && !call.destroyed && !call.errored;
    const ended = Promise.race([failed, once(call, 'end').catch(() => undefined)]);
    let isOpen = true;
    void ended.then(() => (isOpen = false));
    while (open() && isOpen) {
      call.write({ credit: group() });
      await delay(5);
    }
    call.end();
    await Promise.race([ended, delay(2_000)]);
    call.cancel();
    await delay(20);
  }
}

/** A call that was cut off: unknown, not failed; the ids are asked for again. Anything else is a fault of ours. */
function lost(error: unknown): void {
  if (!('code' in (error as Error)) || error instanceof TypeError) throw error;
  tally.lost += 1;
}

async function killAgainAndAgain(server: TokenServerProcess): Promise<TokenServerProcess> {
  const endMs = performance.now() + SECONDS * 1_000;
  let running = server;
  while (tally.kills < KILLS && performance.now() < endMs) {
    // In the middle of work: after so many answers, few or many.
    const until = tally.answers + Math.floor(Math.random() ** 2 * 800);
    while (tally.answers < until) await delay(1);
    await delay(Math.random() * 5);
    running.signal('SIGKILL');
    await running.ended();
    tally.kills += 1;
    running = await TokenServerProcess.start(settings);
  }
  return running;
}

it('keeps one token for an id and every line, whenever it is killed', async () => {
  settings = {
    address: `127.0.0.1:${await freePort()}`,
    tls: authority.filesFor('token-server', folder),
    ...(await sealTestKeys(folder, ROLLOVER_KEYS)),
    ...journalAndCallers(folder),
    env: { LOG_LEVEL: 'error' },
    started: 'port',
  };
  const files = authority.filesFor('api', folder);
  const clients = Array.from({ length: UNARY_CALLERS + 1 }, () => new TokenClient(settings.address, files));
  const callers = clients.map((client, n) => (n === 0 ? askInBulk(client) : askOneByOne(client)));
  const killed = killAgainAndAgain(await TokenServerProcess.start(settings));
  const server = await Promise.race([killed, Promise.all(callers).then(() => killed)]);
  over = true;
  await Promise.all(callers);

  // New connections: the old ones may still be waiting to try again after the last kill.
  for (const client of clients) client.close();
  const auditor = new TokenClient(settings.address, authority.filesFor('worker', folder));
  const asker = new TokenClient(settings.address, files);
  const { auditPublicKey } = await auditor.call('getStatus', {});
  const key = createPublicKey({ key: Buffer.from(auditPublicKey, 'base64'), format: 'der', type: 'spki' });
  const lines = (await auditor.auditLines()).map((text) => parseAuditLine(text)!);
  const fetched = new Map<string, string>();
  for (const requestId of given.keys()) {
    const result = await asker.call('fetchResult', { requestId });
    fetched.set(requestId, result.credit?.tokenDec);
  }
  for (const client of [asker, auditor]) client.close();
  await server.stop();

  // Each id stands for one token, also for those who asked for another amount, and it is still there.
  for (const [requestId, tokens] of given) expect([...tokens]).toEqual([fetched.get(requestId)]);
  // Each token has its line, and no id has two.
  const issued = lines.filter(({ kind, outcome }) => kind === 'credit' && outcome === 'issued');
  const fingerprints = new Map(issued.map(({ requestId, fingerprints: [one] = [] }) => [requestId, one]));
  expect(fingerprints.size).toBe(issued.length);
  for (const [requestId, [token]] of given)
    expect(fingerprints.get(requestId)).toBe(tokenFingerprint(requestId, token!));
  // The chain has no torn, missing or changed line.
  const report = await verifyLog(settings.journalDirectory, { publicKeys: [key] });
  expect(report.faults).toEqual([]);
  console.log(`${JSON.stringify(tally)}, ${given.size} ids, ${report.lines} lines`);
  // A busy machine takes seconds for a start; whatever came about, it must have been worth looking at.
  expect(tally.kills).toBeGreaterThanOrEqual(2);
  expect(tally.conflicts).toBeGreaterThan(50);
  expect(tally.repeats).toBeGreaterThan(50);
});

afterAll(() => rmSync(folder, { recursive: true }));
