import type { PageSession, PhoneSecret, Problem } from './answers';

/** What became of a call: the answer, a refusal that says why, or nothing at all: then nobody knows whether it arrived. */
export type Outcome<Body> =
  | { readonly kind: 'answer'; readonly body: Body; readonly status: number }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'lost' };

/** One call of a page. */
export interface Call {
  readonly path: `/v1/${string}`;
  /** Sent as JSON by POST; without it the call is a GET. */
  readonly body?: object;
  /** A UUID made and kept before the call. */
  readonly idempotencyKey?: string;
  /** Instead of POST. */
  readonly method?: 'PATCH';
  /** Told each time that it goes out: a session that had to be renewed in between sends it twice, the second time late. */
  readonly onSend?: () => void;
}

/** Who somebody says to be. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** An answer that is so late is a lost one: a clerk does not stare at a wheel. */
const TIMEOUT_MS = 20_000;
const REFRESH = '/v1/page-sessions/refresh';

async function send(call: Call): Promise<Response> {
  const { path, body, idempotencyKey, method = 'POST', onSend } = call;
  onSend?.();
  return fetch(path, {
    method: body === undefined ? 'GET' : method,
    headers: {
      accept: 'application/json',
      // The server believes a cookie only beside this: pages of other sites cannot send it.
      'x-vend-page': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

type BodyOf<Body> = (response: Response) => Promise<Body>;
const asJson = <Body>(response: Response) => response.json() as Promise<Body>;

async function outcomeOf<Body>(response: Response, bodyOf: BodyOf<Body>): Promise<Outcome<Body>> {
  if (response.ok) return { kind: 'answer', body: await bodyOf(response), status: response.status };
  const body: unknown = await response.json();
  if (isProblem(body)) return { kind: 'refused', problem: body };
  // A proxy's own page, not a word of ours: what became of the call is unknown.
  return { kind: 'lost' };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'titleBn' in body;
}

/** One at a time in all windows of this browser: a refresh token is good once. */
async function refresh(): Promise<boolean> {
  const ask = async () => (await send({ path: REFRESH, body: {} })).ok;
  return 'locks' in navigator ? await navigator.locks.request('vend-refresh', ask) : ask();
}

/** The session's cookies are short-lived: a call they no longer let in gets new ones and is sent once more. */
export const SESSION_OVER = ['session-missing', 'session-expired', 'session-invalid'];

/**
 * Calls the server as this browser's session. The caller says what the answer is: shared/answers.ts.
 *
 * @example const found = await callApi<MeterSearch>({ path: '/v1/meters/search', body: { by: 'customer-no', value } });
 */
export function callApi<Body>(call: Call): Promise<Outcome<Body>> {
  return callAs(call, asJson<Body>);
}

/** The same for a file, of whatever kind. @example await callForFile(`/v1/recharges/${id}/receipt.pdf`) */
export function callForFile(path: Call['path']): Promise<Outcome<Blob>> {
  return callAs({ path }, (response) => response.blob());
}

async function callAs<Body>(call: Call, bodyOf: BodyOf<Body>): Promise<Outcome<Body>> {
  try {
    const first = await outcomeOf(await send(call), bodyOf);
    if (first.kind !== 'refused' || !SESSION_OVER.includes(first.problem.code)) return first;
    return (await refresh()) ? await outcomeOf(await send(call), bodyOf) : first;
  } catch {
    return { kind: 'lost' };
  }
}

/** Logs in; the tokens stay in cookies that no script can read. */
export function logIn(credentials: Credentials & { readonly code?: string }): Promise<Outcome<PageSession>> {
  return callOnce({ path: '/v1/page-sessions', body: credentials });
}

/** Asks for a secret for the phone. It counts from the first login with a code of it; asked for again it is another. */
export function enrolPhone(credentials: Credentials): Promise<Outcome<PhoneSecret>> {
  return callOnce({ path: '/v1/sessions/second-factor', body: credentials });
}

/** A call that no session is needed for. */
async function callOnce<Body>(call: Call): Promise<Outcome<Body>> {
  try {
    return await outcomeOf(await send(call), asJson<Body>);
  } catch {
    return { kind: 'lost' };
  }
}
