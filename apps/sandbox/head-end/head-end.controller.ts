import { Body, Controller, Get, HttpCode, Post, Put, Req, Res, type RawBodyRequest } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ZodPipe } from '../http/zod.pipe';
import { headEndFaultSetting, type HeadEndFaultSetting } from './head-end-faults';
import { HeadEndKeys } from './head-end-keys';
import { HeadEnd, loadOrder } from './head-end';

const question = z.object({ type: z.literal('meter-link.question'), loadId: z.string(), round: z.number().int() });

type Incoming = RawBodyRequest<FastifyRequest>;

/** The HTTP side of the head-end, profile `meter-link-http-v1`, and the switch for its faults. */
@Controller('head-end')
export class HeadEndController {
  constructor(
    private readonly headEnd: HeadEnd,
    private readonly keys: HeadEndKeys,
  ) {}

  @Get('faults')
  showFaults(): HeadEndFaultSetting {
    return this.headEnd.setting;
  }

  @Put('faults')
  setFaults(@Body(new ZodPipe(headEndFaultSetting)) setting: HeadEndFaultSetting): HeadEndFaultSetting {
    this.headEnd.setting = setting;
    return setting;
  }

  @Post('loads')
  @HttpCode(202)
  async load(@Req() request: Incoming, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const key = await this.keys.signer(request.headers, request.rawBody ?? Buffer.alloc(0));
    if (!key) return this.send(reply, 401, { code: 'signature-invalid' });
    const order = loadOrder.safeParse(body).data;
    if (!order) return this.send(reply, 400, { code: 'order-malformed' });
    switch (this.headEnd.setting.mode) {
      case 'down':
        reply.hijack();
        reply.raw.destroy();
        return;
      case 'busy':
        return this.send(reply, 429, { code: 'busy' });
      case 'refuse':
        return this.send(reply, 422, { code: 'meter-not-served' });
      case 'slow':
        await this.headEnd.workAndTell(key, order);
        await new Promise((resolve) => setTimeout(resolve, this.headEnd.setting.delayMs).unref());
        return this.send(reply, 202, { state: 'taken' });
      case 'lose-answer':
        // The socket stays open and silent until the caller gives up or the sandbox stops.
        reply.hijack();
        return this.headEnd.workAndTell(key, order);
      default:
        await this.send(reply, 202, { state: 'taken' });
        return this.headEnd.workAndTell(key, order);
    }
  }

  @Post('loads/status')
  @HttpCode(200)
  async status(@Req() request: Incoming, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const key = await this.keys.signer(request.headers, request.rawBody ?? Buffer.alloc(0));
    if (!key) return this.send(reply, 401, { code: 'signature-invalid' });
    const asked = question.safeParse(body).data;
    if (!asked) return this.send(reply, 400, { code: 'question-malformed' });
    if (this.headEnd.setting.mode === 'down') {
      reply.hijack();
      reply.raw.destroy();
      return;
    }
    const ended = this.headEnd.ended(asked.loadId, asked.round);
    if (!ended) return this.send(reply, 404, { code: 'load-unknown' });
    return this.send(reply, 200, await ended);
  }

  private async send(reply: FastifyReply, status: number, body: object): Promise<void> {
    await reply.status(status).send(body);
  }
}
