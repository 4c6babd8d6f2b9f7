import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps servers in sbin, which an ordinary user's PATH leaves out. */
const EXTRA_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

/** The full path of the first of these programs that the machine has. */
export function findProgram(names: readonly string[], searchPath = process.env['PATH'] ?? ''): string | undefined {
  const directories = [...searchPath.split(delimiter).filter(Boolean), ...EXTRA_DIRECTORIES];
  for (const name of names) {
    for (const directory of directories) {
      const file = join(directory, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not here
      }
    }
  }
  return undefined;
}

export interface ServerPrograms {
  readonly mariadbd: string;
  readonly mariadbInstallDb: string;
  readonly redisServer: string;
}

/** Looks for a program by any of its names. Given so that a test can play a machine without servers. */
export type Finder = (names: readonly string[]) => string | undefined;

/** The server programs of the machine, each undefined where missing. MySQL's own mysqld does not count as MariaDB. */
export function findServerPrograms(find: Finder = findProgram): Partial<ServerPrograms> {
  const mariadbd = find(['mariadbd', 'mysqld']);
  const isMariaDb = mariadbd !== undefined && (mariadbd.endsWith('mariadbd') || saysMariaDb(mariadbd));
  return {
    mariadbd: isMariaDb ? mariadbd : undefined,
    mariadbInstallDb: find(['mariadb-install-db', 'mysql_install_db']),
    redisServer: find(['redis-server']),
  };
}

function saysMariaDb(program: string): boolean {
  return spawnSync(program, ['--no-defaults', '--version'], { encoding: 'utf8' }).stdout?.includes('MariaDB') ?? false;
}
