import { formatKwh, formatTaka, type Paisa, type WattHours } from '@vend/kernel';
import { energyParts } from './curve';
import type { MonthCharge, Quote, QuoteLine, QuoteLineCode } from './quote';
import type { Bilingual } from './tariff';
import { monthsInWords, sameForAll, scaled } from './words';

/**
 * The receipt lines of a quote in their order, each with its reason in Bangla and English, digits in ASCII and the
 * English in GSM 7-bit characters. A component that is absent has no line. The amounts add up to the gross, with the
 * sign convention of `QuoteLine`.
 *
 * @example quoteLines(quote)[0] // { code: 'vat', amountPaisa: 4762n, label: { en: 'VAT', ... }, why: { en: '5 % inside Tk 1000.00: ...
 */
export function quoteLines(quote: Quote): QuoteLine[] {
  const lines: QuoteLine[] = [];
  const add = (code: QuoteLineCode, amountPaisa: Paisa, label: Bilingual, why: (quote: Quote) => Bilingual) => {
    if (amountPaisa !== 0n) lines.push({ code, amountPaisa, label, why: why(quote) });
  };
  add('arrears', quote.arrearsPaisa, { bn: 'বকেয়া', en: 'Arrears' }, whyArrears);
  add('vat', quote.vatPaisa, { bn: 'ভ্যাট', en: 'VAT' }, whyVat);
  add('meter-rent', quote.rentPaisa, { bn: 'মিটার ভাড়া', en: 'Meter rent' }, whyRent);
  add('demand-charge', quote.demandPaisa, { bn: 'ডিমান্ড চার্জ', en: 'Demand charge' }, whyDemand);
  add('power-factor', quote.pfcPaisa, { bn: 'পাওয়ার ফ্যাক্টর সারচার্জ', en: 'Power factor surcharge' }, () => WHY_PFC);
  add('penalty', quote.penaltyPaisa, { bn: 'জরিমানা', en: 'Penalty' }, () => WHY_PENALTY);
  add('adjustment', quote.adjustmentPaisa, { bn: 'মূল্যহার সমন্বয়', en: 'Tariff adjustment' }, whyAdjustment);
  add('rebate', -quote.rebatePaisa, { bn: 'রিবেট', en: 'Rebate' }, whyRebate);
  add('lifeline-credit', -quote.lifelineCreditPaisa, { bn: 'লাইফলাইন ফেরত', en: 'Lifeline credit' }, whyLifeline);
  add('remainder-used', -quote.remainderInPaisa, { bn: 'আগের জমা', en: 'Brought forward' }, () => WHY_USED);
  add('energy', quote.energyPaisa, labelEnergy(quote), whyEnergy);
  add('remainder-carried', quote.remainderOutPaisa, { bn: 'পরের বারের জমা', en: 'Carried forward' }, () => WHY_CARRIED);
  return lines;
}

const WHY_PFC: Bilingual = {
  bn: 'শেষ রিডিংয়ে গড় পাওয়ার ফ্যাক্টর 0.95-এর কম',
  en: 'average power factor below 0.95 at the last reading',
};
const WHY_PENALTY: Bilingual = { bn: 'ধার্য করা জরিমানা', en: 'penalty assessed earlier' };
const WHY_USED: Bilingual = {
  bn: 'আগের রিচার্জের যে টাকায় টোকেনের একটি ধাপও হয়নি',
  en: "left from earlier recharges, less than a token's step",
};
const WHY_CARRIED: Bilingual = {
  bn: 'টোকেনের এক ধাপের চেয়ে কম; পরের রিচার্জে যোগ হবে',
  en: "less than a token's step; added to the next recharge",
};

function whyArrears({ basis, grossPaisa }: Quote): Bilingual {
  const left = formatTaka(basis.arrearsLeftPaisa);
  const plan = basis.arrearsPlan;
  if (plan?.kind === 'percent') {
    const percent = scaled(plan.percentBp, 2);
    return {
      bn: `কিস্তি চুক্তি: ${formatTaka(grossPaisa)} টাকার ${percent} %, সীমার মধ্যে; বাকি ${left} টাকা`,
      en: `plan: ${percent} % of Tk ${formatTaka(grossPaisa)}, within its limits; Tk ${left} left`,
    };
  }
  const monthly = formatTaka(plan?.monthlyPaisa ?? 0n);
  return {
    bn: `কিস্তি চুক্তি: মাসে ${monthly} টাকা, সীমার মধ্যে; বাকি ${left} টাকা`,
    en: `plan: Tk ${monthly} a month, within its limits; Tk ${left} left`,
  };
}

