import { DomainError } from '@vend/kernel';
import type { CallerPolicy, CallerRules, Method } from '../callers/caller-policy';
import type { TokenServerErrorCode } from '../token-server.errors';

/** What grpc-js gives every call of; only the part that is looked at. */
export interface PeerCall {
  getAuthContext(): { readonly sslPeerCertificate?: { readonly subject?: { readonly CN?: string | string[] } } } | null;
}

/** A certificate cannot be told from what nobody signed. */
export const NOBODY = '(nobody)';

/**
 * Reads who is calling out of the client certificate: its common name. TLS has checked the certificate against our
 * authority before any call; who may do what is the policy's business.
 *
 * A connection keeps its certificate for life, and unpacking one costs as much as ten tokens: so the name is kept by
 * connection. grpc-js has no public name for the connection of a call; where its shape is another one, the certificate
 * is unpacked every time.
 */
export class CallerNames {
  private readonly known = new WeakMap<object, string>();

  of(call: PeerCall): string {
    const session = sessionOf(call);
    const name = session && this.known.get(session);
    if (name !== undefined) return name;
    const unpacked = commonNameOf(call);
    if (session) this.known.set(session, unpacked);
    return unpacked;
  }
}

function commonNameOf(call: PeerCall): string {
  const name = call.getAuthContext()?.sslPeerCertificate?.subject?.CN;
  return typeof name === 'string' && /^[\w.-]{1,64}$/.test(name) ? name : NOBODY;
}

function sessionOf(call: PeerCall): object | undefined {
  const { stream } = ((call as { call?: { stream?: unknown } }).call ?? {}) as { stream?: { session?: unknown } };
  const session = stream?.session;
  return typeof session === 'object' && session !== null ? session : undefined;
}

/**
 * The rules of a caller that may use a method.
 *
 * @throws {DomainError} `unknown-caller`, `not-permitted`
 */
export function rulesFor(policy: CallerPolicy, name: string, method: Method): CallerRules {
  const rules = policy.get(name);
  if (!rules) throw new DomainError<TokenServerErrorCode>('unknown-caller');
  if (!rules.methods.includes(method)) throw new DomainError<TokenServerErrorCode>('not-permitted', { method });
  return rules;
}
