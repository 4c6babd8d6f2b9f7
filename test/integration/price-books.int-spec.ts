/*
 * Proves on a real database who may put a price into force: drafts, two people, refusals with their reason, revisions that
 * stay what they were, and the walls that hold against raw SQL with the application's rights.
 */
import { DomainError, idToBytes, newId, startOfDay } from '@vend/kernel';
import { upsertStation, upsertUser } from '@vend/identity';
import type { Tx } from '@vend/platform';
import { bookById, reviewedDocuments, type PriceDocument } from '@vend/tariff';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { draft, listDocuments, PriceBooks, proposeRevocation, publish, revoke } from '@vend/pricebook';

let fresh: FreshDatabase;
const at = Date.UTC(2026, 10, 21, 6);
const selim = { username: 'selim', at };
const amina = { username: 'amina', at };

beforeAll(async () => {
  fresh = await freshDatabase();
  await inTx(async (tx) => {
    const by = { actor: 'cli:test', at };
    await upsertStation(tx, { code: 'NESCO-RAJ-01', name: 'Station', office: 'Rajshahi' }, by);
    for (const username of ['selim', 'amina']) {
      const person = { username, password: 'not-a-real-one-1', name: username, role: 'supervisor' } as const;
      await upsertUser(tx, { ...person, station: 'NESCO-RAJ-01' }, by);
    }
  });
});
afterAll(() => fresh?.drop());

const inTx = <Result>(work: (tx: Tx) => Promise<Result>) => fresh.database.transaction(work);
const books = () => new PriceBooks(fresh.database);

const version2020 = reviewedDocuments[0]!.document as Extract<PriceDocument, { kind: 'tariff-version' }>;
/** The tariff of 2020 under another name and date, a hike where asked. */
function version(id: string, effectiveFrom: string, changes: Partial<typeof version2020> = {}): string {
  return JSON.stringify({ ...version2020, id, publishedOn: null, effectiveFrom, ...changes });
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) return (error as Error).message;
  const { reason } = error.facts;
  return reason === undefined ? error.code : `${error.code}: ${reason}`;
}

/** Drafts by one person, publishes by the other. */
async function putInForce(book: string, text: string): Promise<number> {
  const { code } = await inTx((tx) => draft(tx, book, text, selim));
  return inTx((tx) => publish(tx, book, code, amina));
}

describe('the released books', () => {
  it.each(['first-light', 'nesco-history', 'desco-history', 'bpdb-history'])('%s prices as shipped', async (code) => {
    const { tariffs } = await books().latest(code);
    const shipped = bookById(code);
    expect(tariffs.versions).toEqual(shipped.versions);
    expect(tariffs.rebateProfiles).toEqual(shipped.rebateProfiles);
    expect(tariffs.limits).toEqual(shipped.limits);
    expect(tariffs.feeSchedules).toEqual(shipped.feeSchedules);
  });

  it('are refused by name when there is none', async () => {
    expect(await refusalOf(books().latest('nowhere'))).toBe('price-book-unknown');
    expect(await refusalOf(inTx((tx) => books().hold(tx, 'nowhere')))).toBe('price-book-unknown');
  });
});

describe('a version', () => {
  it('prices nothing as a draft, everything once a second person has published it, and nothing again when revoked', async () => {
    const all = books();
    const idAt = async () => (await all.latest('first-light')).tariffs.versionAt(at).id;
    const before = await all.latest('first-light');
    await inTx((tx) => draft(tx, 'first-light', version('hike-2026', '2026-11-01'), selim));
    expect(await idAt()).toBe('bd-retail-2020-03');
    expect(await refusalOf(inTx((tx) => publish(tx, 'first-light', 'hike-2026', selim)))).toBe('second-person-needed');
    const revision = await inTx((tx) => publish(tx, 'first-light', 'hike-2026', amina));
    expect(revision).toBe(before.revision + 1);
    expect(await idAt()).toBe('hike-2026');

    await inTx((tx) => proposeRevocation(tx, 'first-light', 'hike-2026', 'withdrawn by the regulator', amina));
    expect(await idAt()).toBe('hike-2026');
    expect(await refusalOf(inTx((tx) => revoke(tx, 'first-light', 'hike-2026', amina)))).toBe('second-person-needed');
    await inTx((tx) => revoke(tx, 'first-light', 'hike-2026', selim));
    expect(await idAt()).toBe('bd-retail-2020-03');
    // What was priced under it stays priceable, by its revision.
    expect((await books().at('first-light', revision)).tariffs.versionAt(at).id).toBe('hike-2026');
    expect((await books().at('first-light', before.revision)).tariffs.versionAt(at).id).toBe('bd-retail-2020-03');
    const listed = await listDocuments(fresh.database, at, 'first-light');
    expect(listed.find(({ code }) => code === 'hike-2026')).toMatchObject({ state: 'revoked', publishedBy: 'amina' });
  });

  it('supersedes the one before it from its day on', async () => {
    await putInForce('desco-history', version('desco-2026', '2026-11-10'));
    const states = async (instant: number) =>
      (await listDocuments(fresh.database, instant, 'desco-history'))
        .filter(({ kind }) => kind === 'tariff-version')
        .map(({ code, state }) => [code, state]);
    expect(await states(at)).toContainEqual(['bd-retail-2024-02', 'superseded']);
    expect(await states(at)).toContainEqual(['desco-2026', 'published']);
    expect(await states(startOfDay('2026-11-09'))).toContainEqual(['bd-retail-2024-02', 'published']);
  });

  it('may be drafted again as it is, and never changed', async () => {
    const text = version('steady-2030', '2030-01-01');
    const first = await inTx((tx) => draft(tx, 'bpdb-history', text, selim));
    expect(await inTx((tx) => draft(tx, 'bpdb-history', text, amina))).toEqual({ ...first, existed: true });
    const edited = version('steady-2030', '2030-01-02');
    expect(await refusalOf(inTx((tx) => draft(tx, 'bpdb-history', edited, selim)))).toBe('price-document-exists');
  });
});

