import type { CheckoutStatus } from '@vend/checkout';
import { formatTaka } from '@vend/kernel';
import { UNKNOWN_ORDER, wordsOf } from './words';

/** Where a payer ends up. It has no token, no name and no phone number on it: who has the link has the link. */

/** How soon the page looks again while the end is not known. */
const AGAIN_SECONDS = 4;

export const RESULT_STYLE = `
body { font: 1.05rem/1.6 'Noto Sans Bengali', 'Noto Sans', system-ui, sans-serif; max-width: 32rem; margin: 2rem auto; padding: 0 1rem; color: #1b2733; background: #f4f6f8; }
main { background: #fff; border-radius: .75rem; padding: 1.5rem; border-top: .5rem solid #8595a6; box-shadow: 0 1px 4px #0002; }
main.good { border-color: #1a7f4b; } main.wait { border-color: #f2a900; } main.bad { border-color: #b3261e; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 .75rem; } h1 small { display: block; font-size: 1rem; font-weight: 500; color: #51606f; }
p { margin: .5rem 0; } p[lang=en] { color: #3c4a58; font-size: .95rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 1.25rem 0 0; padding-top: 1rem; border-top: 1px solid #dde3e9; } dt { color: #51606f; } dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
`;

/**
 * The page of an order, in both languages, the payer's first.
 *
 * @param status undefined: no order of ours
 */
export function resultPage(status: CheckoutStatus | undefined): string {
  const words = status ? wordsOf(status.standing) : UNKNOWN_ORDER;
  const language = status?.order.language ?? 'bn';
  const other = language === 'bn' ? 'en' : 'bn';
  const again = status && !words.final ? `<meta http-equiv="refresh" content="${AGAIN_SECONDS}">` : '';
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${again}
<meta name="robots" content="noindex"><title>${words.title[language]} · ${words.title[other]}</title>
<link rel="stylesheet" href="/checkout/page.css"></head><body>
<main class="${words.tone}" role="status">
<h1>${words.title[language]}<small lang="${other}">${words.title[other]}</small></h1>
<p lang="${language}">${words[language]}</p>
<p lang="${other}">${words[other]}</p>
${status ? facts(status) : ''}<p><a href="/my/${status ? `#o=${status.order.orderNo}` : ''}">${status ? TO_PAYMENT : TO_PAGE}</a></p></main></body></html>
`;
}

const TO_PAGE = 'আমার বিদ্যুৎ <small lang="en">My electricity</small>';
/** There, and only to who is in, the receipt and the token. */
const TO_PAYMENT = 'আমার পাতায় দেখুন <small lang="en">See it on my page</small>';

/** Of the order alone what is ours: its number's letters and the amount's digits need no escaping. */
function facts({ order }: CheckoutStatus): string {
  return `<dl><dt>পেমেন্ট নম্বর <small lang="en">Payment</small></dt><dd>${order.orderNo}</dd>
<dt>টাকা <small lang="en">Taka</small></dt><dd>${formatTaka(order.amountPaisa)}</dd></dl>
`;
}
