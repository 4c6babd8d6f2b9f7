import type { Provider } from '@vend/payments';
import type { ProfileCall, ProfileReading, WireRequest } from '../../profile';
import { sameSecret } from '../../wire/credentials';
import { readFormFields } from '../../wire/form-fields';
import { readJsonFields } from '../../wire/json-fields';
import type { Fields } from '../../wire/fields';
import { isReference, isTrxId, readTaka } from '../../wire/words';
import type { FormCode } from './codes';
import { refusal, type FormWire, type Style } from './write';

export const CALLS = {
  '/api/queryBill': 'quote',
  '/api/payBill': 'commit',
  '/api/searchTransaction': 'status',
} as const;
const REFERENCES = ['AccNo', 'MeterNo', 'CustomerNo', 'BillNo', 'RefID'];

/** Reads a call of `biller-form-v1`. Who calls is asked before what is wanted, so that a stranger learns nothing. */
export async function readForm(request: WireRequest, provider: Provider): Promise<ProfileReading<FormWire>> {
  const contentType = request.headers['content-type'] ?? '';
  const asJson = /^application\/json\b/i.test(contentType.trim());
  const style: Style = asJson ? 'snake' : 'camel';
  const refused = (code: FormCode, why: string): ProfileReading<FormWire> => ({ refused: refusal(style, code, why) });
  const fields = asJson ? readJsonFields(request.rawBody) : await readFormFields(contentType, request.rawBody);
  if (!fields) return refused('406', 'The body is no form.');
  const { userName, password } = provider.credentials;
  const known = [
    sameSecret(fields.secret('UserName'), userName),
    sameSecret(fields.secret('Password', 'Pass'), password),
  ];
  if (known.includes(false)) return refused('403', 'Wrong user name or password.');
  const wire = { style, receivedAt: request.receivedAt, billMonth: fields.text('BillMonth') };
  const call = callOf(request.path, fields, wire);
  return 'code' in call ? refused(call.code, call.why) : { call };
}

interface Fault {
  readonly code: FormCode;
  readonly why: string;
}

function callOf(path: string, fields: Fields, wire: FormWire): ProfileCall<FormWire> | Fault {
  const op = CALLS[path as keyof typeof CALLS];
  if (op === 'status') {
    const trxId = trxIdOf(fields);
    return typeof trxId === 'string' ? { wire, op, trxId } : trxId;
  }
  const reference = referenceOf(fields);
  if (typeof reference !== 'string') return reference;
  const text = fields.text('Amount');
  if (op === 'quote' && text === undefined) return { wire, op, ask: { reference } };
  if (text === undefined) return { code: '406', why: 'Amount is missing.' };
  const amountPaisa = fields.contradicted('Amount') ? undefined : readTaka(text);
  if (amountPaisa === undefined) return { code: '439', why: 'Amount is not in Taka with at most two decimals.' };
  if (op === 'quote') return { wire, op, ask: { reference, amountPaisa } };
  const trxId = trxIdOf(fields);
  return typeof trxId === 'string' ? { wire, op, ask: { trxId, reference, amountPaisa } } : trxId;
}

function referenceOf(fields: Fields): string | Fault {
  const [reference, another] = fields.all(...REFERENCES);
  if (reference === undefined) return { code: '406', why: 'AccNo, MeterNo, CustomerNo, BillNo or RefID is missing.' };
  if (another !== undefined || fields.contradicted(...REFERENCES)) {
    return { code: '435', why: 'The references are not of one customer.' };
  }
  return isReference(reference) ? reference : { code: '404', why: 'No such customer or meter.' };
}

function trxIdOf(fields: Fields): string | Fault {
  const trxId = fields.text('TrxId');
  if (trxId === undefined) return { code: '406', why: 'TrxId is missing.' };
  const good = isTrxId(trxId) && !fields.contradicted('TrxId');
  return good ? trxId : { code: '435', why: 'TrxId is not an id.' };
}
