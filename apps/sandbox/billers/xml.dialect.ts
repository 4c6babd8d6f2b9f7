import type { CallStep, Company, CompanyPayment, Dialect, DialectAnswer, DialectCall, Heard, Meaning } from './dialect';
import { heard, tokensIn, UNCLEAR } from './wire';

const PATHS: Readonly<Partial<Record<CallStep, string>>> = {
  ...{ account: '/accountValidation', inquiry: '/amountValidation', pay: '/payment' },
  ...{ acknowledge: '/acknowledgement', status: '/txnStatus' },
};

/** As DESCO is called: a form with XML in it, and each answer to a payment is acknowledged (CHANNELS.md, 1.8). */
export function xmlDialect({ credentials }: Company): Dialect {
  const who = { ...{ userName: '', userPass: '', apiKey: '' }, ...credentials };
  return {
    unanswered: 'ask',
    steps: ['account', 'inquiry', 'pay', 'acknowledge'],
    keyOf: ({ trxId }) => trxId,
    call: (step, payment) => xmlCall(who, step, payment),
    hear,
  };
}

function xmlCall(who: Readonly<Record<string, string>>, step: CallStep, payment: CompanyPayment): DialectCall {
  const { trxId: transId, reference: accountNo, amount } = payment;
  const asked = { account: { accountNo }, inquiry: { accountNo, amount }, pay: { accountNo, transId, amount } };
  const fields = { ...who, ...(step in asked ? asked[step as keyof typeof asked] : { transId }) };
  const leaves = Object.entries(fields).map(([name, text]) => `<${name}>${escaped(text)}</${name}>`);
  return {
    method: 'POST',
    path: PATHS[step] ?? '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ reqXml: `<request>${leaves.join('')}</request>` }).toString(),
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.codePointAt(0)};`);
}

/** 415: it was accepted, and the utility gives it back. 429 and 500 tell nothing of a payment. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '200': 'done',
  '404': 'refused',
  '409': 'conflict',
  '414': 'refused',
  '415': 'conflict',
  '416': 'refused',
  '417': 'refused',
  '418': 'refused',
  '428': 'pending',
};

function hear(step: CallStep, { httpStatus, body }: DialectAnswer): Heard {
  const code = /<state>(\d+)<\/state>/.exec(body)?.[1];
  if (httpStatus !== 200 || code === undefined) return UNCLEAR;
  if (step === 'status' && code === '404') return heard('not-found', code);
  return heard(MEANINGS[code] ?? 'unclear', code, tokensIn(/<token>([^<]*)<\/token>/.exec(body)?.[1]));
}
