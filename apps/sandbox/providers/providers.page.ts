import { html, label, type Html } from '../http/html';
import { PROVIDER_FAULTS, type ProviderFault } from './provider-faults';

/** A company as the list shows it; amounts in Taka. */
export interface CompanyOnPage {
  readonly code: string;
  readonly name: string;
  readonly profile: string;
  readonly payments: number;
  readonly taken: string;
  readonly reversed: string;
  /** The probabilities that are set. */
  readonly faults: Readonly<Partial<Record<ProviderFault, number>>>;
  readonly playable: readonly ProviderFault[];
}

/** Every company with what it took and gave back, and a form for its faults. */
export function providersTable(companies: readonly CompanyOnPage[]): Html {
  return html`${companies.map(card)}`;
}

function card({ code, name, profile, payments, taken, reversed, faults, playable }: CompanyOnPage): Html {
  const set = Object.entries(faults).filter(([, probability]) => probability > 0);
  return html`<section class="card">
    <h2>${name || code} <span class="when">${code} · ${profile}</span></h2>
    <p>
      ${label('পেমেন্ট', 'Payments')}: ${payments} · ${label('নেওয়া টাকা', 'Taken')}: ${taken} ·
      ${label('ফেরত', 'Given back')}: ${reversed} ·
      <a href="/providers/${code}/statement">${label('আজকের বিবরণী', 'Today’s statement')}</a>
    </p>
    ${set.map(([fault, probability]) => html`<p class="bad">${fault}: ${probability}</p>`)}
    <form method="post" action="/providers">
      <input type="hidden" name="code" value="${code}" />
      <label
        >${label('সমস্যা', 'Trouble')}
        <select name="fault">
          ${playable.map((fault) => html`<option value="${fault}">${fault}: ${PROVIDER_FAULTS[fault].en}</option>`)}
        </select></label
      >
      <label
        >${label('সম্ভাবনা', 'Probability')}
        <input name="probability" type="number" min="0" max="1" step="0.01" value="0.1" />
      </label>
      <button>${label('বদলান', 'Change')}</button>
    </form>
  </section>`;
}
