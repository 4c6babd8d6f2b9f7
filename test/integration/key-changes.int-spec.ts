/*
 * Proves key-change campaigns on a real database with real tokens: sets made once and carried by the next vend in
 * an order that virtual meters accept, one state per meter, and nothing lost or doubled by kills, races and repeats.
 */
import type { Id } from '@vend/kernel';
import {
  Campaigns,
  expiringMeters,
  findKeyChangeOfVend,
  importMeters,
  listExpiring,
  type CampaignOrder,
  type KeySetIssuer,
} from '@vend/meters';
import type { StsMeter } from '@vend/sts';
import type { RechargeAnswer } from '@vend/vending';
import { inPieces, meterCells, meterCsv, meterNo } from '../builders/meters';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, payment, VendingBench, virtualMeter, type MeterDraft } from '../support/vending';

let fresh: FreshDatabase;
let bench: VendingBench;
let campaigns: Campaigns;
let serial = 70_000;
let named = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  campaigns = campaignsOf({});
});
afterEach(async () => {
  bench.issuer.down = false;
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
afterAll(() => fresh?.drop());

function campaignsOf(settings: ConstructorParameters<typeof Campaigns>[1]): Campaigns {
  return new Campaigns(fresh.database, { now: () => bench.now, ...settings });
}

interface Installed {
  readonly meterId: Id;
  readonly draft: MeterDraft;
  readonly pan: string;
  readonly meter: StsMeter;
}

/** Every test has an office of its own: its campaign takes no other test's meters. */
async function install(office: string, count: number, over: Partial<MeterDraft> = {}): Promise<Installed[]> {
  const drafts = Array.from({ length: count }, () => ({ serial: serial++, office, ...over }));
  const ids = await bench.install(...drafts);
  return drafts.map((draft, i) => ({
    meterId: ids[i]!,
    draft,
    pan: meterNo(draft.serial).pan,
    meter: virtualMeter(draft),
  }));
}

const office = () => `Office ${++named}`;
const order = (over: Partial<CampaignOrder> = {}): CampaignOrder => ({
  name: `campaign-${++named}`,
  kind: 'key-revision',
  from: { sgc: '123456', krn: 1 },
  to: { sgc: '123456', krn: 2 },
  ti: null,
  office: null,
  listHash: null,
  ...over,
});

async function create(over: Partial<CampaignOrder>): Promise<string> {
  const wanted = order(over);
  await campaigns.create(wanted, await bench.issuer.vendingKeys(), 'officer:anwar');
  return wanted.name;
}

/** A campaign with its sets made. */
async function ready(over: Partial<CampaignOrder>): Promise<string> {
  const name = await create(over);
  await campaigns.make(name, bench.issuer);
  return name;
}

const tokensOf = (answer: RechargeAnswer) => answer.record.vend!.tokens;
const digitsOf = (answer: RechargeAnswer) => tokensOf(answer).map(({ digits }) => digits);
const typeAll = (meter: StsMeter, digits: readonly string[]) =>
  digits.map((each) => meter.enter(each, bench.now).result);

describe('a vend that carries a key change', () => {
  const kinds: readonly [string, Partial<CampaignOrder>, Partial<MeterDraft>, string[], Partial<StsMeter['key']>][] = [
    ['EA07, another revision', {}, {}, ['1stKCT', 'Accept', 'Accept'], { krn: 2, sgc: '123456' }],
    [
      'EA07, another supply group',
      { kind: 'supply-group', to: { sgc: '600876', krn: 1 } },
      {},
      ['1stKCT', '2ndKCT', 'Accept', 'Accept'],
      { krn: 1, sgc: '600876' },
    ],
    [
      'EA11, another supply group',
      { kind: 'supply-group', from: { sgc: '201457', krn: 1 }, to: { sgc: '600876', krn: 1 } },
      { ea: '11' },
      ['1stKCT', '2ndKCT', '3rdKCT', 'Accept', 'Accept'],
      { sgc: '600876' },
    ],
    [
      'EA07, rollover from 1993 to 2014',
      { kind: 'base-date', from: { sgc: '300001', krn: 1 }, to: { sgc: '300001', krn: 2 } },
      { sgc: '300001', baseDate: 1993 },
      ['1stKCT', 'Accept', 'Accept'],
      { krn: 2, baseDate: 2014 },
    ],
    [
      'EA11, rollover and another tariff index',
      { kind: 'base-date', from: { sgc: '300002', krn: 1 }, to: { sgc: '300002', krn: 2 }, ti: '07' },
      { ea: '11', sgc: '300002', baseDate: 1993 },
      ['1stKCT', '2ndKCT', '3rdKCT', 'Accept', 'Accept'],
      { krn: 2, ti: 7, baseDate: 2014 },
    ],
  ];

  it.each(kinds)('%s: the meter takes all tokens in printed order, and the next vend', async (...kind) => {
    const [, over, draft, results, after] = kind;
    const where = office();
    const [one] = await install(where, 1, draft);
    const { meterId, meter } = one!;
    await ready({ ...over, office: where });
    const answer = await bench.vending.recharge(payment(meterId));
    const tokens = tokensOf(answer);
    expect(tokens.map(({ kind: each }) => each)).toEqual(
      results.map((_, i) => (i < results.length - 1 ? 'key-change' : 'credit')),
    );
    expect(tokens.map(({ sequence, of }) => [sequence, of])).toEqual(results.map((_, i) => [i + 1, results.length]));
    expect(typeAll(meter, digitsOf(answer))).toEqual(results);
    expect(meter.key).toMatchObject(after);
    const next = await bench.vending.recharge(payment(meterId));
    expect(tokensOf(next)).toMatchObject([{ kind: 'credit', sequence: 1, of: 1 }]);
    expect(typeAll(meter, digitsOf(next))).toEqual(['Accept']);
    expect((await findKeyChangeOfVend(fresh.database, answer.record.vend!.vendId))?.state).toBe('ISSUED');
  });

  it('takes the sections in any order, refuses the credit before them and takes it after', async () => {
    const where = office();
    const [one] = await install(where, 1);
    await ready({ kind: 'supply-group', to: { sgc: '600876', krn: 1 }, office: where });
    const [a, b, c, credit] = digitsOf(await bench.vending.recharge(payment(one!.meterId)));
    expect(typeAll(one!.meter, [credit!, c!, a!, b!, credit!])).toEqual([
      'CRC',
      '3rdKCT',
      '1stKCT',
      'Accept',
      'Accept',
    ]);
  });

  it('is replayed and read back with all its tokens in order, the same digits each time', async () => {
    const where = office();
    const [one] = await install(where, 1);
    await ready({ office: where });
    const command = counterSale(one!.meterId);
    const first = await bench.vending.recharge(command);
    expect(digitsOf(first)).toHaveLength(3);
    expect(await bench.vending.recharge(command)).toEqual({ record: first.record, replayed: true });
    expect(await bench.vending.find(first.record.rechargeId)).toEqual(first.record);
    expect((await bench.vending.findByVends([first.record.vend!.vendId]))[0]).toEqual(first.record);
  });

  it('goes out once, whoever recharges the meter at the same time, in one group or in several servers', async () => {
    const where = office();
    const [one] = await install(where, 1);
    await ready({ office: where });
    const servers = [bench, new VendingBench(fresh), new VendingBench(fresh)];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => servers[i % 3]!.vending.recharge(payment(one!.meterId))),
    );
    const inOrder = answers.sort((a, b) => tokensOf(a).at(-1)!.tid! - tokensOf(b).at(-1)!.tid!);
    expect(inOrder.map((answer) => tokensOf(answer).length)).toEqual([3, ...Array<number>(11).fill(1)]);
    expect(inOrder.flatMap((answer) => typeAll(one!.meter, digitsOf(answer))).slice(1)).toEqual(
      Array(13).fill('Accept'),
    );
  });

  it('waits when the vend is refused: token server away, amount too small; then it goes out', async () => {
    const where = office();
    const [one] = await install(where, 1);
    await ready({ office: where });
    bench.issuer.down = true;
    await expect(bench.vending.recharge(counterSale(one!.meterId))).rejects.toMatchObject({
      code: 'token-server-down',
    });
    const kept = await bench.vending.recharge(payment(one!.meterId));
    bench.issuer.down = false;
    await expect(bench.vending.recharge(counterSale(one!.meterId, { grossPaisa: 1n }))).rejects.toBeDefined();
    const completed = await bench.vending.complete(kept.record.rechargeId);
    expect(
      typeAll(
        one!.meter,
        completed.vend!.tokens.map(({ digits }) => digits),
      ),
    ).toEqual(['1stKCT', 'Accept', 'Accept']);
  });

  it('is void when the meter got another key meanwhile: the vend is made under that key alone', async () => {
    const where = office();
    const [one] = await install(where, 1);
    const name = await ready({ office: where });
    await fresh.admin.transaction((tx) => tx.write('UPDATE meters SET ti = ? WHERE pan = ?', ['09', one!.pan]));
    expect(tokensOf(await bench.vending.recharge(payment(one!.meterId)))).toHaveLength(1);
    expect((await campaigns.status(name)).figures).toMatchObject({ stale: 1, due: 0, issued: 0 });
  });
});