describe('bad data is refused with the reason', () => {
  const [ltB] = version2020.classes.filter(({ code }) => code === 'LT-B');
  const ltA = (slabs: object[]) => ({ ...version2020.classes[0]!, energy: { kind: 'slab', slabs } }) as never;
  it.each<[string, string]>([
    ['tariff-book-invalid: begins on the same day as bd-retail-2020-03', version('x1', '2020-03-01')],
    [
      'tariff-book-invalid: a rate that is not above zero',
      version('x2', '2031-01-01', { classes: [{ ...ltB!, energy: { kind: 'flat', flat: '-4.16' } }] }),
    ],
    [
      'tariff-book-invalid: a gap in the slabs before 80 kWh',
      version('x3', '2031-01-01', {
        classes: [
          ltA([
            { toKwh: 75, rate: '4.19' },
            { fromKwh: 80, toKwh: null, rate: '5.72' },
          ]),
        ],
      }),
    ],
    [
      'tariff-book-invalid: slabs end before the last kWh: the last must be open',
      version('x4', '2031-01-01', { classes: [ltA([{ toKwh: 75, rate: '4.19' }])] }),
    ],
    ['price-document-invalid: a class stands twice', version('x5', '2031-01-01', { classes: [ltB!, ltB!] })],
    ['price-document-invalid: not JSON', '{'],
    [
      'price-document-invalid: Invalid input: expected string, received undefined',
      JSON.stringify({ kind: 'rebate-profile', id: 'no-divisor', effectiveFrom: '2031-01-01', percent: '1' }),
    ],
    [
      'tariff-book-invalid: a rebate without a divisor above zero',
      JSON.stringify({ kind: 'rebate-profile', id: 'r0', effectiveFrom: '2031-01-01', percent: '1', divisor: '0' }),
    ],
    ['price-document-invalid: Unrecognized key: "surprise"', version('x6', '2031-01-01', { surprise: 1 } as never)],
  ])('%s', async (reason, text) => {
    expect(await refusalOf(inTx((tx) => draft(tx, 'first-light', text, selim)))).toBe(reason);
  });

  it('also when it became bad between draft and publication: of two for one day one is published', async () => {
    for (const id of ['twin-a', 'twin-b']) {
      await inTx((tx) => draft(tx, 'bpdb-history', version(id, '2029-01-01'), selim));
    }
    const outcomes = await Promise.all(
      ['twin-a', 'twin-b'].map((id) => refusalOf(inTx((tx) => publish(tx, 'bpdb-history', id, amina)))),
    );
    expect(outcomes.filter((one) => one === 'accepted')).toHaveLength(1);
    expect(outcomes.find((one) => one !== 'accepted')).toMatch(/^tariff-book-invalid: begins on the same day as twin-/);
  });
});

describe('a revocation and a recharge under way', () => {
  it('waits for it, and whoever comes after it gets the book without the version', async () => {
    await putInForce('nesco-history', version('brief-2026', '2026-11-15'));
    await inTx((tx) => proposeRevocation(tx, 'nesco-history', 'brief-2026', 'in error', selim));
    const all = books();
    let revoked: Promise<number> | undefined;
    await inTx(async (tx) => {
      const held = await all.hold(tx, 'nesco-history');
      // Others may price beside it; nobody may take the row alone.
      await expect(inTx((other) => all.hold(other, 'nesco-history'))).resolves.toBe(held);
      await expect(tryLock('FOR UPDATE')).rejects.toThrow(/ER_LOCK/);
      revoked = inTx((other) => revoke(other, 'nesco-history', 'brief-2026', amina));
      expect((await all.latest('nesco-history')).tariffs.versionAt(at).id).toBe('brief-2026');
    });
    const revision = await revoked!;
    const after = await inTx((tx) => all.hold(tx, 'nesco-history'));
    expect(after.revision).toBe(revision);
    expect(after.tariffs.versionAt(at).id).toBe('bd-retail-2024-02');
  });

  it('a recharge that comes while it commits waits for it, and gets the new book', async () => {
    await putInForce('nesco-history', version('briefer-2026', '2026-11-16'));
    await inTx((tx) => proposeRevocation(tx, 'nesco-history', 'briefer-2026', 'in error', selim));
    const all = books();
    await all.latest('nesco-history');
    let held: ReturnType<PriceBooks['hold']> | undefined;
    await inTx(async (tx) => {
      await revoke(tx, 'nesco-history', 'briefer-2026', amina);
      await expect(tryLock('LOCK IN SHARE MODE')).rejects.toThrow(/ER_LOCK/);
      held = inTx((other) => all.hold(other, 'nesco-history'));
    });
    expect((await held!).tariffs.versionAt(at).id).toBe('bd-retail-2024-02');
  });

  /** The lock that `hold` or publishing takes, without waiting for it. */
  function tryLock(mode: 'FOR UPDATE' | 'LOCK IN SHARE MODE'): Promise<unknown> {
    return inTx((tx) => tx.query(`SELECT code FROM price_books WHERE code = 'nesco-history' ${mode} NOWAIT`));
  }
});

