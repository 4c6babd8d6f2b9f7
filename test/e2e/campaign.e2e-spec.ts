// Proves key-change campaigns over the real processes: ordered by command, made by the token server for the key
// officer alone, carried by the next recharge, read on the phone, typed into the meter, confirmed; and a command that
// is killed in the middle goes on.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcTokenLog } from '@vend/issuer';
import { Campaigns, type CampaignFigures } from '@vend/meters';
import { TokenMatcher } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { CampaignCommand, installVendingKeys, layoutNamed, type CampaignKey } from '../support/campaign';
import { newTransactionId, type HttpAnswer } from '../support/callers';
import { installedMeters, type InstalledMeter } from '../support/installed-meters';
import { settled } from '../support/proofs';
import { eventually } from '../support/system';
import { World } from '../support/world';

jest.setTimeout(180_000);

const NAME = 'campaign';
const KEYS: readonly CampaignKey[] = [
  { sgc: '123456', krn: 1, dkga: 2, baseDate: 2014, hex: 'abababababababab' },
  { sgc: '123456', krn: 2, dkga: 2, baseDate: 2014, hex: '0123456789abcdef' },
  { sgc: '201457', krn: 1, dkga: 4, baseDate: 2014, hex: 'abababababababab949494949494949401234567' },
  { sgc: '600876', krn: 1, dkga: 4, baseDate: 2014, hex: '1f1e1d1c1b1a191817161514131211100f0e0d0c' },
  { sgc: '300001', krn: 1, dkga: 2, baseDate: 1993, hex: 'fedcba9876543210' },
  { sgc: '300001', krn: 2, dkga: 2, baseDate: 2014, hex: '1032547698badcfe' },
  { sgc: '400004', krn: 1, dkga: 2, baseDate: 2014, ken: 96, hex: '1323456789abcdef' },
];
const MANY = 1_500;

/** The usual kinds of meters; of each four the first is EA07, the second EA11. */
const METERS = installedMeters(40 + MANY).map((meter, i): InstalledMeter => {
  if (i >= 40) return { ...meter, ea: '11', key: { sgc: '201457', krn: 1, baseDate: 2014 } };
  if (i >= 8 && i < 16) return { ...meter, ea: '07', key: { sgc: '300001', krn: 1, baseDate: 1993 } };
  if (i >= 16 && i < 20) return { ...meter, ea: '07', key: { sgc: '400004', krn: 1, baseDate: 2014 } };
  return meter;
});

let world: World;
let command: CampaignCommand;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'campaign-'));
  await installVendingKeys(layoutNamed(NAME), KEYS);
  world = await World.start({ name: NAME, meters: METERS, settings: { LOG_LEVEL: 'debug' } });
  command = new CampaignCommand(layoutNamed(NAME));
}, 240_000);
afterAll(async () => {
  await world?.stop();
  if (folder) rmSync(folder, { recursive: true });
}, 120_000);

/** A list for the command, with its path. */
function listOf(meters: readonly InstalledMeter[]): string {
  const file = join(folder, `${randomUUID()}.csv`);
  writeFileSync(file, ['meterNo', ...meters.map(({ meterNo }) => meterNo)].join('\n'));
  return file;
}

/** Orders a campaign for these meters and has its sets made. */
async function campaign(name: string, kind: string, from: string, to: string, meters: readonly InstalledMeter[]) {
  const order = ['--name', name, '--kind', kind, '--from', from, '--to', to, '--meters', listOf(meters)];
  const created = await command.run(['create', ...order, '--officer', 'anwar']);
  expect(created).toMatchObject({ exitStatus: 0, err: '' });
  const made = await command.run(['make', '--name', name, '--officer', 'anwar']);
  expect(made).toMatchObject({ exitStatus: 0 });
  expect(made.out).toContain(`${name}: ${meters.length} sets made`);
}

async function figuresOf(name: string): Promise<CampaignFigures> {
  return (await new Campaigns(world.system.admin).status(name)).figures;
}

async function sell(meter: InstalledMeter, key = randomUUID()): Promise<HttpAnswer> {
  const quote = await world.clerk.quote(meter.meterNo, '500.00');
  const sold = await world.clerk.recharge(quote.body.quoteId, key);
  expect([sold.status, sold.body.code]).toEqual([201, undefined]);
  return sold;
}

