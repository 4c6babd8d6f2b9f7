import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ZodPipe } from '../http/zod.pipe';
import { Payer, payerOrder, type PayerOrder, type PayerStory } from './payer';

/** Customers who pay on our page: `POST /payers/orders` plays one of them with a browser. */
@Controller('payers')
export class PayersController {
  constructor(private readonly payer: Payer) {}

  @Post('orders')
  @HttpCode(200)
  order(@Body(new ZodPipe(payerOrder)) order: PayerOrder): Promise<PayerStory> {
    return this.payer.pay(order);
  }
}
