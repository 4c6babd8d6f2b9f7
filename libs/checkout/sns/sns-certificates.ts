import { X509Certificate, type KeyObject } from 'node:crypto';
import type { InstantMs } from '@vend/kernel';
import type { GatewayHttp } from '../gateway-http';

/** Amazon has a handful at a time. */
const KEPT = 16;
/** One that could not be had is not asked for again at once: a flood of notices is not a flood of questions. */
const AGAIN_AFTER_MS = 5_000;

/** The key of a certificate, or why there is none. */
type CertificateKey = { readonly key: KeyObject } | { readonly refused: Missing | 'certificate-not-valid' };
/** `certificate-unreachable` passes: nobody has answered. */
type Missing = 'certificate-unreachable' | 'certificate-not-there' | 'certificate-unreadable';
type Fetched = X509Certificate | Missing;

/** Certificates by their address, each fetched once; the caller has checked that the address may be asked. */
export class SnsCertificates {
  private readonly known = new Map<string, X509Certificate>();
  private readonly failed = new Map<string, { readonly at: InstantMs; readonly why: Missing }>();
  private readonly asking = new Map<string, Promise<Fetched>>();

  constructor(private readonly http: GatewayHttp) {}

  async keyOf(url: string, now: InstantMs): Promise<CertificateKey> {
    const certificate = this.known.get(url) ?? (await this.ask(url, now));
    if (typeof certificate === 'string') return { refused: certificate };
    const isValid = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
    if (!isValid) return { refused: 'certificate-not-valid' };
    const key = certificate.publicKey;
    return key.asymmetricKeyType === 'rsa' ? { key } : { refused: 'certificate-unreadable' };
  }

  private async ask(url: string, now: InstantMs): Promise<Fetched> {
    const failed = this.failed.get(url);
    if (failed && now - failed.at < AGAIN_AFTER_MS) return failed.why;
    const asking = this.asking.get(url) ?? this.fetch(url).finally(() => this.asking.delete(url));
    this.asking.set(url, asking);
    const fetched = await asking;
    if (typeof fetched === 'string') remember(this.failed, url, { at: now, why: fetched });
    else remember(this.known, url, fetched);
    return fetched;
  }

  private async fetch(url: string): Promise<Fetched> {
    const outcome = await this.http.call({ method: 'GET', url, headers: { accept: '*/*' } });
    if (outcome.kind === 'none' || outcome.status >= 500) return 'certificate-unreachable';
    // A redirect is no answer: it could lead to anybody.
    if (outcome.status !== 200) return 'certificate-not-there';
    try {
      return new X509Certificate(outcome.text);
    } catch {
      return 'certificate-unreadable';
    }
  }
}

/** Forgets the oldest when there are too many. */
function remember<Value>(memory: Map<string, Value>, name: string, value: Value): void {
  memory.delete(name);
  memory.set(name, value);
  if (memory.size > KEPT) memory.delete(memory.keys().next().value!);
}
