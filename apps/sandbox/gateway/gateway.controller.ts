import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { formatInstant } from '@vend/kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { html, Html, label, sendPage } from '../http/html';
import { ZodPipe } from '../http/zod.pipe';
import { MobileMoney, type PaymentStory, type Step } from './mobile-money';
import { Partners } from './partners';
import {
  callbackOrder,
  paymentOrder,
  statusQuestion,
  type CallbackOrder,
  type PaymentOrder,
  type StatusQuestion,
} from './payment-order';

const TROUBLES = {
  none: ['কোনো সমস্যা নেই', 'No trouble', {}],
  lost: ['প্রথম উত্তর হারিয়ে যায়', 'The first answer is lost', { loseFirstAnswer: true }],
  repeat: ['পাঁচবার একই অনুরোধ', 'The same call five times', { repeat: 4 }],
  parallel: ['একসাথে পঞ্চাশবার', 'Fifty times at once', { repeat: 49, parallel: true }],
} as const;

const blankIsAbsent = z
  .string()
  .trim()
  .transform((text) => text || undefined);
const payForm = z.object({
  provider: z.string(),
  reference: z.string().trim(),
  amount: z.string().trim(),
  payerMobile: blankIsAbsent,
  trouble: z.enum(['none', 'lost', 'repeat', 'parallel']),
});

/** The mobile-money gateway: orders for machines as JSON, and a plain page for people. */
@Controller('gateway')
export class GatewayController {
  constructor(
    private readonly mobileMoney: MobileMoney,
    private readonly partners: Partners,
  ) {}

  @Post('payments')
  @HttpCode(200)
  pay(@Body(new ZodPipe(paymentOrder)) order: PaymentOrder): Promise<PaymentStory> {
    return this.mobileMoney.pay(order);
  }

  @Post('status')
  @HttpCode(200)
  status(@Body(new ZodPipe(statusQuestion)) question: StatusQuestion): Promise<PaymentStory> {
    return this.mobileMoney.status(question);
  }

  @Post('callbacks')
  @HttpCode(200)
  callBack(@Body(new ZodPipe(callbackOrder)) order: CallbackOrder): ReturnType<MobileMoney['callBack']> {
    return this.mobileMoney.callBack(order);
  }

  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, 'মোবাইল ব্যাংকিং', 'Mobile money', await this.form());
  }

  @Post()
  @HttpCode(200)
  async payFromPage(
    @Body(new ZodPipe(payForm)) form: z.output<typeof payForm>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { trouble, ...wanted } = form;
    const story = await this.mobileMoney.pay(paymentOrder.parse({ ...wanted, faults: TROUBLES[trouble][2] }));
    const body = html`${await this.form(form)}${storyOnPage(story)}`;
    await sendPage(reply, 'মোবাইল ব্যাংকিং', 'Mobile money', body);
  }

  private async form(known: Partial<z.output<typeof payForm>> = {}): Promise<Html> {
    const option = (value: string, text: string, chosen: boolean): Html =>
      html`<option value="${value}" ${chosen && new Html('selected')}>${text}</option>`;
    const providers = (await this.partners.all()).map(({ code, name }) =>
      option(code, name || code, code === known.provider),
    );
    const troubles = Object.entries(TROUBLES).map(([key, [bn, en]]) =>
      option(key, `${bn} / ${en}`, key === known.trouble),
    );
    return html`<section class="card">
      <form method="post" action="/gateway">
        <label
          >${label('সেবা', 'Provider')}
          <select name="provider">
            ${providers}
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
          >${label('দাতার মোবাইল', 'Payer’s mobile')}
          <input name="payerMobile" value="${known.payerMobile}" inputmode="tel" maxlength="20" />
        </label>
        <label
          >${label('সমস্যা', 'Trouble')}
          <select name="trouble">
            ${troubles}
          </select></label
        >
        <button>${label('বিল দিন', 'Pay')}</button>
      </form>
    </section>`;
  }
}

const OUTCOMES: Readonly<Record<PaymentStory['outcome'], readonly [bn: string, en: string]>> = {
  vended: ['টোকেন পাওয়া গেছে', 'Vended'],
  pending: ['টাকা গৃহীত, টোকেন আসছে', 'Accepted, token pending'],
  refused: ['প্রত্যাখ্যাত', 'Refused'],
  unknown: ['অজানা: কেউ উত্তর দেয়নি', 'Unknown: nobody answered'],
};

const shownTokens = z.object({ tokens: z.array(z.object({ digits: z.string() })) });

function storyOnPage(story: PaymentStory): Html {
  const tokens = shownTokens.safeParse(story.answer).data?.tokens ?? [];
  return html`<section class="card">
    <h2>${label(...OUTCOMES[story.outcome])}</h2>
    <p>
      ${label('লেনদেন নম্বর', 'Transaction')}: ${story.transactionId}
      <span class="when">${formatInstant(Date.now())}</span>
    </p>
    ${tokens.map(({ digits }) => html`<p class="display">${digits.replace(/(\d{4})(?=\d)/g, '$1 ')}</p>`)}
    ${story.answersAgree ? undefined : html`<p class="bad">${label('উত্তরগুলো ভিন্ন!', 'The answers differ!')}</p>`}
    <div class="wide">
      <table>
        <tr>
          <th>${label('ধাপ', 'Step')}</th>
          <th>${label('যা দেখা গেছে', 'Seen')}</th>
          <th>ms</th>
          <th>${label('উত্তর', 'Answer')}</th>
        </tr>
        ${story.steps.map(stepOnPage)}
      </table>
    </div>
  </section>`;
}

function stepOnPage(step: Step): Html {
  const answered = step.seen === 'answer';
  return html`<tr>
    <td>${step.step} ${step.attempt > 1 && `(${step.attempt})`}</td>
    <td>${answered ? `HTTP ${step.httpStatus}` : step.seen}</td>
    <td>${step.tookMs}</td>
    <td><pre>${answered && JSON.stringify(step.answer, null, 1)}</pre></td>
  </tr>`;
}
