// Proves the order of things inside a group with the real journal and the real keys: old answers before rules and limits,
// limits by what a meter credits, nothing counted when nothing was written, and a failure that is no refusal goes through.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@vend/kernel';
import { developmentServiceKeys, parseAuditLine, SoftwareSecurityModule, TokenJournal } from '@vend/keystore';
import { IEC_SAMPLE_TABLES } from '@vend/sts';
import type { CallerRules } from '../callers/caller-policy';
import { DayUse } from '../callers/day-use';
import { RefusalLines } from '../callers/refusal-lines';
import { rememberToday } from '../parts';
import type { WireCreditRequest } from '../wire/requests';
import { Issuance } from './issuance';
import type { Journal } from './journal.port';

const NOW = Date.UTC(2026, 10, 21, 4);
const folder = mkdtempSync(join(tmpdir(), 'issuance-'));
let journal: TokenJournal;
let use: DayUse;
const securityModule = new SoftwareSecurityModule(
  [
    {
      ...{ sgc: '201457', krn: 1, kind: 'VUDK', dkga: 4, baseDate: 2014, ken: 255, kcv: 'ABCDEF', state: 'active' },
      issuedUntil: null,
      value: Buffer.alloc(20, 7),
    },
  ],
  { tables: IEC_SAMPLE_TABLES, cacheSize: 8 },
);

beforeEach(async () => {
  const { auditSigningKey: signingKey, resultsKey } = developmentServiceKeys();
  journal = await TokenJournal.open({
    directory: mkdtempSync(join(folder, 'j-')),
    signingKey,
    resultsKey,
    now: () => NOW,
  });
  use = new DayUse();
});
afterEach(() => journal.close());
afterAll(() => rmSync(folder, { recursive: true }));

const rules: CallerRules = {
  name: 'api',
  roles: ['issuer'],
  methods: ['IssueCredit'],
  supplyGroups: ['201457'],
  managementKinds: [],
  energyTenthsKwh: { perRequest: 1_000n, perDay: 2_500n },
  requestsPerDay: 10,
};

const meter = {
  meterPan: '600727000000000009',
  ea: 11,
  tct: 2,
  sgc: '201457',
  krn: 1,
  ti: '01',
  kt: 2,
  ken: 255,
  baseDate: 2014,
};
const request = (n: number, amountUnits: bigint, fields: Partial<WireCreditRequest> = {}): WireCreditRequest => ({
  ...{ requestId: `r-${n}`, meter, subclass: 0, tid: 6_600_000 + 2 * n, rnd: 1, amountUnits },
  ...fields,
});

async function issue(requests: WireCreditRequest[], of = rules, changes: { journal?: Journal; now?: number } = {}) {
  const issuance = new Issuance({
    ...{ module: securityModule, tables: IEC_SAMPLE_TABLES, journal: changes.journal ?? journal, use },
    ...{ refusalLines: new RefusalLines(), now: () => changes.now ?? NOW },
  });
  const { outcomes, repeated } = await issuance.issue(of, { kind: 'credit', requests });
  return { codes: outcomes.map(({ error }) => error?.code ?? 'a token'), repeated, outcomes };
}

const counted = () => use.today(NOW).get('api');

it('gives an old answer whatever has become of rules and limits since', async () => {
  const first = await issue([request(1, 900n)]);
  expect(first.codes).toEqual(['a token']);
  const none: CallerRules = { ...rules, supplyGroups: [], energyTenthsKwh: undefined, requestsPerDay: 0 };
  const again = await issue([request(1, 900n), request(2, 900n)], none);
  expect(again.codes).toEqual(['a token', 'supply-group-not-permitted']);
  expect(again.repeated).toBe(1);
  expect(Buffer.from(again.outcomes[0]!.ok!)).toEqual(Buffer.from(first.outcomes[0]!.ok!));
  expect(counted()).toMatchObject({ requests: 1, energyTenthsKwh: 900n });
});

it('stops within a group where the day is used up, and counts an equal id once', async () => {
  const { codes } = await issue([
    request(1, 1_000n),
    request(1, 1_000n),
    request(2, 1_000n),
    request(3, 600n),
    request(4, 500n),
  ]);
  expect(codes).toEqual(['a token', 'a token', 'a token', 'day-limit-exceeded', 'a token']);
  expect(counted()).toMatchObject({ requests: 3, energyTenthsKwh: 2_500n });
});

it('finds the use of the day again in the log', async () => {
  await issue([request(1, 1_000n), request(2, 700n)]);
  use = new DayUse();
  await rememberToday(use, journal, NOW);
  expect(counted()).toMatchObject({ requests: 2, energyTenthsKwh: 1_700n });
});

it('counts nothing when the journal cannot write, and says so as a whole', async () => {
  // The disk fills up after the tokens were made.
  const failing: Journal = Object.create(journal, {
    issueOnce: {
      value: async (...[, asks, make]: Parameters<Journal['issueOnce']>) => {
        await make(asks.map((_, index) => index));
        throw new DomainError('journal-unavailable');
      },
    },
  }) as Journal;
  await expect(issue([request(1, 1_000n)], rules, { journal: failing })).rejects.toMatchObject({
    code: 'journal-unavailable',
  });
  expect(counted()).toMatchObject({ requests: 0, energyTenthsKwh: 0n });
  expect((await issue([request(1, 1_000n)])).codes).toEqual(['a token']);
});

it('refuses credit before the base date of its key has come', async () => {
  const before = Date.UTC(2013, 11, 31, 17, 59);
  expect((await issue([request(1, 1n)], rules, { now: before })).codes).toEqual(['before-base-date']);
  expect((await issue([request(1, 1n)], rules, { now: before + 60_000 })).codes).toEqual(['a token']);
});

it('writes a line for a limit that was met, with meter and amount, and none for an honest mistake', async () => {
  await issue([request(1, 1_001n), request(2, 1n, { rnd: 16 })]);
  const lines = [];
  for await (const block of journal.read(1)) lines.push(...block.map((text) => parseAuditLine(text)!));
  expect(lines.filter(({ kind }) => kind === 'refusal')).toMatchObject([
    { requestId: 'r-1', outcome: 'limit-exceeded', pan: meter.meterPan, units: '1001', detail: { of: 'credit' } },
  ]);
});

it('lets a failure through that is no refusal', async () => {
  const broken = Object.create(securityModule, {
    issueCredit: { value: () => Promise.reject(new Error('the module is on fire')) },
  }) as SoftwareSecurityModule;
  const issuance = new Issuance({
    ...{ module: broken, tables: IEC_SAMPLE_TABLES, journal, use, refusalLines: new RefusalLines(), now: () => NOW },
  });
  await expect(issuance.issue(rules, { kind: 'credit', requests: [request(1, 1n)] })).rejects.toThrow('on fire');
  expect((await issue([request(1, 1n)])).codes).toEqual(['a token']);
});
