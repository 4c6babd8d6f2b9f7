import { ApiProperty } from '@nestjs/swagger';
import type { Provider } from '@vend/payments';
import { formatInstant } from '@vend/kernel';
import type { CheckoutStatus } from '@vend/checkout';
import { OneOfField, ReferenceField, TakaField, textField } from '../http/fields';
import { MoneyDto } from '../http/priced.dto';
import { moneyView } from '../http/format';
import { wordsOf } from './words';

const STANDINGS = [
  'CREATED',
  'STARTED',
  'PAID',
  'HELD',
  'VENDED',
  'REFUND_DUE',
  'REFUNDED',
  'FAILED',
  'CANCELLED',
  'EXPIRED',
] as const;

export class CheckoutRequest {
  @ReferenceField() reference!: string;
  @TakaField() amount!: string;
  @textField(/^[\w.-]{1,32}$/, 'A code of `GET /v1/checkout/gateways`', 'demo-cards', {}) gateway!: string;
  @OneOfField(['bn', 'en'], 'Of the page on which the payer ends up; default `bn`', { optional: true })
  language?: 'bn' | 'en';
}

export class CheckoutStartedDto {
  @ApiProperty({ example: 'V7K3M9QXA2T4HB6N0CDW', description: 'Who has it may ask how the payment stands' })
  orderNo!: string;
  @ApiProperty({ example: 'https://sandbox.sslcommerz.com/EasyCheckOut/…', description: 'Send the payer there' })
  payUrl!: string;
  @ApiProperty({ example: '2026-11-22T10:45:00.000+06:00' }) expiresAt!: string;
  @ApiProperty({ example: false, description: 'True: this key had begun it before' }) replayed!: boolean;
}

export class OrderStatusRequest {
  @textField(/^[0-9A-Z]{1,30}$/, 'As it was answered when the payment was begun', 'V7K3M9QXA2T4HB6N0CDW', {})
  orderNo!: string;
}

export class OrderStatusDto {
  @ApiProperty({ example: 'V7K3M9QXA2T4HB6N0CDW' }) orderNo!: string;
  @ApiProperty({ enum: STANDINGS, example: 'VENDED' }) state!: string;
  @ApiProperty({ example: false, description: 'True: nothing more will change by itself' }) final!: boolean;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ example: 'demo-cards' }) gateway!: string;
  @ApiProperty({ example: '2026-11-22T10:15:00.000+06:00' }) createdAt!: string;
  @ApiProperty({ example: 'The recharge is done. The token was sent by SMS to the phone on record.' }) en!: string;
  @ApiProperty({ example: 'রিচার্জ হয়েছে। টোকেন নিবন্ধিত ফোনে এসএমএসে পাঠানো হয়েছে।' }) bn!: string;
}

class GatewayDto {
  @ApiProperty({ example: 'demo-cards' }) code!: string;
  @ApiProperty({ example: 'Cards' }) name!: string;
  @ApiProperty({ type: MoneyDto, nullable: true, description: 'null: only what the tariff says' })
  minimum!: MoneyDto | null;
  @ApiProperty({ type: MoneyDto, nullable: true }) maximum!: MoneyDto | null;
}

export class GatewaysDto {
  @ApiProperty({ type: [GatewayDto] }) items!: GatewayDto[];
}

export function gatewayView({ code, name, minimumPaisa, maximumPaisa }: Provider): GatewayDto {
  return {
    ...{ code, name },
    minimum: minimumPaisa === null ? null : moneyView(minimumPaisa),
    maximum: maximumPaisa === null ? null : moneyView(maximumPaisa),
  };
}

export function statusView({ order, standing }: CheckoutStatus): OrderStatusDto {
  const { orderNo, provider: gateway, amountPaisa, createdAt } = order;
  const { en, bn, final } = wordsOf(standing);
  return {
    ...{
      orderNo,
      state: standing,
      final,
      amount: moneyView(amountPaisa),
      gateway,
      createdAt: formatInstant(createdAt),
    },
    ...{ en, bn },
  };
}
