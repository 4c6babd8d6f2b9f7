import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { demoProviders, writeSnsAuthority } from './providers';
import { applicationSecrets, serverPasswords } from './secrets';
import { developmentCertificates } from './certificates';
import { createDatabase } from './database';
import {
  APPS,
  LOCAL_HOSTS,
  environmentOf,
  inheritedEnvironment,
  migrationEnvironment,
  seedEnvironment,
} from './environment';
import type { App, AppPorts, StackFacts } from './environment';
import { readIfThere, writeWhole } from './files';
import type { Layout } from './layout';
import { forgetAddress, publishAddress } from './launcher-record';
import type { StackAddress } from './launcher-record';
import { choosePorts, portIsFree } from './ports';
import type { Progress, Step } from './progress';
import { provideServers, releaseServers } from './servers';
import type { Servers } from './servers';
import { Supervisor, stopLeftOvers } from './supervisor';
import type { ChildSpec } from './supervisor';
import { tokenServerFiles } from './token-server-files';

export type { StackAddress };

/** Invented customers and meters that ship with the project. */
export const SAMPLE_METERS = 'test/fixtures/customers-200.csv';

/** What a test changes of the usual system. */
export interface StackChanges {
  /** The meters to load in place of the sample: a CSV file. */
  readonly metersFile?: string;
  /** Settings of every application, over its usual ones: QUOTE_TTL_SECONDS and the like. */
  readonly settings?: Readonly<Record<string, string>>;
}

const PORT_SETTINGS = {
  api: 'API_PORT',
  sandbox: 'SANDBOX_PORT',
  sandboxSmpp: 'SANDBOX_SMPP_PORT',
  sandboxSns: 'SANDBOX_SNS_PORT',
  worker: 'WORKER_PORT',
  tokenServer: 'TOKEN_SERVER_PORT',
  tokenServerMetrics: 'TOKEN_SERVER_METRICS_PORT',
} as const satisfies Record<keyof AppPorts, string>;

/**
 * Who gives way when the machine is full: receipts can be a moment late, an answer to a payer cannot; and the
 * sandbox stands for machines of other people.
 */
const NICENESS: Readonly<Record<App, number>> = { 'token-server': 0, api: 0, worker: 10, sandbox: 10 };

/**
 * A bulk order makes much that lives for a moment: with room for it the collector copies less (measured: a fifth of the
 * process's time). The Dockerfile says the same.
 */
const TOKEN_SERVER_NODE = ['--max-semi-space-size=64'];

/** The whole system on this machine: brought up step by step, taken down in reverse. */
export class Stack {
  private readonly supervisor: Supervisor;
  private readonly facts: Partial<StackFacts> = {};
  private servers: Servers | undefined;
  private readonly abort = new AbortController();
  private readonly metersFile: string;

  constructor(
    private readonly layout: Layout,
    private readonly progress: Progress,
    restartsTheDead: boolean,
    private readonly changes: StackChanges = {},
  ) {
    this.metersFile = resolve(layout.root, changes.metersFile ?? SAMPLE_METERS);
    this.supervisor = new Supervisor(layout, (line) => progress.say(line), restartsTheDead);
  }

  /**
   * Brings everything up.
   *
   * @throws StepFailed naming the step and its log
   */
  async up(): Promise<StackAddress> {
    const left = await stopLeftOvers(this.layout, APPS);
    if (left.length > 0) this.progress.say(`stopped what an earlier launcher left running: ${left.join(', ')}`);
    await this.progress.run(this.steps(), undefined);
    const { ports } = this.complete();
    const address = { apiUrl: `http://127.0.0.1:${ports.api}`, sandboxUrl: `http://127.0.0.1:${ports.sandbox}` };
    publishAddress(this.layout, address);
    return address;
  }

  /** Stops the applications, then the private servers. Safe to call half-way through `up`. */
  async down(): Promise<void> {
    this.abort.abort();
    forgetAddress(this.layout);
    await this.supervisor.stop();
    await releaseServers(this.layout);
  }

  /** Ends one application by a signal and waits until it is gone; it stays away until `startAgain`. */
  end(app: App, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    return this.supervisor.end(app, signal);
  }

