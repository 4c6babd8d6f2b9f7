import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CheckoutService } from '@vend/checkout';
import { OwnMeters, type Visitor } from '@vend/portal';
import { VendingService } from '@vend/vending';
import { OrderStatusRequest, statusView } from '../checkout/checkout.dto';
import { ApiBodyProblems } from '../http/problem.dto';
import { AllowCustomer, Own } from './customer.guard';
import { OwnPaymentDto } from './my.dto';

/** The way back from a gateway to the token, for who is in. */
@ApiTags("The customer's own page")
@Controller('v1/my')
export class MyPaymentsController {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly vending: VendingService,
    private readonly own: OwnMeters,
  ) {}

  @Post('payments/status')
  @HttpCode(200)
  @AllowCustomer()
  @ApiOperation({
    summary: 'How a payment stands, and the recharge that came of it',
    description:
      'As `POST /v1/checkout/orders/status`; with the recharge, whose tokens can be read, when it is of a meter of mine.',
  })
  @ApiOkResponse({ type: OwnPaymentDto })
  @ApiBodyProblems('order-not-found')
  async status(@Own() visitor: Visitor, @Body() { orderNo }: OrderStatusRequest): Promise<OwnPaymentDto> {
    const status = await this.checkout.status(orderNo);
    const { rechargeId } = status.order;
    const isVended = status.standing === 'VENDED' && rechargeId !== null;
    const record = isVended ? await this.vending.find(rechargeId) : undefined;
    const meters = record ? await this.own.all(visitor) : [];
    const isTheirs = meters.some(({ meterId }) => meterId === record?.meterId);
    return { ...statusView(status), rechargeId: isTheirs ? rechargeId : null };
  }
}
