import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { md, pki } from 'node-forge';

/** PEM texts of a certificate and its key. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** Paths of the three files a TLS peer is configured with. */
export interface TlsFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority that lives as long as a test. Keys come from OpenSSL: forge alone takes seconds for one. */
export class TestAuthority {
  private readonly ca: Certified;

  constructor(private readonly name = 'test authority') {
    this.ca = this.sign(name, undefined, [{ name: 'basicConstraints', cA: true, critical: true }]);
  }

  /** PEM of the authority itself. */
  get pem(): string {
    return this.ca.cert;
  }

  /** A certificate for `localhost` and `127.0.0.1`, usable by either side. */
  issue(commonName: string): Certified {
    return this.sign(commonName, this.ca, [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    ]);
  }

  /** The files of one peer, written to `folder`, the key with mode 0600. */
  filesFor(commonName: string, folder: string): TlsFiles {
    const { cert, key } = this.issue(commonName);
    const prefix = join(folder, `${this.name}-${commonName}`.replaceAll(/[^a-z]/g, '-'));
    writeFileSync(`${prefix}-ca.pem`, this.ca.cert);
    writeFileSync(`${prefix}.pem`, cert);
    writeFileSync(`${prefix}.key`, key, { mode: 0o600 });
    return { caFile: `${prefix}-ca.pem`, certFile: `${prefix}.pem`, keyFile: `${prefix}.key` };
  }

  private sign(commonName: string, issuer: Certified | undefined, extensions: object[]): Certified {
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    const certificate = pki.createCertificate();
    certificate.publicKey = pki.publicKeyFromPem(pair.publicKey);
    // A first byte below 80 keeps the serial positive.
    certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
    certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
    certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
    const subject = [{ name: 'commonName', value: commonName }];
    certificate.setSubject(subject);
    certificate.setIssuer(issuer ? pki.certificateFromPem(issuer.cert).subject.attributes : subject);
    certificate.setExtensions(extensions);
    certificate.sign(pki.privateKeyFromPem(issuer?.key ?? pair.privateKey), md.sha256.create());
    return { cert: pki.certificateToPem(certificate), key: pair.privateKey };
  }
}
