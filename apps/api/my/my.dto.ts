import { ApiProperty, OmitType } from '@nestjs/swagger';
import { CHANNELS, type Channel } from '@vend/vending';
import { VEND_KINDS, type VendKind } from '@vend/ledger';
import { OrderStatusDto } from '../checkout/checkout.dto';
import { CodeField, MeterNoField, ReferenceField, TakaField, textField, YesNoField } from '../http/fields';
import { EnergyDto, MoneyDto, TokenDto } from '../http/priced.dto';
import { PricedDto } from '../quotes/quote.dto';
import { RechargeDto } from '../recharges/recharge.dto';

const TICKET = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';

export class CodeRequest {
  @ReferenceField() reference!: string;
  @textField(/^\+?[\d -]{11,17}$/, 'The phone that the utility has on record', '01700000001', {}) mobile!: string;
}

export class CodeAskedDto {
  @ApiProperty({ example: TICKET, description: 'Send it back with the code. The same answer, whoever was meant' })
  ticket!: string;
  @ApiProperty({ example: '2026-11-22T10:20:00.000+06:00', description: 'A code that was sent is good until then' })
  expiresAt!: string;
}

export class OwnSessionRequest {
  @CodeField(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'Of `POST /v1/my/codes`', TICKET) ticket!: string;
  @CodeField(/^\d{6}$/, 'The six digits of the SMS', '402817') code!: string;
}

export class OwnSessionDto {
  @ApiProperty({ example: '2026-11-22T22:15:00.000+06:00', description: 'The cookie is good until then' })
  expiresAt!: string;
}

export class LeftDto {
  @ApiProperty({ example: true }) left!: boolean;
}

export class OwnMeterDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ type: String, nullable: true, example: 'দোকান', description: 'What its customer calls it' })
  nickname!: string | null;
  @ApiProperty({ enum: ['energy', 'currency'], description: 'What its tokens carry: kWh, or Taka' })
  crediting!: 'energy' | 'currency';
}

export class OwnMetersDto {
  @ApiProperty({ example: '2026-11-22T22:15:00.000+06:00' }) sessionExpiresAt!: string;
  @ApiProperty({ type: [OwnMeterDto] }) items!: OwnMeterDto[];
}

class DueDto {
  @ApiProperty({ type: [String], example: ['2026-10', '2026-11'], description: 'Months whose fixed charges come next' })
  months!: string[];
  @ApiProperty({ description: 'Meter rent and demand charge of those months' }) fixedCharges!: MoneyDto;
  @ApiProperty({ description: 'The least that one can pay now' }) minimumRecharge!: MoneyDto;
}

export class OwnAccountDto extends OwnMeterDto {
  @ApiProperty({ description: 'Put on tokens this month, without charges and VAT' }) bought!: MoneyDto;
  @ApiProperty({
    ...{ type: String, nullable: true, example: '145.1' },
    description: 'The same in kWh; null for a meter that is credited in Taka',
  })
  boughtKwh!: string | null;
  @ApiProperty({
    ...{ type: MoneyDto, nullable: true },
    description: 'What one kWh more would cost, without VAT and rebate; null where the meter prices by itself',
  })
  nextUnit!: MoneyDto | null;
  @ApiProperty({
    ...{ type: String, nullable: true, example: '200.0' },
    description: 'kWh of this month at which the next slab begins and that price ends; null: it does not end',
  })
  nextUnitUntilKwh!: string | null;
  @ApiProperty() arrears!: MoneyDto;
  @ApiProperty({ type: DueDto, nullable: true, description: 'null: nothing can be sold to this meter at present' })
  due!: DueDto | null;
}

export class NicknameRequest {
  @textField(/^[^\x00-\x1f<>]{0,40}$/, 'What to call it; empty for nothing', 'দোকান', {}) nickname!: string;
}

export class OwnQuoteRequest {
  @MeterNoField() meterNo!: string;
  @TakaField() amount!: string;
}

/** What an amount would give, and why. */
export class OwnQuoteDto extends OmitType(PricedDto, ['quoteId', 'tariffVersion', 'rebateProfile'] as const) {}

export class OwnRechargeItemDto {
  @ApiProperty({ example: TICKET }) rechargeId!: string;
  @ApiProperty({ example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string;
  @ApiProperty({ enum: VEND_KINDS }) kind!: VendKind;
  @ApiProperty({ enum: CHANNELS }) channel!: Channel;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) bookedAt!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ type: EnergyDto, nullable: true }) energy!: EnergyDto | null;
  @ApiProperty({ example: 1, description: 'How many tokens it has' }) tokenCount!: number;
}

export class OwnRechargesDto {
  @ApiProperty({ type: [OwnRechargeItemDto], description: 'The latest first' }) items!: OwnRechargeItemDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}

/** A receipt without its tokens: those are read by a call of their own, which is put on record. */
export class OwnReceiptDto extends OmitType(RechargeDto, [
  'tokens',
  'notice',
  'copy',
  'detail',
  'keyChangeId',
] as const) {
  @ApiProperty({ example: 1 }) tokenCount!: number;
}

export class OwnTokensDto {
  @ApiProperty({ type: [TokenDto], description: 'In the order in which they are typed' }) tokens!: TokenDto[];
  @ApiProperty({ description: 'True: made with the IEC sample tables, not for real meters' }) sampleTables!: boolean;
}

/** How a payment stands that this page began. */
export class OwnPaymentDto extends OrderStatusDto {
  @ApiProperty({
    ...{ type: String, nullable: true, example: TICKET },
    description: 'The recharge that came of it, when it is of one of my meters; null: none so far',
  })
  rechargeId!: string | null;
}

export class OwnNoticesRequest {
  @YesNoField('Whether notices and reminders come by SMS') wanted!: boolean;
}

export class OwnNoticesDto {
  @ApiProperty({ example: true, description: 'Receipts, tokens and codes always come' }) wanted!: boolean;
}
