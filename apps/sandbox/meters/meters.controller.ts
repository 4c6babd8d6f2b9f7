import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import type { MeterAnswer } from '@vend/sts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ZodPipe } from '../http/zod.pipe';
import { sendMetersPage } from './meters.page';
import { METER_WORDS } from './meter-words';
import { VirtualMeters, type MeterView } from './virtual-meters';

const panParameter = z.string().regex(/^\d{18}$/);
const tokenEntry = z.strictObject({ digits: z.string().max(64) });

/** One press on the page's keypad: a digit, "delete", or "enter" with what stands in the field. */
const keypadForm = z.object({
  pan: z.string().trim().max(32),
  digits: z
    .string()
    .max(64)
    .default('')
    .transform((text) => text.replace(/[^\d]/g, '').slice(0, 20)),
  key: z.string().max(6).default('enter'),
});

export interface EntryAnswer {
  readonly result: string;
  readonly credited: { readonly amount: string; readonly unit: 'kWh' | 'BDT' } | null;
  readonly balance: MeterView['balance'];
  readonly display: string;
}

/** The virtual meters: a keypad for machines, and one for people. */
@Controller('meters')
export class MetersController {
  constructor(private readonly meters: VirtualMeters) {}

  @Post(':pan/tokens')
  @HttpCode(200)
  async enter(
    @Param('pan', new ZodPipe(panParameter)) pan: string,
    @Body(new ZodPipe(tokenEntry)) { digits }: z.output<typeof tokenEntry>,
  ): Promise<EntryAnswer> {
    const answer = await this.meters.enter(pan, digits);
    const credited = creditedBy(answer);
    const { balance } = await this.meters.view(pan);
    return { result: METER_WORDS[answer.result].code, credited, balance, display: displayOf(answer) };
  }

  @Get(':pan')
  view(@Param('pan', new ZodPipe(panParameter)) pan: string): Promise<MeterView> {
    return this.meters.view(pan);
  }

  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await sendMetersPage(reply, { pans: await this.meters.pans(), pan: '', digits: '' });
  }

  @Post()
  @HttpCode(200)
  async press(
    @Body(new ZodPipe(keypadForm)) form: z.output<typeof keypadForm>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { pan, digits, key } = form;
    const pans = await this.meters.pans();
    const view = await this.viewOrNothing(pan);
    if (!view || key === 'show') return sendMetersPage(reply, { pans, pan, digits: '', view, unknown: !view });
    if (/^\d$/.test(key)) return sendMetersPage(reply, { pans, pan, view, digits: (digits + key).slice(0, 20) });
    if (key === 'delete') return sendMetersPage(reply, { pans, pan, view, digits: digits.slice(0, -1) });
    const answer = await this.meters.enter(pan, digits);
    const words = METER_WORDS[answer.result];
    const after = await this.meters.view(pan);
    return sendMetersPage(reply, {
      pans,
      pan,
      view: after,
      digits: '',
      answered: { display: displayOf(answer), words },
    });
  }

  private async viewOrNothing(pan: string): Promise<MeterView | undefined> {
    try {
      return await this.meters.view(pan);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'meter-unknown') return undefined;
      throw error;
    }
  }
}

function creditedBy({ credited }: MeterAnswer): EntryAnswer['credited'] {
  return credited ? { amount: credited.text, unit: credited.subclass === 4 ? 'BDT' : 'kWh' } : null;
}

/** What the meter's own small display would show. */
function displayOf(answer: MeterAnswer): string {
  const { display } = METER_WORDS[answer.result];
  const credited = creditedBy(answer);
  return credited ? `${display} ${credited.amount} ${credited.unit}` : display;
}
