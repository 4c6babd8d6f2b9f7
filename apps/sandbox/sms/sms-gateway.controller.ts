import { Body, Controller, Get, HttpCode, Post, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ZodPipe } from '../http/zod.pipe';
import {
  bulkBody,
  dynamicBody,
  refusal,
  singleBody,
  SmsAggregator,
  type AskedSms,
  type SmsAnswer,
} from './sms-aggregator';
import { SmsFaults, smsFaultSetting, type SmsFaultSetting } from './sms-faults';

const HTML_PAGE = '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';

/** The HTTP side of the SMS gateway, and the switch for its faults. Answers HTTP 200 whatever happened, as the provider does. */
@Controller('sms')
export class SmsGatewayController {
  constructor(
    private readonly aggregator: SmsAggregator,
    private readonly faults: SmsFaults,
  ) {}

  @Get('faults')
  showFaults(): SmsFaultSetting {
    return this.faults.current;
  }

  @Put('faults')
  setFaults(@Body(new ZodPipe(smsFaultSetting)) setting: SmsFaultSetting): SmsFaultSetting {
    this.faults.set(setting);
    return this.faults.current;
  }

  @Post('api/v3/send-sms')
  @HttpCode(200)
  sendOne(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const parsed = singleBody.safeParse(body);
    if (!parsed.success) return this.play(reply, () => Promise.resolve(refusal(4004)));
    const { api_token, sid, msisdn, sms, csms_id } = parsed.data;
    return this.play(reply, () => this.take(api_token, sid, [{ msisdn, text: sms, csms_id }]));
  }

  /** One text to many phones; the batch's id stands for each of its messages, told apart by their place. */
  @Post('api/v3/send-sms/bulk')
  @HttpCode(200)
  sendBulk(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const parsed = bulkBody.safeParse(body);
    if (!parsed.success) return this.play(reply, () => Promise.resolve(refusal(4004)));
    const { api_token, sid, msisdn, sms, batch_csms_id } = parsed.data;
    const asked = msisdn.map((each, place) => ({ msisdn: each, text: sms, csms_id: `${batch_csms_id}-${place}` }));
    return this.play(reply, () => this.take(api_token, sid, asked));
  }

  @Post('api/v3/send-sms/dynamic')
  @HttpCode(200)
  sendDynamic(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const parsed = dynamicBody.safeParse(body);
    if (!parsed.success) return this.play(reply, () => Promise.resolve(refusal(4004)));
    const { api_token, sid, sms } = parsed.data;
    return this.play(reply, () => this.take(api_token, sid, sms));
  }

  private take(apiToken: string, sid: string, asked: readonly AskedSms[]): Promise<SmsAnswer> {
    return this.aggregator.take(
      apiToken,
      sid,
      asked,
      () => this.faults.current.mode === 'partial' && this.faults.hits(),
    );
  }

  /** Answers a call through the fault of the moment. */
  private async play(reply: FastifyReply, work: () => Promise<SmsAnswer>): Promise<void> {
    const fault = this.faults.ofCall();
    switch (fault) {
      case 'down':
        reply.hijack();
        reply.raw.destroy();
        return;
      case 'html':
        await reply.status(502).type('text/html').send(HTML_PAGE);
        return;
      case 'throttle':
        await reply.send(refusal(4029));
        return;
      case 'timeout-after-accept':
        await work();
        // The socket stays open and silent until the caller gives up or the sandbox stops.
        reply.hijack();
        return;
      case 'slow': {
        const answer = await work();
        await new Promise((resolve) => setTimeout(resolve, this.faults.current.delayMs).unref());
        await reply.send(answer);
        return;
      }
      default:
        await reply.send(await work());
    }
  }
}
