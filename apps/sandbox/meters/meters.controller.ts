import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import type { MeterAnswer } from '@vend/sts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ZodPipe } from '../http/zod.pipe';
import { Keypads } from './keypads';
import { sendMetersPage } from './meters.page';
import { METER_WORDS } from './meter-words';
import { SHORT_CODES, shortCode } from './short-codes';
import { VirtualMeters, type MeterView } from './virtual-meters';

const panParameter = z.string().regex(/^\d{18}$/);
const tokenEntry = z.strictObject({ digits: z.string().max(64) });
const codeEntry = z.strictObject({ code: z.string().max(8) });
const watts = z.coerce.number().int().min(0).max(100_000);
const houseEvent = z.union([
  z.strictObject({ loadW: watts }),
  z.strictObject({ kwh: z.number().int().min(1).max(1_000) }),
  z.strictObject({ taka: z.number().int().min(1).max(100_000) }),
  z.strictObject({ tamper: z.literal(true) }),
]);

/** As many keypads as fit on a screen side by side. */
const WALL_MAX = 6;

/** One press on a keypad of the page: a digit, "delete", "enter" with what stands in the field, or something in the house. */
const keypadForm = z.object({
  pan: z.string().trim().max(32),
  digits: z
    .string()
    .max(64)
    .default('')
    .transform((text) => text.replace(/[^\d]/g, '').slice(0, 20)),
  key: z.string().max(8).default('enter'),
  watts: watts.catch(0),
  /** The meters that hang on the page already, by commas. */
  wall: z
    .string()
    .max(200)
    .default('')
    .transform((text) => text.split(',').filter((pan) => /^\d{18}$/.test(pan))),
});
type KeypadForm = z.output<typeof keypadForm>;

export interface EntryAnswer {
  readonly result: string;
  readonly credited: { readonly amount: string; readonly unit: 'kWh' | 'BDT' } | null;
  readonly balance: MeterView['balance'];
  readonly display: string;
}

/** The virtual meters: a keypad for machines, and one for people. */
@Controller('meters')
export class MetersController {
  private readonly keypads = new Keypads();

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

  /** Reads the display by a short code: 801 balance, 889 last sequence … */
  @Post(':pan/codes')
  @HttpCode(200)
  async code(
    @Param('pan', new ZodPipe(panParameter)) pan: string,
    @Body(new ZodPipe(codeEntry)) { code }: z.output<typeof codeEntry>,
  ): Promise<{ display: string }> {
    return { display: shortCode(code, await this.meters.view(pan)) ?? METER_WORDS.Format.display };
  }

  /** Something happens in the house: `{"loadW":1500}`, `{"kwh":1}`, `{"taka":10}`, `{"tamper":true}`. */
  @Post(':pan/house')
  @HttpCode(200)
  house(
    @Param('pan', new ZodPipe(panParameter)) pan: string,
    @Body(new ZodPipe(houseEvent)) event: z.output<typeof houseEvent>,
  ): Promise<MeterView> {
    return this.meters.happen(pan, 'tamper' in event ? 'tamper' : event);
  }

  @Get(':pan')
  view(@Param('pan', new ZodPipe(panParameter)) pan: string): Promise<MeterView> {
    return this.meters.view(pan);
  }

  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await this.send(reply, [], '');
  }

  @Post()
  @HttpCode(200)
  async press(@Body(new ZodPipe(keypadForm)) form: KeypadForm, @Res() reply: FastifyReply): Promise<void> {
    const { pan, key, wall } = form;
    const known = await this.viewOrNothing(pan);
    if (key === 'away' || !known) return this.send(reply, wall.filter((each) => each !== pan), known ? '' : pan); // prettier-ignore
    if (/^\d$/.test(key) || key === 'delete') this.keypads.press(pan, form.digits, key);
    else if (key !== 'show') await this.act(form);
    const hung = wall.includes(pan) ? wall : [...wall, pan].slice(-WALL_MAX);
    return this.send(reply, hung, '');
  }

  private async act({ pan, key, digits, watts: loadW }: KeypadForm): Promise<void> {
    if (key === 'tamper') await this.meters.happen(pan, 'tamper');
    else if (key === 'load') await this.meters.happen(pan, { loadW });
    else if (key === 'kwh') await this.meters.happen(pan, { kwh: 1 });
    else if (key === 'taka') await this.meters.happen(pan, { taka: 10 });
    else await this.enterTyped(pan, digits);
  }

  private async enterTyped(pan: string, digits: string): Promise<void> {
    const asked = shortCode(digits, await this.meters.view(pan));
    if (asked !== undefined) {
      const { bn, en } = SHORT_CODES[digits]!;
      return this.keypads.show(pan, { display: asked, bn, en, good: true });
    }
    const answer = await this.meters.enter(pan, digits);
    const { bn, en, code } = METER_WORDS[answer.result];
    const good = code === 'accepted' || code.startsWith('key-change-');
    this.keypads.show(pan, { display: displayOf(answer), bn, en, good });
  }

  private async send(reply: FastifyReply, wall: readonly string[], unknown: string): Promise<void> {
    const views = (await Promise.all(wall.map((pan) => this.viewOrNothing(pan)))).filter((view) => view !== undefined);
    const meters = views.map((view) => ({ view, keypad: this.keypads.of(view.pan) }));
    await sendMetersPage(reply, { pans: await this.meters.pans(), meters, unknown });
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
