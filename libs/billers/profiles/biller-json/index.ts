import { formatKwh, formatTaka } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import type { BillerQuote } from '../../core';
import type { BillerProfile, ProfileCall, ProfileReading, ProfileResult, WireAnswer, WireRequest } from '../../profile';
import { sameBasic, sameSecret } from '../../wire/credentials';
import type { Fields } from '../../wire/fields';
import { readJsonFields } from '../../wire/json-fields';
import { acceptedText, outcomeOf, REFUSAL_TEXTS } from '../../wire/outcome';
import { isReference, isTrxId, readTaka } from '../../wire/words';
import { JSON_CODE_OF, SUCCESS_CODES, type JsonCode } from './codes';

const CALLS = {
  '/paymentValidation': 'quote',
  '/paymentConfirmation': 'commit',
  '/getPaymentStatus': 'status',
} as const;
/** The table of the contract and its samples disagree; both spellings are taken, in any case. */
const USER = ['userid', 'usrid'];
const PASSWORD = ['password', 'pswrd'];
const TRX_ID = ['txnid', 'transactionid'];
/** refNo2 and refNo3 are the caller's own. */
const REFERENCE = ['refNo1'];

interface Fault {
  readonly code: JsonCode;
  readonly why: string;
}

type Refusable = Parameters<BillerProfile['refuse']>[0];
const REFUSED: Readonly<Record<Refusable, Fault>> = {
  'address-not-allowed': { code: '12', why: 'This address is not allowed.' },
  'unknown-call': { code: '99', why: 'No such call.' },
  'body-too-large': { code: '11', why: 'The body is too large.' },
  'internal-error': { code: '98', why: REFUSAL_TEXTS.later },
};

/**
 * The shape that Rocket calls: JSON with a code, credentials in the header and in the body. Its answers have no field for
 * a token, so customers get it by SMS. Source: CHANNELS.md, 1.3.
 *
 * @example
 * // POST /v1/billers/rocket/paymentConfirmation {"userid":…,"password":…,"txnid":"991","refno1":"40012345","amount":500.10}
 * // {"errCode":"00","errMsg":"Successful"}
 */
export const billerJsonV1: BillerProfile = {
  name: 'biller-json-v1',
  calls: Object.keys(CALLS).flatMap((path) => [
    { method: 'POST' as const, path },
    // Listed, because the contract has a code of its own for it.
    { method: 'GET' as const, path },
  ]),
  credentialNames: ['basicUserName', 'basicPassword', 'userId', 'password'],
  settingNames: [{ name: 'successCode', optional: true }],
  read,
  write,
  refuse: (code) => refusal(REFUSED[code]),
};

function read(request: WireRequest, provider: Provider): ProfileReading {
  if (request.method === 'GET') return { refused: refusal({ code: '999', why: 'POST is expected.' }) };
  const call = callOf(request, provider);
  return 'code' in call ? { refused: refusal(call) } : { call };
}

/** Who calls is asked before what is wanted, so that a stranger learns nothing. */
function callOf({ headers, rawBody, path }: WireRequest, provider: Provider): ProfileCall | Fault {
  const { basicUserName, basicPassword } = provider.credentials;
  if (!sameBasic(headers['authorization'], basicUserName, basicPassword)) {
    return { code: '01', why: 'Wrong basic authorization.' };
  }
  if (rawBody.length === 0) return { code: '10', why: 'There is no body.' };
  const fields = readJsonFields(rawBody);
  if (!fields) return { code: '11', why: 'The body is no JSON object.' };
  return strangerOf(fields, provider) ?? wantedOf(path, fields);
}

function strangerOf(fields: Fields, { credentials }: Provider): Fault | undefined {
  const [user, password] = [fields.secret(...USER), fields.secret(...PASSWORD)];
  if (user === undefined) return { code: '06', why: 'userid is missing.' };
  if (password === undefined) return { code: '07', why: 'password is missing.' };
  const known = [sameSecret(user, credentials['userId']), sameSecret(password, credentials['password'])];
  return known.includes(false) ? { code: '03', why: 'Wrong userid or password.' } : undefined;
}

function wantedOf(path: string, fields: Fields): ProfileCall | Fault {
  const op = CALLS[path as keyof typeof CALLS];
  if ([...TRX_ID, ...REFERENCE, 'amount'].some((name) => fields.contradicted(name)))
    return cannot('Twice, differently.');
  const trxId = fields.text(...TRX_ID);
  if (op !== 'quote' && (trxId === undefined || !isTrxId(trxId))) return cannot('txnid is missing or no id.');
  if (op === 'status') return { wire: undefined, op, trxId: trxId! };
  const reference = fields.text(...REFERENCE);
  if (reference === undefined || !isReference(reference)) return cannot('refNo1 is missing or no reference.');
  const text = fields.text('amount');
  if (op === 'quote' && text === undefined) return { wire: undefined, op, ask: { reference } };
  const amountPaisa = text === undefined ? undefined : readTaka(text);
  if (amountPaisa === undefined) return cannot('amount is missing or not in Taka with at most two decimals.');
  if (op === 'quote') return { wire: undefined, op, ask: { reference, amountPaisa } };
  return { wire: undefined, op: 'commit', ask: { trxId: trxId!, reference, amountPaisa } };
}

function cannot(why: string): Fault {
  return { code: '99', why };
}

function write(_call: ProfileCall, result: ProfileResult, provider: Provider): WireAnswer {
  const success = SUCCESS_CODES.find((code) => code === provider.settings['successCode']) ?? SUCCESS_CODES[0];
  const outcome = outcomeOf(result);
  switch (outcome.is) {
    case 'quote':
      return answer(success, 'Successful', quoted(outcome.quote));
    case 'vended':
      return answer(success, 'Successful', {});
    case 'accepted':
      return answer('98', acceptedText(outcome.payment), {});
    case 'refused':
      return refusal({ code: JSON_CODE_OF[outcome.kind], why: REFUSAL_TEXTS[outcome.kind] });
  }
}

function quoted({ customerName, meterNo, energyWh, estimatedWh, lines, amountPaisa }: BillerQuote) {
  const wh = energyWh ?? estimatedWh;
  const vat = lines.find(({ code }) => code === 'vat')?.amountPaisa;
  return {
    customerName,
    optionalInfo1: `Meter ${meterNo}`,
    optionalInfo2: wh === null ? undefined : `${energyWh === null ? 'About ' : ''}${formatKwh(wh)} kWh`,
    optionalInfo3: vat === undefined ? undefined : `VAT ${formatTaka(vat)}`,
    amount: formatTaka(amountPaisa),
  };
}

function refusal({ code, why }: Fault): WireAnswer {
  return answer(code, why, {});
}

function answer(code: string, message: string, content: Readonly<Record<string, string | undefined>>): WireAnswer {
  return {
    httpStatus: 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({ errCode: code, errMsg: message, ...content }),
  };
}
