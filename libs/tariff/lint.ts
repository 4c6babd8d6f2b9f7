import { lintRates } from './lint-rates';
import type { FeeSchedule, RebateProfile, RechargeLimits, TariffClass, TariffVersion } from './tariff';

/** A finding in tariff data: an `error` refuses the book, a `warning` asks a person to look at the source again. */
export interface LintFinding {
  readonly severity: 'error' | 'warning';
  /** `version/class`, so that the place can be found. */
  readonly where: string;
  readonly problem: string;
  /** The same in Bangla. */
  readonly problemBn: string;
}

const WHOLE_BP = 10_000n;

/**
 * What is wrong or odd in a version: negative or zero rates, slabs with gaps, days out of order; and, as warnings,
 * time-of-use rates that do not stand in the usual ratio to the flat one (MONEY.md 3).
 *
 * @example lintVersion(version2020).map((finding) => finding.where) // ['bd-retail-2020-03/HT-4', ...]
 */
export function lintVersion(version: TariffVersion): LintFinding[] {
  const { error, warn, findings } = findingsAt(version.id);
  if (version.vatPercent < 0n || version.vatPercent > 100n)
    error('VAT outside 0 to 100 %', 'ভ্যাট ০ থেকে ১০০ %-এর বাইরে');
  if (version.meterRentPaisa[1] < 0n || version.meterRentPaisa[3] < 0n)
    error('meter rent below zero', 'মিটার ভাড়া শূন্যের নিচে');
  lintDays(version, error);
  if (version.endsOn !== null && version.publishedOn !== null && version.publishedOn >= version.endsOn) {
    error('published when it had ended: it would never be in force', 'মেয়াদ শেষ হওয়ার পরে প্রকাশিত: কখনো কার্যকর হবে না');
  }
  if (version.classes.size === 0) error('no classes', 'কোনো গ্রাহক শ্রেণি নেই');
  const retroactive = version.publishedOn !== null && version.publishedOn > version.effectiveFrom;
  if (version.policy === 'adjust_at_next_vend' && !retroactive) {
    warn(
      'adjust_at_next_vend, but not published after it takes effect: there is nothing to adjust',
      'adjust_at_next_vend, কিন্তু কার্যকরের পরে প্রকাশিত নয়: সমন্বয়ের কিছু নেই',
    );
  }
  if (retroactive && version.policy === 'from_next_vend') {
    warn(
      'published after it takes effect: recharges in between keep their price (from_next_vend)',
      'কার্যকরের পরে প্রকাশিত: মাঝের রিচার্জের দাম বদলাবে না (from_next_vend)',
    );
  }
  for (const tariffClass of version.classes.values()) findings.push(...lintClass(version.id, tariffClass));
  return findings;
}

function lintClass(versionId: string, tariffClass: TariffClass): LintFinding[] {
  const { error, warn, findings } = findingsAt(`${versionId}/${tariffClass.code}`);
  const { demandPaisaPerKw } = tariffClass;
  if (demandPaisaPerKw !== null && demandPaisaPerKw < 0n) error('demand charge below zero', 'ডিমান্ড চার্জ শূন্যের নিচে');
  if (demandPaisaPerKw === null)
    warn('no demand charge: the class cannot be priced', 'ডিমান্ড চার্জ নেই: এই শ্রেণির দাম হিসাব করা যাবে না');
  const { errors, warnings } = lintRates(tariffClass.code, tariffClass.rates);
  for (const { en, bn } of errors) error(en, bn);
  for (const { en, bn } of warnings) warn(en, bn);
  return findings;
}

