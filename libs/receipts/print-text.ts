import { formatInstant, formatKwh, formatTaka, type Paisa } from '@vend/kernel';
import { KIND_TITLES } from './kinds';
import { groupedToken, type Bilingual, type Language, type Receipt, type ReceiptTokenKind } from './receipt';

/** Columns of an 80 mm printer's usual font, and a comfortable width on a terminal. */
const WIDTH = 48;

const WORDS = {
  copy: { bn: 'অনুলিপি', en: 'COPY' },
  receiptNo: { bn: 'রসিদ নং', en: 'Receipt no.' },
  rechargeId: { bn: 'রিচার্জ আইডি', en: 'Recharge id' },
  time: { bn: 'সময়', en: 'Time' },
  station: { bn: 'কেন্দ্র', en: 'Station' },
  customer: { bn: 'গ্রাহক', en: 'Customer' },
  meter: { bn: 'মিটার', en: 'Meter' },
  class: { bn: 'শ্রেণি', en: 'Class' },
  paid: { bn: 'মোট পরিশোধ (টাকা)', en: 'Paid (Tk)' },
  energy: { bn: 'বিদ্যুৎ', en: 'Energy' },
  estimate: { bn: 'আনুমানিক', en: 'Estimate' },
  arrearsLeft: { bn: 'বকেয়া বাকি', en: 'Arrears left' },
  carried: { bn: 'পরের বারের জমা', en: 'Carried forward' },
  inOrder: {
    bn: 'সব টোকেন এই ক্রমে মিটারে দিন',
    en: 'Enter all tokens into the meter, in this order',
  },
  keyChange: {
    bn: 'এই মিটারের কী পরিবর্তন হচ্ছে: আগে কী পরিবর্তন টোকেন, শেষে রিচার্জের টোকেন',
    en: 'This meter gets a new key: the key change tokens first, the recharge last',
  },
  test: {
    bn: 'পরীক্ষামূলক টোকেন (IEC নমুনা সারণি): আসল মিটারে চলবে না',
    en: 'TEST TOKEN (IEC sample tables): not for real meters',
  },
} as const satisfies Record<string, Bilingual>;

const TOKEN_WORDS: Readonly<Record<ReceiptTokenKind, Bilingual>> = {
  credit: { bn: 'টোকেন', en: 'TOKEN' },
  'key-change': { bn: 'কী পরিবর্তন টোকেন', en: 'KEY CHANGE TOKEN' },
  'clear-tamper': { bn: 'ট্যাম্পার মোছার টোকেন', en: 'CLEAR TAMPER TOKEN' },
  'clear-credit': { bn: 'ব্যালেন্স মোছার টোকেন', en: 'CLEAR CREDIT TOKEN' },
  'max-power-limit': { bn: 'লোড সীমার টোকেন', en: 'POWER LIMIT TOKEN' },
  'phase-unbalance-limit': { bn: 'ফেজ অসমতার সীমার টোকেন', en: 'PHASE UNBALANCE LIMIT TOKEN' },
  'test-display': { bn: 'মিটার পরীক্ষার নম্বর', en: 'METER TEST NUMBER' },
};

/**
 * The receipt for a terminal or a plain printer, 48 columns: whose it is, the tokens, then every line of the payment
 * with its reason; the lines add up to what was paid. Reasons longer than a line are wrapped at blanks.
 * Contains the token: never log it.
 *
 * @throws {RangeError} when a token is not 20 digits
 * @example process.stdout.write(printText(receipt, 'bn'))
 */
