import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { findProgram } from './programs';
import type { Finder } from './programs';

/** The way to run apt-get on this machine: directly, by sudo, or not at all. */
export function aptCommand(find: Finder = findProgram, uid = process.getuid?.()): readonly string[] | undefined {
  const apt = find(['apt-get']);
  if (apt === undefined) return undefined;
  if (uid === 0) return [apt];
  const sudo = find(['sudo']);
  if (sudo === undefined || spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return undefined;
  return [sudo, '-n', apt];
}

/** Installs packages without asking anything. */
export async function aptInstall(
  command: readonly string[],
  packages: readonly string[],
  logFile: string,
): Promise<void> {
  await runApt([...command, 'update'], logFile, true);
  await runApt([...command, 'install', '--yes', '--no-install-recommends', ...packages], logFile, false);
}

function runApt(command: readonly string[], logFile: string, mayFail: boolean): Promise<void> {
  const [program = '', ...args] = command;
  const log = openSync(logFile, 'a', 0o600);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      closeSync(log);
      // Old package lists may still hold what is needed; the install decides.
      if (code === 0 || mayFail) resolve();
      else reject(new Error(`${command.join(' ')} ended with exit status ${code}`));
    });
  });
}
