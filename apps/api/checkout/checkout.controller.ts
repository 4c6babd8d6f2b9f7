import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CheckoutService } from '@vend/checkout';
import { networkOf } from '@vend/identity';
import { formatInstant, type Id } from '@vend/kernel';
import { readAmount } from '../http/amount';
import { IdempotencyKey } from '../http/idempotency-key';
import { AmountLimits } from '../http/limits';
import { CallerOrigin, type RequestSource } from '../http/origin';
import { ApiBodyProblems } from '../http/problem.dto';
import {
  CheckoutRequest,
  CheckoutStartedDto,
  GatewaysDto,
  gatewayView,
  OrderStatusDto,
  OrderStatusRequest,
  statusView,
} from './checkout.dto';

/** What a customer's page asks for: no login, no names, no tokens. */
@ApiTags('Checkout')
@Controller('v1/checkout')
export class CheckoutController {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly limits: AmountLimits,
  ) {}

  @Get('gateways')
  @ApiOperation({ summary: 'Which ways of paying there are', description: 'Open to all.' })
  @ApiOkResponse({ type: GatewaysDto })
  async gateways(): Promise<GatewaysDto> {
    return { items: (await this.checkout.offered()).map(gatewayView) };
  }

  @Post('orders')
  @ApiOperation({
    summary: 'Begin a payment',
    description:
      'Open to all, and limited for each address. What the meter or the tariff would refuse is refused here, before any ' +
      'money moves. Send the payer to `payUrl`; the token comes by SMS to the phone on record.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' })
  @ApiCreatedResponse({ type: CheckoutStartedDto })
  @ApiBodyProblems(
    ...(['idempotency-key-missing', 'idempotency-key-malformed', 'order-key-conflict'] as const),
    ...(['gateway-not-offered', 'gateway-unavailable', 'gateway-refused', 'too-many-orders'] as const),
    'provider-misconfigured',
    ...(['order-amount-outside', 'above-maximum-recharge', 'below-minimum-recharge'] as const),
    ...(['amount-not-a-number', 'amount-too-many-decimals', 'amount-not-positive'] as const),
    ...(['meter-not-found', 'meter-closed', 'meter-check-digit-wrong', 'reference-ambiguous'] as const),
    'connection-disconnected',
  )
  async start(
    @IdempotencyKey() key: Id,
    @Body() { reference, amount, gateway, language = 'bn' }: CheckoutRequest,
    @CallerOrigin() { origin }: RequestSource,
  ): Promise<CheckoutStartedDto> {
    const amountPaisa = readAmount(amount, this.limits.maximumPaisa);
    const address = networkOf(origin.address ?? 'unknown').slice(0, 64);
    const started = await this.checkout.start({ key, gateway, reference, amountPaisa, language, address });
    const { orderNo, payUrl, expiresAt, replayed } = started;
    return { orderNo, payUrl, expiresAt: formatInstant(expiresAt), replayed };
  }

  @Post('orders/status')
  @HttpCode(200)
  @ApiOperation({
    summary: 'How a payment stands',
    description: 'In words, and never with a token: it goes by SMS to the phone on record.',
  })
  @ApiOkResponse({ type: OrderStatusDto })
  @ApiBodyProblems('order-not-found')
  async status(@Body() { orderNo }: OrderStatusRequest): Promise<OrderStatusDto> {
    return statusView(await this.checkout.status(orderNo));
  }
}