function whyVat({ basis, grossPaisa, arrearsPaisa }: Quote): Bilingual {
  const percent = basis.vatPercent;
  const base = formatTaka(grossPaisa - arrearsPaisa);
  const without = arrearsPaisa === 0n;
  return {
    bn: `${base} টাকার ভেতরে ${percent} % (${percent}/${100n + percent} অংশ)${without ? '' : ', বকেয়া বাদে'}`,
    en: `${percent} % inside Tk ${base} (${percent}/${100n + percent} of it)${without ? '' : ', arrears left out'}`,
  };
}

function whyRent({ basis }: Quote): Bilingual {
  const charged = basis.charges.filter((charge) => charge.rentPaisa > 0n);
  const months = monthsInWords(charged.map((charge) => charge.month));
  const rate = sameForAll(charged, (charge) => charge.rentPaisa);
  const phase = basis.phase;
  const ratePart = rate === null ? { bn: '', en: '' } : perMonth(rate, charged.length);
  return {
    bn: `${phase === 1 ? 'সিঙ্গেল ফেজ' : 'থ্রি ফেজ'} মিটার${ratePart.bn}: ${months.bn}`,
    en: `${phase === 1 ? 'single-phase' : 'three-phase'} meter${ratePart.en}: ${months.en}`,
  };
}

function perMonth(ratePaisa: Paisa, count: number): Bilingual {
  const rate = formatTaka(ratePaisa);
  return { bn: `, ${rate} টাকা × ${count} মাস`, en: `, Tk ${rate} x ${count} month${count === 1 ? '' : 's'}` };
}

function whyDemand({ basis }: Quote): Bilingual {
  const charged = basis.charges.filter((charge) => charge.demandPaisa > 0n);
  const parts = demandRuns(charged).map((run) => {
    const load = scaled(run[0]!.sanctionedW ?? basis.sanctionedW, 3);
    const rate = formatTaka(run[0]!.demandPaisaPerKw);
    const months = monthsInWords(run.map((charge) => charge.month));
    const count = run.length;
    return {
      bn: `${rate} টাকা × ${load} কিলোওয়াট × ${count} মাস: ${months.bn}`,
      en: `Tk ${rate} x ${load} kW x ${count} month${count === 1 ? '' : 's'}: ${months.en}`,
    };
  });
  return { bn: parts.map((part) => part.bn).join('; '), en: parts.map((part) => part.en).join('; ') };
}

/** Neighbouring months with one rate and one load together: idle months may reach over a change of either. */
function demandRuns(charges: readonly MonthCharge[]): MonthCharge[][] {
  const runs: MonthCharge[][] = [];
  for (const charge of charges) {
    const last = runs.at(-1);
    const same = last?.[0]!.demandPaisaPerKw === charge.demandPaisaPerKw && last[0].sanctionedW === charge.sanctionedW;
    if (last && same) last.push(charge);
    else runs.push([charge]);
  }
  return runs;
}

function whyRebate(quote: Quote): Bilingual {
  const { basis, grossPaisa, vatPaisa, arrearsPaisa, rentPaisa } = quote;
  const percent = scaled(basis.rebate.percentBp, 2);
  const divisor = basis.rebate.divisorBp === 10_000n ? '' : ` / ${scaled(basis.rebate.divisorBp, 4)}`;
  const base = formatTaka(basis.rebateBasePaisa);
  const rent = rentPaisa === 0n ? '' : formatTaka(rentPaisa);
  const arrears = arrearsPaisa === 0n ? '' : formatTaka(arrearsPaisa);
  const [gross, vat, rebate] = [grossPaisa, vatPaisa, quote.rebatePaisa].map(formatTaka);
  const lessBn = `${rent && ` - ভাড়া ${rent}`}${arrears && ` - বকেয়া ${arrears}`}`;
  const lessEn = `${rent && ` - rent ${rent}`}${arrears && ` - arrears ${arrears}`}`;
  return {
    bn: `${base} টাকার ${percent} %${divisor} = ${rebate} (${gross} - ভ্যাট ${vat}${lessBn})`,
    en: `${percent} % of Tk ${base}${divisor} = ${rebate} (${gross} - VAT ${vat}${lessEn})`,
  };
}

