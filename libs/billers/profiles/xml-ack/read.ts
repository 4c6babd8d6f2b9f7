import type { Provider } from '@vend/payments';
import type { ProfileReading, WireAnswer, WireRequest } from '../../profile';
import { sameSecret } from '../../wire/credentials';
import type { Fields } from '../../wire/fields';
import { readFormFields } from '../../wire/form-fields';
import { isReference, isTrxId, readTaka } from '../../wire/words';
import { readXmlFields } from '../../wire/xml-fields';
import type { State } from './states';
import { answerOf, type XmlAckWire } from './write';

type Reading = ProfileReading<XmlAckWire>;

/** Reads a call: a form with one field, `reqXml`. */
export async function read({ headers, rawBody, path }: WireRequest, provider: Provider): Promise<Reading> {
  const form = await readFormFields(headers['content-type'] ?? '', rawBody);
  const fields = form && !form.contradicted('reqXml') ? readXmlFields(form.text('reqXml') ?? '') : undefined;
  if (!fields) return refused('malformed');
  if (!isCaller(fields, provider)) return refused('unauthorized');
  if (fields.contradicted('accountNo', 'transId', 'amount')) return refused('malformed');
  const accountNo = fields.text('accountNo');
  const transId = fields.text('transId');
  if (transId !== undefined && !isTrxId(transId)) return refused('malformed');
  const wire = { accountNo: accountNo ?? null, transId: transId ?? null };
  if (path === '/txnStatus' || path === '/acknowledgement') {
    if (transId === undefined) return refused('malformed');
    return { call: { op: path === '/txnStatus' ? 'status' : 'acknowledge', trxId: transId, wire } };
  }
  if (accountNo === undefined) return refused('malformed');
  if (!isReference(accountNo)) return refused('not-found');
  if (path === '/accountValidation') return { call: { op: 'quote', ask: { reference: accountNo }, wire } };
  const amount = fields.text('amount');
  if (amount === undefined) return refused('malformed');
  const amountPaisa = readTaka(amount);
  if (amountPaisa === undefined) return refused('wrong-amount');
  const ask = { reference: accountNo, amountPaisa };
  if (path === '/amountValidation') return { call: { op: 'quote', ask, wire } };
  if (transId === undefined) return refused('malformed');
  return { call: { op: 'commit', ask: { ...ask, trxId: transId }, wire } };
}

/** All three are compared, whichever of them is wrong. */
function isCaller(fields: Fields, { credentials }: Provider): boolean {
  const checks = ['userName', 'userPass', 'apiKey'].map((name) => sameSecret(fields.secret(name), credentials[name]));
  return checks.every(Boolean) && !fields.contradicted('userName', 'userPass', 'apiKey');
}

function refused(state: State): { readonly refused: WireAnswer } {
  return { refused: answerOf(state) };
}