interface Token {
  readonly sequence: number;
  readonly of: number;
  readonly kind: string;
  readonly digits: string;
}
const digitsOf = ({ body }: HttpAnswer) => (body.tokens as Token[]).map(({ digits }) => digits);
async function typeAll(meter: InstalledMeter, digits: readonly string[]): Promise<string[]> {
  const results: string[] = [];
  for (const each of digits) results.push((await world.outside.enter(meter, each)).result);
  return results;
}

const [sections2, sections3, sections4] = [2, 3, 4].map((count) => [
  ...Array.from({ length: count - 1 }, (_, i) => `key-change-${i + 1}`),
  'accepted',
]) as [string[], string[], string[]];

describe('a recharge in a campaign', () => {
  const cases = [
    ['EA07 to another revision', 'key-revision', '123456/1', '123456/2', 0, sections2],
    ['EA07 to another supply group', 'supply-group', '123456/1', '600876/1', 4, sections3],
    ['EA11 to another supply group', 'supply-group', '201457/1', '600876/1', 1, sections4],
    ['EA07 from base date 1993 to 2014', 'base-date', '300001/1', '300001/2', 8, sections2],
  ] as const;

  it.each(cases)('%s: receipt, SMS, meter, next recharge', async (what, kind, from, to, index, sections) => {
    const meter = METERS[index]!;
    const name = what.toLowerCase().replaceAll(' ', '-');
    await campaign(name, kind, from, to, [meter]);
    const key = randomUUID();
    const quote = await world.clerk.quote(meter.meterNo, '500.00');
    const sold = await world.clerk.recharge(quote.body.quoteId, key);
    const tokens = sold.body.tokens as Token[];
    const of = sections.length + 1;
    expect(tokens.map((token) => [token.sequence, token.of, token.kind])).toEqual(
      Array.from({ length: of }, (_, i) => [i + 1, of, i + 1 < of ? 'key-change' : 'credit']),
    );
    const digits = digitsOf(sold);
    const again = await world.clerk.recharge(quote.body.quoteId, key);
    expect([again.status, digitsOf(again)]).toEqual([200, digits]);
    const sms = await world.smsOn(meter, digits.at(-1)!);
    const bare = sms.replaceAll(/\s/g, '');
    expect(digits.map((each, i) => bare.indexOf(`${i + 1}/${of}${each}`) >= 0)).toEqual(Array(of).fill(true));
    expect(sms.normalize('NFC')).toContain(
      (meter.language === 'bn' ? 'সবগুলো এই ক্রমে দিন' : 'enter all in this order').normalize('NFC'),
    );
    expect(await typeAll(meter, digits)).toEqual([...sections, 'accepted']);
    const copy = await world.clerk.post(`/v1/recharges/${sold.body.rechargeId}/reprints`);
    expect([copy.status, digitsOf(copy), copy.body.copy]).toEqual([201, digits, true]);
    const next = await sell(meter);
    expect(await typeAll(meter, digitsOf(next))).toEqual(['accepted']);
    const path = `/v1/key-changes/${sold.body.keyChangeId}`;
    expect((await world.clerk.get(path)).body).toMatchObject({ state: 'issued', meterNo: meter.meterNo });
    const confirmed = await world.clerk.post(`${path}/confirm`);
    expect(confirmed).toMatchObject({ status: 200, body: { state: 'confirmed', campaign: name } });
    expect((await world.clerk.post(`${path}/confirm`)).body).toEqual(confirmed.body);
    expect(await figuresOf(name)).toMatchObject({ meters: 1, due: 0, issued: 0, confirmed: 1 });
  });

  it('by mobile money, typed in the wrong order: the credit is refused until the key is there', async () => {
    const meter = METERS[5]!;
    await campaign('wrong-order', 'supply-group', '201457/1', '600876/1', [meter]);
    const content = { transactionId: newTransactionId(), reference: meter.meterNo, amount: '300.00' };
    const paid = await world.biller.pay(content);
    expect((await world.biller.pay(content)).text).toBe(paid.text);
    const [a, b, c, d, credit] = digitsOf(paid) as [string, string, string, string, string];
    expect(await typeAll(meter, [credit, d, b])).toEqual(['crc', 'key-change-4', 'key-change-2']);
    expect((await world.outside.meter(meter)).keyChangeSections).toEqual([2, 4]);
    // What the meter remembers survives a power cut.
    await world.system.kill('sandbox');
    await world.system.startAgain('sandbox');
    expect(await typeAll(meter, [a, c, credit, credit])).toEqual(['key-change-1', 'accepted', 'accepted', 'used']);
    expect((await world.outside.meter(meter)).attributes).toMatchObject({ sgc: '600876', krn: 1 });
  });

  it('under an expired key is refused with the way out, and works once the change is made', async () => {
    const meter = METERS[16]!;
    const quote = await world.clerk.quote(meter.meterNo, '500.00');
    const refused = await world.clerk.recharge(quote.body.quoteId);
    expect(refused).toMatchObject({ status: 422, body: { code: 'meter-key-expired', retryable: false } });
    expect(refused.body.title).toContain('key change');
    const expiring = await command.run(['expiring', '--out', join(folder, 'expiring.csv')]);
    expect(expiring).toMatchObject({ exitStatus: 0, err: '' });
    expect(expiring.out).toMatch(/400004\/1 .*: 4 meters, 0 with a key change open; ended/);
    expect(readFileSync(join(folder, 'expiring.csv'), 'utf8')).toContain(meter.meterNo);
    await campaign('expired', 'supply-group', '400004/1', '600876/1', [meter]);
    expect(await typeAll(meter, digitsOf(await sell(meter)))).toEqual([...sections3, 'accepted']);
  });
});

