// Proves how servers are found and what a person is told when there are none, on machines played by a finder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptCommand } from './apt';
import { layoutOf } from './layout';
import { findProgram, findServerPrograms } from './programs';
import type { Finder } from './programs';
import { NOTHING_AVAILABLE, provideServerPrograms } from './servers';

const machineWith =
  (...files: string[]): Finder =>
  (names) =>
    names.map((name) => files.find((file) => file.endsWith(`/${name}`))).find((file) => file !== undefined);

const SERVERS = ['/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db', '/usr/bin/redis-server'];

describe('findServerPrograms', () => {
  it('finds all three where Debian puts them', () => {
    expect(findServerPrograms(machineWith(...SERVERS))).toEqual({
      mariadbd: '/usr/sbin/mariadbd',
      mariadbInstallDb: '/usr/bin/mariadb-install-db',
      redisServer: '/usr/bin/redis-server',
    });
  });

  it('looks in sbin also when the PATH does not', () => {
    expect(findProgram(['sh'], '/nowhere')).toMatch(/\/sh$/);
    expect(findProgram(['no-such-program-at-all'])).toBeUndefined();
  });
});

describe('aptCommand', () => {
  it('is apt-get itself for root, and nothing for others without sudo or without apt', () => {
    expect(aptCommand(machineWith('/usr/bin/apt-get'), 0)).toEqual(['/usr/bin/apt-get']);
    expect(aptCommand(machineWith('/usr/bin/apt-get'), 1000)).toBeUndefined();
    expect(aptCommand(machineWith(), 0)).toBeUndefined();
  });

  it('is nothing when sudo would ask for a password', () => {
    expect(aptCommand(machineWith('/usr/bin/apt-get', '/bin/false/sudo'), 1000)).toBeUndefined();
  });
});

describe('provideServerPrograms', () => {
  const root = mkdtempSync(join(tmpdir(), 'vend-launcher-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const layout = layoutOf(root, join(root, '.local'));

  it('says in one paragraph what to do when nothing is there and nothing can be installed', async () => {
    await expect(provideServerPrograms(layout, ['mariadb', 'redis'], () => undefined, machineWith())).rejects.toThrow(
      NOTHING_AVAILABLE,
    );
    expect(NOTHING_AVAILABLE).not.toContain('\n');
    for (const way of ['apt-get install mariadb-server redis-server', 'DATABASE_URL', 'REDIS_URL', 'docker compose']) {
      expect(NOTHING_AVAILABLE).toContain(way);
    }
  });

  it('asks only for what is needed: with a database elsewhere, Redis is enough', async () => {
    const programs = await provideServerPrograms(layout, ['redis'], () => undefined, machineWith(SERVERS[2]!));
    expect(programs.redisServer).toBe(SERVERS[2]);
  });
});
