import { formatInstant, formatTaka, type InstantMs, type Paisa } from '@vend/kernel';
import { csvLine } from '@vend/tables';
import type { Break } from './breaks';
import { BUCKETS, type Bucket } from './match/classify';
import type { Total } from './match/day-totals';
import { sumOfSide, type SettlementDay } from './settlement';

const BUCKET_WORDS: Readonly<Record<Bucket | 'bank-differs', readonly [bn: string, en: string]>> = {
  matched: ['মিলেছে', 'Matched'],
  'ours-only': ['শুধু আমাদের খাতায়', 'Ours only'],
  'theirs-only': ['শুধু প্রোভাইডারের খাতায়', 'Theirs only'],
  'amount-differs': ['টাকার অঙ্ক ভিন্ন', 'Amount differs'],
  duplicate: ['একাধিকবার', 'Duplicate'],
  reversed: ['ফেরত নেওয়া', 'Reversed'],
  'bank-differs': ['ব্যাংকের অঙ্ক ভিন্ন', 'Bank differs'],
};
const STATE_WORDS: Readonly<Record<Break['state'], readonly [bn: string, en: string]>> = {
  OPEN: ['খোলা', 'Open'],
  CLAIMED: ['দাবি করা', 'Claimed'],
  SETTLED: ['নিষ্পন্ন', 'Settled'],
  HEALED: ['নিজেই মিটেছে', 'Healed'],
};

/** What a report is made of. */
export interface ReportOf {
  readonly day: SettlementDay;
  /** The company's name, for people. */
  readonly name: string;
  /** Breaks of the day that did not heal; many more are a count. */
  readonly breaks: readonly Break[];
  readonly moreBreaks: boolean;
  readonly at: InstantMs;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const safe = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign]!);
const both = ([bn, en]: readonly [string, string]) => `${bn} <small lang="en">${en}</small>`;
const money = (paisa: Paisa) => `<td class="n">${formatTaka(paisa)}</td>`;

/**
 * The day of a provider as a page to print, in Bangla and English: both sides by bucket, adding up to the paisa, batches
 * with commission, VAT and what the bank has, and the breaks.
 *
 * @example await reply.type('text/html').send(htmlReport({ day, name: provider.name, breaks, moreBreaks: false, at }))
 */
export function htmlReport({ day, name, breaks, moreBreaks, at }: ReportOf): string {
  const more = moreBreaks ? '<p>আরও আছে; CSV দেখুন। <small lang="en">There are more; see the CSV.</small></p>' : '';
  return `<!doctype html>
<html lang="bn"><head><meta charset="utf-8"><title>${safe(day.provider)} ${day.day}</title><style>${STYLE}</style></head><body>
<h1>মিলকরণ প্রতিবেদন <small lang="en">Reconciliation report</small></h1>
<p><b>${safe(name)}</b> (${safe(day.provider)}) · <b>${day.day}</b> · মেলানো হয়েছে <small lang="en">compared</small> ${formatInstant(day.matchedAt)}</p>
${bucketTable(day.totals)}
${batchTable(day)}
${breakTable(breaks)}${more}
<p class="foot">ছাপা <small lang="en">printed</small> ${formatInstant(at)} · টাকা <small lang="en">amounts in Taka</small></p>
<p class="sign"><span>প্রস্তুতকারী <small lang="en">Prepared by</small></span><span>অনুমোদনকারী <small lang="en">Approved by</small></span></p>
</body></html>
`;
}

function bucketTable(totals: readonly Total[]): string {
  const rows = BUCKETS.map((bucket) => {
    const own = totals.filter((total) => total.bucket === bucket);
    const [ours, theirs] = [sumOfSide(own, 'ours'), sumOfSide(own, 'theirs')];
    return `<tr><th>${both(BUCKET_WORDS[bucket])}</th><td class="n">${ours.count}</td>${money(ours.amountPaisa)}<td class="n">${theirs.count}</td>${money(theirs.amountPaisa)}</tr>`;
  });
  const [ours, theirs] = [sumOfSide(totals, 'ours'), sumOfSide(totals, 'theirs')];
  return `<table><thead><tr><th></th><th colspan="2">আমাদের খাতা <small lang="en">Our books</small></th><th colspan="2">প্রোভাইডারের হিসাব <small lang="en">Their statement</small></th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
<tfoot><tr><th>মোট <small lang="en">Total</small></th><td class="n">${ours.count}</td>${money(ours.amountPaisa)}<td class="n">${theirs.count}</td>${money(theirs.amountPaisa)}</tr></tfoot></table>`;
}

