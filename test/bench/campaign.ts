/*
 * npm run bench:campaign: a key-change campaign from the mark to the file, against a real token server and database:
 * meters a second for create, make and export, wall clock and CPU. BENCH_METERS=20000 chooses how many. On a MariaDB
 * of its own, or on a database at TEST_DATABASE_ADMIN_URL that is dropped at the end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcKeySetIssuer } from '@vend/issuer';
import { Campaigns, importMeters } from '@vend/meters';
import { writeSecretCsv } from '../../apps/campaigns/secret-csv';
import { inPieces, meterCells, meterCsv } from '../builders/meters';
import { installVendingKeysAt } from '../support/campaign';
import { TestAuthority } from '../support/certificates';
import { freshDatabase } from '../support/database';
import { freePort, journalAndCallers, TokenServerProcess } from '../support/token-server';
import { withOwnServer } from './own-server';
import { secondsOf } from './processes';

const METERS = Number(process.env['BENCH_METERS'] ?? '20000');

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-campaign-'));
  const fresh = await freshDatabase();
  const authority = new TestAuthority();
  const [keyFile, kekFile] = [join(folder, 'keys.json'), join(folder, 'kek')];
  await installVendingKeysAt(keyFile, kekFile, [
    { sgc: '300002', krn: 1, dkga: 4, baseDate: 1993, hex: '00112233445566778899aabbccddeeff01020304' },
    { sgc: '300002', krn: 2, dkga: 4, baseDate: 2014, hex: 'ffeeddccbbaa99887766554433221100f1f2f3f4' },
  ]);
  const address = `127.0.0.1:${await freePort()}`;
  const tls = authority.filesFor('token-server', folder);
  const server = await TokenServerProcess.start({ address, tls, keyFile, kekFile, ...journalAndCallers(folder) });
  const issuer = new GrpcKeySetIssuer({ address, ...authority.filesFor('keys', folder) });
  try {
    const cells = Array.from({ length: METERS }, (_, i) =>
      meterCells(i, { sgc: '300002', krn: '1', baseDate: '1993', ea: i % 2 ? '07' : '11' }),
    );
    await importMeters(fresh.database, inPieces(meterCsv(cells), 65_536), { nowMs: Date.now() });
    const campaigns = new Campaigns(fresh.database);
    const order = {
      ...({ name: 'bench', kind: 'base-date' } as const),
      ...{ from: { sgc: '300002', krn: 1 }, to: { sgc: '300002', krn: 2 }, ti: null, office: null, listHash: null },
    };
    await measured('create', server.pid, async () => {
      await campaigns.create(order, await issuer.vendingKeys(), 'officer:bench');
    });
    await measured('make', server.pid, async () => {
      const { made } = await campaigns.make('bench', issuer);
      if (made !== METERS) throw new Error(`${made} sets made`);
    });
    await measured('export', server.pid, async () => {
      async function* rows() {
        for await (const page of campaigns.export('bench')) yield page.map(({ pan, tokens }) => [pan, ...tokens]);
      }
      await writeSecretCsv(join(folder, 'sets.csv'), ['meterNo', 'tokens'], rows());
    });
  } finally {
    issuer.close();
    await server.stop();
    await fresh.drop();
    rmSync(folder, { recursive: true });
  }
}

async function measured(what: string, serverPid: number, work: () => Promise<void>): Promise<void> {
  const used = () => [secondsOf(process.pid) ?? 0, secondsOf(serverPid) ?? 0] as const;
  const [ownBefore, serverBefore] = used();
  const startedMs = performance.now();
  await work();
  const seconds = (performance.now() - startedMs) / 1_000;
  const [own, server] = used();
  const micros = (cpu: number) => Math.round((cpu * 1_000_000) / METERS);
  console.log(
    `${what}: ${METERS} meters in ${seconds.toFixed(1)} s, ${Math.round(METERS / seconds)} a second; ` +
      `CPU per meter: this process ${micros(own - ownBefore)} us, token server ${micros(server - serverBefore)} us`,
  );
}

withOwnServer('campaign', main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