function whyLifeline({ basis }: Quote): Bilingual {
  const credit = basis.lifelineCredit;
  if (credit === null) return { bn: '', en: '' };
  const month = monthsInWords([credit.month]);
  const [sold, slab, lifeline] = [
    formatKwh(credit.soldWh),
    formatTaka(credit.slabPaisaPerKwh),
    formatTaka(credit.lifelinePaisaPerKwh),
  ];
  return {
    bn: `${month.bn}: ${sold} kWh × (${slab} - ${lifeline}) টাকা; মাসটি লাইফলাইনের মধ্যে ছিল`,
    en: `${month.en}: ${sold} kWh x (${slab} - ${lifeline}); the month stayed within the lifeline`,
  };
}

function whyAdjustment({ basis, adjustmentPaisa }: Quote): Bilingual {
  const left = basis.adjustmentLeftPaisa;
  const due = formatTaka(adjustmentPaisa + left);
  if (adjustmentPaisa < 0n) {
    const back = formatTaka(-adjustmentPaisa);
    return {
      bn: `পূর্ব থেকে কার্যকর মূল্যহারে আগের রিচার্জের ${back} টাকা ফেরত`,
      en: `Tk ${back} back for earlier recharges under a retroactive tariff`,
    };
  }
  return {
    bn: `পূর্ব থেকে কার্যকর মূল্যহারে আগের রিচার্জের পাওনা ${due} টাকা; বাকি ${formatTaka(left)} টাকা`,
    en: `Tk ${due} due for earlier recharges under a retroactive tariff; Tk ${formatTaka(left)} left`,
  };
}

function labelEnergy(quote: Quote): Bilingual {
  return quote.energyWh === null ? { bn: 'মিটারের ব্যালেন্স', en: 'Meter credit' } : { bn: 'বিদ্যুতের দাম', en: 'Energy' };
}

function whyEnergy(quote: Quote): Bilingual {
  if (quote.energyWh === null) return whyCredit(quote);
  const { basis, energyWh } = quote;
  const parts = basis.curve ? energyParts(basis.curve, basis.soldBeforeWh, energyWh) : [];
  const sum = parts.map((part) => `${formatKwh(part.wh)} kWh x ${formatTaka(part.ratePaisaPerKwh)}`).join(' + ');
  const repricedMilli = parts.reduce((total, part) => total + part.repriceMilliPaisa, 0n);
  const repriced = repricedMilli === 0n ? '' : formatTaka(repricedMilli / 1000n);
  const before = basis.soldBeforeWh === 0n ? '' : kwh(basis.soldBeforeWh);
  const beforeBn = before && `, এ মাসে আগে কেনা ${before}-এর পর`;
  const beforeEn = before && `, after ${before} sold this month`;
  return {
    bn: `${sum.replaceAll('kWh x', 'kWh ×')}${repriced && ` + লাইফলাইন পেরোনোয় পুনর্মূল্যায়ন ${repriced}`}${beforeBn}`,
    en: `${sum}${repriced && ` + ${repriced} repricing past the lifeline`}${beforeEn}`,
  };
}

function whyCredit({ estimatedWh }: Quote): Bilingual {
  if (estimatedWh === null) return { bn: 'বাকি সবটাই মিটারে জমা', en: 'all the rest is credited to the meter' };
  return {
    bn: `বাকি সবটাই মিটারে জমা; আনুমানিক ${kwh(estimatedWh)}`,
    en: `all the rest is credited to the meter; about ${kwh(estimatedWh)} (estimate)`,
  };
}

function kwh(energyWh: WattHours): string {
  return `${formatKwh(energyWh)} kWh`;
}