describe('an expired key', () => {
  it('is refused by name at a counter and to mobile money, kept to be paid back after a callback', async () => {
    const where = office();
    const [one] = await install(where, 1, { sgc: '400004' });
    const before = await fresh.admin.read('SELECT COUNT(*) AS n FROM recharges');
    for (const command of [counterSale(one!.meterId), payment(one!.meterId)]) {
      await expect(bench.vending.recharge(command)).rejects.toMatchObject({ code: 'meter-key-expired' });
    }
    expect(await fresh.admin.read('SELECT COUNT(*) AS n FROM recharges')).toEqual(before);
    const callback = payment(one!.meterId, { channel: 'callback', keepWhenRefused: true });
    expect((await bench.vending.recharge(callback)).record).toMatchObject({
      state: 'REFUND_DUE',
      refusalCode: 'meter-key-expired',
    });
    await ready({
      kind: 'supply-group',
      from: { sgc: '400004', krn: 1 },
      to: { sgc: '600876', krn: 1 },
      office: where,
    });
    const answer = await bench.vending.recharge(counterSale(one!.meterId));
    expect(typeAll(one!.meter, digitsOf(answer))).toEqual(['1stKCT', '2ndKCT', 'Accept', 'Accept']);
  });

  it('is reported 90 days ahead, by key and by meter, with those whose way out is prepared', async () => {
    const where = office();
    const meters = await install(where, 5, { sgc: '400005' });
    await ready({
      kind: 'supply-group',
      from: { sgc: '400005', krn: 1 },
      to: { sgc: '600876', krn: 1 },
      office: where,
    });
    const keys = await bench.issuer.vendingKeys();
    const groups = await expiringMeters(fresh.database, keys, bench.now);
    expect(groups.filter(({ sgc }) => sgc === '400005')).toEqual([
      expect.objectContaining({ krn: 1, baseDate: 2014, meters: 5, changeOpen: 5, daysLeft: 25 }),
    ]);
    expect(groups.some(({ sgc }) => sgc === '123456' || sgc === '600876')).toBe(false);
    expect(groups.find(({ sgc }) => sgc === '400004')?.daysLeft ?? -1).toBeLessThan(0);
    const listed: string[] = [];
    for await (const page of listExpiring(fresh.database, groups, 2)) listed.push(...page.map(({ pan }) => pan));
    expect(listed.filter((pan) => meters.some((meter) => meter.pan === pan)).sort()).toEqual(
      meters.map(({ pan }) => pan).sort(),
    );
    const later = await expiringMeters(fresh.database, keys, bench.now - 70 * 86_400_000);
    expect(later.some(({ sgc }) => sgc === '400005')).toBe(false);
  });
});

