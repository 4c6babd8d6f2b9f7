import { Body, Controller, Get, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodPipe } from '../http/zod.pipe';
import { answerAsPlayed, type PlayedAnswer } from '../providers/played-answer';
import { payerAction, sendOn, sendPayPage, type PayerAction } from '../providers/pay-page';
import { ProviderFaults } from '../providers/provider-faults';
import { ProvidersFile, type PlayedProvider } from '../providers/providers-file';
import type { SandboxErrorCode } from '../sandbox.errors';
import { Bkash, bkashError } from './bkash';
import { BkashPayments, type BkashPayment } from './bkash-payments';
import { BkashTokens } from './bkash-tokens';

type Fields = Readonly<Record<string, unknown>>;
const CHECKOUT = ':provider/v1.2.0-beta/tokenized/checkout';
const REFUND_V2 = ':provider/v2/tokenized-checkout/refund/payment';

/** bKash over HTTP: the merchant's server on one side, the payer's browser on the other. */
@Controller('bkash')
export class BkashController {
  constructor(
    private readonly providers: ProvidersFile,
    private readonly bkash: Bkash,
    private readonly payments: BkashPayments,
    private readonly tokens: BkashTokens,
    private readonly faults: ProviderFaults,
  ) {}

  @Post(`${CHECKOUT}/token/:way`)
  @HttpCode(200)
  async token(
    @Param('provider') code: string,
    @Param('way') way: string,
    @Headers() headers: Readonly<Record<string, string>>,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { credentials } = await this.find(code);
    const { username, password, appKey, appSecret } = credentials;
    await answerAsPlayed(this.faults, code, reply, () => {
      if (headers['username'] !== username || headers['password'] !== password) return UNAUTHORIZED;
      if (body['app_key'] !== appKey || body['app_secret'] !== appSecret) return bkashError('2001');
      const refreshToken = body['refresh_token'];
      if (way === 'refresh' && !this.tokens.isRefreshToken(code, String(refreshToken))) return UNAUTHORIZED;
      const granted = this.faults.happens(code, 'grant-limit') ? undefined : this.tokens.grant(code);
      if (!granted) return { status: 403, body: { message: 'Too many token requests' } };
      return { body: { statusCode: '0000', statusMessage: 'Successful', ...granted } };
    });
  }

  @Post(`${CHECKOUT}/create`)
  @HttpCode(200)
  create(
    @Param('provider') code: string,
    @Req() request: FastifyRequest,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const base = `http://${request.headers.host}`;
    return this.authorized(code, request, reply, () => this.bkash.create(code, base, body));
  }

  @Post(`${CHECKOUT}/execute`)
  @HttpCode(200)
  execute(
    @Param('provider') code: string,
    @Req() request: FastifyRequest,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ) {
    return this.authorized(code, request, reply, () => this.bkash.execute(code, body));
  }

  @Post([`${CHECKOUT}/payment/status`])
  @HttpCode(200)
  query(
    @Param('provider') code: string,
    @Req() request: FastifyRequest,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ) {
    return this.authorized(code, request, reply, () => this.bkash.query(code, body));
  }

  @Post([`${CHECKOUT}/general/searchTran`, `${CHECKOUT}/general/searchTransaction`])
  @HttpCode(200)
  search(
    @Param('provider') code: string,
    @Req() request: FastifyRequest,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ) {
    return this.authorized(code, request, reply, () => this.bkash.search(code, body));
  }

  @Post(`${CHECKOUT}/payment/refund`)
  @HttpCode(200)
  refund(
    @Param('provider') code: string,
    @Req() request: FastifyRequest,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ) {
    return this.authorized(code, request, reply, () => this.bkash.refundV1(code, body));
  }

  @Post(`${REFUND_V2}/transaction`)
  @HttpCode(200)
  refundV2(
    @Param('provider') code: string,
    @Req() request: FastifyRequest,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ) {
    return this.authorized(code, request, reply, () => this.bkash.refundV2(code, body));
  }

  @Post(`${REFUND_V2}/status`)
  @HttpCode(200)
  refundStatus(
    @Param('provider') code: string,
    @Req() request: FastifyRequest,
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ) {
    return this.authorized(code, request, reply, () => this.bkash.refundStatusV2(code, body));
  }

  @Get(':provider/pay/:paymentID')
  async page(
    @Param('provider') code: string,
    @Param('paymentID') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { invoice: orderNo, reference, amountPaisa } = this.payment(code, id);
    await sendPayPage(reply, { gateway: 'bKash', orderNo, reference, amountPaisa });
  }

  @Post(':provider/pay/:paymentID')
  @HttpCode(200)
  async visit(
    @Param('provider') code: string,
    @Param('paymentID') id: string,
    @Headers('accept') accept: string,
    @Body(new ZodPipe(payerAction)) { action }: { action: PayerAction },
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendOn(reply, accept, await this.bkash.visit(this.payment(code, id), action));
  }

  private async authorized(
    code: string,
    { headers }: FastifyRequest,
    reply: FastifyReply,
    work: () => PlayedAnswer | Promise<PlayedAnswer>,
  ): Promise<void> {
    const { credentials } = await this.find(code);
    const idToken = headers.authorization;
    if (this.faults.happens(code, 'token-expired')) this.tokens.expire(idToken);
    const known = this.tokens.isValid(code, idToken) && headers['x-app-key'] === credentials['appKey'];
    const busy = { statusCode: '2003', statusMessage: 'Process failed' };
    await answerAsPlayed(this.faults, code, reply, known ? work : () => UNAUTHORIZED, busy);
  }

  private async find(code: string): Promise<PlayedProvider> {
    const found = await this.providers.find(code);
    if (found.profile !== 'bkash-checkout-v1') throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }

  private payment(code: string, id: string): BkashPayment {
    const found = this.payments.find(code, id);
    if (!found) throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }
}

const UNAUTHORIZED: PlayedAnswer = { status: 401, body: { message: 'Unauthorized' } };