/** A rebate without a divisor, or outside 0 to 100 %, is refused. */
export function lintRebateProfile(profile: RebateProfile): LintFinding[] {
  const { error, warn, findings } = findingsAt(profile.id);
  if (profile.divisorBp <= 0n) error('a rebate without a divisor above zero', 'রেয়াতের ভাজক শূন্যের বেশি নয়');
  else if (profile.divisorBp < WHOLE_BP)
    warn('a divisor below 1 raises the rebate above its percentage', '১-এর কম ভাজক রেয়াতকে তার শতকরা হারের বেশি করে');
  if (profile.percentBp < 0n || profile.percentBp > WHOLE_BP)
    error('a rebate outside 0 to 100 %', 'রেয়াত ০ থেকে ১০০ %-এর বাইরে');
  if (profile.divisorBp > 0n && profile.percentBp > profile.divisorBp)
    error('a rebate above the whole bill', 'রেয়াত পুরো বিলের চেয়ে বেশি');
  lintDays(profile, error);
  return findings;
}

/** Limits that leave no amount, or steps that are none, are refused. */
export function lintRechargeLimits(limits: RechargeLimits): LintFinding[] {
  const { error, findings } = findingsAt(limits.id);
  lintDays(limits, error);
  for (const [level, maximum] of Object.entries(limits.levelMaximumPaisa)) {
    if (maximum <= 0n) error(`${level}: a maximum that is not above zero`, `${level}: সর্বোচ্চ সীমা শূন্যের বেশি নয়`);
  }
  for (const [channel, { minimumPaisa, maximumPaisa, stepPaisa }] of Object.entries(limits.channels)) {
    if (minimumPaisa < 0n) error(`${channel}: a minimum below zero`, `${channel}: সর্বনিম্ন সীমা শূন্যের নিচে`);
    if (stepPaisa <= 0n) error(`${channel}: a step that is not above zero`, `${channel}: ধাপ শূন্যের বেশি নয়`);
    if (maximumPaisa !== null && maximumPaisa < minimumPaisa)
      error(`${channel}: the maximum is under the minimum`, `${channel}: সর্বোচ্চ সীমা সর্বনিম্নের কম`);
  }
  return findings;
}

/** Negative fees or deposits, and VAT outside 0 to 100 %, are refused; a fee that is not printed is worth a look. */
export function lintFeeSchedule(schedule: FeeSchedule): LintFinding[] {
  const { error, warn, findings } = findingsAt(schedule.id);
  lintDays(schedule, error);
  if (schedule.vatPercent < 0n || schedule.vatPercent > 100n)
    error('VAT outside 0 to 100 %', 'ভ্যাট ০ থেকে ১০০ %-এর বাইরে');
  for (const [name, row] of schedule.fees) {
    const fees = Object.values(row);
    if (fees.some((fee) => fee !== null && fee < 0n)) error(`${name}: a fee below zero`, `${name}: ফি শূন্যের নিচে`);
    if (fees.includes(null))
      warn(`${name}: a level without a fee; it will be refused`, `${name}: একটি স্তরের ফি নেই; সেখানে নেওয়া যাবে না`);
  }
  for (const { classes, upToKw, paisaPerKw } of schedule.deposits) {
    const which = classes.join(', ');
    if (classes.length === 0) error('a deposit for no class', 'জামানত কোনো শ্রেণির জন্য নয়');
    if (paisaPerKw < 0n) error(`${which}: a deposit below zero`, `${which}: জামানত শূন্যের নিচে`);
    if (upToKw !== null && upToKw <= 0)
      error(`${which}: a load limit that is not above zero`, `${which}: লোডের সীমা শূন্যের বেশি নয়`);
  }
  return findings;
}

function lintDays(
  dated: { effectiveFrom: string; endsOn: string | null },
  error: (problem: string, problemBn: string) => void,
): void {
  if (dated.endsOn !== null && dated.endsOn <= dated.effectiveFrom) error('ends before it begins', 'শুরুর আগেই শেষ');
}

function findingsAt(where: string) {
  const findings: LintFinding[] = [];
  const add = (severity: LintFinding['severity']) => (problem: string, problemBn: string) =>
    void findings.push({ severity, where, problem, problemBn });
  return { findings, error: add('error'), warn: add('warning') };
}
