import { formatTaka } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import type { BillerPayment, BillerQuote } from '../../core';
import type { BillerProfile, ProfileCall, ProfileReading, ProfileResult, WireAnswer, WireRequest } from '../../profile';
import { sameBasic } from '../../wire/credentials';
import type { Fields } from '../../wire/fields';
import { readJsonFields } from '../../wire/json-fields';
import { acceptedText, outcomeOf, REFUSAL_TEXTS } from '../../wire/outcome';
import { breakdownOf, isReference, isTrxId, plainTime, readTaka } from '../../wire/words';
import { CODES, FETCH_CODE_OF, type FetchCode } from './codes';

const CALLS = { '/bills/fetch': 'quote', '/bills/pay': 'commit', '/bills/status': 'status' } as const;
/** The contract leaves the name of this field to each biller. */
const REFERENCES = ['customer_no', 'meter_no', 'account_no', 'bill_no', 'reference'];
const TRX_ID = 'tap_tx_id';

interface Fault {
  readonly code: FetchCode;
  readonly why: string;
}

type Refusable = Parameters<BillerProfile['refuse']>[0];
const REFUSED: Readonly<Record<Refusable, Fault>> = {
  'address-not-allowed': { code: CODES.credentials, why: 'This address is not allowed.' },
  'unknown-call': { code: CODES.missing, why: 'No such call.' },
  'body-too-large': { code: CODES.missing, why: 'The body is too large.' },
  'internal-error': { code: CODES.noAnswer, why: REFUSAL_TEXTS.later },
};

/**
 * The shape that TAP calls: fetch, pay, status in JSON behind basic authorization, always HTTP 200. Its answers have no
 * field for a token, so customers get it by SMS. Source: CHANNELS.md, 1.4.
 *
 * @example
 * // POST /v1/billers/tap/bills/pay {"customer_no":"40012345","amount":"500.10","tap_tx_id":"T1","pay_time":"2026-11-22 10:00:00"}
 * // {"code":2001,"message":"Successful","tap_tx_id":"T1","mis_tx_id":"NV-261122-000123","amount":"500.10","tran_status":"paid",…}
 */
export const fetchPayStatusV1: BillerProfile = {
  name: 'fetch-pay-status-v1',
  calls: Object.keys(CALLS).map((path) => ({ method: 'POST' as const, path })),
  credentialNames: ['userName', 'password'],
  settingNames: [],
  read,
  write,
  refuse: (code) => refusal(REFUSED[code]),
};

/** Who calls is asked before what is wanted, so that a stranger learns nothing. */
function read({ headers, rawBody, path }: WireRequest, { credentials }: Provider): ProfileReading {
  if (!sameBasic(headers['authorization'], credentials['userName'], credentials['password'])) {
    return { refused: refusal({ code: CODES.credentials, why: 'Wrong user name or password.' }) };
  }
  const fields = readJsonFields(rawBody);
  const call = fields ? callOf(path, fields) : missing('The body is no JSON object.');
  return 'code' in call ? { refused: refusal(call) } : { call };
}

function callOf(path: string, fields: Fields): ProfileCall | Fault {
  const op = CALLS[path as keyof typeof CALLS];
  const trxId = fields.text(TRX_ID);
  if (op !== 'quote') {
    if (trxId === undefined) return missing('tap_tx_id is missing.');
    if (!isTrxId(trxId) || fields.contradicted(TRX_ID)) return missing('tap_tx_id is no id.');
  }
  if (op === 'status') return { wire: undefined, op, trxId: trxId! };
  const [reference, another] = fields.all(...REFERENCES);
  if (reference === undefined) return missing('customer_no or meter_no is missing.');
  if (another !== undefined || fields.contradicted(...REFERENCES))
    return missing('The references are not of one customer.');
  if (!isReference(reference)) return { code: CODES.notFound, why: REFUSAL_TEXTS['unknown-customer'] };
  const text = fields.text('amount');
  if (op === 'quote' && text === undefined) return { wire: undefined, op, ask: { reference } };
  if (text === undefined) return missing('amount is missing.');
  const amountPaisa = fields.contradicted('amount') ? undefined : readTaka(text);
  if (amountPaisa === undefined) return { code: CODES.amount, why: 'amount is not in Taka with at most two decimals.' };
  if (op === 'quote') return { wire: undefined, op, ask: { reference, amountPaisa } };
  return { wire: undefined, op, ask: { trxId: trxId!, reference, amountPaisa } };
}

function missing(why: string): Fault {
  return { code: CODES.missing, why };
}

function write(_call: ProfileCall, result: ProfileResult): WireAnswer {
  const outcome = outcomeOf(result);
  switch (outcome.is) {
    case 'quote':
      return answer(CODES.done, 'Successful', quoted(outcome.quote));
    case 'vended':
      return answer(CODES.done, 'Successful', paid(outcome.payment, 'paid'));
    case 'accepted':
      return answer(CODES.accepted, acceptedText(outcome.payment), paid(outcome.payment, 'processing'));
    case 'refused':
      return refusal({ code: FETCH_CODE_OF[outcome.kind], why: REFUSAL_TEXTS[outcome.kind] });
  }
}

function quoted({ customerName, customerNo, meterNo, amountPaisa, lines }: BillerQuote): object {
  return {
    customer_name: customerName,
    customer_no: customerNo,
    meter_no: meterNo,
    amount: formatTaka(amountPaisa),
    breakdown: breakdownOf(lines),
  };
}

function paid({ trxId, receiptNo, amountPaisa, bookedAt }: BillerPayment, status: 'paid' | 'processing'): object {
  return {
    tap_tx_id: trxId,
    mis_tx_id: receiptNo ?? undefined,
    amount: formatTaka(amountPaisa),
    pay_time: plainTime(bookedAt),
    tran_status: status,
  };
}

function refusal({ code, why }: Fault): WireAnswer {
  return answer(code, why, {});
}

function answer(code: FetchCode, message: string, content: object): WireAnswer {
  return {
    httpStatus: 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({ code, message, ...content }),
  };
}