describe('the command', () => {
  it('is refused by the token server under the certificate of the api: it may not change keys', async () => {
    const order = ['--name', 'as-the-api', '--kind', 'key-revision', '--from', '123456/1', '--to', '123456/2'];
    const created = await command.run(['create', ...order, '--meters', listOf([METERS[20]!]), '--officer', 'anwar']);
    expect(created).toMatchObject({ exitStatus: 0, err: '' });
    for (const party of ['api', 'worker'] as const) {
      const { exitStatus, err } = await command.run(['make', '--name', 'as-the-api', '--officer', 'anwar'], party);
      expect({ party, exitStatus, err }).toEqual({
        party,
        exitStatus: 2,
        err: expect.stringContaining('PERMISSION_DENIED'),
      });
    }
    expect(await figuresOf('as-the-api')).toMatchObject({ due: 1, toMake: 1 });
  });

  it('killed again and again while it makes sets, goes on: every meter one set, and the same file twice', async () => {
    const order = ['--name', 'many', '--kind', 'supply-group', '--from', '201457/1', '--to', '600876/1'];
    const many = METERS.slice(40);
    await command.run(['create', ...order, '--meters', listOf(many), '--officer', 'anwar']);
    let kills = 0;
    for (let before = MANY; kills < 2; kills += 1) {
      const child = command.start(['make', '--name', 'many', '--officer', 'anwar']);
      const ended = once(child, 'close');
      const progressed = async () => {
        const { toMake } = await figuresOf('many');
        return toMake < before || child.exitCode !== null;
      };
      await eventually('some sets are made', progressed);
      child.kill('SIGKILL');
      await ended;
      before = (await figuresOf('many')).toMake;
    }
    const made = await command.run(['make', '--name', 'many', '--officer', 'anwar']);
    expect(made.exitStatus).toBe(0);
    expect(await figuresOf('many')).toMatchObject({ meters: MANY, due: MANY, toMake: 0, refused: {} });
    const files = [join(folder, 'a.csv'), join(folder, 'b.csv')];
    for (const file of files) {
      const done = await command.run(['export', '--name', 'many', '--out', file, '--officer', 'anwar']);
      expect(done).toMatchObject({ exitStatus: 0 });
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    const [a, b] = files.map((file) => readFileSync(file, 'utf8'));
    expect(a).toBe(b);
    const lines = a!
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(new Set(lines.map((cells) => cells[1])).size).toBe(MANY);
    // Field staff at three of them: typed, confirmed by list; the next recharge needs no key change.
    const visited = many.slice(0, 3);
    for (const meter of visited) {
      const cells = lines.find((each) => each[1] === meter.meterNo)!;
      expect(await typeAll(meter, cells.slice(-4))).toEqual(sections4);
    }
    const confirmed = await command.run(['confirm', '--meters', listOf(visited), '--officer', 'anwar']);
    expect(confirmed).toMatchObject({ exitStatus: 0, out: '3 confirmed\n' });
    expect(await typeAll(visited[0]!, digitsOf(await sell(visited[0]!)))).toEqual(['accepted']);
    expect(await figuresOf('many')).toMatchObject({ confirmed: 3, issuedByFile: MANY - 3, issuedByVend: 0 });
    const existing = await command.run(['export', '--name', 'many', '--out', files[0]!, '--officer', 'anwar']);
    expect(existing).toMatchObject({ exitStatus: 2, err: expect.stringContaining('exists already') });
  });

  it('says what is wrong with what was typed, before it does anything', async () => {
    const faults: [string[], string][] = [
      [[], 'usage: npm run campaign'],
      [['create', '--name', 'x'], 'create needs --kind, --from, --to, --officer'],
      [['make', '--name', 'nobody', '--officer', 'anwar'], 'campaign-not-found'],
      [['make', '--name', 'x', '--officer', 'No Body'], '--officer'],
      [['status', '--out', 'x'], 'status does not take --out'],
    ];
    const results = await Promise.all(faults.map(([args]) => command.run(args)));
    expect(results.map(({ exitStatus, err }, i) => [faults[i]![0], exitStatus, err.includes(faults[i]![1])])).toEqual(
      faults.map(([args]) => [args, 2, true]),
    );
    const { out } = await command.run(['status', '--json']);
    const listed = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; figures: CampaignFigures });
    expect(listed.find(({ name }) => name === 'many')?.figures).toEqual(await figuresOf('many'));
  });
});