export function printText(receipt: Receipt, language: Language): string {
  const say = (words: Bilingual) => words[language];
  const rule = '-'.repeat(WIDTH);
  const kind = say(KIND_TITLES[receipt.kind ?? 'credit']);
  const title = receipt.copy ? `${kind} - ${say(WORDS.copy)}` : kind;
  return [
    title,
    ...(receipt.sampleTables ? wrap(say(WORDS.test), '') : []),
    rule,
    ...heading(receipt, language),
    rule,
    ...(receipt.tokens.length > 0 ? [...tokenBlock(receipt, language), rule] : []),
    ...receipt.lines.flatMap(({ label, amountPaisa, why }) => [
      amountRow(say(label), amountPaisa),
      ...wrap(say(why), '  '),
    ]),
    ...(receipt.lines.length > 0 ? [rule] : []),
    amountRow(say(WORDS.paid), receipt.grossPaisa),
    ...footing(receipt, language),
    '',
  ].join('\n');
}

function heading(receipt: Receipt, language: Language): string[] {
  const kilowatts = formatKwh(receipt.sanctionedW).replace(/\.0$/, '');
  const unit = { bn: 'কিলোওয়াট', en: 'kW' }[language];
  const rows: [Bilingual, string][] = [
    [WORDS.receiptNo, receipt.receiptNo],
    [WORDS.rechargeId, receipt.rechargeId],
    [WORDS.time, `${formatInstant(receipt.issuedAt).slice(0, 19).replace('T', ' ')} (+06:00)`],
    [WORDS.station, `${receipt.station}, ${receipt.channel[language]}`],
    [WORDS.customer, `${receipt.customerNo} ${receipt.customerName}`],
    [WORDS.meter, receipt.meterNo],
    [WORDS.class, `${receipt.tariffClass}, ${kilowatts} ${unit}`],
  ];
  return rows.map(([name, value]) => `${padded(name[language], 14)}${value}`);
}

function tokenBlock(receipt: Receipt, language: Language): string[] {
  const inOrder = [...receipt.tokens].sort((a, b) => a.sequence - b.sequence);
  // With a recharge; alone its title says it.
  const keyChange = inOrder.some(({ kind }) => kind === 'key-change') && inOrder.at(-1)?.kind === 'credit';
  const instructions = [...(keyChange ? [WORDS.keyChange] : []), ...(inOrder.length > 1 ? [WORDS.inOrder] : [])];
  const tokens = inOrder.flatMap(({ kind, sequence, of, digits }) => [
    of === 1 ? TOKEN_WORDS[kind][language] : `${TOKEN_WORDS[kind][language]} ${sequence}/${of}`,
    `  ${groupedToken(digits)}`,
  ]);
  return [...instructions.flatMap((words) => wrap(words[language], '')), ...tokens];
}

function footing(receipt: Receipt, language: Language): string[] {
  const rows: string[] = [];
  const unit = { bn: 'ইউনিট (kWh)', en: 'kWh' }[language];
  if (receipt.energyWh !== null) rows.push(row(WORDS.energy[language], `${formatKwh(receipt.energyWh)} ${unit}`));
  if (receipt.estimatedWh !== null)
    rows.push(row(WORDS.estimate[language], `${formatKwh(receipt.estimatedWh)} ${unit}`));
  if (receipt.remainderPaisa > 0n) rows.push(amountRow(WORDS.carried[language], receipt.remainderPaisa));
  if (receipt.arrearsLeftPaisa > 0n) rows.push(amountRow(WORDS.arrearsLeft[language], receipt.arrearsLeftPaisa));
  return rows;
}

function amountRow(label: string, amountPaisa: Paisa): string {
  return row(label, formatTaka(amountPaisa));
}

function row(label: string, value: string): string {
  return `${padded(label, WIDTH - widthOf(value))}${value}`;
}

const graphemes = new Intl.Segmenter('bn', { granularity: 'grapheme' });

/** Written letters, not code units: a Bangla conjunct stands in one place. */
function widthOf(text: string): number {
  return [...graphemes.segment(text)].length;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(1, width - widthOf(text)));
}

function wrap(text: string, indent: string): string[] {
  const rows: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && widthOf(indent + longer) > WIDTH) {
      rows.push(indent + current);
      current = word;
    } else current = longer;
  }
  return [...rows, indent + current];
}
