// Proves that the sandbox refuses production and reports every missing setting at once, on plain objects.
import { readSandboxConfig } from './config';

const good = {
  SANDBOX_PORT: '8090',
  API_URL: 'http://127.0.0.1:8080',
  SANDBOX_STATE_DIR: '/var/tmp/sandbox',
  DECODER_KEYS_FILE: 'keys.json',
  SANDBOX_PARTNERS_FILE: 'partners.json',
};

describe('readSandboxConfig', () => {
  it('reads the settings and listens on this machine only by default', () => {
    expect(readSandboxConfig(good)).toMatchObject({ host: '127.0.0.1', port: 8090, apiUrl: 'http://127.0.0.1:8080' });
  });

  it('refuses production even when all else is in order', () => {
    expect(() => readSandboxConfig({ ...good, NODE_ENV: 'production' })).toThrow(/does not run in production/);
  });

  it('names every fault at once', () => {
    const read = (): unknown =>
      readSandboxConfig({ ...good, SANDBOX_PORT: 'x', API_URL: 'ftp://x', DECODER_KEYS_FILE: '' });
    expect(read).toThrow(/SANDBOX_PORT[^]*API_URL[^]*DECODER_KEYS_FILE/);
  });
});
