import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import { ATTENTION_KINDS } from '@vend/reports';
import { MoneyDto } from '../http/priced.dto';

const AT = '2026-11-22T10:00:05.123+06:00';

/** Requests for a second person's word are not in the read models: they depend on who asks. */
export const ATTENTION = [...ATTENTION_KINDS, 'approval'] as const;

export class SalesQuery {
  @ApiProperty({ required: false, example: '2026-11-22', description: 'A Dhaka day; left out: today' })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(/^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/)
  day?: string;
}

class SalesSumDto {
  @ApiProperty({ example: 412 }) count!: number;
  @ApiProperty() amount!: MoneyDto;
}

class SalesFiguresDto {
  @ApiProperty({ description: 'Vended, and not cancelled since' }) sold!: SalesSumDto;
  @ApiProperty({ description: 'Paid, and neither vended nor paid back yet' }) waiting!: SalesSumDto;
  @ApiProperty({ description: 'Cancelled or paid back' }) returned!: SalesSumDto;
}

class SalesHourDto extends SalesFiguresDto {
  @ApiProperty({ example: 9, description: 'From this hour to the next, in Dhaka' }) hour!: number;
}

class SalesSourceDto extends SalesFiguresDto {
  @ApiProperty({ example: 'till:NESCO-RAJ-01', description: 'A station, a company or a vendor' }) source!: string;
  @ApiProperty({ example: 'Rajshahi counter 1' }) name!: string;
}

class SalesChannelDto extends SalesFiguresDto {
  @ApiProperty({ example: 'counter' }) channel!: string;
}

export class SalesDayDto {
  @ApiProperty({ example: '2026-11-22' }) day!: string;
  @ApiProperty({ example: AT, description: 'When this answer was made' }) asOf!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: AT,
    description: 'When the figures were counted last; null: not yet',
  })
  countedAt!: string | null;
  @ApiProperty() total!: SalesFiguresDto;
  @ApiProperty({ type: [SalesHourDto], description: 'All 24, in order' }) hours!: SalesHourDto[];
  @ApiProperty({ type: [SalesSourceDto], description: 'The largest first' }) sources!: SalesSourceDto[];
  @ApiProperty({ type: [SalesChannelDto], description: 'The largest first' }) channels!: SalesChannelDto[];
}

export class AttentionItemDto {
  @ApiProperty({ enum: ATTENTION, example: 'failed-sms' }) kind!: (typeof ATTENTION)[number];
  @ApiProperty({ example: 2 }) count!: number;
  @ApiProperty({ example: false, description: 'There is more than is counted' }) more!: boolean;
  @ApiProperty({ type: String, nullable: true, example: AT, description: 'Since when the oldest waits' })
  oldest!: string | null;
  @ApiProperty({ type: MoneyDto, nullable: true, description: 'What the payments among it come to' })
  amount!: MoneyDto | null;
  @ApiProperty({
    type: [String],
    example: ['019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42'],
    description: 'Some of the payments that wait for a vend, to be traced; the oldest first',
  })
  rechargeIds!: string[];
}

export class AttentionDto {
  @ApiProperty({ example: AT }) asOf!: string;
  @ApiProperty({
    type: [AttentionItemDto],
    description: 'Every kind that one may read, also those of which there is none',
  })
  items!: AttentionItemDto[];
}

class SmsTodayDto {
  @ApiProperty({ example: 3 }) queued!: number;
  @ApiProperty({ example: 40 }) sent!: number;
  @ApiProperty({ example: 812 }) delivered!: number;
  @ApiProperty({ example: 2 }) failed!: number;
}

class SmsGatewayHealthDto {
  @ApiProperty({ example: 'default' }) code!: string;
  @ApiProperty({ example: true }) enabled!: boolean;
  @ApiProperty({ example: 2, description: 'Workers that have said something within a minute' }) workers!: number;
  @ApiProperty({ example: 2, description: 'Those of them for which it works' }) healthyWorkers!: number;
  @ApiProperty({ type: [String], example: ['gateway-timeout'], description: 'Why their last calls failed' })
  lastFaults!: readonly string[];
}

class WaitingDto {
  @ApiProperty({ example: 12 }) count!: number;
  @ApiProperty({ type: String, nullable: true, example: AT }) oldest!: string | null;
}

class SmsHealthDto {
  @ApiProperty({ description: 'Messages of today, by where they are now' }) today!: SmsTodayDto;
  @ApiProperty({ description: 'What waits to be sent' }) waiting!: WaitingDto;
  @ApiProperty({ type: [SmsGatewayHealthDto], description: 'None: the worker uses its settings' })
  gateways!: SmsGatewayHealthDto[];
}

class HourOfMessagesDto {
  @ApiProperty({ example: 61 }) messages!: number;
  @ApiProperty({ example: 0 }) refused!: number;
}

class FloatHealthDto {
  @ApiProperty() balance!: MoneyDto;
  @ApiProperty({ example: false }) low!: boolean;
}

class PaymentHealthDto {
  @ApiProperty({ example: 'demo-bkash' }) code!: string;
  @ApiProperty({ example: 'bKash (demo)' }) name!: string;
  @ApiProperty({ example: true }) active!: boolean;
  @ApiProperty({ type: String, nullable: true, example: AT, description: 'When it last called or wrote; null: never' })
  lastMessageAt!: string | null;
  @ApiProperty({ description: 'Its calls and messages within an hour' }) lastHour!: HourOfMessagesDto;
  @ApiProperty({ description: 'Its payments that wait for a vend' }) pending!: WaitingDto;
  @ApiProperty({ type: FloatHealthDto, nullable: true, description: 'Of a vendor that pays in advance' })
  float!: FloatHealthDto | null;
}

export class DashboardHealthDto {
  @ApiProperty({ example: AT }) asOf!: string;
  @ApiProperty() sms!: SmsHealthDto;
  @ApiProperty({ type: [PaymentHealthDto] }) payments!: PaymentHealthDto[];
}
