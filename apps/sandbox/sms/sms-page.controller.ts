import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { html, Html, label, sendPage } from '../http/html';
import { ZodPipe } from '../http/zod.pipe';
import { SMS_FAULT_MODES, SmsFaults, smsFaultSetting, type SmsFaultMode } from './sms-faults';

const faultForm = z.object({ mode: z.enum(SMS_FAULT_MODES), rate: z.coerce.number().min(0).max(1) });

const MEANING: Readonly<Record<SmsFaultMode, readonly [bn: string, en: string]>> = {
  none: ['সব ঠিক আছে', 'Healthy'],
  down: ['বন্ধ: সংযোগ কেটে যায়', 'Down: the connection breaks'],
  html: ['এইচটিএমএল পাতা ফেরত দেয়', 'Answers with an HTML page'],
  'timeout-after-accept': ['গ্রহণ করে কিন্তু উত্তর দেয় না', 'Accepts, then never answers'],
  throttle: ['ধীরে পাঠাতে বলে (৪০২৯)', 'Says to slow down (4029)'],
  partial: ['কিছু বার্তা ব্যর্থ হয় (৫০০০)', 'Some messages fail (5000)'],
  slow: ['দেরিতে উত্তর দেয়', 'Answers late'],
};

/** The plain page on which a person switches the SMS gateway's faults. */
@Controller('sms')
export class SmsPageController {
  constructor(private readonly faults: SmsFaults) {}

  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, 'এসএমএস গেটওয়ে', 'SMS gateway', this.form());
  }

  @Post()
  @HttpCode(200)
  async change(
    @Body(new ZodPipe(faultForm)) form: z.output<typeof faultForm>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.faults.set(smsFaultSetting.parse(form));
    await this.page(reply);
  }

  private form(): Html {
    const { mode, rate } = this.faults.current;
    const choices = SMS_FAULT_MODES.map(
      (each) =>
        html`<option value="${each}" ${mode === each && new Html('selected')}>${MEANING[each].join(' / ')}</option>`,
    );
    return html`<section class="card">
      <h2>${label('এখন', 'Now')}: ${label(...MEANING[mode])}</h2>
      <form method="post" action="/sms">
        <label
          >${label('আচরণ', 'Behaviour')}
          <select name="mode">
            ${choices}
          </select></label
        >
        <label
          >${label('কত অংশ', 'Share of calls')}
          <input name="rate" type="number" min="0" max="1" step="0.05" value="${rate}" />
        </label>
        <button>${label('বদলান', 'Change')}</button>
      </form>
    </section>`;
  }
}
