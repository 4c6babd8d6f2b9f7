/*
 * Proves the nightly match of vends with the token server's audit log: a real log, written by the token server's own
 * journal, against real vends; every kind of missing, changed, cut or unsold line is found, and runs may be repeated.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type Id } from '@vend/kernel';
import { TokenJournal, tokenFingerprint } from '@vend/keystore';
import { Campaigns, type CampaignOrder } from '@vend/meters';
import { TokenMatcher, TokenServerUnavailable, type CreditTokenRequest, type TokenLogReader } from '@vend/vending';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { payment, VendingBench } from '../support/vending';

/** The log of a token server, as its door would give it, with a hand in between that may change it. */
class TestLog implements TokenLogReader {
  readonly address: string;
  tamper: (line: string, number: number) => string | undefined = (line) => line;
  private constructor(
    private readonly journal: TokenJournal,
    private readonly folder: string,
  ) {
    this.address = `log-${newId()}`;
  }

  static async open(now: () => number): Promise<TestLog> {
    const folder = mkdtempSync(join(tmpdir(), 'token-match-'));
    const { privateKey } = generateKeyPairSync('ed25519');
    const journal = await TokenJournal.open({
      directory: folder,
      signingKey: privateKey,
      resultsKey: randomBytes(32),
      now,
      checkpointEveryLines: 5,
    });
    return new TestLog(journal, folder);
  }

  /** A line for a request's tokens, durable as the token server has it before it answers. */
  async note(kind: 'credit' | 'key-change', requestId: string, digits: readonly string[]): Promise<void> {
    const fingerprints = digits.map((each) => tokenFingerprint(requestId, each));
    const ask = { requestId, content: digits.join(' ') };
    await this.journal.issueOnce('api', [ask], () =>
      Promise.resolve([{ line: { kind, outcome: 'issued', fingerprints }, answer: Buffer.from('kept') }]),
    );
  }

  async status() {
    const { lines, publicKey } = this.journal.status();
    return { lines: this.shown ?? lines, publicKey: this.otherKey ?? publicKey };
  }
  shown: number | undefined;
  otherKey: string | undefined;

  async *read(fromLine: number) {
    let number = fromLine;
    for await (const block of this.journal.read(fromLine)) {
      yield block.flatMap((line) => this.tamper(line, number++) ?? []);
    }
  }

  async close(): Promise<void> {
    await this.journal.close();
    rmSync(this.folder, { recursive: true });
  }
}

let fresh: FreshDatabase;
let bench: VendingBench;
let log: TestLog;
let serial = 80_000;
/** Tests share the books, so each begins after the one before it. */
let clock = Date.UTC(2026, 10, 21, 4, 30);
const UNDER_WAY_MS = 600_000;

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());
beforeEach(async () => {
  bench = new VendingBench(fresh);
  bench.now = clock;
  log = await TestLog.open(() => bench.now);
  const make = bench.issuer.issueCredit.bind(bench.issuer);
  bench.issuer.issueCredit = async (requests: readonly CreditTokenRequest[]) => {
    const outcomes = await make(requests);
    for (const outcome of outcomes) if (outcome.ok) await log.note('credit', outcome.requestId, [outcome.digits]);
    return outcomes;
  };
});
afterEach(async () => {
  clock = bench.now + 60_000;
  await log.close();
});

const matcher = () => new TokenMatcher(fresh.database, [log], () => bench.now);
async function sell(count: number): Promise<Id[]> {
  const drafts = Array.from({ length: count }, () => ({ serial: serial++ }));
  const meters = await bench.install(...drafts);
  const answers = await Promise.all(meters.map((meterId) => bench.vending.recharge(payment(meterId))));
  return answers.map(({ record }) => record.vend!.vendId);
}
/** Lets everything sold so far be settled. */
const settle = () => (bench.now += UNDER_WAY_MS + 60_000);

it('matches every vend with its line, also when it reads on night after night', async () => {
  await sell(7);
  settle();
  expect(await matcher().run()).toMatchObject({
    faults: [],
    unsold: [],
    figures: { tokensMatched: 7, vendsWithoutLine: 0, unsoldTokens: 0 },
  });
  await sell(5);
  expect((await matcher().run()).figures).toMatchObject({ tokensMatched: 0 });
  settle();
  const { figures } = await matcher().run();
  expect(figures).toMatchObject({ tokensMatched: 5, linesRead: expect.any(Number) });
  expect((await matcher().run()).figures).toMatchObject({ linesRead: 0, tokensMatched: 0 });
  const kept = await fresh.admin.read<{ n: string }>('SELECT COUNT(*) AS n FROM token_log_checkpoints');
  expect(Number(kept[0]!.n)).toBeGreaterThan(1);
});

it('lists a token that was made for a group that was rolled back, and finds nothing wrong with it', async () => {
  const [meterId] = await bench.install({ serial: serial++ });
  const make = bench.issuer.issueCredit.bind(bench.issuer);
  let lose = true;
  bench.issuer.issueCredit = async (requests: readonly CreditTokenRequest[]) => {
    const outcomes = await make(requests);
    if (lose) throw new TokenServerUnavailable('the answer is lost after the line is written');
    return outcomes;
  };
  await bench.vending.recharge(payment(meterId!));
  lose = false;
  settle();
  const { faults, unsold, figures } = await matcher().run();
  expect([faults, figures.unsoldTokens]).toEqual([[], 1]);
  expect(unsold[0]!.requestId).toMatch(/^[0-9a-f-]{36}:\d+:\d+$/);
});