function batchTable({ batches }: SettlementDay): string {
  if (batches.length === 0) return '';
  const rows = batches.map((batch) => {
    const net = batch.amountPaisa - batch.feePaisa;
    const credited = [...batch.credited.values()].reduce((sum, paisa) => sum + paisa, 0n);
    return `<tr><th>${safe(batch.batch)}</th>${[batch.amountPaisa, batch.feePaisa, net, batch.vatPaisa, credited, credited - net].map(money).join('')}</tr>`;
  });
  return `<h2>ব্যাচ ও ব্যাংক <small lang="en">Batches and bank</small></h2>
<table><thead><tr><th>ব্যাচ <small lang="en">Batch</small></th><th>মোট <small lang="en">Gross</small></th><th>কমিশন <small lang="en">Commission</small></th><th>প্রাপ্য <small lang="en">Net</small></th><th>এর ভ্যাট <small lang="en">VAT in it</small></th><th>ব্যাংকে <small lang="en">In the bank</small></th><th>পার্থক্য <small lang="en">Difference</small></th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function breakTable(breaks: readonly Break[]): string {
  if (breaks.length === 0) return '<p class="well">কোনো গরমিল নেই। <small lang="en">No breaks.</small></p>';
  const rows = breaks.map(
    (it) =>
      `<tr><th>${safe(it.trxId)}</th><td>${both(BUCKET_WORDS[it.bucket])}</td>${money(it.oursPaisa)}${money(it.theirsPaisa)}<td>${both(STATE_WORDS[it.state])}</td></tr>`,
  );
  return `<h2>গরমিল <small lang="en">Breaks</small></h2>
<table><thead><tr><th>লেনদেন <small lang="en">Transaction</small></th><th></th><th>আমাদের <small lang="en">Ours</small></th><th>তাদের <small lang="en">Theirs</small></th><th>অবস্থা <small lang="en">State</small></th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

const STYLE = `
@page { size: A4; margin: 14mm } body { font: 10.5pt/1.45 'Noto Sans Bengali', 'Noto Sans', sans-serif; color: #111; max-width: 190mm; margin: 1rem auto; padding: 0 .5rem }
h1 { font-size: 15pt; margin: 0 0 .3rem } h2 { font-size: 12pt; margin: 1.1rem 0 .3rem } small { color: #555; font-size: 85% }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #999; padding: .2rem .45rem; text-align: left; font-weight: 400 }
thead th, tfoot th, tfoot td { font-weight: 600; background: #eef1f4 } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tbody th { word-break: break-all } .foot { color: #555 } .well { border-left: 3px solid #2c7a3f; padding-left: .6rem }
.sign { display: flex; gap: 20mm; margin-top: 16mm } .sign span { flex: 1; border-top: 1px solid #111; padding-top: .2rem }`;

/** The same as CSV, with every break there is. */
export async function* csvReport(
  { totals, batches }: SettlementDay,
  breaks: AsyncIterable<readonly Break[]>,
): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(['part', 'side', 'name', 'batch', 'count', 'ours', 'theirs', 'fee', 'vat', 'state'])}`;
  for (const { side, bucket, batch, count, amountPaisa, feePaisa, vatPaisa } of totals) {
    const [taka, fee, vat] = [amountPaisa, feePaisa, vatPaisa].map(formatTaka);
    const [ours, theirs] = side === 'ours' ? [taka!, ''] : ['', taka!];
    yield csvLine(['total', side, bucket, batch, String(count), ours, theirs, fee!, vat!, '']);
  }
  for (const { batch, amountPaisa, feePaisa, vatPaisa, credited } of batches) {
    for (const [account, paisa] of credited) {
      yield csvLine(['bank', '', account, batch, '', '', formatTaka(paisa), '', '', '']);
    }
    const [net, fee, vat] = [amountPaisa - feePaisa, feePaisa, vatPaisa].map(formatTaka);
    yield csvLine(['batch', '', '', batch, '', net!, '', fee!, vat!, '']);
  }
  for await (const page of breaks) {
    for (const { trxId, bucket, batch, oursPaisa, theirsPaisa, state } of page) {
      const [ours, theirs] = [formatTaka(oursPaisa), formatTaka(theirsPaisa)];
      yield csvLine(['break', bucket, trxId, batch, '1', ours, theirs, '', '', state]);
    }
  }
}
