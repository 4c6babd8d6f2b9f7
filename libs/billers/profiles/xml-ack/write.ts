import { formatTaka, type Paisa } from '@vend/kernel';
import { refusalKindOf } from '../../biller.codes';
import type { BillerLine, BillerPayment, BillerQuote } from '../../core';
import type { ProfileCall, ProfileResult, WireAnswer } from '../../profile';
import { plainTime } from '../../wire/words';
import { escapeXml } from '../../wire/xml-fields';
import { STATES, STATE_OF_KIND, type State } from './states';

/** What the writer of an answer says again of its question. */
export interface XmlAckWire {
  readonly accountNo: string | null;
  readonly transId: string | null;
}

/** An element: its text, or the elements in it, one after the other. */
type Element = readonly [name: string, content: string | readonly Element[]];

/** Writes the answer to a call. */
export function write(call: ProfileCall<XmlAckWire>, result: ProfileResult): WireAnswer {
  switch (result.kind) {
    case 'quote':
      return answerOf('ok', quoted(call, result.quote));
    case 'payment':
      return ofPayment(call, result.payment);
    case 'not-found':
      return answerOf('not-found', idOf(call.wire));
    case 'error':
      // A reason that is not in the table says nothing of the payment: it must not end it.
      return answerOf(STATE_OF_KIND[refusalKindOf(result.code, 'later')], idOf(call.wire));
    case 'session':
    case 'statement':
      return answerOf('unknown-call');
  }
}

/** An answer of this contract: HTTP 200 always, what it means stands in `state`. */
export function answerOf(state: State, elements: readonly Element[] = []): WireAnswer {
  const [number, message] = STATES[state];
  const body = render([['response', [['state', number], ['message', message], ...elements]]]);
  return {
    httpStatus: 200,
    contentType: 'application/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
  };
}

function quoted({ op, ...call }: ProfileCall<XmlAckWire>, quote: BillerQuote): readonly Element[] {
  const { customerName, meterNo, amountPaisa, lines } = quote;
  const asked = op === 'quote' && 'ask' in call && 'amountPaisa' in call.ask;
  const account: Element[] = [
    ...elements({ accountNo: call.wire.accountNo, transId: call.wire.transId, customerName, meterNo }),
    ...tariffOf(quote),
  ];
  // Without an amount it was priced for the least that can be paid.
  if (!asked) return [...account, ['dues', duesOf(lines)], ['minimumAmount', formatTaka(amountPaisa)]];
  return [...account, ...moneyOf(amountPaisa, lines)];
}

function ofPayment({ op, wire }: ProfileCall<XmlAckWire>, payment: BillerPayment): WireAnswer {
  switch (payment.state) {
    case 'vended':
      return answerOf('ok', op === 'acknowledge' ? acknowledged(payment) : vended(wire, payment));
    case 'in-progress':
      return answerOf('in-progress', idOf(wire));
    case 'refused':
      return answerOf(STATE_OF_KIND[refusalKindOf(payment.refusalCode, 'not-possible')], idOf(wire));
    // It was accepted, and we give it back or have done so: the caller must not do it too.
    case 'refund-due':
    case 'reversed':
      return answerOf('refund-due', idOf(wire));
  }
}

function acknowledged({ trxId, receiptNo }: BillerPayment): readonly Element[] {
  return elements({ transId: trxId, seq: receiptNo });
}

function vended({ accountNo }: XmlAckWire, payment: BillerPayment): readonly Element[] {
  const { trxId, customerNo, customerName, meterNo, amountPaisa, lines, tokens, receiptNo, bookedAt } = payment;
  return [
    ...elements({ accountNo: accountNo ?? customerNo, transId: trxId, customerName, meterNo }),
    ...tariffOf(payment),
    ...moneyOf(amountPaisa, lines),
    // In the order in which they are typed: the tokens of a key change come before the credit.
    ...elements({ seq: receiptNo, token: tokens.join(','), transTime: plainTime(bookedAt) }),
  ];
}

function tariffOf({ tariffProgram }: Pick<BillerQuote, 'tariffProgram'>): readonly Element[] {
  return elements({ tariffProgram: tariffProgram ?? null });
}

/** vendingAmount = dues + energyAmount + feeAmount, and feeAmount is the sum of the items, each to the paisa. */
function moneyOf(amountPaisa: Paisa, lines: readonly BillerLine[]): readonly Element[] {
  const fees = lines.filter(({ code }) => !isDue(code) && !isEnergy(code));
  return [
    ['dues', duesOf(lines)],
    ['vendingAmount', formatTaka(amountPaisa)],
    ['energyAmount', sumOf(lines.filter(({ code }) => isEnergy(code)))],
    ['feeAmount', sumOf(fees)],
    ['fee', fees.map(({ en, amountPaisa: paisa }) => ['item', elements({ name: en, amt: formatTaka(paisa) })])],
  ];
}

const isDue = (code: string): boolean => code === 'arrears';
const isEnergy = (code: string): boolean => code === 'energy';

function duesOf(lines: readonly BillerLine[]): string {
  return sumOf(lines.filter(({ code }) => isDue(code)));
}

function sumOf(lines: readonly BillerLine[]): string {
  return formatTaka(lines.reduce((sum, { amountPaisa }) => sum + amountPaisa, 0n));
}

function idOf({ transId }: XmlAckWire): readonly Element[] {
  return elements({ transId });
}

/** What there is; what is null has no element. */
function elements(texts: Readonly<Record<string, string | null>>): readonly Element[] {
  return Object.entries(texts).flatMap(([name, text]): Element[] => (text === null ? [] : [[name, text]]));
}

function render(parts: readonly Element[]): string {
  return parts
    .map(
      ([name, content]) => `<${name}>${typeof content === 'string' ? escapeXml(content) : render(content)}</${name}>`,
    )
    .join('');
}
