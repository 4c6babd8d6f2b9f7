import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';

/** From where a person acts. */
export interface Origin {
  /** IP address of the caller, as far as the proxies in front are trusted. */
  readonly address: string | null;
  /** The first 16 hex digits of the SHA-256 of the User-Agent: tells programs apart, keeps no text of a stranger's. */
  readonly agentHash: string | null;
  /** Code of the station of the session. */
  readonly station: string | null;
  readonly requestId: string | null;
}

interface RequestOrigin extends Origin {
  /** Set once the caller is known: `user:rahima`. */
  actor?: string;
}

const current = new AsyncLocalStorage<RequestOrigin>();

/** @example agentHashOf('Mozilla/5.0') // '1b0b7a4a1f7b8c2d' */
export function agentHashOf(agent: string | undefined): string | null {
  return agent ? hash('sha256', agent).slice(0, 16) : null;
}

/** Runs the rest of a request as coming from there. The edge calls it once per request, before anything else. */
export function fromOrigin<T>(origin: Origin, work: () => T): T {
  return current.run({ ...origin }, work);
}

/** The edge has learnt who calls, and at which station; null: at none. */
export function originIsOf(actor: string, station: string | null): void {
  const origin = current.getStore();
  if (origin) Object.assign(origin, { actor, station });
}

/**
 * Where an actor's present request comes from; undefined outside a request, and for any other actor: work that one
 * request does in company with others must not be put down to its address.
 */
export function originOf(actor: string): Origin | undefined {
  const origin = current.getStore();
  return origin !== undefined && (origin.actor === actor || actor === 'anonymous') ? origin : undefined;
}