describe('a campaign', () => {
  it('takes the meters of its order, leaves those with another change open, and counts them', async () => {
    const where = office();
    const meters = await install(where, 7);
    await install(where, 1, { sgc: '600876', ea: '11' });
    const first = await ready({ office: where });
    const second = order({ kind: 'supply-group', to: { sgc: '600876', krn: 1 }, office: where });
    const taken = await campaigns.create(second, await bench.issuer.vendingKeys(), 'officer:anwar');
    expect(taken).toEqual({ fitting: 7, inCampaign: 0 });
    for (const { meterId } of meters.slice(0, 3)) await bench.vending.recharge(payment(meterId));
    const confirmed = await campaigns.confirm([meters[0]!.pan, meters[5]!.pan, '600727000000000009'], 'user:staff');
    expect([...confirmed.values()]).toEqual(['confirmed', 'not-found', 'not-found']);
    expect((await campaigns.status(first)).figures).toEqual({
      meters: 7,
      due: 4,
      toMake: 0,
      refused: {},
      issued: 2,
      issuedByVend: 2,
      issuedByFile: 0,
      confirmed: 1,
      stale: 0,
      cancelled: 0,
    });
    expect((await campaigns.confirm([meters[0]!.pan], 'user:other')).get(meters[0]!.pan)).toBe('already');
  });

  it('takes only the meters on a list', async () => {
    const where = office();
    const meters = await install(where, 6);
    const wanted = order({ office: where, listHash: 'ab'.repeat(32) });

    async function* list() {
      yield meters.slice(0, 2).map(({ pan }) => pan);
      yield [meters[4]!.pan, '600727000000000009'];
    }
    const taken = await campaigns.create(wanted, await bench.issuer.vendingKeys(), 'officer:anwar', list());
    expect(taken).toEqual({ fitting: 3, inCampaign: 3 });
  });

  it.each([
    ['campaign-key-unknown', { to: { sgc: '123456', krn: 9 } }],
    ['campaign-kind-wrong', { kind: 'base-date' }],
    ['campaign-kind-wrong', { kind: 'supply-group' }],
    ['campaign-kind-wrong', { from: { sgc: '300001', krn: 1 }, to: { sgc: '300001', krn: 2 } }],
    ['campaign-key-expired', { kind: 'supply-group', to: { sgc: '400004', krn: 1 } }],
    ['campaign-name-invalid', { name: 'Not a name' }],
    ['campaign-ti-invalid', { ti: '100' }],
  ] as const)('refuses an order as %s: %j', async (code, over) => {
    const keys = await bench.issuer.vendingKeys();
    await expect(campaigns.create(order(over as Partial<CampaignOrder>), keys, 'officer:anwar')).rejects.toMatchObject({
      code,
    });
  });

  it('keeps its name: the same order goes on with it, another order is refused', async () => {
    const where = office();
    await install(where, 2);
    const wanted = order({ office: where });
    const keys = await bench.issuer.vendingKeys();
    await campaigns.create(wanted, keys, 'officer:anwar');
    await install(where, 1);
    expect(await campaigns.create(wanted, keys, 'officer:anwar')).toMatchObject({ inCampaign: 3 });
    await expect(campaigns.create({ ...wanted, ti: '02' }, keys, 'officer:anwar')).rejects.toMatchObject({
      code: 'campaign-differs',
    });
  });

  it('cut off while it selects or makes, goes on where it stopped; two at once make no set twice', async () => {
    const where = office();
    const meters = await install(where, 60);
    const wanted = order({ office: where });
    const keys = await bench.issuer.vendingKeys();
    const small = campaignsOf({ pageRows: 8, groupRequests: 3 });
    let seen = 0;
    const dies = (at: number) => (done: number) => {
      seen = done;
      if (done >= at) throw new Error('killed');
    };
    await expect(small.create(wanted, keys, 'officer:anwar', undefined, dies(20))).rejects.toThrow('killed');
    await expect(small.make(wanted.name, bench.issuer)).rejects.toMatchObject({ code: 'campaign-not-selected' });
    await Promise.all([1, 2].map(() => small.create(wanted, keys, 'officer:anwar')));
    await expect(small.make(wanted.name, bench.issuer, dies(10))).rejects.toThrow('killed');
    expect(seen).toBeGreaterThanOrEqual(10);
    const asked = bench.issuer.setsMade;
    await small.make(wanted.name, bench.issuer);
    // What was stored before the end was not asked for again.
    expect(bench.issuer.setsMade - asked).toBeLessThanOrEqual(50);
    await Promise.all([1, 2, 3].map(() => small.make(wanted.name, bench.issuer)));
    expect((await small.status(wanted.name)).figures).toMatchObject({ meters: 60, due: 60, toMake: 0 });
    const rows = await fresh.admin.read(
      `SELECT s.tokens FROM key_change_sets s JOIN key_changes k ON k.id = s.change_id JOIN campaigns c
       ON c.id = k.campaign_id WHERE c.name = ?`,
      [wanted.name],
    );
    expect(new Set(rows.map((row) => row['tokens'])).size).toBe(meters.length);
  });

  it('has a set that the token server refuses counted by code, and made once the hindrance is gone', async () => {
    const where = office();
    await install(where, 2);
    const name = await create({ office: where });
    const refusing: KeySetIssuer = {
      vendingKeys: () => bench.issuer.vendingKeys(),
      async *makeSets(groups) {
        for await (const group of groups) {
          yield group.map(
            ({ requestId }) => ({ requestId, ok: false, code: 'key-not-active', retryable: false }) as const,
          );
        }
      },
    };
    expect(await campaigns.make(name, refusing)).toEqual({ made: 0, refused: 2, void: 0 });
    expect((await campaigns.status(name)).figures).toMatchObject({
      due: 2,
      toMake: 0,
      refused: { 'key-not-active': 2 },
    });
    expect(await campaigns.make(name, bench.issuer)).toEqual({ made: 2, refused: 0, void: 0 });
    bench.issuer.down = true;
    const other = office();
    await install(other, 1);
    await expect(campaigns.make(await create({ office: other }), bench.issuer)).rejects.toMatchObject({
      code: 'key-sets-wait',
    });
  });

  it('cancelled, leaves waiting meters on their keys and issued ones as they are, and cannot be taken up again', async () => {
    const where = office();
    const meters = await install(where, 5);
    const name = await ready({ office: where });
    await bench.vending.recharge(payment(meters[0]!.meterId));
    expect(await campaignsOf({ pageRows: 2 }).cancel(name, 'officer:anwar')).toBe(4);
    expect((await campaigns.status(name)).figures).toMatchObject({ cancelled: 4, issued: 1, due: 0 });
    const answer = await bench.vending.recharge(payment(meters[1]!.meterId));
    expect(typeAll(meters[1]!.meter, digitsOf(answer))).toEqual(['Accept']);
    await expect(campaigns.make(name, bench.issuer)).rejects.toMatchObject({ code: 'campaign-cancelled' });
    await ready({ office: where });
    expect(tokensOf(await bench.vending.recharge(payment(meters[1]!.meterId)))).toHaveLength(3);
  });

  it('cancelled, exported, confirmed and vended all at once ends in one state for each meter, and the laws hold', async () => {
    const where = office();
    const meters = await install(where, 24);
    const name = await ready({ office: where });
    const small = campaignsOf({ pageRows: 5 });
    const drain = async () => {
      for await (const page of small.export(name)) expect(page.length).toBeGreaterThan(0);
    };
    await Promise.all([
      drain(),
      ...meters.map(({ meterId }) => bench.vending.recharge(payment(meterId))),
      campaigns.confirm(
        meters.map(({ pan }) => pan),
        'user:staff',
      ),
      small.cancel(name, 'officer:anwar'),
      campaigns.confirm(
        meters.map(({ pan }) => pan),
        'user:staff',
      ),
    ]);
    const { figures } = await campaigns.status(name);
    expect(figures.due + figures.issued + figures.confirmed + figures.cancelled).toBe(24);
    // Whatever happened to each of them, the office and the meter agree after typing everything there is.
    for (const { meterId, meter, pan } of meters) {
      const [file] = await fresh.admin.read<{ tokens: string; state: string }>(
        `SELECT s.tokens, k.state FROM key_changes k JOIN key_change_sets s ON s.change_id = k.id
         WHERE k.meter_id = (SELECT id FROM meters WHERE pan = ?) ORDER BY k.id DESC LIMIT 1`,
        [pan],
      );
      if (file!.state === 'ISSUED' || file!.state === 'CONFIRMED') typeAll(meter, file!.tokens.split(' '));
      const answer = await bench.vending.recharge(payment(meterId));
      expect(typeAll(meter, digitsOf(answer)).at(-1)).toBe('Accept');
    }
  });
});

