// Proves the development certificates by a real TLS conversation in both directions, and their renewal and modes.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { TLS_PARTIES, developmentCertificates } from './certificates';
import type { TlsFiles } from './certificates';
import { layoutOf } from './layout';

const DAY_MS = 86_400_000;
// Making RSA keys takes its time on a busy machine.
jest.setTimeout(60_000);
const root = mkdtempSync(join(tmpdir(), 'vend-tls-'));
const layout = layoutOf(root, join(root, 'one'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const read = (files: TlsFiles) => ({
  ca: readFileSync(files.caFile),
  cert: readFileSync(files.certFile),
  key: readFileSync(files.keyFile),
});

/** What the server learns of its caller, or the error of whichever side refused. */
function converse(server: TlsFiles, client: TlsFiles, servername: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const listener = createServer({ ...read(server), requestCert: true, rejectUnauthorized: true }, (socket) => {
      socket.end(String(socket.getPeerCertificate().subject.CN));
    });
    const end = (settle: () => void): void => {
      listener.close();
      settle();
    };
    listener.on('tlsClientError', (error: Error) => end(() => reject(error)));
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as AddressInfo;
      const socket = connect({ ...read(client), host: '127.0.0.1', port, servername });
      socket.on('data', (data) => end(() => resolve(data.toString())));
      socket.on('error', (error: Error) => end(() => reject(error)));
    });
  });
}

describe('developmentCertificates', () => {
  const files = developmentCertificates(layout, Date.now());

  it.each(['localhost', 'token-server'])('lets client and server know each other by the name %s', async (name) => {
    await expect(converse(files['token-server'], files.api, name)).resolves.toBe('api');
    await expect(converse(files['token-server'], files.worker, name)).resolves.toBe('worker');
  });

  it('names the loopback address as well', () => {
    const certificate = new X509Certificate(readFileSync(files['token-server'].certFile));
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  });

  it('is refused by the authority of another checkout, in both directions', async () => {
    const other = developmentCertificates(layoutOf(root, join(root, 'two')), Date.now());
    await expect(converse(files['token-server'], other.api, 'localhost')).rejects.toThrow();
  });

  it('does not let a client certificate play the server', async () => {
    await expect(converse(files.worker, files.api, 'worker')).rejects.toThrow(/certificate purpose/);
  });

  it('writes keys that only their owner can read', () => {
    for (const party of TLS_PARTIES) expect(statSync(files[party].keyFile).mode & 0o077).toBe(0);
    expect(statSync(join(layout.secrets, 'tls')).mode & 0o077).toBe(0);
  });

  it('keeps certificates while they last and renews them in good time', () => {
    const before = readFileSync(files.api.certFile, 'utf8');
    developmentCertificates(layout, Date.now() + 600 * DAY_MS);
    expect(readFileSync(files.api.certFile, 'utf8')).toBe(before);
    developmentCertificates(layout, Date.now() + 715 * DAY_MS);
    const renewed = new X509Certificate(readFileSync(files.api.certFile));
    expect(renewed.verify(new X509Certificate(readFileSync(files.api.caFile)).publicKey)).toBe(true);
    expect(Date.parse(renewed.validTo)).toBeGreaterThan(Date.now() + 1_400 * DAY_MS);
  });
});
