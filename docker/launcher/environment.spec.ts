// Proves what each process is told: all it needs, nothing that only another needs, and nothing of the terminal's.
import {
  APPS,
  LOCAL_HOSTS,
  environmentOf,
  inheritedEnvironment,
  migrationEnvironment,
  seedEnvironment,
} from './environment';
import type { StackFacts } from './environment';

const tls = (party: string) => ({ caFile: '/tls/ca.pem', certFile: `/tls/${party}.pem`, keyFile: `/tls/${party}.key` });
const facts: StackFacts = {
  ports: {
    ...{ api: 20_001, sandbox: 20_002, worker: 20_003, tokenServer: 20_004, tokenServerMetrics: 20_007 },
    sandboxSmpp: 20_008,
    sandboxSns: 20_009,
  },
  hosts: LOCAL_HOSTS,
  listenOn: '127.0.0.1',
  databaseAppUrl: 'mysql://vend_app:app-password@127.0.0.1:20005/vend',
  databaseMigrationUrl: 'mysql://vend_migrate:migration-password@127.0.0.1:20005/vend',
  databaseAppUser: 'vend_app',
  redisUrl: 'redis://:redis-password@127.0.0.1:20006',
  tls: { 'token-server': tls('token-server'), api: tls('api'), worker: tls('worker'), keys: tls('keys') },
  secretsFile: '/secrets/application.json',
  loginsFile: '/secrets/logins.json',
  partnersFile: '/secrets/partners.json',
  headEndsFile: '/secrets/head-ends.json',
  providersFile: '/secrets/providers.json',
  keyFile: '/secrets/vending-keys.json',
  kekFile: '/secrets/kek.key',
  keySeenFile: '/token-server/key-generation',
  callerPolicyFile: '/token-server/callers.json',
  tokenJournalDirectory: '/token-server/journal',
  decoderKeysFile: '/secrets/decoder-keys.json',
  sandboxStateDir: '/local/sandbox',
  snsCaFile: '/secrets/sns-ca.pem',
  importDir: '/local/imports',
};

describe('environmentOf', () => {
  it('gives the vending keys to the token server alone', () => {
    for (const app of APPS) {
      const text = JSON.stringify(environmentOf(app, facts));
      expect(text.includes('vending-keys') || text.includes('kek')).toBe(app === 'token-server');
      expect(text.includes('/token-server/')).toBe(app === 'token-server');
    }
  });

  it('gives the database and the queue to api and worker alone, as the application account', () => {
    for (const app of APPS) {
      const environment = environmentOf(app, facts);
      const vends = app === 'api' || app === 'worker';
      expect(environment['DATABASE_URL']).toBe(vends ? facts.databaseAppUrl : undefined);
      expect(environment['REDIS_URL']).toBe(vends ? facts.redisUrl : undefined);
    }
  });

  it('never gives the migration account to a running application', () => {
    for (const app of APPS) expect(JSON.stringify(environmentOf(app, facts))).not.toContain('migration-password');
    expect(migrationEnvironment(facts)['DATABASE_MIGRATION_URL']).toBe(facts.databaseMigrationUrl);
  });

  it('gives each its own certificate, and one address of the token server to all who speak to it', () => {
    for (const app of ['token-server', 'api', 'worker'] as const) {
      expect(environmentOf(app, facts)).toMatchObject({
        TOKEN_SERVER_ADDRESS: '127.0.0.1:20004',
        TLS_CERT_FILE: `/tls/${app}.pem`,
        TLS_KEY_FILE: `/tls/${app}.key`,
        TLS_CA_FILE: '/tls/ca.pem',
      });
    }
  });

  it('tells api and sandbox of each other', () => {
    expect(environmentOf('worker', facts)['SMS_GATEWAY_URL']).toBe('http://127.0.0.1:20002/sms');
    expect(environmentOf('sandbox', facts)).toMatchObject({ SANDBOX_PORT: '20002', API_URL: 'http://127.0.0.1:20001' });
    expect(environmentOf('api', facts)).toMatchObject({ API_PORT: '20001' });
  });

  it('shows api and worker one folder of files to be imported, and nobody else', () => {
    const told = APPS.map((app) => [app, environmentOf(app, facts)['IMPORT_DIR']]);
    expect(Object.fromEntries(told)).toEqual({ api: '/local/imports', worker: '/local/imports' });
  });

  it('uses names in place of the loopback address between containers, and listens to all of them', () => {
    const hosts = { api: 'api', sandbox: 'sandbox', tokenServer: 'token-server' };
    const containers: StackFacts = { ...facts, hosts, listenOn: '0.0.0.0' };
    expect(environmentOf('token-server', containers)['TOKEN_SERVER_ADDRESS']).toBe('0.0.0.0:20004');
    expect(environmentOf('api', containers)).toMatchObject({
      API_HOST: '0.0.0.0',
      TOKEN_SERVER_ADDRESS: 'token-server:20004',
    });
    expect(environmentOf('worker', containers)['SMS_GATEWAY_URL']).toBe('http://sandbox:20002/sms');
    expect(environmentOf('sandbox', containers)).toMatchObject({
      SANDBOX_HOST: '0.0.0.0',
      API_URL: 'http://api:20001',
    });
  });

  it('tells the demo data where logins and partners are', () => {
    expect(seedEnvironment(facts)).toMatchObject({
      DATABASE_URL: facts.databaseAppUrl,
      LOGINS_FILE: '/secrets/logins.json',
      PARTNERS_FILE: '/secrets/partners.json',
      SMSC_ADDRESS: '127.0.0.1:20008',
    });
    expect(environmentOf('sandbox', facts)['SANDBOX_SMPP_PORT']).toBe('20008');
  });
});

describe('inheritedEnvironment', () => {
  it('passes on tuning and the path, and keeps back what belongs to single processes', () => {
    const terminal = {
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      LANE_GROUP_MAX: '1',
      DATABASE_URL: 'mysql://root:root-password@127.0.0.1/vend',
      REDIS_URL: 'redis://127.0.0.1',
      KEK_FILE: '/secrets/kek.key',
      npm_config_registry: 'https://registry.example',
    };
    expect(inheritedEnvironment(terminal)).toEqual({ PATH: '/bin', LOG_LEVEL: 'debug', LANE_GROUP_MAX: '1' });
  });
});
