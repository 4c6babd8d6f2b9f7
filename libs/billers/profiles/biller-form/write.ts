import { formatTaka, type InstantMs } from '@vend/kernel';
import type { BillerPayment, BillerQuote } from '../../core';
import type { ProfileCall, ProfileResult, WireAnswer } from '../../profile';
import { acceptedText, outcomeOf, REFUSAL_TEXTS } from '../../wire/outcome';
import { breakdownOf, compactTime, groupedToken } from '../../wire/words';
import { FORM_CODE_OF, type FormCode } from './codes';

/** What the answer needs of the question. */
export interface FormWire {
  readonly style: Style;
  readonly receivedAt: InstantMs;
  readonly billMonth: string | undefined;
}

/** `camel`: ErrorCode. `snake`: Error_Code, as the variant of 2019 has it. */
export type Style = 'camel' | 'snake';
type Content = Readonly<Record<string, string | Readonly<Record<string, string>> | undefined>>;

/** Writes the answer to a call of `biller-form-v1`. Of a payment nothing but what is on record: a repeat has every byte. */
export function writeForm({ wire }: ProfileCall<FormWire>, result: ProfileResult): WireAnswer {
  const outcome = outcomeOf(result);
  switch (outcome.is) {
    case 'quote':
      return answer(wire.style, '200', 'Successful', quoted(outcome.quote, wire));
    case 'vended':
      return answer(wire.style, '200', 'Successful', paid(outcome.payment));
    case 'accepted':
      return answer(wire.style, '202', acceptedText(outcome.payment), paid(outcome.payment));
    case 'refused': {
      const trxId = outcome.payment?.trxId;
      return answer(wire.style, FORM_CODE_OF[outcome.kind], REFUSAL_TEXTS[outcome.kind], { TrxId: trxId });
    }
  }
}

/** An answer without content. */
export function refusal(style: Style, code: FormCode, why: string): WireAnswer {
  return answer(style, code, why, {});
}

function quoted(quote: BillerQuote, { receivedAt, billMonth }: FormWire): Content {
  return {
    ConsumerName: quote.customerName,
    BillMonth: billMonth,
    BillAmount: formatTaka(quote.amountPaisa),
    QueryTime: compactTime(receivedAt),
    AmountBreakdown: breakdownOf(quote.lines),
  };
}

function paid(payment: BillerPayment): Content {
  const { customerName, amountPaisa, trxId, bookedAt, receiptNo, tokens, lines } = payment;
  return {
    ConsumerName: customerName ?? undefined,
    TotalAmount: formatTaka(amountPaisa),
    TrxId: trxId,
    MiddlewarePayTime: compactTime(bookedAt),
    RefNumber: receiptNo ?? undefined,
    // Screens show one field: all tokens are in it, in the order in which they are typed.
    CustomMessage: tokens.length > 0 ? { Token: tokens.map(groupedToken).join(', ') } : undefined,
    AmountBreakdown: lines.length > 0 ? breakdownOf(lines) : undefined,
  };
}

function answer(style: Style, code: FormCode, message: string, content: Content): WireAnswer {
  const fields = { ErrorCode: code, ErrorMsg: message, ...content };
  const named = Object.entries(fields).map(([name, value]) => [style === 'snake' ? snake(name) : name, value]);
  return {
    httpStatus: code === '500' ? 503 : 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(Object.fromEntries(named)),
  };
}

/** @example snake('MiddlewarePayTime') // 'Middleware_Pay_Time' */
function snake(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '_');
}
