import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { formatInstant } from '@vend/kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { html, label, sendPage, type Html } from '../http/html';
import { ZodPipe } from '../http/zod.pipe';
import { PhoneInbox, type ReceivedSms } from './phone-inbox';
import { smsPartsReceived } from './sms-parts';

/** As a person writes it: 01700000000, +8801700000000 or 8801700000000; kept in the last form. */
const msisdn = z
  .string()
  .transform((text) => text.replace(/[\s-]/g, '').replace(/^\+?(?:88)?0/, '880'))
  .pipe(z.string().regex(/^8801[3-9]\d{8}$/));

const inboxQuestion = z.strictObject({
  msisdn,
  /** Only later ones: the id of the last SMS that the asker has seen, or an instant (RFC 3339). */
  after: z.union([z.number().int().min(0), z.iso.datetime({ offset: true })]).optional(),
});
const inboxForm = z.object({ msisdn });

interface ShownSms {
  id: number;
  at: string;
  text: string;
  parts: number;
}

/** The phones' inboxes. A phone number is asked for in a body, never in an address: addresses end up in logs. */
@Controller('phones')
export class PhonesController {
  constructor(private readonly inbox: PhoneInbox) {}

  @Post('messages')
  @HttpCode(200)
  messages(@Body(new ZodPipe(inboxQuestion)) { msisdn, after }: z.output<typeof inboxQuestion>): {
    messages: ShownSms[];
  } {
    const afterMs = typeof after === 'string' ? Date.parse(after) : 0;
    const afterId = typeof after === 'number' ? after : 0;
    const wanted = this.inbox.messages(msisdn).filter(({ id, atMs }) => id > afterId && atMs > afterMs);
    return { messages: wanted.map(shown) };
  }

  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, 'ফোনের ইনবক্স', 'Phone inbox', html`${searchForm()}${this.recent()}`);
  }

  @Post()
  @HttpCode(200)
  async search(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const form = inboxForm.safeParse(body);
    const found = form.success
      ? inboxOf(form.data.msisdn, this.inbox.messages(form.data.msisdn))
      : html`<p class="bad">${label('ফোন নম্বরটি সঠিক নয়', 'Not a mobile number: 01XXXXXXXXX')}</p>`;
    const known = form.success ? form.data.msisdn : '';
    const status = form.success ? 200 : 400;
    await sendPage(reply, 'ফোনের ইনবক্স', 'Phone inbox', html`${searchForm(known)}${found}${this.recent()}`, { status });
  }

  private recent(): Html {
    const phones = this.inbox.recentPhones(30).map((each) => {
      const messages = this.inbox.messages(each);
      return html`<tr>
        <td>
          <form method="post" action="/phones">
            <input type="hidden" name="msisdn" value="${each}" />
            <button class="plain">${each}</button>
          </form>
        </td>
        <td>${messages.length}</td>
        <td class="when">${formatInstant(messages.at(-1)!.atMs)}</td>
      </tr>`;
    });
    if (phones.length === 0) return html`<p>${label('এখনও কোনো এসএমএস আসেনি', 'No SMS has arrived yet')}</p>`;
    return html`<section class="card">
      <h2>${label('সর্বশেষ যেসব ফোনে এসএমএস এসেছে', 'Phones that received an SMS last')}</h2>
      <table>
        <tr>
          <th>${label('ফোন', 'Phone')}</th>
          <th>${label('এসএমএস', 'SMS')}</th>
          <th>${label('শেষ সময়', 'Last')}</th>
        </tr>
        ${phones}
      </table>
    </section>`;
  }
}

function shown({ id, atMs, text }: ReceivedSms): ShownSms {
  return { id, at: formatInstant(atMs), text, parts: smsPartsReceived(text) };
}

function searchForm(known = ''): Html {
  return html`<section class="card">
    <form method="post" action="/phones">
      <label
        >${label('মোবাইল নম্বর', 'Mobile number')}
        <input name="msisdn" value="${known}" inputmode="tel" required maxlength="20" placeholder="01700000000" />
      </label>
      <button>${label('দেখুন', 'Show')}</button>
    </form>
  </section>`;
}

function inboxOf(phone: string, messages: readonly ReceivedSms[]): Html {
  const items = [...messages].reverse().map((sms) => {
    const { at, text, parts } = shown(sms);
    return html`<article>
      <p class="when">${at} · ${label(`${parts} অংশ`, `${parts} part(s)`)}</p>
      <pre class="sms">${text}</pre>
    </article>`;
  });
  const nothing = html`<p>${label('কোনো এসএমএস নেই', 'No SMS')}</p>`;
  return html`<section class="card">
    <h2>${phone}</h2>
    ${items.length > 0 ? items : nothing}
  </section>`;
}
