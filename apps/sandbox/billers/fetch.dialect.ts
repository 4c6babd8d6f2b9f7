import type { CallStep, Company, CompanyPayment, Dialect, DialectAnswer, DialectCall, Heard, Meaning } from './dialect';
import { basic, heard, jsonCall, objectOf, plainClock, UNCLEAR } from './wire';

/** As TAP calls: fetch, pay, status, with the code of the answer and the status of the payment apart (CHANNELS.md, 1.4). */
export function fetchDialect({ credentials }: Company): Dialect {
  const headers = basic(credentials['userName'], credentials['password']);
  return {
    unanswered: 'ask',
    steps: ['inquiry', 'pay'],
    keyOf: ({ trxId }) => trxId,
    call: (step, payment) => fetchCall(headers, step, payment),
    hear,
  };
}

function fetchCall(headers: Record<string, string>, step: CallStep, payment: CompanyPayment): DialectCall {
  const { trxId, reference, amount, payerMobile, at } = payment;
  if (step === 'status') return jsonCall('/bills/status', { tap_tx_id: trxId }, headers);
  const bill = { [reference.length > 10 ? 'meter_no' : 'customer_no']: reference, amount };
  if (step === 'inquiry') return jsonCall('/bills/fetch', bill, headers);
  const paid = { user_mobile_Number: payerMobile, tap_tx_id: trxId, pay_time: plainClock(at) };
  return jsonCall('/bills/pay', { ...bill, ...paid }, headers);
}

/** 4001 and 4002 are about the request and its sender, and tell nothing of a payment. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '2002': 'pending',
  '4003': 'refused',
  '4004': 'conflict',
  '4024': 'refused',
  '4025': 'refused',
};

function hear(step: CallStep, answer: DialectAnswer): Heard {
  const content = objectOf(answer);
  const said = content?.['code'];
  if (answer.httpStatus !== 200 || (typeof said !== 'number' && typeof said !== 'string')) return UNCLEAR;
  const code = String(said);
  if (step === 'status' && code === '4025') return heard('not-found', code);
  const made = code === '2001' && (step === 'inquiry' || content?.['transtatus'] === 'paid');
  return heard(made ? 'done' : (MEANINGS[code] ?? 'unclear'), code);
}
