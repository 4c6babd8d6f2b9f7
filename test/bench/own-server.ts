import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf } from '../../docker/launcher/layout';
import { startMariaDb } from '../../docker/launcher/mariadb';
import { choosePorts } from '../../docker/launcher/ports';
import { randomSecret } from '../../docker/launcher/secrets';
import { provideServerPrograms } from '../../docker/launcher/servers';

/**
 * A durable MariaDB for one benchmark alone, in .local/bench-<name>, which goes with it; unless TEST_DATABASE_ADMIN_URL
 * names another.
 *
 * @param work is told the server's process id, where it is ours
 */
export async function withOwnServer(
  name: string,
  work: (serverPid: number | undefined) => Promise<void>,
): Promise<void> {
  if (process.env['TEST_DATABASE_ADMIN_URL'] !== undefined) return work(undefined);
  const { root } = layoutOf();
  const layout = layoutOf(root, join(root, `.local/bench-${name}`));
  rmSync(layout.local, { recursive: true, force: true });
  const { mariadb: port } = await choosePorts(layout.local, ['mariadb']);
  mkdirSync(layout.logs, { recursive: true });
  mkdirSync(layout.run, { recursive: true });
  const server = await startMariaDb({
    programs: await provideServerPrograms(layout, ['mariadb'], console.log),
    directory: join(layout.local, 'mariadb'),
    port,
    rootPassword: randomSecret(24),
    logFile: join(layout.logs, 'mariadb.log'),
    recordFile: join(layout.run, 'mariadb.json'),
    size: 'roomy',
  });
  process.env['TEST_DATABASE_ADMIN_URL'] = server.url;
  try {
    await work(server.record.pid);
  } finally {
    await server.stop();
    rmSync(layout.local, { recursive: true, force: true });
  }
}
