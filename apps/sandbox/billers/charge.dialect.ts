import type { CallStep, Company, CompanyPayment, Dialect, DialectAnswer, DialectCall, Heard, Meaning } from './dialect';
import { heard, jsonCall, objectOf, tokensIn, UNCLEAR } from './wire';

const PATHS: Readonly<Record<string, string>> = {
  ...{ login: '/api/login', inquiry: '/api/preCharge', pay: '/api/remoteCharge', status: '/api/history' },
};

/**
 * As a vendor charges prepaid meters (CHANNELS.md, 1.7): login, preCharge, remoteCharge, history; of the two incumbents
 * STAR says the id of the quote in the query, and charges again when history has no success.
 */
export function chargeDialect({ credentials, settings }: Company): Dialect {
  const star = settings['variant'] === 'star';
  const who = { app_name: credentials['appName'], app_password: credentials['appPassword'] };
  return {
    unanswered: star ? 'insist' : 'ask',
    steps: ['login', 'inquiry', 'pay'],
    keyOf: ({ carried, trxId }) => carried['transactionId'] ?? trxId,
    call: (step, payment) => chargeCall(who, star, step, payment),
    hear: (step, answer) => hear(star, step, answer),
  };
}

function chargeCall(who: object, star: boolean, step: CallStep, { carried, ...payment }: CompanyPayment): DialectCall {
  const session = carried['accessToken'];
  // Whose session has ended logs in first, and says what it wanted the next time.
  if (step === 'login' || !session) return jsonCall(PATHS['login']!, who);
  const headers = { access_token: session };
  const path = PATHS[step]!;
  if (step === 'inquiry') {
    return jsonCall(path, { customerNo: payment.reference, payinAmount: payment.amount }, headers);
  }
  const transactionId = carried['transactionId'] ?? payment.trxId;
  if (!star) return jsonCall(path, { transactionId }, headers);
  return jsonCall(`${path}?${new URLSearchParams({ transactionId }).toString()}`, {}, headers);
}

/** 10012, 10113 and 10115 are disputes: no money goes back before one of the others is heard. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '0': 'done',
  // Vended; the meter did not load itself, so the customer gets the token by SMS.
  '10010': 'done',
  '404': 'refused',
  '10001': 'refused',
  '10006': 'refused',
  '10007': 'refused',
  '10009': 'refused',
  '10011': 'refused',
  '10012': 'pending',
  '10113': 'conflict',
};

function hear(star: boolean, step: CallStep, answer: DialectAnswer): Heard {
  const content = objectOf(answer);
  const code = content?.['resultcode'];
  if (answer.httpStatus !== 200 || typeof code !== 'string') return UNCLEAR;
  const data = (content?.['data'] ?? {}) as Readonly<Record<string, unknown>>;
  if (code === '401') return { ...heard('unclear', code), carried: { accessToken: '' } };
  if (typeof data['access_token'] === 'string') {
    const carried = { accessToken: data['access_token'], balance: String(data['balance']) };
    return { ...heard(step === 'login' ? 'done' : 'unclear', code), carried };
  }
  // Not charged yet, and it still can be.
  if (star && step === 'status' && code === '10115') return heard('not-found', code);
  const said = heard(MEANINGS[code] ?? 'unclear', code, tokensIn(data['token']));
  if (step !== 'inquiry' || typeof data['transactionId'] !== 'string') return said;
  return { ...said, carried: { transactionId: data['transactionId'] } };
}
