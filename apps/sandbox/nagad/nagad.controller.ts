import { Body, Controller, Get, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodPipe } from '../http/zod.pipe';
import { payerAction, sendOn, sendPayPage, type PayerAction } from '../providers/pay-page';
import { answerAsPlayed } from '../providers/played-answer';
import { ProviderFaults } from '../providers/provider-faults';
import { ProvidersFile, type PlayedProvider } from '../providers/providers-file';
import type { SandboxErrorCode } from '../sandbox.errors';
import { Nagad } from './nagad';
import { NagadPayments, type NagadPayment } from './nagad-payments';

type Fields = Readonly<Record<string, unknown>>;
const ERROR_IN_200 = { reason: 'SERVICE_UNAVAILABLE', message: 'Try again' };

/** Nagad over HTTP: the merchant's server on one side, the payer's browser on the other. */
@Controller('nagad/:provider')
export class NagadController {
  constructor(
    private readonly providers: ProvidersFile,
    private readonly nagad: Nagad,
    private readonly payments: NagadPayments,
    private readonly faults: ProviderFaults,
  ) {}

  @Post('api/dfs/check-out/initialize/:merchantId/:orderId')
  @HttpCode(200)
  async initialize(
    @Param() { provider, merchantId, orderId }: Readonly<Record<'provider' | 'merchantId' | 'orderId', string>>,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const row = await this.find(provider);
    const work = () => this.nagad.initialize(row, merchantId, orderId, body);
    await answerAsPlayed(this.faults, provider, reply, work, ERROR_IN_200);
  }

  @Post('api/dfs/check-out/complete/:id')
  @HttpCode(200)
  async complete(
    @Param() { provider, id }: Readonly<Record<'provider' | 'id', string>>,
    @Req() { headers }: FastifyRequest,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const row = await this.find(provider);
    const work = () => this.nagad.complete(row, id, `http://${headers.host}`, body);
    await answerAsPlayed(this.faults, provider, reply, work, ERROR_IN_200);
  }

  @Get('api/dfs/verify/payment/:id')
  async verify(
    @Param() { provider, id }: Readonly<Record<'provider' | 'id', string>>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const row = await this.find(provider);
    await answerAsPlayed(this.faults, provider, reply, () => this.nagad.verify(row, id), ERROR_IN_200);
  }

  @Get('pay/:id')
  async page(
    @Param() { provider, id }: Readonly<Record<'provider' | 'id', string>>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { orderId: orderNo, reference, amountPaisa } = this.payment(provider, id);
    await sendPayPage(reply, { gateway: 'Nagad', orderNo, reference, amountPaisa });
  }

  @Post('pay/:id')
  @HttpCode(200)
  async visit(
    @Param() { provider, id }: Readonly<Record<'provider' | 'id', string>>,
    @Headers('accept') accept: string,
    @Body(new ZodPipe(payerAction)) { action }: { action: PayerAction },
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendOn(reply, accept, await this.nagad.visit(this.payment(provider, id), action));
  }

  private async find(code: string): Promise<PlayedProvider> {
    const found = await this.providers.find(code);
    if (found.profile !== 'nagad-checkout-v1') throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }

  private payment(code: string, id: string): NagadPayment {
    const found = this.payments.find(code, id);
    if (!found) throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }
}