it('names a vend without a line, night after night, until the line is there', async () => {
  await sell(2);
  let missing: string | undefined;
  const note = log.note.bind(log);
  log.note = async (kind, requestId, digits) => {
    missing ??= JSON.stringify([kind, requestId, digits]);
    if (missing !== JSON.stringify([kind, requestId, digits])) await note(kind, requestId, digits);
  };
  const vends = await sell(3);
  settle();
  const first = await matcher().run();
  expect(first.figures).toMatchObject({ tokensMatched: 5, vendsWithoutLine: 1 });
  const culprit = vends.find((vendId) =>
    first.faults.includes(`vend ${vendId} has a token that no audit line tells of`),
  );
  expect(culprit).toBeDefined();
  expect((await matcher().run()).faults).toEqual(first.faults);
  const [kind, requestId, digits] = JSON.parse(missing!) as ['credit', string, string[]];
  await note(kind, requestId, digits);
  expect((await matcher().run()).faults).toEqual([]);
});

it('finds the line of a key change, with a vend and waiting', async () => {
  const meters = await bench.install({ serial: serial++, office: 'Match' }, { serial: serial++, office: 'Match' });
  await sell(1);
  const order: CampaignOrder = {
    name: 'match',
    kind: 'key-revision',
    ...{ from: { sgc: '123456', krn: 1 }, to: { sgc: '123456', krn: 2 } },
    ...{ ti: null, office: 'Match', listHash: null },
  };
  const campaigns = new Campaigns(fresh.database, { now: () => bench.now });
  await campaigns.create(order, await bench.issuer.vendingKeys(), 'officer:anwar');
  await campaigns.make('match', {
    vendingKeys: () => bench.issuer.vendingKeys(),
    async *makeSets(groups) {
      for await (const outcomes of bench.issuer.makeSets(groups)) {
        for (const each of outcomes) if (each.ok) await log.note('key-change', each.requestId, each.set.tokens);
        yield outcomes;
      }
    },
  });
  await bench.vending.recharge(payment(meters[0]!));
  await log.note('key-change', 'key-change:of nobody', ['12345678901234567890']);
  settle();
  const { faults, figures } = await matcher().run();
  expect(faults).toEqual([]);
  expect(figures).toMatchObject({ tokensMatched: 4, keyChangeTokensKept: 2, keyChangeTokensLoose: 1 });
});

describe('a log that is not what it was', () => {
  const found = async (what: RegExp) => {
    const { faults } = await matcher().run();
    expect(faults).toEqual([expect.stringMatching(what)]);
  };
  const lines = async () => {
    const [row] = await fresh.admin.read('SELECT lines_read FROM token_logs WHERE address = ?', [log.address]);
    return Number(row?.['lines_read'] ?? 0);
  };

  it.each([
    [
      'a changed line',
      (line: string) => line.replace('"outcome":"issued"', '"outcome":"refused"'),
      /line 3: was changed/,
    ],
    ['a missing line', () => undefined, /line 3: its number is 4/],
    ['a line that is none', () => 'nonsense', /line 3: is not a line/],
  ] as const)('%s is named, and nothing from it on is kept', async (_what, change, says) => {
    await sell(6);
    settle();
    log.tamper = (line, number) => (number === 3 ? change(line) : line);
    await found(says);
    expect(await lines()).toBeLessThan(3);
    log.tamper = (line) => line;
    expect((await matcher().run()).faults).toEqual([]);
  });

  it('cut off, replaced or signed by another key is named', async () => {
    await sell(6);
    settle();
    expect((await matcher().run()).faults).toEqual([]);
    log.shown = 2;
    await found(/lines were read before, and now it has 2/);
    log.shown = undefined;
    await sell(1);
    settle();
    log.tamper = (line) => line.replace(/"hash":"[0-9a-f]{64}"\}$/, `"hash":"${'a'.repeat(64)}"}`);
    await found(/is not the line that was read before/);
    log.tamper = (line) => line;
    const { publicKey } = generateKeyPairSync('ed25519');
    log.otherKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    await found(/signed by another key/);
    log.otherKey = undefined;
    expect((await matcher().run()).faults).toEqual([]);
  });
});

it('run three times at once reads every line once', async () => {
  await sell(12);
  settle();
  const results = await Promise.all(
    [1, 2, 3].map(() =>
      matcher()
        .run()
        .catch(() => undefined),
    ),
  );
  expect(results.some((result) => result !== undefined)).toBe(true);
  expect((await matcher().run()).faults).toEqual([]);
  const [row] = await fresh.admin.read(
    `SELECT COUNT(*) AS n, COUNT(DISTINCT request_id) AS ids FROM token_log_tokens
     WHERE log_id = (SELECT id FROM token_logs WHERE address = ?)`,
    [log.address],
  );
  expect([Number(row!['n']), Number(row!['ids'])]).toEqual([12, 12]);
});

// Last: what it leaves unread stays so.
it('a log with a checkpoint that its key did not sign is named', async () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  log.otherKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  await sell(6);
  settle();
  const { faults } = await matcher().run();
  expect(faults[0]).toMatch(/is a checkpoint that its key did not sign/);
});
