import { formatKwh } from '@vend/kernel';
import type { Bilingual } from '@vend/tariff';
import type { VendAmounts, VendRecord } from '../recharge';

/** One part of a vend that was not priced, in words; as a quote's lines, they add up to the gross. */
export interface VendLine {
  readonly code: string;
  /** Plus: what was paid for. Minus: what came to the customer's help. */
  readonly amountPaisa: bigint;
  readonly label: Bilingual;
  readonly why: Bilingual;
}

type Part = readonly [amount: keyof VendAmounts, code: string, sign: 1n | -1n, label: Bilingual];

const PARTS: readonly Part[] = [
  ['feePaisa', 'fee', 1n, { en: 'Service fee', bn: 'সেবা ফি' }],
  ['vatPaisa', 'vat', 1n, { en: 'VAT', bn: 'ভ্যাট' }],
  ['arrearsPaisa', 'arrears', 1n, { en: 'Arrears', bn: 'বকেয়া' }],
  ['energyPaisa', 'energy', 1n, { en: 'Energy', bn: 'বিদ্যুৎ' }],
  ['grantedPaisa', 'granted', -1n, { en: 'Not charged', bn: 'মূল্য নেওয়া হয়নি' }],
  ['depositPaisa', 'deposit', -1n, { en: 'Deposit', bn: 'জামানত' }],
  ['remainderInPaisa', 'remainder-used', -1n, { en: 'Carried in', bn: 'আগের জমা' }],
  ['remainderOutPaisa', 'remainder-carried', 1n, { en: 'Carried forward', bn: 'পরের বারের জমা' }],
];

/**
 * The lines of a vend that was not priced as a recharge is: each part that is not zero, with its reason.
 *
 * @example vendLines(vend).reduce((sum, line) => sum + line.amountPaisa, 0n) === vend.amounts.grossPaisa
 */
export function vendLines(vend: VendRecord): VendLine[] {
  return PARTS.flatMap(([amount, code, sign, label]) => {
    const amountPaisa = sign * vend.amounts[amount];
    return amountPaisa === 0n ? [] : [{ code, amountPaisa, label, why: whyOf(code, vend) }];
  });
}

function whyOf(code: string, { kind, detail, energyWh }: VendRecord): Bilingual {
  const text = (name: string) => String(detail?.[name] ?? '');
  if (code === 'energy' && energyWh !== null) {
    return { en: `${formatKwh(energyWh)} kWh`, bn: `${formatKwh(energyWh)} ইউনিট` };
  }
  if (code === 'granted' && kind === 'free-issue') {
    return { en: `given free: ${text('reason')}`, bn: `বিনামূল্যে দেওয়া: ${text('reason')}` };
  }
  if (code === 'granted') {
    const meter = text('oldMeterNo');
    return { en: `paid for before, at meter ${meter}`, bn: `আগে পরিশোধিত, মিটার ${meter}` };
  }
  return { en: text('what'), bn: text('whatBn') || text('what') };
}
