/**
 * The launcher's steps inside containers, one per service of docker/compose.yml:
 *
 *   container setup                 passwords, secrets, certificates and vending keys, into the volumes (as root)
 *   container database              the database and its two accounts
 *   container migrate | seed        tables and rights; demo data
 *   container meter-keys            what the sandbox's virtual meters know of themselves (as root)
 *   container run <app>             one application
 *
 * The parts are those of the launcher for one machine; only addresses and places differ.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { developmentCertificates } from './certificates';
import type { TlsFiles } from './certificates';
import { createDatabase } from './database';
import { APPS, environmentOf, migrationEnvironment, seedEnvironment } from './environment';
import type { App, StackFacts } from './environment';
import { writeWhole } from './files';
import { findRoot, layoutOf } from './layout';
import type { Layout } from './layout';
import { demoProviders, writeSnsAuthority } from './providers';
import { redisUrl } from './redis';
import { applicationSecrets, serverPasswords } from './secrets';
import { SAMPLE_METERS } from './stack';
import { writeDevelopmentCallers } from './token-server-files';

/** Volumes, and the numeric users who own what is in them; the Dockerfile makes the same users. */
export const VOLUMES = {
  /** Secrets of api, worker and sandbox. */
  app: { directory: '/var/lib/vend/app', uid: 10_001 },
  /** Vending keys, their KEK, and the token server's own certificate. */
  keys: { directory: '/var/lib/vend/keys', uid: 10_002 },
  /** The token server's audit log and stored answers, and the highest generation of the key file it has used. */
  journal: { directory: '/var/lib/vend/journal', uid: 10_002 },
  /** Files that customers are imported from: the api writes them, the worker reads them. */
  imports: { directory: '/var/lib/vend/imports', uid: 10_001 },
  /** Passwords for the images of MariaDB and Redis, whose servers run as 999. */
  servers: { directory: '/var/lib/vend/servers', uid: 999 },
} as const;

const ROOT = findRoot(__dirname);
export const PORTS = {
  ...{
    api: 3000,
    sandbox: 3001,
    worker: 3002,
    tokenServer: 3003,
    tokenServerMetrics: 3004,
    sandboxSmpp: 3005,
    sandboxSns: 3006,
  },
} as const;
const HOSTS = { api: 'api', sandbox: 'sandbox', tokenServer: 'token-server' } as const;
const DATABASE = { database: 'vend', migrationUser: 'vend_migrate', appUser: 'vend_app' } as const;

function main(): Promise<void> | void {
  const [command, app] = process.argv.slice(2);
  switch (command) {
    case 'setup':
      return setup(appLayout());
    case 'database':
      return makeDatabase(appLayout());
    case 'migrate':
      return runScript('api/migrate.js', [], migrationEnvironment(facts(appLayout())));
    case 'seed':
      return runScript('api/seed-demo.js', [], seedEnvironment(facts(appLayout())));
    case 'meter-keys':
      return makeMeterKeys();
    case 'run':
      if (APPS.some((known) => known === app)) return runApp(app as App);
      break;
    default:
  }
  throw new Error('usage: container setup | database | migrate | seed | meter-keys | run <app>');
}

function appLayout(): Layout {
  return layoutOf(undefined, VOLUMES.app.directory);
}

/** Safe to run at every start: what is there is kept. */
function setup(layout: Layout): void {
  const passwords = serverPasswords(layout);
  const { files } = applicationSecrets(layout);
  writeSnsAuthority(demoProviders(files.providers), files.snsCa);
  developmentCertificates(layout, Date.now());
  mkdirSync(VOLUMES.keys.directory, { recursive: true, mode: 0o700 });
  mkdirSync(VOLUMES.journal.directory, { recursive: true, mode: 0o700 });
  mkdirSync(VOLUMES.imports.directory, { recursive: true, mode: 0o700 });
  mkdirSync(VOLUMES.servers.directory, { recursive: true, mode: 0o700 });
  writeDevelopmentCallers(keyFiles().callerPolicyFile);
  writeWhole(join(VOLUMES.servers.directory, 'mariadb-root-password'), passwords.databaseRoot, 0o400);
  writeWhole(join(VOLUMES.servers.directory, 'redis.conf'), `requirepass ${passwords.redis}\n`, 0o400);
  const { keyFile, kekFile } = keyFiles();
  if (!existsSync(keyFile)) runScript('token-server/keys-dev.js', ['--out', keyFile, '--kek', kekFile], {});
  moveTokenServersCertificate(layout);
  for (const { directory, uid } of Object.values(VOLUMES)) giveTo(directory, uid);
}

/** The token server's private key belongs to its own volume, out of reach of the others; the authority's to root. */
function moveTokenServersCertificate(layout: Layout): void {
  const made = tlsIn(join(layout.secrets, 'tls'), 'token-server');
  const target = tlsIn(join(VOLUMES.keys.directory, 'tls'), 'token-server');
  mkdirSync(join(VOLUMES.keys.directory, 'tls'), { recursive: true, mode: 0o700 });
  for (const file of ['caFile', 'certFile', 'keyFile'] as const) {
    writeWhole(target[file], readFileSync(made[file], 'utf8'));
  }
  rmSync(made.keyFile); // made anew at the next set-up, with its certificate
}

