import { ApiProperty } from '@nestjs/swagger';
import {
  PaidAtField,
  PayerMobileField,
  QuoteIdField,
  ReferenceField,
  TakaField,
  TransactionIdField,
} from '../http/fields';
import { CreditDto, EnergyDto, MoneyDto, TokenDto } from '../http/priced.dto';
import { PricedDto } from '../quotes/quote.dto';
import { RECHARGE_STATUSES, type RechargeStatus } from '../recharges/recharge.dto';

export class InquiryRequest {
  @ReferenceField() reference!: string;
  @TakaField() amount!: string;
}

export class InquiryDto extends PricedDto {
  @ApiProperty({ description: 'Truncated: it is for the payer to recognise', example: 'A*** K***' })
  customerName!: string;
}

/** Either quoteId, or reference and amount. */
export class PayRequest {
  @TransactionIdField() transactionId!: string;
  @QuoteIdField({ optional: true }) quoteId?: string;
  @ReferenceField({ optional: true }) reference?: string;
  @TakaField({ optional: true }) amount?: string;
  @PayerMobileField() payerMobile?: string;
  @PaidAtField() paidAt?: string;
}

export class StatusRequest {
  @TransactionIdField() transactionId!: string;
}

/** What pay and status answer: for one transaction id the same bytes, however often, once it is vended. */
export class PaymentDto {
  @ApiProperty({ example: 'CK12AB34CD' }) transactionId!: string;
  @ApiProperty({
    enum: RECHARGE_STATUSES,
    description: 'pending: the payment is accepted, its token follows by SMS and in status. refund-due: give it back.',
  })
  status!: RechargeStatus;
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) rechargeId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '600727000000000009', description: 'null: no such meter' })
  meterNo!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'A*** K***' }) customerName!: string | null;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ type: EnergyDto, nullable: true }) energy!: EnergyDto | null;
  @ApiProperty({ type: CreditDto, nullable: true }) credit!: CreditDto | null;
  @ApiProperty({ type: [TokenDto], description: 'Empty while pending' }) tokens!: TokenDto[];
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) bookedAt!: string;
}
