import { formatKwh, formatTaka } from '@vend/kernel';
import { chargesPaisa, groupedToken, type Language, type Receipt, type ReceiptToken } from './receipt';
import { gsmSafe, smsParts } from './sms-parts';

/** UCS-2 halves the room: an ordinary Bangla receipt with all its details takes three parts. */
const BANGLA_PARTS = 3;

/**
 * The receipt as the customer's SMS: the token first, in groups of four ASCII digits, then what was paid and what it
 * bought, then the rest as far as one message holds it. English is GSM 7-bit only and stays within one part where the
 * tokens allow; Bangla is UCS-2 and aims at three. Contains the token: never log it. Source: CHANNELS.md S1, S2.
 *
 * @throws {RangeError} when a token is not 20 digits, or there is none
 * @example smsText(receipt, 'en') // 'Token: 1234 5678 9012 3456 7890. Paid Tk 1000.00, credit Tk 861.41 (about 174.5 kWh). ...'
 */
export function smsText(receipt: Receipt, language: Language): string {
  if (receipt.tokens.length === 0) throw new RangeError('a receipt without a token has nothing to send');
  const needed = [tokensIn(receipt.tokens, language), ...essentials(receipt, language)].join(' ');
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
  const list = inOrder.map((token) => `${token.sequence}) ${groupedToken(token.digits)}`).join(', ');
  return language === 'bn' ? `টোকেন, ক্রমানুসারে দিন: ${list}।` : `Tokens, enter in order: ${list}.`;
}

function essentials(receipt: Receipt, language: Language): string[] {
  const test = { bn: 'পরীক্ষামূলক, আসল মিটারে চলবে না।', en: 'TEST, not for real meters.' }[language];
  return [...(receipt.sampleTables ? [test] : []), boughtFor(receipt, language)];
}

function boughtFor({ grossPaisa, energyPaisa, energyWh, estimatedWh }: Receipt, language: Language): string {
  const paid = formatTaka(grossPaisa);
  const value = formatTaka(energyPaisa);
  if (energyWh !== null) {
    const units = formatKwh(energyWh);
    return language === 'bn'
      ? `${paid} টাকায় ${units} ইউনিট (${value} টাকা)।`
      : `Paid Tk ${paid}, energy ${units} kWh (Tk ${value}).`;
  }
  const about = estimatedWh === null ? null : formatKwh(estimatedWh);
  if (language === 'bn') {
    return `${paid} টাকায় মিটারে জমা ${value} টাকা${about === null ? '' : ` (আনুমানিক ${about} ইউনিট)`}।`;
  }
  return `Paid Tk ${paid}, credit Tk ${value}${about === null ? '' : ` (about ${about} kWh)`}.`;
}

function details(receipt: Receipt, language: Language): string[] {
  const charges = formatTaka(chargesPaisa(receipt));
  const left = receipt.arrearsLeftPaisa > 0n ? formatTaka(receipt.arrearsLeftPaisa) : null;
  const carried = receipt.remainderPaisa > 0n ? formatTaka(receipt.remainderPaisa) : null;
  if (language === 'bn') {
    return [
      `মিটার ${receipt.meterNo}।`,
      `ভ্যাট ও চার্জ ${charges} টাকা।`,
      ...(left ? [`বকেয়া বাকি ${left} টাকা।`] : []),
      ...(carried ? [`পরের বারের জমা ${carried} টাকা।`] : []),
      `রসিদ ${receipt.receiptNo}`,
    ];
  }
  return [
    `Meter ${gsmSafe(receipt.meterNo)}.`,
    `VAT+charges Tk ${charges}.`,
    ...(left ? [`Arrears left Tk ${left}.`] : []),
    ...(carried ? [`Carried Tk ${carried}.`] : []),
    `Receipt ${gsmSafe(receipt.receiptNo)}`,
  ];
}
