import { formatKwh, formatTaka } from '@vend/kernel';
import { KIND_TITLES } from './kinds';
import { PAPER_WORDS, TOKEN_WORDS } from './paper-words';
import { groupedToken, tokensToType, type Bilingual, type Language, type Receipt } from './receipt';

/** Something and its value at the other end of the line. */
export interface SheetRow {
  readonly name: string;
  readonly value: string;
  /** Below the name, in small letters: why, or that it is an estimate. */
  readonly note?: string;
}

/**
 * What stands on a receipt's paper, top to bottom, in one language: the same for an office printer (PDF) and for an 80 mm
 * printer (picture). Contains the tokens: never log it.
 */
export interface ReceiptSheet {
  readonly language: Language;
  readonly title: string;
  /** In a frame below the title. */
  readonly marks: readonly string[];
  readonly heading: readonly SheetRow[];
  /** What to do with the tokens. */
  readonly notes: readonly string[];
  readonly tokens: readonly { readonly name: string; /** In groups of four, ASCII. */ readonly groups: string }[];
  /** Every line of the price with its reason; they add up to the total. */
  readonly lines: readonly SheetRow[];
  readonly totals: readonly SheetRow[];
  /** Where the customer sees the receipt, as a QR code; null: nowhere. */
  readonly page: { readonly url: string; readonly words: string } | null;
}

/**
 * The paper form of a receipt.
 *
 * @param page address of the customer's page, behind which the receipt's number is put; left out: no QR code
 * @throws {RangeError} when a token is not 20 digits
 * @example sheetOf(receipt, 'bn', 'https://pay.example.bd/my/').tokens[0].name // 'টোকেন ১/১'
 */
export function sheetOf(receipt: Receipt, language: Language, page?: string): ReceiptSheet {
  const say = (words: Bilingual) => words[language];
  return {
    language,
    title: say(KIND_TITLES[receipt.kind ?? 'credit']),
    marks: [...(receipt.copy ? [say(PAPER_WORDS.copy)] : []), ...(receipt.sampleTables ? [say(PAPER_WORDS.test)] : [])],
    heading: headingOf(receipt, language),
    notes: notesOf(receipt).map(say),
    tokens: tokensInOrder(receipt).map(({ kind, sequence, of, digits }) => ({
      name: `${say(TOKEN_WORDS[kind])} ${number(String(sequence), language)}/${number(String(of), language)}`,
      groups: groupedToken(digits),
    })),
    lines: receipt.lines.map(({ label, amountPaisa, why }) => ({
      name: say(label),
      value: money(amountPaisa, language),
      note: say(why),
    })),
    totals: totalsOf(receipt, language),
    page: page === undefined ? null : { url: `${page}#r=${receipt.receiptNo}`, words: say(PAPER_WORDS.page) },
  };
}

function headingOf(receipt: Receipt, language: Language): SheetRow[] {
  const kilowatts = number(formatKwh(receipt.sanctionedW).replace(/\.0$/, ''), language);
  const rows: [Bilingual, string][] = [
    [PAPER_WORDS.receiptNo, receipt.receiptNo],
    [PAPER_WORDS.time, moment(receipt.issuedAt, language)],
    [PAPER_WORDS.station, `${receipt.station}, ${receipt.channel[language]}`],
    [PAPER_WORDS.customer, `${receipt.customerNo} ${receipt.customerName}`],
    [PAPER_WORDS.meter, receipt.meterNo],
    [PAPER_WORDS.class, `${receipt.tariffClass}, ${kilowatts} ${{ bn: 'কিলোওয়াট', en: 'kW' }[language]}`],
  ];
  return rows.map(([name, value]) => ({ name: name[language], value }));
}

const tokensInOrder = (receipt: Receipt) => [...tokensToType(receipt)].sort((a, b) => a.sequence - b.sequence);

function notesOf(receipt: Receipt): Bilingual[] {
  const tokens = tokensInOrder(receipt);
  if (tokens.length === 0) return receipt.kind === 'offline-pack' ? [PAPER_WORDS.typed] : [];
  // With a recharge; alone its title says it.
  const changesKey = tokens.some(({ kind }) => kind === 'key-change') && tokens.at(-1)?.kind === 'credit';
  return [
    ...(receipt.remoteLoad ? [PAPER_WORDS.loads] : []),
    ...(changesKey ? [PAPER_WORDS.keyChange] : []),
    tokens.length > 1 ? PAPER_WORDS.tick : PAPER_WORDS.onlyOne,
  ];
}

function totalsOf(receipt: Receipt, language: Language): SheetRow[] {
  const taka = (paisa: bigint) => ({ bn: `${money(paisa, 'bn')} টাকা`, en: `Tk ${money(paisa, 'en')}` })[language];
  const units = (kwh: string) => `${number(kwh, language)} ${{ bn: 'ইউনিট (kWh)', en: 'units (kWh)' }[language]}`;
  const rows: SheetRow[] = [{ name: PAPER_WORDS.total[language], value: taka(receipt.grossPaisa) }];
  const add = (name: Bilingual, value: string, note?: Bilingual) =>
    rows.push({ name: name[language], value, ...(note && { note: note[language] }) });
  const credits = receipt.tokens.some(({ kind }) => kind === 'credit');
  if (credits && receipt.energyWh === null) add(PAPER_WORDS.credit, taka(receipt.energyPaisa));
  if (receipt.energyWh !== null && receipt.energyWh > 0n) add(PAPER_WORDS.energy, units(formatKwh(receipt.energyWh)));
  // An estimate is cut to 0.01 kWh, as everywhere.
  const about = receipt.estimatedWh === null ? null : formatTaka(receipt.estimatedWh / 10n);
  if (about !== null) add(PAPER_WORDS.energy, units(about), PAPER_WORDS.estimate);
  if (receipt.arrearsLeftPaisa > 0n) add(PAPER_WORDS.arrearsLeft, taka(receipt.arrearsLeftPaisa));
  return rows;
}

/** Lakhs and crores in both languages, as people here count. */
const LOCALES: Readonly<Record<Language, string>> = { bn: 'bn-BD', en: 'en-IN' };

/** A decimal string in the digits of a language, with the decimals that it has. */
function number(decimal: string, language: Language): string {
  const digits = decimal.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat(LOCALES[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(decimal as Intl.StringNumericLiteral);
}

const money = (paisa: bigint, language: Language): string => number(formatTaka(paisa), language);

function moment(atMs: number, language: Language): string {
  const locale = language === 'bn' ? 'bn-BD' : 'en-GB';
  const format = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone: 'Asia/Dhaka' } as const;
  return new Intl.DateTimeFormat(locale, format).format(atMs);
}
