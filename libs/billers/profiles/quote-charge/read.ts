import type { Provider } from '@vend/payments';
import type { ProfileReading, WireAnswer, WireRequest } from '../../profile';
import { sameSecret } from '../../wire/credentials';
import type { Fields } from '../../wire/fields';
import { readJsonFields } from '../../wire/json-fields';
import { isReference, isTrxId, readTaka } from '../../wire/words';
import { answerOf, unknownCustomer } from './answer';
import type { Result } from './codes';
import { sessionState } from './session';

/** What the writer of an answer wants to know of its question. */
export interface QuoteChargeWire {
  readonly call: 'login' | 'preCharge' | 'remoteCharge' | 'history';
  readonly transactionId: string;
  readonly receivedAt: number;
}

type Reading = ProfileReading<QuoteChargeWire>;

/** Reads a call of either incumbent. */
export function read(request: WireRequest, provider: Provider, secret: Buffer): Reading {
  const fields = readJsonFields(request.rawBody);
  if (request.path === '/api/login') return login(fields, request, provider);
  if (sessionState(secret, provider, tokenOf(request), request.receivedAt) !== 'open') return refused('unauthorized');
  if (request.path === '/api/preCharge') return preCharge(fields, request, provider);
  const transactionId = transactionIdOf(fields, request, provider);
  if (transactionId === undefined || !isTrxId(transactionId)) return refused('malformed');
  const wire = { transactionId, receivedAt: request.receivedAt };
  if (request.path === '/api/history') {
    return { call: { op: 'status', trxId: transactionId, wire: { ...wire, call: 'history' } } };
  }
  const ask = { trxId: transactionId, quoteId: transactionId };
  return { call: { op: 'commit', ask, wire: { ...wire, call: 'remoteCharge' } } };
}

function login(fields: Fields | undefined, { receivedAt }: WireRequest, { credentials }: Provider): Reading {
  if (!fields) return refused('malformed');
  const name = sameSecret(fields.secret('app_name'), credentials.appName);
  const password = sameSecret(fields.secret('app_password'), credentials.appPassword);
  if (!name || !password) return refused('unauthorized');
  return { call: { op: 'session', balance: true, wire: { call: 'login', transactionId: '', receivedAt } } };
}

function preCharge(fields: Fields | undefined, { receivedAt }: WireRequest, provider: Provider): Reading {
  if (!fields || fields.contradicted('customerNo', 'payinAmount')) return refused('malformed');
  const reference = fields.text('customerNo');
  const amount = fields.text('payinAmount');
  if (reference === undefined || amount === undefined) return refused('malformed');
  if (!isReference(reference)) return refused(unknownCustomer(provider));
  const amountPaisa = readTaka(amount);
  // Whole Taka only: 500 and 500.00, but not 500.50.
  if (amountPaisa === undefined || amountPaisa % 100n !== 0n) return refused('amount-wrong');
  const wire = { call: 'preCharge', transactionId: '', receivedAt } as const;
  return { call: { op: 'quote', ask: { reference, amountPaisa }, wire } };
}

/** STAR says it in the query, WASION in the body. */
function transactionIdOf(fields: Fields | undefined, { query }: WireRequest, { settings }: Provider) {
  if (settings.variant === 'star') return query.transactionId;
  return fields?.contradicted('transactionId') ? undefined : fields?.text('transactionId');
}

/** Proxies drop header names with an underscore unless they are told not to: the same with a hyphen goes too. */
function tokenOf({ headers }: WireRequest): string | undefined {
  return headers.access_token ?? headers['access-token'];
}

function refused(result: Result): { readonly refused: WireAnswer } {
  return { refused: answerOf(result) };
}