  /** Starts an application that was ended, on its old address, and waits until it is ready. */
  startAgain(app: App): Promise<void> {
    return this.supervisor.start(this.childSpec(app));
  }

  private steps(): Step<undefined>[] {
    const log = (name: string): string => join(this.layout.logs, `${name}.log`);
    const app = (name: App, what: string): Step<undefined> => ({
      name,
      what,
      logFile: log(name),
      run: () => this.supervisor.start(this.childSpec(name)),
    });
    return [
      { name: 'servers', what: 'MariaDB and Redis', run: () => this.provideServers() },
      { name: 'secrets', what: 'passwords, certificates and ports of this checkout', run: () => this.makeSecrets() },
      { name: 'keys', what: 'development vending keys', logFile: log('keys'), run: () => this.makeKeys() },
      { name: 'database', what: 'the database and its two accounts', run: () => this.makeDatabase() },
      { name: 'migrate', what: 'tables and rights', logFile: log('migrate'), run: () => this.migrate() },
      { name: 'demo-data', what: 'sample customers, logins', logFile: log('demo-data'), run: () => this.seed() },
      {
        name: 'meter-keys',
        what: 'keys of the virtual meters',
        logFile: log('meter-keys'),
        run: () => this.meterKeys(),
      },
      app('token-server', 'the process that makes tokens'),
      app('sandbox', 'phones, SMS gateway, virtual meters, mobile money'),
      app('api', 'HTTP for counters and mobile money'),
      app('worker', 'SMS and pending recharges'),
    ];
  }

  private async provideServers(): Promise<string> {
    this.servers = await provideServers(
      this.layout,
      { databaseUrl: process.env['DATABASE_URL'], redisUrl: process.env['REDIS_URL'] },
      (line) => this.progress.say(line),
    );
    Object.assign(this.facts, { redisUrl: this.servers.redisUrl });
    return this.servers.remark;
  }

  private async makeSecrets(): Promise<string> {
    const { files } = applicationSecrets(this.layout);
    writeSnsAuthority(demoProviders(files.providers), files.snsCa);
    const ports = await this.choosePorts();
    Object.assign(this.facts, {
      ports,
      hosts: LOCAL_HOSTS,
      listenOn: '127.0.0.1',
      tls: developmentCertificates(this.layout, Date.now()),
      secretsFile: files.application,
      loginsFile: files.logins,
      partnersFile: files.partners,
      headEndsFile: files.headEnds,
      providersFile: files.providers,
      snsCaFile: files.snsCa,
      sandboxStateDir: join(this.layout.local, 'sandbox'),
      importDir: join(this.layout.local, 'imports'),
    });
    return `api on ${ports.api}, sandbox on ${ports.sandbox}`;
  }

  private async choosePorts(): Promise<AppPorts> {
    const file = join(this.layout.run, 'app-ports.json');
    const names = Object.keys(PORT_SETTINGS) as (keyof AppPorts)[];
    const remembered = JSON.parse(readIfThere(file) ?? '{}') as Partial<AppPorts>;
    const ports: Record<keyof AppPorts, number> = await choosePorts(this.layout.local, names, remembered);
    writeWhole(file, `${JSON.stringify(ports)}\n`);
    for (const name of names) {
      const asked = Number(process.env[PORT_SETTINGS[name]] || NaN);
      if (Number.isNaN(asked)) continue;
      if (!(await portIsFree(asked))) throw new Error(`${PORT_SETTINGS[name]}=${asked} is in use`);
      ports[name] = asked;
    }
    return ports;
  }

  private async makeKeys(): Promise<string> {
    const { journalDirectory, ...files } = tokenServerFiles(this.layout);
    const { keyFile, kekFile } = files;
    Object.assign(this.facts, { ...files, tokenJournalDirectory: journalDirectory });
    if (existsSync(keyFile) && existsSync(kekFile)) {
      // A key file of an older checkout gains what this version keeps in it.
      await this.runScript(
        'keys',
        'token-server/keys-dev.js',
        ['--upgrade', '--sealed', keyFile, '--kek', kekFile],
        {},
      );
      return 'there already';
    }
    if (existsSync(keyFile))
      throw new Error(`${keyFile} cannot be opened without ${kekFile}: bring it back, or remove both`);
    rmSync(kekFile, { force: true }); // left by a start that was cut off before it sealed anything
    await this.runScript('keys', 'token-server/keys-dev.js', ['--out', keyFile, '--kek', kekFile], {});
    return 'made';
  }

