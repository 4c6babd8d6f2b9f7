import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import type { Pkcs11Access } from './pkcs11-token';

/** Where Debian and Fedora put SoftHSM's library. */
const LIBRARIES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
];

/** Why tests over SoftHSM cannot run here; null when they can. */
export const softHsmMissing: string | null = whyNot();

/** A SoftHSM token of its own, in a directory of its own. */
export class SoftHsmToken {
  readonly access: Pkcs11Access;
  readonly pin = '73219866';

  private constructor(
    readonly folder: string,
    readonly configFile: string,
  ) {
    const pinSource = join(folder, 'pin');
    writeFileSync(pinSource, this.pin, { mode: 0o600 });
    this.access = { library: library()!, tokenLabel: 'vend', pinSource };
  }

  /** Makes the token, and lets this process's SoftHSM find it. */
  static create(): SoftHsmToken {
    const folder = mkdtempSync(join(tmpdir(), 'softhsm-'));
    mkdirSync(join(folder, 'tokens'), { mode: 0o700 });
    const configFile = join(folder, 'softhsm2.conf');
    const lines = [
      `directories.tokendir = ${join(folder, 'tokens')}`,
      'objectstore.backend = file',
      'log.level = ERROR',
    ];
    writeFileSync(configFile, `${lines.join('\n')}\n`);
    // The library asks the operating system, and Jest's process.env is a copy of what that says.
    const { env } = runInThisContext('process') as NodeJS.Process;
    env['SOFTHSM2_CONF'] = configFile;
    const token = new SoftHsmToken(folder, configFile);
    // The tool takes PINs as arguments; this token's is invented and protects nothing.
    const setting = ['--init-token', '--free', '--label', 'vend', '--so-pin', '4815162342', '--pin', token.pin];
    execFileSync('softhsm2-util', setting, { stdio: 'pipe', env });
    return token;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function library(): string | undefined {
  return LIBRARIES.find((path) => existsSync(path));
}

function whyNot(): string | null {
  if (!library() && !installed()) return 'SoftHSM is not installed (Debian: apt-get install softhsm2)';
  try {
    require.resolve('pkcs11js/build/Release/pkcs11.node');
    return null;
  } catch {
    return 'the optional package pkcs11js was not built here (it needs a C++ compiler)';
  }
}

/** Installs SoftHSM where this account may, so that a fresh machine runs these tests too. */
function installed(): boolean {
  if (process.getuid?.() !== 0) return false;
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' as const };
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'softhsm2'], options);
  return library() !== undefined;
}
