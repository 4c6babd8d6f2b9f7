import { readFileSync } from 'node:fs';
import { ConfigurationError } from '@vend/platform';

/** Hosts of Amazon's that certificates come from, and nobody else's. */
const AWS_HOST = /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$/;

/** Whom we believe about notices: Amazon, and in development a sandbox that plays it. */
export interface SnsTrust {
  /** `host:port` of simulators beside Amazon's hosts; none in production. */
  readonly simulators: readonly string[];
  /** PEM of the authority behind their TLS; undefined: those that Node believes. */
  readonly ca: string | undefined;
}

/** What production uses, and everybody who does not say otherwise. */
export const AMAZON_ALONE: SnsTrust = { simulators: [], ca: undefined };

/** The settings of that name, as the process has read them. */
interface SnsSettings {
  readonly SNS_CERT_HOSTS: string;
  readonly SNS_CA_FILE: string;
}

/**
 * Whom a process believes, from its settings.
 *
 * @param mode NODE_ENV
 * @throws {ConfigurationError} when either is set in production: a certificate of anybody else's would sign for money
 * @example readSnsTrust(readConfig(['SNS_CERT_HOSTS', 'SNS_CA_FILE']), process.env['NODE_ENV'])
 */
export function readSnsTrust({ SNS_CERT_HOSTS, SNS_CA_FILE }: SnsSettings, mode: string | undefined): SnsTrust {
  if (SNS_CERT_HOSTS === '' && SNS_CA_FILE === '') return AMAZON_ALONE;
  if (mode === 'production') {
    throw new ConfigurationError('SNS_CERT_HOSTS and SNS_CA_FILE: not in production, where Amazon alone is believed');
  }
  return {
    simulators: SNS_CERT_HOSTS.split(',').filter(Boolean),
    ca: SNS_CA_FILE === '' ? undefined : readFileSync(SNS_CA_FILE, 'utf8'),
  };
}

/**
 * True for an address that may be asked for a certificate, or visited to subscribe: https, of a host that we believe, and
 * without anything that reads differently to different readers.
 *
 * @example isTrustedUrl('https://sns.ap-southeast-1.amazonaws.com/x.pem', AMAZON_ALONE) // true
 */
export function isTrustedUrl(text: string, { simulators }: SnsTrust): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  // A host that is written in another way than it is read is nobody's honest one.
  if (!text.startsWith(`https://${url.host}/`)) return false;
  return (url.port === '' && AWS_HOST.test(url.hostname)) || simulators.includes(url.host);
}

/** As above, and the name of a certificate. */
export function isCertificateUrl(text: string, trust: SnsTrust): boolean {
  return isTrustedUrl(text, trust) && new URL(text).search === '' && new URL(text).pathname.endsWith('.pem');
}