async function makeDatabase(layout: Layout): Promise<void> {
  const passwords = serverPasswords(layout);
  await createDatabase(`mysql://root:${passwords.databaseRoot}@mariadb:3306`, DATABASE, passwords);
}

/** The keystore opens a KEK only for its owner: the keys are derived as the token server's user, then handed over. */
function makeMeterKeys(): void {
  const { keyFile, kekFile } = keyFiles();
  const derived = join(VOLUMES.keys.directory, 'decoder-keys.json');
  const csv = join(ROOT, SAMPLE_METERS);
  const args = ['--sealed', keyFile, '--kek', kekFile, '--meters', csv, '--decoder-keys-out', derived];
  runScript('token-server/keys-dev.js', args, {}, VOLUMES.keys.uid);
  writeWhole(facts(appLayout()).decoderKeysFile, readFileSync(derived, 'utf8'));
  rmSync(derived);
  giveTo(VOLUMES.app.directory, VOLUMES.app.uid);
}

/** The application takes this process over: signals reach it without a go-between. */
function runApp(app: App): void {
  const told = app === 'token-server' ? tokenServerEnvironment() : environmentOf(app, facts(appLayout()));
  Object.assign(process.env, told);
  process.argv.splice(2);
  createRequire(__filename)(join(ROOT, 'dist/apps', app, 'main.js'));
}

/** Only from its own volume; the volume of the others is not mounted where it runs. */
function tokenServerEnvironment(): Record<string, string> {
  const { caFile, certFile, keyFile: tlsKeyFile } = tlsIn(join(VOLUMES.keys.directory, 'tls'), 'token-server');
  const { keyFile, kekFile, keySeenFile, callerPolicyFile, tokenJournalDirectory } = keyFiles();
  return {
    TOKEN_SERVER_ADDRESS: `0.0.0.0:${PORTS.tokenServer}`,
    TLS_CA_FILE: caFile,
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: tlsKeyFile,
    KEY_FILE: keyFile,
    KEK_FILE: kekFile,
    KEY_SEEN_FILE: keySeenFile,
    CALLER_POLICY_FILE: callerPolicyFile,
    TOKEN_JOURNAL_DIR: tokenJournalDirectory,
    TOKEN_SERVER_METRICS_PORT: String(PORTS.tokenServerMetrics),
  };
}

function facts(layout: Layout): StackFacts {
  const passwords = serverPasswords(layout);
  const { files } = applicationSecrets(layout);
  const tls = (party: string): TlsFiles => tlsIn(join(layout.secrets, 'tls'), party);
  const url = (user: string, password: string): string =>
    `mysql://${user}:${password}@mariadb:3306/${DATABASE.database}`;
  return {
    ports: PORTS,
    hosts: HOSTS,
    listenOn: '0.0.0.0',
    databaseAppUrl: url(DATABASE.appUser, passwords.databaseApp),
    databaseMigrationUrl: url(DATABASE.migrationUser, passwords.databaseMigration),
    databaseAppUser: DATABASE.appUser,
    redisUrl: redisUrl(6379, passwords.redis, 'redis'),
    tls: { 'token-server': tls('token-server'), api: tls('api'), worker: tls('worker'), keys: tls('keys') },
    secretsFile: files.application,
    loginsFile: files.logins,
    partnersFile: files.partners,
    headEndsFile: files.headEnds,
    providersFile: files.providers,
    snsCaFile: files.snsCa,
    ...keyFiles(),
    decoderKeysFile: join(layout.secrets, 'decoder-keys.json'),
    sandboxStateDir: join(layout.local, 'sandbox'),
    importDir: VOLUMES.imports.directory,
  };
}

function keyFiles() {
  return {
    keyFile: join(VOLUMES.keys.directory, 'vending-keys.json'),
    kekFile: join(VOLUMES.keys.directory, 'kek.key'),
    callerPolicyFile: join(VOLUMES.keys.directory, 'callers.json'),
    keySeenFile: join(VOLUMES.journal.directory, 'key-generation'),
    tokenJournalDirectory: join(VOLUMES.journal.directory, 'journal'),
  };
}

function tlsIn(directory: string, party: string): TlsFiles {
  return {
    caFile: join(directory, 'ca.pem'),
    certFile: join(directory, `${party}.pem`),
    keyFile: join(directory, `${party}.key`),
  };
}

function runScript(entry: string, args: readonly string[], env: Record<string, string>, uid?: number): void {
  const result = spawnSync(process.execPath, [join(ROOT, 'dist/apps', entry), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    uid,
    gid: uid,
  });
  if (result.status !== 0) throw new Error(`${entry} ended with ${result.signal ?? result.status}`);
}

function giveTo(directory: string, uid: number): void {
  chownSync(directory, uid, uid);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) giveTo(path, uid);
    else chownSync(path, entry.name === 'ca.key' ? 0 : uid, uid); // the authority's key is for set-up alone
  }
}

if (require.main === module) {
  Promise.resolve()
    .then(main)
    .catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
}