describe("raw SQL with the application's rights", () => {
  const refused = (sql: string, parameters: unknown[] = []) => expect(inTx((tx) => tx.write(sql, parameters))).rejects;
  const documentId = async (code: string) => {
    const [row] = await fresh.admin.read<{ id: Buffer }>('SELECT id FROM price_documents WHERE code = ?', [code]);
    return row!.id;
  };

  it('cannot change or delete a document, a proposal or a decision, nor say that it came with a release', async () => {
    await refused(`UPDATE price_documents SET content = '{}'`).toThrow(/denied/);
    await refused(`UPDATE price_proposals SET reason = 'x'`).toThrow(/denied/);
    await refused(`UPDATE price_decisions SET revision = 99`).toThrow(/denied/);
    for (const table of ['price_documents', 'price_proposals', 'price_decisions', 'price_books']) {
      await refused(`DELETE FROM ${table}`).toThrow(/denied/);
    }
    const [id, hash] = [idToBytes(newId()), Buffer.alloc(32)];
    await refused(
      `INSERT INTO price_documents (id, origin, kind, code, content, content_sha256, made_at)
       VALUES (?, 'release', 'tariff-version', 'forged', '{}', ?, NOW(3))`,
      [id, hash],
    ).toThrow(/denied/);
    // Without the mark, somebody must stand for it; and the hash must be the content's.
    const insert = `INSERT INTO price_documents (id, kind, code, content, content_sha256, made_by, made_at)
      VALUES (?, 'tariff-version', 'forged', '{}', ?, ?, NOW(3))`;
    await refused(insert, [id, hash, 'selim']).toThrow(/ck_price_documents_hash/);
    const good = Buffer.from('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', 'hex');
    await refused(insert, [id, good, null]).toThrow(/ck_price_documents_maker/);
    await refused(insert, [id, good, 'nobody']).toThrow(/fk_price_documents_maker/);
  });

  it('cannot approve what the same person proposed, nor in the name of another proposer, nor at a revision that was', async () => {
    await inTx((tx) => draft(tx, 'first-light', version('raw-2032', '2032-01-01'), selim));
    const [proposal] = await fresh.admin.read<{ id: Buffer }>(
      `SELECT p.id FROM price_proposals p JOIN price_documents d ON d.id = p.document_id WHERE d.code = 'raw-2032'`,
    );
    const decide = (proposedBy: string | null, approvedBy: string | null, revision = 1_000) =>
      fresh.database.transaction(async (tx) =>
        tx.write(
          `INSERT INTO price_decisions (proposal_id, action, book, document_id, revision, proposed_by, approved_by,
             approved_at) VALUES (?, 'publish', 'first-light', ?, ?, ?, ?, NOW(3))`,
          [proposal!.id, await documentId('raw-2032'), revision, proposedBy, approvedBy],
        ),
      );
    await expect(decide('selim', 'selim')).rejects.toThrow(/ck_price_decisions_two_people/);
    await expect(decide('selim', 'SELIM')).rejects.toThrow(/ck_price_decisions_two_people/);
    await expect(decide('amina', 'selim')).rejects.toThrow(/fk_price_decisions_maker/);
    await expect(decide('selim', null)).rejects.toThrow(/ck_price_decisions_two_people/);
    await expect(decide(null, 'amina')).rejects.toThrow(/ck_price_decisions_two_people/);
    await expect(decide('selim', 'amina', 1)).rejects.toThrow(/uq_price_decisions_revision/);
  });
});

it('refuses to price with a document that somebody with every right has changed', async () => {
  await fresh.admin.transaction(async (tx) => {
    await tx.write('SET SESSION check_constraint_checks = 0');
    await tx.write(`UPDATE price_documents SET content = REPLACE(content, '"4.19"', '"4.18"') WHERE code = ?`, [
      'bd-retail-2020-03',
    ]);
    await tx.write('SET SESSION check_constraint_checks = 1');
  });
  expect(await refusalOf(books().latest('first-light'))).toBe('price-document-tampered');
});
