/** What benchmarks of the running system share: meters in its database, a provider to pay as, and its queues running dry. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importMeters } from '@vend/meters';
import { createDataSource, Database } from '@vend/platform';
import type { Layout } from '../../docker/launcher/layout';
import { provideServers } from '../../docker/launcher/servers';
import type { Stack } from '../../docker/launcher/stack';
import { METER_HEADER, meterCells, meterLine, meterNo } from '../builders/meters';
import type { Target } from './load';

const DRAINED_WITHIN_MS = 120_000;

/** The system's database, as its administrator. Destroy its data source. */
export async function openVend(layout: Layout): Promise<Database> {
  const { databaseAdminUrl } = await provideServers(layout, {}, () => undefined);
  // The administrator's door names no database; the stack calls its one `vend`.
  const dataSource = createDataSource({ url: new URL('/vend', databaseAdminUrl).href, poolSize: 4 });
  await dataSource.initialize();
  return new Database(dataSource);
}

/** Imports meters of both algorithms and both crediting modes, numbered from 1. */
export async function makeMeters(database: Database, count: number): Promise<void> {
  const startedMs = Date.now();
  async function* csv(): AsyncGenerator<string> {
    yield `${METER_HEADER}\n`;
    for (let serial = 1; serial <= count; serial++) {
      const ea = serial % 2 === 0 ? { ea: '07', sgc: '123456' } : { ea: '11', sgc: '201457' };
      const cells = meterCells(serial, { ...ea, crediting: serial % 3 === 0 ? 'currency' : 'energy' });
      yield `${await Promise.resolve(meterLine(cells))}\n`;
    }
  }
  const { inserted, rejected } = await importMeters(database, csv(), { nowMs: Date.now() });
  const seconds = (Date.now() - startedMs) / 1_000;
  console.log(`meters: ${inserted} imported, ${rejected} rejected, ${Math.round(inserted / seconds)} rows/s`);
}

/** The first demo partner, paying for those meters. */
export function targetOf({ apiUrl }: Awaited<ReturnType<Stack['up']>>, layout: Layout, meters: number): Target {
  const partners = JSON.parse(readFileSync(join(layout.secrets, 'partners.json'), 'utf8')) as {
    code: string;
    keyId: string;
    secret: string;
  }[];
  const { code, keyId, secret } = partners[0]!;
  return {
    apiUrl,
    code,
    keyId,
    secret: Buffer.from(secret, 'base64url'),
    references: Array.from({ length: meters }, (_, i) => meterNo(i + 1).pan),
  };
}

/** Waits until everything that the phase before left to the worker is done, so that phases do not pay for each other. */
export async function drained(layout: Layout, say: (text: string) => void): Promise<void> {
  const database = await openVend(layout);
  const startedMs = Date.now();
  const waiting = async () => Number((await database.read<{ n: string }>('SELECT COUNT(*) AS n FROM outbox'))[0]!.n);
  const atFirst = await waiting();
  for (let left = atFirst; left > 0 && Date.now() - startedMs < DRAINED_WITHIN_MS; left = await waiting()) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const seconds = (Date.now() - startedMs) / 1_000;
  if (atFirst > 0) say(`${atFirst} jobs were still waiting; done within ${seconds.toFixed(1)} s`);
  await database.dataSource.destroy();
}