  private async makeDatabase(): Promise<string> {
    const appUrl = process.env['DATABASE_URL'];
    const migrationUrl = process.env['DATABASE_MIGRATION_URL'];
    if (appUrl && migrationUrl) {
      const databaseAppUser = decodeURIComponent(new URL(appUrl).username);
      Object.assign(this.facts, { databaseAppUrl: appUrl, databaseMigrationUrl: migrationUrl, databaseAppUser });
      return 'as given';
    }
    const adminUrl = this.servers!.databaseAdminUrl;
    const name = decodeURIComponent(new URL(adminUrl).pathname.slice(1)) || 'vend';
    const names = { database: name, migrationUser: `${name}_migrate`, appUser: `${name}_app` };
    const access = await createDatabase(adminUrl, names, serverPasswords(this.layout)).catch((error: Error) => {
      const hint = 'DATABASE_URL must name an account that may create users, or be given with DATABASE_MIGRATION_URL';
      throw appUrl ? new Error(`${error.message} (${hint})`, { cause: error }) : error;
    });
    Object.assign(this.facts, {
      databaseAppUrl: access.appUrl,
      databaseMigrationUrl: access.migrationUrl,
      databaseAppUser: access.appUser,
    });
    return name;
  }

  private migrate(): Promise<void> {
    return this.runScript('migrate', 'api/migrate.js', [], migrationEnvironment(this.complete()));
  }

  private seed(): Promise<void> {
    const environment = { ...seedEnvironment(this.complete()), SAMPLE_CSV: this.metersFile };
    return this.runScript('demo-data', 'api/seed-demo.js', [], environment);
  }

  private async meterKeys(): Promise<string> {
    const { keyFile, kekFile, decoderKeysFile } = this.complete();
    const csv = this.metersFile;
    const isFresh =
      existsSync(decoderKeysFile) &&
      [csv, keyFile].every((source) => statSync(source).mtimeMs < statSync(decoderKeysFile).mtimeMs);
    if (isFresh) return 'there already';
    const args = ['--sealed', keyFile, '--kek', kekFile, '--meters', csv, '--decoder-keys-out', decoderKeysFile];
    await this.runScript('meter-keys', 'token-server/keys-dev.js', args, {});
    return 'made';
  }

  private childSpec(app: App): ChildSpec {
    const facts = this.complete();
    const port = facts.ports[app === 'token-server' ? 'tokenServer' : app];
    return {
      name: app,
      entry: join(this.layout.dist, 'apps', app, 'main.js'),
      env: { ...inheritedEnvironment(process.env), ...environmentOf(app, facts), ...this.changes.settings },
      readiness: app === 'token-server' ? { tcpPort: port } : { http: `http://127.0.0.1:${port}/health/ready` },
      port,
      niceness: NICENESS[app],
      noCoreDump: app === 'token-server',
      nodeArguments: app === 'token-server' ? TOKEN_SERVER_NODE : [],
    };
  }

  private complete(): StackFacts {
    return {
      ...(this.facts as StackFacts),
      decoderKeysFile: join(this.layout.secrets, 'decoder-keys.json'),
    };
  }

  /** Runs a compiled script to its end. */
  private runScript(step: string, entry: string, args: readonly string[], env: Record<string, string>): Promise<void> {
    const logFile = join(this.layout.logs, `${step}.log`);
    const log = openSync(logFile, 'w', 0o600);
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--enable-source-maps', join(this.layout.dist, 'apps', entry), ...args], {
        cwd: this.layout.root,
        env: { ...inheritedEnvironment(process.env), ...env },
        stdio: ['ignore', log, log],
        signal: this.abort.signal,
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        closeSync(log);
        if (code === 0) return resolve();
        const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
        reject(new Error(`${signal ? `ended by ${signal}` : `exit status ${code}`}\n${tail}`));
      });
    });
  }
}
