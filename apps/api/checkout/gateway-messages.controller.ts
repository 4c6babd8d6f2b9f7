import { Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiExcludeController, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CheckoutService, MessageInbox, type CheckoutStatus, type GatewayMessage } from '@vend/checkout';
import { DomainError, isDomainError } from '@vend/kernel';
import { ReceivedDto } from '../callbacks/callback.dto';
import { rawBodyOf } from '../http/body';
import { ApiProblems } from '../http/problem.dto';
import { RESULT_STYLE, resultPage } from './result-page';

const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What gateways tell us by themselves: kept with its verdict and answered at once, worked afterwards. */
@ApiTags('Callbacks')
@Controller('v1/callbacks/gateways')
export class GatewayMessagesController {
  constructor(private readonly inbox: MessageInbox) {}

  @Post(':provider')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A payment gateway says that something happened',
    description:
      'In its own words and content type, checked on the bytes as they came. Kept whatever it is: a message whose signature ' +
      'or form is wrong is answered the same, and nothing is done of it. One that cannot be checked at the moment is not ' +
      'taken, and should be brought again. No message is believed: the gateway is asked.',
  })
  @ApiConsumes('application/x-www-form-urlencoded', 'application/json', 'text/plain')
  @ApiOkResponse({ type: ReceivedDto })
  @ApiProblems('gateway-not-offered', 'message-too-large', 'gateway-unavailable')
  async notice(
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Query() query: Record<string, unknown>,
  ): Promise<ReceivedDto> {
    await this.inbox.receive(provider, messageOf('notice', request, query));
    return { received: true };
  }
}

/** Where payers' browsers come back to, and what they see there. */
@ApiExcludeController()
@Controller()
export class CheckoutReturnController {
  constructor(
    private readonly inbox: MessageInbox,
    private readonly checkout: CheckoutService,
  ) {}

  /** Some gateways send the browser by a link and some by a form; neither proves anything. */
  @Get('v1/checkout/return/:provider/:orderNo')
  backByLink(
    @Param('provider') provider: string,
    @Param('orderNo') orderNo: string,
    @Req() request: FastifyRequest,
    @Query() query: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.back(provider, orderNo, messageOf('return', request, query), reply);
  }

  @Post('v1/checkout/return/:provider/:orderNo')
  backByForm(
    @Param('provider') provider: string,
    @Param('orderNo') orderNo: string,
    @Req() request: FastifyRequest,
    @Query() query: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.back(provider, orderNo, messageOf('return', request, query), reply);
  }

  @Get('checkout/page.css')
  @Header('content-type', 'text/css; charset=utf-8')
  style(): string {
    return RESULT_STYLE;
  }

  @Get('checkout/:orderNo')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('referrer-policy', 'no-referrer')
  async page(@Param('orderNo') orderNo: string): Promise<string> {
    return resultPage(await this.statusOf(orderNo));
  }

  /** Whatever the browser brings, its payer gets a page: that of the order in the address, which we made. */
  private async back(provider: string, orderNo: string, message: GatewayMessage, reply: FastifyReply): Promise<void> {
    try {
      const { verdict } = await this.inbox.receive(provider, message);
      if (verdict === 'refused') await this.checkout.wake(orderNo);
    } catch (error) {
      if (!isDomainError(error)) throw error;
    }
    await reply
      .status(303)
      .header('location', `/checkout/${encodeURIComponent(orderNo)}`)
      .send();
  }

  private async statusOf(orderNo: string): Promise<CheckoutStatus | undefined> {
    try {
      return await this.checkout.status(orderNo);
    } catch (error) {
      if (isDomainError(error) && error.code === 'order-not-found') return undefined;
      throw error;
    }
  }
}

function messageOf(
  way: GatewayMessage['way'],
  request: FastifyRequest,
  query: Record<string, unknown>,
): GatewayMessage {
  const rawBody = rawBodyOf(request);
  if (!rawBody) throw new DomainError('message-too-large');
  return {
    way,
    query: Object.fromEntries(
      Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    ),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
    ),
    rawBody,
    receivedAt: Date.now(),
  };
}