describe('sets handed out in a file', () => {
  it('change the office at the confirmation, and go along with a vend that comes before it', async () => {
    const where = office();
    const rollover = { kind: 'base-date', from: { sgc: '300001', krn: 1 }, to: { sgc: '300001', krn: 2 } } as const;
    const meters = await install(where, 3, { sgc: '300001', baseDate: 1993 });
    const name = await ready({ ...rollover, office: where });
    const lines = new Map<string, readonly string[]>();
    for await (const page of campaigns.export(name)) for (const line of page) lines.set(line.pan, line.tokens);
    expect([...lines.keys()].sort()).toEqual(meters.map(({ pan }) => pan).sort());
    expect((await campaigns.status(name)).figures).toMatchObject({ issuedByFile: 3, due: 0 });

    const [typed, sold, both] = meters;
    // Field staff came first, and confirm it.
    expect(typeAll(typed!.meter, lines.get(typed!.pan)!)).toEqual(['1stKCT', 'Accept']);
    expect([...(await campaigns.confirm([typed!.pan], 'user:staff')).values()]).toEqual(['confirmed']);
    expect(typeAll(typed!.meter, digitsOf(await bench.vending.recharge(payment(typed!.meterId))))).toEqual(['Accept']);
    // The customer came first.
    const answer = await bench.vending.recharge(payment(sold!.meterId));
    expect(digitsOf(answer).slice(0, 2)).toEqual(lines.get(sold!.pan));
    expect(typeAll(sold!.meter, digitsOf(answer))).toEqual(['1stKCT', 'Accept', 'Accept']);
    // Field staff came, nobody said so, then the customer: the sections are refused, the credit is taken.
    typeAll(both!.meter, lines.get(both!.pan)!);
    const after = await bench.vending.recharge(payment(both!.meterId));
    expect(typeAll(both!.meter, digitsOf(after))).toEqual(['CRC', 'CRC', 'Accept']);
    await campaigns.confirm([sold!.pan, both!.pan], 'user:staff');
    expect((await campaigns.status(name)).figures).toMatchObject({ confirmed: 3 });
  });

  it('are the same digits when the file is written again', async () => {
    const where = office();
    await install(where, 4);
    const name = await ready({ office: where });
    const read = async () => {
      const tokens: string[] = [];
      for await (const page of campaignsOf({ pageRows: 3 }).export(name))
        tokens.push(...page.flatMap((line) => line.tokens));
      return tokens;
    };
    const first = await read();
    expect(first).toHaveLength(8);
    expect(await read()).toEqual(first);
  });
});

