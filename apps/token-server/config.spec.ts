// Proves that the settings are read as documented and that all faults are named at once, without values.
import { ConfigError, readConfig } from './config';

const env = {
  TOKEN_SERVER_ADDRESS: '127.0.0.1:7443',
  TLS_CA_FILE: '/tls/ca.pem',
  TLS_CERT_FILE: '/tls/server.pem',
  TLS_KEY_FILE: '/tls/server.key',
  KEY_FILE: '/keys/sealed.json',
  KEK_FILE: 'fd:3',
  TOKEN_JOURNAL_DIR: '/journal',
};

it('reads settings, with defaults for what may be left out', () => {
  expect(readConfig(env)).toEqual({
    address: '127.0.0.1:7443',
    tls: { caFile: '/tls/ca.pem', certFile: '/tls/server.pem', keyFile: '/tls/server.key' },
    keystore: {
      keyFile: '/keys/sealed.json',
      kek: { kind: 'software', source: 'fd:3' },
      seenFile: '/keys/sealed.json.seen',
    },
    staTablesFile: null,
    decoderKeyCacheSize: 50_000,
    callerPolicyFile: null,
    journal: { directory: '/journal', checkpointDirectory: undefined, resultsKeptDays: 400 },
    metricsPort: null,
    coreDumps: 'refuse',
    logLevel: 'info',
  });
});

it('takes an empty table file for none', () => {
  expect(readConfig({ ...env, STA_TABLES_FILE: '' }).staTablesFile).toBeNull();
  expect(readConfig({ ...env, STA_TABLES_FILE: '/keys/sta' }).staTablesFile).toBe('/keys/sta');
});

it('names every faulty setting at once and shows no value', () => {
  const wrong = { TOKEN_SERVER_ADDRESS: 'no-port', KEK_FILE: '', TOKEN_JOURNAL_DIR: '', LOG_LEVEL: 'loud' };
  const fault = (): unknown => readConfig({ ...env, ...wrong });
  expect(fault).toThrow(ConfigError);
  expect(fault).toThrow(/TOKEN_SERVER_ADDRESS.*TOKEN_JOURNAL_DIR.*LOG_LEVEL.*KEK_FILE/);
  expect(fault).not.toThrow(/no-port/);
});
