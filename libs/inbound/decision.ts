import { comparable, type InboundWord, type Question } from './question';
import type { PhoneHolder, PhoneMeter } from './store/phones';

/** What is done about a question. */
export type Decision =
  | { readonly kind: 'silent'; readonly why: 'no-phone' | 'no-question' }
  /** One sentence, the same for whoever is not registered and for a meter that is not theirs or nobody's. */
  | { readonly kind: 'neutral' }
  | { readonly kind: 'help' }
  /** The phone has several meters and the question names none. */
  | { readonly kind: 'which'; readonly word: MeterWord }
  | { readonly kind: 'meter'; readonly word: MeterWord; readonly meter: PhoneMeter }
  | { readonly kind: 'choice'; readonly wanted: boolean };

/** Words that are about one meter. */
export type MeterWord = Extract<InboundWord, 'BAL' | 'TOK' | 'USE'>;

/**
 * Decides by the question and by what answers to the phone, and by nothing else.
 *
 * @example decide(readQuestion('BAL'), holderOfOneMeter) // { kind: 'meter', word: 'BAL', meter }
 */
export function decide(question: Question, { customers, meters }: PhoneHolder): Decision {
  if (question.kind === 'no-question') return { kind: 'silent', why: 'no-question' };
  if (customers.length === 0 && meters.length === 0) return { kind: 'neutral' };
  if (question.kind === 'unclear') return { kind: 'help' };
  const { word, numbers } = question;
  switch (word) {
    case 'HELP':
      return { kind: 'help' };
    case 'STOP':
    case 'START':
      // Notices go to customers; who gets copies of receipts only has none to stop.
      return customers.length > 0 ? { kind: 'choice', wanted: word === 'START' } : { kind: 'help' };
    case 'BAL':
    case 'TOK':
    case 'USE':
      return aboutMeter(word, numbers, meters);
  }
}

function aboutMeter(word: MeterWord, numbers: readonly string[], meters: readonly PhoneMeter[]): Decision {
  const named = numbers.length === 0 ? meters : meters.filter((meter) => isNamed(meter, numbers));
  const [meter, ...more] = named;
  if (!meter) return { kind: 'neutral' };
  return more.length > 0 ? { kind: 'which', word } : { kind: 'meter', word, meter };
}

function isNamed({ meterNo, drn, customerNo }: PhoneMeter, numbers: readonly string[]): boolean {
  return [meterNo, drn, customerNo].some((each) => numbers.includes(comparable(each)));
}
