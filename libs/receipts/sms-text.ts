import { formatTaka } from '@vend/kernel';
import { boughtFor } from './kinds';
import {
  chargesPaisa,
  groupedToken,
  type Language,
  type Receipt,
  type ReceiptKind,
  type ReceiptToken,
} from './receipt';
import { gsmSafe, smsParts } from './sms-parts';

/** UCS-2 halves the room: an ordinary Bangla receipt with all its details takes three parts. */
const BANGLA_PARTS = 3;

/** Kinds that pay for something else than energy: their receipt may be words alone. */
const WITHOUT_TOKEN: readonly ReceiptKind[] = ['fee', 'arrears-payment', 'deposit-credit'];

/** Characters of a part when several are joined: Bangla travels as UCS-2, our English as GSM 7-bit (CHANNELS.md S2). */
const JOINED_PART_UNITS: Readonly<Record<Language, number>> = { bn: 67, en: 153 };

/**
 * The receipt as the customer's SMS: the token first, in groups of four ASCII digits (several are numbered 1/3, 2/3 …
 * and told to be entered in order, each whole within one part), then what was paid and what it
 * bought, then the rest as far as one message holds it. English is GSM 7-bit only and stays within one part where the
 * tokens allow; Bangla is UCS-2 and aims at three parts. Contains the token: never log it. Source: CHANNELS.md S1, S2.
 *
 * @throws {RangeError} when a token is not 20 digits, or there is none where one must be
 * @example smsText(receipt, 'en') // 'Token: 1234 5678 9012 3456 7890. Paid Tk 1000.00, credit Tk 861.41 (about 174.5 kWh). ...'
 */
export function smsText(receipt: Receipt, language: Language): string {
  if (receipt.tokens.length === 0 && !WITHOUT_TOKEN.includes(receipt.kind ?? 'credit')) {
    throw new RangeError('a receipt without a token has nothing to send');
  }
  const tokens = receipt.tokens.length === 0 ? [] : [tokensIn(receipt.tokens, language)];
  const needed = [...tokens, ...essentials(receipt, language)].join(' ');
  const fewest = smsParts(needed).parts.length;
  const room = language === 'bn' ? Math.max(fewest, BANGLA_PARTS) : fewest;
  // A detail is added only when it costs no part beyond that, the weightiest first.
  const whole = details(receipt, language).reduce((text, detail) => {
    const longer = `${text} ${detail}`;
    return smsParts(longer).parts.length <= room ? longer : text;
  }, needed);
  return whole.normalize('NFC');
}

function tokensIn(tokens: readonly ReceiptToken[], language: Language): string {
  const inOrder = [...tokens].sort((a, b) => a.sequence - b.sequence);
  const [first] = inOrder;
  if (first && inOrder.length === 1) {
    return language === 'bn' ? `টোকেন: ${groupedToken(first.digits)}।` : `Token: ${groupedToken(first.digits)}.`;
  }
  const count = inOrder.length;
  const heading = {
    bn: `${count}টি টোকেন, সবগুলো এই ক্রমে দিন:`,
    en: `${count} tokens, enter all in this order:`,
  }[language].normalize('NFC');
  return [heading, ...inOrder.map(numbered)].reduce((text, piece) => appendWhole(text, piece, language));
}

/** @example '2/3 1234 5678 9012 3456 7890' */
function numbered({ sequence, of, digits }: ReceiptToken): string {
  return `${sequence}/${of} ${groupedToken(digits)}`;
}

/**
 * Puts a piece behind a text so that no cut between two parts of a joined SMS goes through it: some phones show the
 * parts apart. Blanks fill the rest of the part where it would.
 */
function appendWhole(text: string, piece: string, language: Language): string {
  const part = JOINED_PART_UNITS[language];
  const start = text.length + 1;
  const isCut = Math.floor(start / part) !== Math.floor((start + piece.length - 1) / part);
  const next = isCut ? Math.ceil(start / part) * part : start;
  return `${text.padEnd(next)}${piece}`;
}

function essentials(receipt: Receipt, language: Language): string[] {
  const test = { bn: 'পরীক্ষামূলক, আসল মিটারে চলবে না।', en: 'TEST, not for real meters.' }[language];
  const loads = {
    bn: 'মিটারে নিজে থেকেই যাবে; না গেলে টোকেন দিন।',
    en: 'Sent to your meter; type it only if no credit shows.',
  }[language];
  const copy = { bn: 'অনুলিপি।', en: 'COPY.' }[language];
  return [
    ...(receipt.copy ? [copy] : []),
    ...(receipt.sampleTables ? [test] : []),
    ...(receipt.remoteLoad ? [loads] : []),
    boughtFor(receipt, language),
  ];
}

function details(receipt: Receipt, language: Language): string[] {
  // Of what is not sold by price there is nothing to break down.
  const priced = ['credit', 'offline-pack'].includes(receipt.kind ?? 'credit');
  const charges = formatTaka(chargesPaisa(receipt));
  const left = receipt.arrearsLeftPaisa > 0n ? formatTaka(receipt.arrearsLeftPaisa) : null;
  const carried = receipt.remainderPaisa > 0n ? formatTaka(receipt.remainderPaisa) : null;
  if (language === 'bn') {
    return [
      `মিটার ${receipt.meterNo}।`,
      ...(priced ? [`ভ্যাট ও চার্জ ${charges} টাকা।`] : []),
      ...(left ? [`বকেয়া বাকি ${left} টাকা।`] : []),
      ...(carried ? [`পরের বারের জমা ${carried} টাকা।`] : []),
      `রসিদ ${receipt.receiptNo}`,
    ];
  }
  return [
    `Meter ${gsmSafe(receipt.meterNo)}.`,
    ...(priced ? [`VAT+charges Tk ${charges}.`] : []),
    ...(left ? [`Arrears left Tk ${left}.`] : []),
    ...(carried ? [`Carried Tk ${carried}.`] : []),
    `Receipt ${gsmSafe(receipt.receiptNo)}`,
  ];
}
