import { ApiProperty } from '@nestjs/swagger';
import { FREE_ISSUE_REASONS, METER_TESTS, type FreeIssueReason, type MeterTest } from '@vend/vending';
import {
  CountField,
  KwhField,
  MeterNoField,
  OneOfField,
  ReadingField,
  SomeOfField,
  TakaField,
  WattsField,
  WordsField,
} from '../http/fields';
import { MoneyDto } from '../http/priced.dto';
import { RechargeDto } from '../recharges/recharge.dto';

const NOTE = 'Why, in a sentence; no phone number and no token';

export const ENGINEERING_KINDS = [
  'clear-tamper',
  'clear-credit',
  'max-power-limit',
  'phase-unbalance-limit',
  'test-display',
] as const;
export const CREDIT_REGISTERS = ['own', 'all'] as const;
const TESTS = ['all', ...Object.keys(METER_TESTS)] as readonly (MeterTest | 'all')[];

export class EngineeringRequest {
  @MeterNoField() meterNo!: string;

  @OneOfField(
    ENGINEERING_KINDS,
    'What the meter shall do. `clear-credit` takes all credit out of it and needs a second person',
  )
  what!: (typeof ENGINEERING_KINDS)[number];

  @OneOfField(CREDIT_REGISTERS, '`clear-credit`: the register the meter counts in, or every one', { optional: true })
  registers?: (typeof CREDIT_REGISTERS)[number];

  @WattsField(
    '`max-power-limit`: left out, the sanctioned load; another limit is for a supervisor. `phase-unbalance-limit`: needed',
  )
  watts?: number;

  @SomeOfField(TESTS, '`test-display`: what it shall show or test')
  tests?: (MeterTest | 'all')[];

  @WordsField(NOTE, 'Seal found broken, inspected on 21 November') reason!: string;
}

export class FreeIssueRequest {
  @MeterNoField() meterNo!: string;
  @KwhField({ optional: true }) kwh?: string;
  @TakaField({ optional: true }) amount?: string;
  @OneOfField(FREE_ISSUE_REASONS, 'Why it is given') reason!: FreeIssueReason;
  @WordsField(NOTE, 'Flood relief, order 12/2026 of the district', 160) note!: string;
}

export const REPLACEMENT_SOURCES = ['reading', 'last-token'] as const;

export class ReplacementRequest {
  @MeterNoField() meterNo!: string;

  @MeterNoField('The meter that lost the credit: the one that was taken off, or this one when it is faulty and stays')
  oldMeterNo!: string;

  @OneOfField(
    REPLACEMENT_SOURCES,
    'What is carried: the credit the old meter showed, or its last token, never accepted',
  )
  from!: (typeof REPLACEMENT_SOURCES)[number];

  @ReadingField('With `reading`: what the meter showed, kWh or Taka') reading?: string;
  @WordsField(NOTE, 'Display dead, reading taken at the workshop', 160) note!: string;
}

export class KeyChangeVendRequest {
  @MeterNoField() meterNo!: string;
}

const CANCEL_PROOFS = [
  'meter-shows-token-unused',
  'slip-not-handed-out',
  'slip-returned-unread',
  'meter-refused-token',
  'wrong-meter-not-entered',
] as const;
export type CancelProof = (typeof CANCEL_PROOFS)[number];

export class CancelRequest {
  @OneOfField(CANCEL_PROOFS, 'What the customer showed: that the token was not used') proof!: CancelProof;
  @WordsField(NOTE, 'Printer jammed, slip torn up before the customer saw it', 150) note!: string;
}

class WarningDto {
  @ApiProperty({ example: 'The token cannot be recalled.' }) en!: string;
  @ApiProperty({ example: 'টোকেন ফিরিয়ে নেওয়া যায় না।' }) bn!: string;
}

/** Said with every cancellation: paper and SMS outlive the books. */
export const NO_RECALL: WarningDto = {
  en: 'A token cannot be recalled: a meter that is given it would still take it. Keep the slip, and watch this meter.',
  bn: 'টোকেন ফিরিয়ে নেওয়া যায় না: মিটারে দিলে তা এখনো গৃহীত হবে। রসিদটি রেখে দিন এবং মিটারটি নজরে রাখুন।',
};

export class CancellationDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) rechargeId!: string;
  @ApiProperty({ enum: ['cancelled'] }) status!: 'cancelled';
  @ApiProperty({ description: 'Owed back to the customer from now on' }) refundDue!: MoneyDto;
  @ApiProperty({ example: 'user:selim' }) cancelledBy!: string;
  @ApiProperty({ example: '2026-11-21T10:05:00.000+06:00' }) cancelledAt!: string;
  @ApiProperty({ example: 'slip-not-handed-out: Printer jammed' }) reason!: string;
  @ApiProperty() warning!: WarningDto;
}

export class CancelledVendDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) rechargeId!: string;
  @ApiProperty({ example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: 'Rajshahi S&D 1' }) office!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ example: 'user:selim' }) cancelledBy!: string;
  @ApiProperty({ example: '2026-11-21T10:05:00.000+06:00' }) cancelledAt!: string;
  @ApiProperty({ example: 'slip-not-handed-out: Printer jammed' }) reason!: string;
  @ApiProperty({
    example: ['7890'],
    description: 'The last four digits of each of its tokens, to recognise one that turns up',
  })
  tokenEndings!: string[];
}

export class CancelledListDto {
  @ApiProperty({ type: [CancelledVendDto], description: 'The latest first' }) items!: CancelledVendDto[];
  @ApiProperty() warning!: WarningDto;
}

export class ReprintsRequest {
  @CountField('How many of the last vends', 3, [1, 10]) last!: number;
}

export class ReprintsDto {
  @ApiProperty({ type: [RechargeDto], description: 'The latest first, each marked as a copy' }) items!: RechargeDto[];
}
