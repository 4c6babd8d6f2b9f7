import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { aptCommand } from '../../docker/launcher/apt';
import { findProgram } from '../../docker/launcher/programs';

/**
 * Software that nobody here wrote, for tests of interoperation: found on the machine, else installed from Debian. Only
 * root installs, as in a container or in CI: a package may bring a service that starts by itself, which a developer's
 * own machine has not asked for. Answers '' when it is there, else why the test has to be skipped, for its title.
 */
export function missingSoftware(files: readonly string[], packages: readonly string[]): string {
  const there = (): boolean => files.every((file) => existsSync(file) || findProgram([file]) !== undefined);
  if (there()) return '';
  const wanted = `Debian's ${packages.join(' and ')} not installed`;
  const [apt, ...args] = process.getuid?.() === 0 ? (aptCommand() ?? []) : [];
  if (!apt) return `${wanted}, and only root installs it from here`;
  const run = (...more: string[]): void => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync(apt, [...args, '-o', 'DPkg::Lock::Timeout=60', ...more], { env, stdio: 'ignore', timeout: 180_000 });
  };
  run('install', '--yes', '--no-install-recommends', ...packages);
  if (there()) return '';
  run('update');
  run('install', '--yes', '--no-install-recommends', ...packages);
  return there() ? '' : `${wanted}, and apt could not install it`;
}

/** `describe`, or a skipped one that says in its title why. */
export function describeWith(missing: string, title: string, suite: () => void): void {
  if (missing === '') describe(title, suite);
  else describe.skip(`${title} (skipped: ${missing})`, suite);
}
