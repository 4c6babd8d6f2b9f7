import type { FastifyReply } from 'fastify';
import { html, label, sendPage, type Html } from '../http/html';
import type { MeterWords } from './meter-words';
import type { MeterView } from './virtual-meters';

export interface MetersPage {
  readonly pans: readonly string[];
  /** The meter in hand; empty when none is chosen yet. */
  readonly pan: string;
  /** What has been typed so far. */
  readonly digits: string;
  readonly view?: MeterView;
  readonly unknown?: boolean;
  readonly answered?: { readonly display: string; readonly words: MeterWords };
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const LISTED_MAX = 60;

/** The page of the virtual meters: a keypad that works without scripts, each press a round trip. */
export async function sendMetersPage(reply: FastifyReply, page: MetersPage): Promise<void> {
  const body = html`${chooser(page)} ${page.view && keypad(page, page.view)} ${listOf(page.pans)}`;
  await sendPage(reply, 'পরীক্ষামূলক মিটার', 'Virtual meters', body, page.unknown && page.pan !== '' ? 404 : 200);
}

function chooser({ pan, unknown }: MetersPage): Html {
  return html`<section class="card">
    <form method="post" action="/meters">
      <label
        >${label('মিটার নম্বর', 'Meter number')}
        <input name="pan" value="${pan}" required inputmode="numeric" maxlength="18" size="20" />
      </label>
      <button name="key" value="show">${label('মিটার আনুন', 'Take this meter')}</button>
    </form>
    ${unknown && html`<p class="bad">${label('এমন মিটার নেই', 'There is no such meter')}</p>`}
  </section>`;
}

function keypad({ pan, digits, answered }: MetersPage, view: MeterView): Html {
  const typed = digits.replace(/(\d{4})(?=\d)/g, '$1 ');
  return html`<section class="card">
    <h2>${pan}</h2>
    <p class="display">${answered ? answered.display : typed || '– – – –'}</p>
    ${answered && html`<p>${label(answered.words.bn, answered.words.en)}</p>`}
    <form method="post" action="/meters">
      <input type="hidden" name="pan" value="${pan}" />
      <label
        >${label('২০ সংখ্যার টোকেন', '20-digit token')}
        <input name="digits" value="${digits}" inputmode="numeric" maxlength="40" size="28" autocomplete="off" />
      </label>
      <!-- First in the form, so that the Enter key of a keyboard means this button. -->
      <button name="key" value="enter">↵ ${label('প্রবেশ', 'Enter')}</button>
      <div class="keypad">
        ${KEYS.map((key) => html`<button name="key" value="${key}">${key}</button>`)}
        <button name="key" value="delete">⌫</button>
        <button name="key" value="0">0</button>
      </div>
    </form>
    <table>
      <tr>
        <th>${label('জমা আছে', 'Balance')}</th>
        <td>${view.balance.kwh} kWh · ${view.balance.taka} BDT</td>
      </tr>
      <tr>
        <th>${label('গৃহীত টোকেন', 'Tokens accepted')}</th>
        <td>${view.tokensAccepted}</td>
      </tr>
      <tr>
        <th>STS</th>
        <td>
          EA${view.attributes.ea} · SGC ${view.attributes.sgc} · KRN ${view.attributes.krn} · TI ${view.attributes.ti} ·
          ${view.attributes.baseDate}
        </td>
      </tr>
      ${
        view.keyChangeSections.length > 0 &&
        html`<tr>
          <th>${label('চাবি বদল চলছে: অংশ', 'Key change begun: parts')}</th>
          <td>${view.keyChangeSections.join(', ')}</td>
        </tr>`
      }
    </table>
  </section>`;
}

function listOf(pans: readonly string[]): Html {
  const buttons = pans.slice(0, LISTED_MAX).map(
    (pan) =>
      html`<form method="post" action="/meters">
        <input type="hidden" name="pan" value="${pan}" />
        <button class="plain" name="key" value="show">${pan}</button>
      </form>`,
  );
  return html`<section class="card">
    <h2>${label('সব মিটার', 'Meters')} (${pans.length})</h2>
    <div class="cards">${buttons}</div>
  </section>`;
}
