import { ApiProperty } from '@nestjs/swagger';
import { VEND_KINDS, type VendKind } from '@vend/ledger';
import { CHANNELS, type Channel, type VendDetail } from '@vend/vending';
import { QuoteIdField } from '../http/fields';
import { CreditDto, EnergyDto, LineDto, MoneyDto, RemainderDto, TokenDto } from '../http/priced.dto';

export const RECHARGE_STATUSES = ['vended', 'pending', 'refund-due'] as const;
export type RechargeStatus = (typeof RECHARGE_STATUSES)[number];

export class RechargeRequest {
  @QuoteIdField() quoteId!: string;
}

export const NOTICE_STATES = ['queued', 'sent', 'failed'] as const;
export class NoticeDto {
  @ApiProperty({ enum: NOTICE_STATES, description: "How far the customer's receipt SMS has come" })
  state!: (typeof NOTICE_STATES)[number];
}

/** What a meter that gets a new key is sold: two sections, then the credit under the new key. */
const TOKENS_WITH_KEY_CHANGE: readonly TokenDto[] = [
  { sequence: 1, of: 3, kind: 'key-change', digits: '49926899024815912342', credited: null },
  { sequence: 2, of: 3, kind: 'key-change', digits: '54848602015128592288', credited: null },
  { sequence: 3, of: 3, kind: 'credit', digits: '12345678901234567890', credited: { amount: '861.41', unit: 'BDT' } },
];

export class RechargeDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) rechargeId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string | null;
  @ApiProperty({ enum: VEND_KINDS, description: 'What it is: a recharge is `credit`' }) kind!: VendKind;
  @ApiProperty({ enum: RECHARGE_STATUSES }) status!: RechargeStatus;
  @ApiProperty({ enum: CHANNELS }) channel!: Channel;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: 'রহিমা খাতুন' }) customerName!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ type: EnergyDto, nullable: true }) energy!: EnergyDto | null;
  @ApiProperty({ type: CreditDto, nullable: true }) credit!: CreditDto | null;
  @ApiProperty({ type: String, nullable: true, example: 'BERC-2020-03' }) tariffVersion!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'NESCO-2021' }) rebateProfile!: string | null;
  @ApiProperty({ example: ['2026-11'] }) months!: string[];
  @ApiProperty({ type: RemainderDto, nullable: true }) remainder!: RemainderDto | null;
  @ApiProperty({ type: [LineDto] }) lines!: LineDto[];
  @ApiProperty({ type: String, nullable: true, example: '0.00', description: 'Taka owed after it; null until vended' })
  arrearsLeft!: string | null;
  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    example: null,
    description: 'What other kinds than a recharge say of themselves: reason, reading, limit in watts; null: nothing',
  })
  detail!: VendDetail | null;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) bookedAt!: string;
  @ApiProperty({ description: 'True on a reprint' }) copy!: boolean;
  @ApiProperty({
    type: [TokenDto],
    description: 'In the order in which they are typed; empty until vended',
    example: TOKENS_WITH_KEY_CHANGE,
  })
  tokens!: TokenDto[];
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'With key-change tokens: the key change to confirm once the meter has taken them',
  })
  keyChangeId!: string | null;
  @ApiProperty({ description: 'True when the tokens came from the IEC sample tables: not for real meters' })
  sampleTables!: boolean;
  @ApiProperty() notice!: NoticeDto;
}

export class TillVendDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) rechargeId!: string;
  @ApiProperty({ enum: VEND_KINDS }) kind!: VendKind;
  @ApiProperty({ enum: RECHARGE_STATUSES }) status!: RechargeStatus;
  @ApiProperty({ type: String, nullable: true, example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string | null;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: 'রহিমা খাতুন' }) customerName!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) bookedAt!: string;
  @ApiProperty({ description: 'Who sold it', example: 'rahima' }) by!: string;
}

export class TillDayDto {
  @ApiProperty({ type: [TillVendDto], description: 'The latest first' }) items!: TillVendDto[];
  @ApiProperty({ type: String, nullable: true, example: null, description: 'null after the last page' })
  nextCursor!: string | null;
}
