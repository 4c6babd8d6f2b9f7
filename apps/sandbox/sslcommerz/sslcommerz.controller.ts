import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodPipe } from '../http/zod.pipe';
import { payerAction, sendOn, sendPayPage, type PayerAction } from '../providers/pay-page';
import { answerAsPlayed } from '../providers/played-answer';
import { ProviderFaults } from '../providers/provider-faults';
import { ProvidersFile, type PlayedProvider } from '../providers/providers-file';
import type { SandboxErrorCode } from '../sandbox.errors';
import { Sslcommerz } from './sslcommerz';
import { SslcommerzSessions, type CardSession } from './sslcommerz-sessions';

type Fields = Readonly<Record<string, unknown>>;

/** SSLCommerz over HTTP: the merchant's server on one side, the payer's browser on the other. */
@Controller('sslcommerz')
export class SslcommerzController {
  constructor(
    private readonly providers: ProvidersFile,
    private readonly gateway: Sslcommerz,
    private readonly sessions: SslcommerzSessions,
    private readonly faults: ProviderFaults,
  ) {}

  @Post(':provider/gwprocess/v4/api.php')
  @HttpCode(200)
  async begin(
    @Param('provider') code: string,
    @Req() { headers }: FastifyRequest,
    @Body() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const provider = await this.find(code);
    const base = `http://${headers.host}`;
    await answerAsPlayed(this.faults, code, reply, () => this.gateway.begin(provider, base, fields ?? {}));
  }

  @Get(':provider/validator/api/validationserverAPI.php')
  async validate(@Param('provider') code: string, @Query() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    const provider = await this.find(code);
    await answerAsPlayed(this.faults, code, reply, () => this.gateway.validate(provider, fields), BUSY);
  }

  @Get(':provider/validator/api/merchantTransIDvalidationAPI.php')
  async transactions(
    @Param('provider') code: string,
    @Query() fields: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const provider = await this.find(code);
    await answerAsPlayed(this.faults, code, reply, () => this.gateway.transactions(provider, fields), BUSY);
  }

  @Get(':provider/pay/:sessionkey')
  async page(@Param('provider') code: string, @Param('sessionkey') key: string, @Res() reply: FastifyReply) {
    const { tranId: orderNo, reference, amountPaisa } = this.session(code, key);
    await sendPayPage(reply, { gateway: 'SSLCommerz', orderNo, reference, amountPaisa });
  }

  @Post(':provider/pay/:sessionkey')
  @HttpCode(200)
  async visit(
    @Param('provider') code: string,
    @Param('sessionkey') key: string,
    @Headers('accept') accept: string,
    @Body(new ZodPipe(payerAction)) { action }: { action: PayerAction },
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const provider = await this.find(code);
    await sendOn(reply, accept, await this.gateway.visit(provider, this.session(code, key), action));
  }

  private async find(code: string): Promise<PlayedProvider> {
    const found = await this.providers.find(code);
    if (found.profile !== 'sslcommerz-v4') throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }

  private session(code: string, sessionkey: string): CardSession {
    const found = this.sessions.find(code, sessionkey);
    if (!found) throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }
}

const BUSY = { APIConnect: 'INACTIVE', status: 'FAILED' };
