/*
 * npm run bench:settlement: a provider's statement of a day against our payments of it. Rows a second of taking the file in,
 * of comparing it, and of comparing it again; CPU time a row of this process and of the database; memory at a tenth, at half
 * and at the end; what the buckets came to, which must add up to the rows, each. BENCH_ROWS=1000000 chooses how many.
 * On a MariaDB of its own, or on a database at TEST_DATABASE_ADMIN_URL that is dropped at the end. The last line is JSON.
 */
import { isDeepStrictEqual } from 'node:util';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type Id, type LocalDay } from '@vend/kernel';
import { statementFiles, StatementImports } from '@vend/settlement';
import { openFile } from '@vend/tables';
import { noonOf, PROVIDER, SettlementWorld } from '../support/settlement';
import { MemoryOverTime } from './memory';
import { withOwnServer } from './own-server';
import { secondsOf } from './processes';
import { expectedBuckets, HEADER, writeNextStatement, writePayments, writeStatement } from './statement-day';
import { hmacMicroseconds } from './yardstick';

const ROWS = Number(process.env['BENCH_ROWS'] ?? '100000');
const [DAY, NEXT, SEEN_ON] = ['2026-11-18', '2026-11-19', '2026-11-21'];

async function main(serverPid: number | undefined): Promise<void> {
  if (ROWS % 1_000 !== 0) throw new Error('BENCH_ROWS is in thousands');
  const folder = mkdtempSync(join(tmpdir(), 'bench-settlement-'));
  const world = await SettlementWorld.create();
  try {
    console.log(JSON.stringify(await run(world, folder, serverPid)));
  } finally {
    await world.destroy();
    rmSync(folder, { recursive: true });
  }
}

async function run(world: SettlementWorld, folder: string, serverPid: number | undefined) {
  const [file, next] = [join(folder, 'day.csv'), join(folder, 'next.csv')];
  const of = { provider: PROVIDER, day: DAY, count: ROWS };
  await writeStatement(file, of);
  await writeNextStatement(next, of);
  const [meterId] = (await world.bench.install({ serial: 1 })) as [Id];
  await writePayments(world.fresh.admin, { source: `provider:${PROVIDER}`, day: DAY, meterId, count: ROWS });
  console.log(`${ROWS} payments of ours; a statement of ${Math.round(statSync(file).size / 1_048_576)} MB`);
  await world.settlement.setFormat(
    PROVIDER,
    {
      columns: Object.fromEntries(HEADER.map((name) => [name, name])),
      statuses: { PAID: 'PAID', REVERSED: 'REVERSED' },
    },
    'user:administrator',
  );
  world.bench.now = noonOf(SEEN_ON);
  const measure = <T>(what: string, work: () => Promise<T>) => measured(what, serverPid, work);
  const [, plain] = await measure('reading the CSV alone', () => countRows(file));
  const imports = new StatementImports(world.fresh.database, statementFiles(join(folder, 'received'), 1_000_000_000));
  await takeIn(imports, next, NEXT);
  const [stored, taken] = await measure('taking the statement in', () => takeIn(imports, file, DAY));
  if (stored !== ROWS) throw new Error(`${stored} rows are stored`);
  const [matched, compared] = await measure('comparing it', () => world.settlement.compare(PROVIDER, DAY));
  const buckets = await bucketsOf(world);
  const credit = `bank_account,value_date,amount,reference\nMAIN,${NEXT},1000.00,${PROVIDER}/${PROVIDER}-${DAY}\n`;
  await world.bank(credit, NEXT);
  const [again, secondTime] = await measure('comparing it again', () => world.settlement.compare(PROVIDER, DAY));
  if (again.some(({ opened, healed }) => opened + healed > 0) || !isDeepStrictEqual(await bucketsOf(world), buckets)) {
    throw new Error('the second comparison found something else');
  }
  const opened = matched.reduce((sum, each) => sum + each.opened, 0);
  if (opened !== (ROWS / 1_000) * 6) throw new Error(`${opened} breaks`);
  const hmacUs = Number(hmacMicroseconds().toFixed(2));
  return { benchmark: 'settlement', rows: ROWS, plain, taken, compared, again: secondTime, opened, buckets, hmacUs };
}

async function takeIn(imports: StatementImports, path: string, day: LocalDay): Promise<number> {
  const of = { provider: PROVIDER, day, fileName: 'day.csv', by: 'user:bench', at: Date.now() };
  const order = { ...of, id: newId(), kind: 'statement', rule: 'add', fileKind: 'csv' } as const;
  const { id } = await imports.put(order, createReadStream(path), () => Promise.resolve());
  await imports.work(id);
  const { state, stored, rejected } = await imports.byId(id);
  if (state !== 'DONE' || rejected > 0) throw new Error(`${state}, ${rejected} refused`);
  return stored;
}

/** By side and bucket, checked: every payment of ours and every row of theirs is in one, and in the right one. */
async function bucketsOf({ settlement }: SettlementWorld): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const { side, bucket, count } of (await settlement.day(PROVIDER, DAY)).totals) {
    found[`${side} ${bucket}`] = (found[`${side} ${bucket}`] ?? 0) + count;
  }
  for (const side of ['ours', 'theirs']) {
    const sum = Object.entries(found).reduce((n, [name, count]) => n + (name.startsWith(`${side} `) ? count : 0), 0);
    if (sum !== ROWS) throw new Error(`${side}: ${sum} of ${ROWS} are in a bucket: ${JSON.stringify(found)}`);
  }
  const expected = expectedBuckets(ROWS / 1_000);
  const wrong = Object.keys({ ...expected, ...found }).filter((name) => expected[name] !== found[name]);
  if (wrong.length > 0) throw new Error(`${wrong.join(', ')}: ${JSON.stringify(found)}`);
  console.log(`buckets: ${JSON.stringify(found)}: ${ROWS} on each side`);
  return found;
}

async function countRows(path: string): Promise<void> {
  const { groups, close } = await openFile(path, 'csv');
  let rows = -1;
  for await (const group of groups) rows += group.rows.length;
  close();
  if (rows !== ROWS) throw new Error(`${rows} rows in the file`);
}

async function measured<T>(what: string, serverPid: number | undefined, work: () => Promise<T>) {
  const server = () => (serverPid === undefined ? 0 : (secondsOf(serverPid) ?? 0));
  const [ownBefore, serverBefore, startedMs] = [process.cpuUsage(), server(), performance.now()];
  const memory = new MemoryOverTime();
  const result = await work().finally(() => memory.end());
  const mb = memory.end();
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(ownBefore);
  const figures = {
    perSecond: Math.round(ROWS / seconds),
    seconds: Number(seconds.toFixed(1)),
    ownCpuUsPerRow: Math.round((user + system) / ROWS),
    databaseCpuUsPerRow: Math.round(((server() - serverBefore) * 1_000_000) / ROWS),
    ...mb,
  };
  console.log(
    `${what}: ${figures.seconds} s, ${figures.perSecond} rows a second; CPU for each row: this process ` +
      `${figures.ownCpuUsPerRow} us, database ${figures.databaseCpuUsPerRow} us; memory ${mb.mbAtTenth} MB at a tenth, ` +
      `${mb.mbAtHalf} at half, ${mb.mbAtEnd} at the end, ${mb.mbPeak} at most`,
  );
  return [result, figures] as const;
}

withOwnServer('settlement', main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
