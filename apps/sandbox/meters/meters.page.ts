import type { FastifyReply } from 'fastify';
import { html, label, sendPage, type Html } from '../http/html';
import type { Keypad } from './keypads';
import { SHORT_CODES, type OffCause } from './short-codes';
import type { MeterView } from './virtual-meters';

export interface MetersPage {
  readonly pans: readonly string[];
  /** Those on the page's wall, side by side. */
  readonly meters: readonly { readonly view: MeterView; readonly keypad: Keypad }[];
  /** What was asked for and is no meter; '' for nothing. */
  readonly unknown: string;
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const LISTED_MAX = 60;
const LOADS_W = [0, 500, 1_500, 3_000, 6_000];

const OFF: Readonly<Record<Exclude<OffCause, null>, readonly [string, string]>> = {
  tamper: ['বিদ্যুৎ বন্ধ: মিটার খোলা হয়েছে', 'Off: the cover was opened'],
  overload: ['বিদ্যুৎ বন্ধ: লোড বেশি', 'Off: too much load'],
  'no-credit': ['বিদ্যুৎ বন্ধ: ব্যালেন্স নেই', 'Off: no credit'],
};

/** The page of the virtual meters: keypads that work without scripts, each press a round trip. */
export async function sendMetersPage(reply: FastifyReply, page: MetersPage): Promise<void> {
  const wall = page.meters.map(({ view }) => view.pan).join(',');
  const body = html`${chooser(page.unknown, wall)}
    <div class="wall">${page.meters.map((meter) => meterOf(meter, wall))}</div>
    ${page.meters.length > 0 && codes()} ${listOf(page.pans, wall)}`;
  await sendPage(reply, 'পরীক্ষামূলক মিটার', 'Virtual meters', body, { status: page.unknown === '' ? 200 : 404 });
}

function chooser(unknown: string, wall: string): Html {
  return html`<section class="card">
    <form method="post" action="/meters">
      <input type="hidden" name="wall" value="${wall}" />
      <label
        >${label('মিটার নম্বর', 'Meter number')}
        <input name="pan" value="${unknown}" required inputmode="numeric" maxlength="18" size="20" />
      </label>
      <button name="key" value="show">${label('মিটার আনুন', 'Take this meter')}</button>
    </form>
    ${unknown !== '' && html`<p class="bad" role="alert">${label('এমন মিটার নেই', 'There is no such meter')}</p>`}
  </section>`;
}

type ShownMeter = MetersPage['meters'][number];

function meterOf({ view, keypad }: ShownMeter, wall: string): Html {
  const { typed, shown } = keypad;
  const { pan } = view;
  const lamp = view.off === null ? label('বিদ্যুৎ আছে', 'On') : label(...OFF[view.off]);
  return html`<section class="card meter" aria-label="${pan}">
    <h2>${pan}</h2>
    <p class="display" role="status">${shown ? shown.display : typed.replace(/(\d{4})(?=\d)/g, '$1 ') || '– – – –'}</p>
    <p class="${shown && !shown.good ? 'said bad' : 'said'}">${shown ? label(shown.bn, shown.en) : ''}</p>
    <p class="lamp ${view.off === null ? 'on' : 'off'}">${lamp}</p>
    <form method="post" action="/meters">
      <input type="hidden" name="wall" value="${wall}" />
      <input type="hidden" name="pan" value="${pan}" />
      <label
        >${label('২০ সংখ্যার টোকেন বা ৩ সংখ্যার কোড', '20-digit token, or a code of 3 digits')}
        <input name="digits" value="${typed}" inputmode="numeric" maxlength="40" size="24" autocomplete="off" />
      </label>
      <!-- First in the form, so that the Enter key of a keyboard means this button. -->
      <button name="key" value="enter">↵ ${label('প্রবেশ', 'Enter')}</button>
      <div class="keypad">
        ${KEYS.map((key) => html`<button name="key" value="${key}">${key}</button>`)}
        <button name="key" value="delete" aria-label="delete">⌫</button>
        <button name="key" value="0">0</button>
      </div>
    </form>
    ${house(view, wall)} ${facts(view)}
  </section>`;
}

/** What a person does in the house, and not on the meter. */
function house({ pan, loadW }: MeterView, wall: string): Html {
  return html`<form class="house" method="post" action="/meters">
    <input type="hidden" name="wall" value="${wall}" />
    <input type="hidden" name="pan" value="${pan}" />
    <label
      >${label('লোড', 'Load')}
      <select name="watts">
        ${LOADS_W.map((each) => html`<option value="${each}" ${each === loadW && 'selected'}>${each} W</option>`)}
      </select>
    </label>
    <button name="key" value="load">${label('চালান', 'Switch on')}</button>
    <button name="key" value="kwh">−1 kWh</button>
    <button name="key" value="taka">−10 BDT</button>
    <button name="key" value="tamper">${label('ঢাকনা খুলুন', 'Open the cover')}</button>
    <button class="plain" name="key" value="away">${label('সরান', 'Take away')}</button>
  </form>`;
}

function facts(view: MeterView): Html {
  const { attributes, balance, keyChangeSections, limitW, loadW } = view;
  return html`<table>
    <tr>
      <th>${label('জমা আছে', 'Balance')}</th>
      <td>${balance.kwh} kWh · ${balance.taka} BDT</td>
    </tr>
    <tr>
      <th>${label('গৃহীত টোকেন', 'Tokens accepted')}</th>
      <td>${view.tokensAccepted}</td>
    </tr>
    <tr>
      <th>${label('লোড', 'Load')}</th>
      <td>${loadW} W${limitW !== null && html` · ${label('সর্বোচ্চ', 'at most')} ${limitW} W`}</td>
    </tr>
    <tr>
      <th>${label('ঢাকনা', 'Cover')}</th>
      <td>${view.tampered ? label('খোলা হয়েছে', 'was opened') : label('বন্ধ', 'closed')}</td>
    </tr>
    <tr>
      <th>STS</th>
      <td>
        EA${attributes.ea} · SGC ${attributes.sgc} · KRN ${attributes.krn} · TI ${attributes.ti} ·
        ${attributes.baseDate}
      </td>
    </tr>
    ${
      keyChangeSections.length > 0 &&
      html`<tr>
        <th>${label('চাবি বদল চলছে: অংশ', 'Key change begun: parts')}</th>
        <td>${keyChangeSections.join(', ')}</td>
      </tr>`
    }
  </table>`;
}

function codes(): Html {
  const rows = Object.entries(SHORT_CODES).map(
    ([code, { bn, en }]) =>
      html`<tr>
        <th>${code}</th>
        <td>${label(bn, en)}</td>
      </tr>`,
  );
  return html`<section class="card">
    <h2>${label('ছোট কোড', 'Short codes')}</h2>
    <table>
      ${rows}
    </table>
  </section>`;
}

function listOf(pans: readonly string[], wall: string): Html {
  const buttons = pans.slice(0, LISTED_MAX).map(
    (pan) =>
      html`<form method="post" action="/meters">
        <input type="hidden" name="wall" value="${wall}" />
        <input type="hidden" name="pan" value="${pan}" />
        <button class="plain" name="key" value="show">${pan}</button>
      </form>`,
  );
  return html`<section class="card">
    <h2>${label('সব মিটার', 'Meters')} (${pans.length})</h2>
    <div class="cards">${buttons}</div>
  </section>`;
}
