// Proves that the settings are read as documented and that all faults are named at once, without values.
import { ConfigError, readConfig } from './config';

const env = {
  TOKEN_SERVER_ADDRESS: '127.0.0.1:7443',
  TLS_CA_FILE: '/tls/ca.pem',
  TLS_CERT_FILE: '/tls/server.pem',
  TLS_KEY_FILE: '/tls/server.key',
  KEY_FILE: '/keys/sealed.json',
  KEK_FILE: 'fd:3',
};

it('reads settings, with defaults for what may be left out', () => {
  expect(readConfig(env)).toEqual({
    address: '127.0.0.1:7443',
    tls: { caFile: '/tls/ca.pem', certFile: '/tls/server.pem', keyFile: '/tls/server.key' },
    keyFile: '/keys/sealed.json',
    kekSource: 'fd:3',
    staTablesFile: null,
    decoderKeyCacheSize: 50_000,
    logLevel: 'info',
  });
});

it('takes an empty table file for none', () => {
  expect(readConfig({ ...env, STA_TABLES_FILE: '' }).staTablesFile).toBeNull();
  expect(readConfig({ ...env, STA_TABLES_FILE: '/keys/sta' }).staTablesFile).toBe('/keys/sta');
});

it('names every faulty setting at once and shows no value', () => {
  const fault = (): unknown => readConfig({ ...env, TOKEN_SERVER_ADDRESS: 'no-port', KEK_FILE: '', LOG_LEVEL: 'loud' });
  expect(fault).toThrow(ConfigError);
  expect(fault).toThrow(/TOKEN_SERVER_ADDRESS.*KEK_FILE.*LOG_LEVEL/);
  expect(fault).not.toThrow(/no-port/);
});