describe('the audit log of the token server', () => {
  it('has a line for every token that was sold, key changes too, as an auditor reads it over the wire', async () => {
    const log = new GrpcTokenLog(command.access('worker'));
    // Eleven minutes from now: what was sold is settled.
    const match = await new TokenMatcher(world.system.admin, [log], () => Date.now() + 660_000).run();
    log.close();
    expect(match).toMatchObject({ faults: [], unsold: [] });
    const [row] = await world.system.admin.read<{ n: string }>('SELECT COUNT(*) AS n FROM vend_tokens');
    expect(match.figures).toMatchObject({
      tokensMatched: Number(row!.n),
      vendsWithoutLine: 0,
      keyChangeTokensLoose: 0,
    });
    // Counted where they are kept: the night's own match may have marked some before.
    const [kept] = await world.system.admin.read<{ n: string }>(
      `SELECT COUNT(*) AS n FROM token_log_tokens WHERE kind = 'key-change' AND sold`,
    );
    expect(Number(kept!.n)).toBeGreaterThan(4 * (MANY - 3) - 1);
  });

  it('is matched by the night task, which is not for the api', async () => {
    const nightly = new CampaignCommand(layoutNamed(NAME), 'apps/worker/nightly/run');
    const match = (day: string) => ['--task', 'token-match', '--day', day];
    expect((await nightly.run(match('2026-01-01'), 'api')).exitStatus).toBe(2);
    expect(await nightly.run(match('2026-01-02'), 'worker')).toMatchObject({ exitStatus: 0 });
    const expiry = await nightly.run(['--task', 'key-expiry', '--day', '2026-01-01'], 'worker');
    expect(expiry).toMatchObject({ exitStatus: 0 });
    expect(expiry.out).toContain('the keys of meters end soon');
  });
});

describe('after all that', () => {
  it('the books and the key changes hold, and who did what is on record', async () => {
    await settled(world.system.admin);
    expect(await brokenLaws(world.system.admin)).toEqual([]);
    const acts = await world.system.admin.read<{ action: string }>(
      `SELECT DISTINCT action FROM audit_events WHERE actor = 'officer:anwar' ORDER BY action`,
    );
    expect(acts.map(({ action }) => action)).toEqual([
      'campaign-created',
      'key-change-confirmed',
      'key-change-sets-exported',
      'key-change-sets-made',
    ]);
  });

  it('no log, and nothing that Redis was ever told, holds a token, a phone number, a password or a secret', async () => {
    expect(await world.leaks()).toEqual([]);
  });
});