describe('what the database itself refuses', () => {
  it('a second open change of a meter, a changed set, a key-change token with a TID', async () => {
    const where = office();
    const [one] = await install(where, 1);
    await ready({ office: where });
    await bench.vending.recharge(payment(one!.meterId));
    const copy = fresh.admin.transaction((tx) =>
      tx.write(
        `INSERT INTO key_changes (id, campaign_id, meter_id, from_sgc, from_krn, from_ti, from_kt, from_ken,
           from_base_date, to_sgc, to_krn, to_ti, to_kt, state, created_at)
         SELECT UNHEX(MD5('x')), (SELECT id FROM campaigns WHERE id <> k.campaign_id LIMIT 1), meter_id, from_sgc,
           from_krn, from_ti, from_kt, from_ken, from_base_date, to_sgc, to_krn, to_ti, to_kt, 'DUE', created_at
         FROM key_changes k WHERE meter_id = (SELECT id FROM meters WHERE pan = ?)`,
        [one!.pan],
      ),
    );
    await expect(copy).rejects.toMatchObject({ errno: 1062 });
    await expect(
      fresh.database.transaction((tx) => tx.write(`UPDATE key_change_sets SET tokens = tokens`)),
    ).rejects.toMatchObject({ errno: 1142 });
    await expect(
      fresh.admin.transaction((tx) => tx.write(`UPDATE vend_tokens SET tid = 5 WHERE kind = 'key-change' LIMIT 1`)),
    ).rejects.toMatchObject({ errno: 4025 });
  });
});

describe('the import of meters', () => {
  it('takes the rows of a file that is older than a key change as they are, but for the keys', async () => {
    const where = office();
    const [one] = await install(where, 1);
    await ready({ office: where });
    await bench.vending.recharge(payment(one!.meterId));
    const rows = [
      meterCells(one!.draft.serial, { office: where, language: 'en', crediting: 'energy', sanctionedKw: '3' }),
    ];
    const report = await importMeters(fresh.database, inPieces(meterCsv(rows)), { nowMs: bench.now });
    expect(report).toMatchObject({ updated: 1, rejected: 0 });
    const [row] = await fresh.admin.read('SELECT krn FROM meters WHERE pan = ?', [one!.pan]);
    expect(row).toEqual({ krn: 2 });
    const wrong = [{ ...rows[0]!, krn: '3' }];
    expect((await importMeters(fresh.database, inPieces(meterCsv(wrong)), { nowMs: bench.now })).rejected).toBe(1);
  });
});
