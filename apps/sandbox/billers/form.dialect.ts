import type { CallStep, Company, CompanyPayment, Dialect, DialectAnswer, DialectCall, Heard, Meaning } from './dialect';
import { compactClock, heard, multipartCall, objectOf, tokensIn, UNCLEAR } from './wire';

/** As bKash calls: multipart forms, a code in the body, the token in CustomMessage (CHANNELS.md, 1.2). */
export function formDialect({ credentials }: Company): Dialect {
  const who = { UserName: credentials['userName'] ?? '', Password: credentials['password'] ?? '' };
  return {
    unanswered: 'ask',
    steps: ['inquiry', 'pay'],
    keyOf: ({ trxId }) => trxId,
    call: (step, payment) => formCall(who, step, payment),
    hear,
  };
}

function formCall(who: Record<string, string>, step: CallStep, payment: CompanyPayment): DialectCall {
  const { trxId, reference, amount, payerMobile, at } = payment;
  if (step === 'status') return multipartCall('/api/searchTransaction', { ...who, TrxId: trxId });
  const bill = { ...who, [reference.length > 10 ? 'MeterNo' : 'CustomerNo']: reference, Amount: amount };
  if (step === 'inquiry') return multipartCall('/api/queryBill', bill);
  const paid = { UserMobileNumber: payerMobile, TrxId: trxId, PayTime: compactClock(at) };
  return multipartCall('/api/payBill', { ...bill, ...paid });
}

/** 435 to a payment: its id is known with other content. What is wrong with us (403, 406) tells nothing of the payment. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '200': 'done',
  '202': 'pending',
  '404': 'refused',
  '435': 'conflict',
  '438': 'refused',
  '439': 'refused',
};

function hear(step: CallStep, answer: DialectAnswer): Heard {
  const content = objectOf(answer);
  const code = content?.['errorcode'];
  if (answer.httpStatus !== 200 || typeof code !== 'string') return UNCLEAR;
  if (step === 'status' && code === '404') return heard('not-found', code);
  const message = content?.['custommessage'] as { Token?: unknown } | undefined;
  return heard(MEANINGS[code] ?? 'unclear', code, tokensIn(message?.Token));
}
