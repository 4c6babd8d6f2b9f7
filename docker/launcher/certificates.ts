import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as forge from 'node-forge';
import { readIfThere, writeWhole } from './files';
import type { Layout } from './layout';

/** Those who speak to each other over mutual TLS: the token server and its clients. */
export const TLS_PARTIES = ['token-server', 'api', 'worker', 'keys'] as const;
export type TlsParty = (typeof TLS_PARTIES)[number];

export interface TlsFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
const PARTY_DAYS = 730;
/** A certificate with less left than this is made anew at the next start. */
const RENEW_BEFORE_DAYS = 30;

/**
 * A development authority and a certificate for each party, made at the first start and renewed in good time.
 * The authority's key stays in the same directory: good enough for one machine, never for a company.
 */
export function developmentCertificates(layout: Layout, nowMs: number): Record<TlsParty, TlsFiles> {
  const directory = join(layout.secrets, 'tls');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const caFile = join(directory, 'ca.pem');
  const caKeyFile = join(directory, 'ca.key');
  let authority = readPair(caFile, caKeyFile);
  const isNewAuthority = authority === undefined || expiresSoon(authority.certificate, nowMs);
  if (authority === undefined || isNewAuthority) {
    authority = makeAuthority(nowMs);
    writePair(caFile, caKeyFile, authority);
  }
  const files = {} as Record<TlsParty, TlsFiles>;
  for (const party of TLS_PARTIES) {
    const certFile = join(directory, `${party}.pem`);
    const keyFile = join(directory, `${party}.key`);
    const present = readPair(certFile, keyFile);
    if (isNewAuthority || present === undefined || expiresSoon(present.certificate, nowMs)) {
      writePair(certFile, keyFile, makeParty(party, authority, nowMs));
    }
    files[party] = { caFile, certFile, keyFile };
  }
  return files;
}

interface Pair {
  readonly certificate: forge.pki.Certificate;
  readonly privateKeyPem: string;
}

function readPair(certFile: string, keyFile: string): Pair | undefined {
  const certificatePem = readIfThere(certFile);
  const privateKeyPem = readIfThere(keyFile);
  if (certificatePem === undefined || privateKeyPem === undefined) return undefined;
  return { certificate: forge.pki.certificateFromPem(certificatePem), privateKeyPem };
}

function writePair(certFile: string, keyFile: string, pair: Pair): void {
  writeWhole(keyFile, pair.privateKeyPem);
  writeWhole(certFile, forge.pki.certificateToPem(pair.certificate));
}

function expiresSoon(certificate: forge.pki.Certificate, nowMs: number): boolean {
  return certificate.validity.notAfter.getTime() < nowMs + RENEW_BEFORE_DAYS * DAY_MS;
}

function makeAuthority(nowMs: number): Pair {
  const name = [{ name: 'commonName', value: `Prepaid vending development CA ${randomBytes(3).toString('hex')}` }];
  const { certificate, privateKeyPem } = unsigned(name, AUTHORITY_DAYS, nowMs);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKeyPem), forge.md.sha256.create());
  return { certificate, privateKeyPem };
}

function makeParty(party: TlsParty, authority: Pair, nowMs: number): Pair {
  const isServer = party === 'token-server';
  const { certificate, privateKeyPem } = unsigned([{ name: 'commonName', value: party }], PARTY_DAYS, nowMs);
  certificate.setIssuer(authority.certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: isServer, clientAuth: !isServer },
    { name: 'subjectAltName', altNames: isServer ? SERVER_NAMES : [{ type: DNS_NAME, value: party }] },
    { name: 'authorityKeyIdentifier', keyIdentifier: authority.certificate.generateSubjectKeyIdentifier().getBytes() },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(authority.privateKeyPem), forge.md.sha256.create());
  return { certificate, privateKeyPem };
}

/** A certificate of the sandbox's own that nobody else has signed: for TLS on this machine or among containers. */
export function selfSigned(commonName: string, nowMs: number): { certificatePem: string; privateKeyPem: string } {
  const name = [{ name: 'commonName', value: commonName }];
  const { certificate, privateKeyPem } = unsigned(name, AUTHORITY_DAYS, nowMs);
  certificate.setIssuer(name);
  certificate.setExtensions([{ name: 'subjectAltName', altNames: SANDBOX_NAMES }]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKeyPem), forge.md.sha256.create());
  return { certificatePem: forge.pki.certificateToPem(certificate), privateKeyPem };
}

/** GeneralName tags of RFC 5280, 4.2.1.6. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;
const SERVER_NAMES = [
  { type: DNS_NAME, value: 'token-server' },
  { type: DNS_NAME, value: 'localhost' },
  { type: IP_ADDRESS, ip: '127.0.0.1' },
];

const SANDBOX_NAMES = [
  { type: DNS_NAME, value: 'sandbox' },
  { type: DNS_NAME, value: 'localhost' },
  { type: IP_ADDRESS, ip: '127.0.0.1' },
];

function unsigned(subject: { name: string; value: string }[], days: number, nowMs: number): Pair {
  // Node's generator is a hundred times faster than the one in JavaScript.
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`; // positive, and never starts with zero bytes
  certificate.validity.notBefore = new Date(nowMs - DAY_MS); // clocks of two machines may differ
  certificate.validity.notAfter = new Date(nowMs + days * DAY_MS);
  certificate.setSubject(subject);
  return { certificate, privateKeyPem: keys.privateKey };
}
