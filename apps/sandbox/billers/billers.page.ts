import { formatInstant } from '@vend/kernel';
import { Html, html, label } from '../http/html';
import type { ProviderFault } from '../providers/provider-faults';
import type { PlayedProvider } from '../providers/providers-file';
import type { CompanyOutcome, CompanyStep, CompanyStory } from './company-story';

/** What people may try from the page; machines may order any fault. */
export const TROUBLES: Readonly<Record<string, { bn: string; en: string; faults: readonly ProviderFault[] }>> = {
  none: { bn: 'কোনো সমস্যা নেই', en: 'No trouble', faults: [] },
  lost: { bn: 'প্রথম উত্তর হারিয়ে যায়', en: 'The first answer is lost', faults: ['answer-lost'] },
  page: { bn: 'উত্তরের জায়গায় ভুল পাতা আসে', en: 'An error page in place of the answer', faults: ['html-page'] },
  repeat: { bn: 'একই পেমেন্ট আবার আসে', en: 'The same payment comes again', faults: ['pay-repeated'] },
  parallel: { bn: 'একই পেমেন্ট একসাথে আসে', en: 'The same payment several times at once', faults: ['pay-in-parallel'] },
  changed: { bn: 'একই আইডিতে অন্য টাকা', en: 'The same id with other money', faults: ['amount-changed-on-repeat'] },
  leaves: { bn: 'গ্রাহক টাকা না দিয়ে চলে যান', en: 'The payer leaves', faults: ['payer-leaves'] },
};

interface Known {
  readonly provider: string;
  readonly reference: string;
  readonly amount: string;
  readonly trouble: string;
}

/** The form: which company, which meter, how much, and what goes wrong. */
export function billerForm(companies: readonly PlayedProvider[], known: Partial<Known> = {}): Html {
  const option = (value: string, text: string, chosen: boolean): Html =>
    html`<option value="${value}" ${chosen && new Html('selected')}>${text}</option>`;
  return html`<section class="card">
    <form method="post" action="/billers">
      <label
        >${label('কোম্পানি', 'Company')}
        <select name="provider">
          ${companies.map(({ code, name, profile }) =>
            option(code, `${name || code} · ${profile}`, code === known.provider),
          )}
        </select></label
      >
      <label
        >${label('মিটার বা গ্রাহক নম্বর', 'Meter or customer number')}
        <input name="reference" value="${known.reference}" required inputmode="numeric" maxlength="64" />
      </label>
      <label
        >${label('টাকা', 'Taka')}
        <input name="amount" value="${known.amount ?? '500.00'}" required inputmode="decimal" maxlength="40" />
      </label>
      <label
        >${label('সমস্যা', 'Trouble')}
        <select name="trouble">
          ${Object.entries(TROUBLES).map(([name, { bn, en }]) => option(name, `${bn} / ${en}`, name === known.trouble))}
        </select></label
      >
      <button>${label('বিল দিন', 'Pay')}</button>
    </form>
  </section>`;
}

const OUTCOMES: Readonly<Record<CompanyOutcome, readonly [bn: string, en: string]>> = {
  vended: ['রিচার্জ হয়েছে', 'Recharged'],
  pending: ['টাকা গৃহীত, রিচার্জ হচ্ছে', 'Accepted, recharge in progress'],
  refused: ['রিচার্জ হয়নি', 'Not recharged'],
  unknown: ['অজানা: কোম্পানি আবার জিজ্ঞেস করছে', 'Unknown: the company goes on asking'],
};

/** What happened, step by step, with the very answers. */
export function storyOnPage(told: CompanyStory['told']): Html {
  const money = !told.taken
    ? label('গ্রাহকের টাকা নেওয়া হয়নি।', 'No money was taken from the payer.')
    : told.reversed
      ? label('গ্রাহকের টাকা ফেরত দেওয়া হয়েছে।', 'The payer has the money back.')
      : label('গ্রাহকের টাকা নেওয়া হয়েছে।', 'The payer’s money was taken.');
  return html`<section class="card">
    <h2>${label(...OUTCOMES[told.outcome])}</h2>
    <p>${money}</p>
    <p>${label('লেনদেন নম্বর', 'Transaction')}: ${told.key} <span class="when">${formatInstant(Date.now())}</span></p>
    ${told.tokens.map((digits) => html`<p class="display">${digits.replace(/(\d{4})(?=\d)/g, '$1 ')}</p>`)}
    ${!told.answersAgree && html`<p class="bad">${label('উত্তরগুলো ভিন্ন!', 'The answers differ!')}</p>`}
    <div class="wide">
      <table>
        <tr>
          <th>${label('ধাপ', 'Step')}</th>
          <th>${label('যা দেখা গেছে', 'Seen')}</th>
          <th>${label('অর্থ', 'Means')}</th>
          <th>ms</th>
          <th>${label('উত্তর', 'Answer')}</th>
        </tr>
        ${told.steps.map(stepOnPage)}
      </table>
    </div>
  </section>`;
}

function stepOnPage(step: CompanyStep): Html {
  const answered = step.seen === 'answer';
  return html`<tr>
    <td>${step.step} ${step.attempt > 1 && `(${step.attempt})`}</td>
    <td>${answered ? `HTTP ${step.httpStatus}` : step.seen}</td>
    <td>${step.meaning} ${step.code ?? ''}</td>
    <td>${step.tookMs}</td>
    <td><pre>${answered && step.body}</pre></td>
  </tr>`;
}
