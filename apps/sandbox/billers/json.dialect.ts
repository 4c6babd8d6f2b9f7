import type { CallStep, Company, CompanyPayment, Dialect, DialectAnswer, DialectCall, Heard, Meaning } from './dialect';
import { basic, heard, jsonCall, objectOf, UNCLEAR, wordyClock } from './wire';

/**
 * As Rocket calls: JSON with its credentials twice, and spelled one way in one call and another in the next, as its own
 * contract does (CHANNELS.md, 1.3). Without a success it asks once, and unless that is one it confirms again.
 */
export function jsonDialect({ credentials }: Company): Dialect {
  const headers = basic(credentials['basicUserName'], credentials['basicPassword']);
  return {
    unanswered: 'insist',
    steps: ['inquiry', 'pay'],
    keyOf: ({ trxId }) => trxId,
    call: (step, payment) => jsonCallOf(credentials, headers, step, payment),
    hear,
  };
}

function jsonCallOf(
  { userId, password }: Readonly<Record<string, string>>,
  headers: Record<string, string>,
  step: CallStep,
  { trxId, reference, amount, at }: CompanyPayment,
): DialectCall {
  if (step === 'inquiry') {
    const body = { usrid: userId, pswrd: password, refNo1: reference, refNo2: '', refNo3: '', amount };
    return jsonCall('/paymentValidation', body, headers);
  }
  const who = { userid: userId, password, txnid: trxId };
  const references = { refno1: reference, refno2: '', refno3: '' };
  if (step === 'status') return jsonCall('/getPaymentStatus', { ...who, ...references }, headers);
  const body = { ...who, txndate: wordyClock(at), ...references, amount };
  return jsonCall('/paymentConfirmation', body, headers);
}

/** All others are about us, and tell nothing of a payment. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '00': 'done',
  SUC000: 'done',
  '97': 'conflict',
  '98': 'pending',
  '99': 'refused',
};

function hear(step: CallStep, answer: DialectAnswer): Heard {
  const code = objectOf(answer)?.['errcode'];
  if (answer.httpStatus !== 200 || typeof code !== 'string') return UNCLEAR;
  const meaning = MEANINGS[code] ?? 'unclear';
  return heard(step === 'status' && meaning === 'refused' ? 'not-found' : meaning, code);
}
