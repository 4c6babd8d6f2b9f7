import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsObject, ValidateIf } from 'class-validator';
import { DENOMINATIONS, SHIFT_STATES, type ShiftState } from '@vend/counter';
import { CountField, FlagField, textField as TextField, WordsField } from '../http/fields';
import { FloatDto } from '../floats/floats.dto';
import { PageQuery } from '../http/page';
import { MoneyDto } from '../http/priced.dto';

const PIECES = `How many of each: ${DENOMINATIONS.join(', ')} Taka; what is not named is none`;
const PIECES_EXAMPLE = { '1000': 12, '500': 3, '20': 1 };
const COINS = 'What the coins below one Taka come to, in Taka';

function PiecesField() {
  return applyDecorators(
    ApiProperty({
      description: PIECES,
      type: 'object',
      additionalProperties: { type: 'integer' },
      example: PIECES_EXAMPLE,
    }),
    IsObject(),
  );
}

function CoinsField() {
  return TextField(/^\d{1,2}(?:\.\d{1,2})?$/, COINS, '0.50', {});
}

export class OpenShiftRequest {
  @TextField(
    /^[0-9A-Za-z]{1,7}$/,
    'Name of the drawer at the station; small letters are the same as large ones',
    '1',
    {},
  )
  till!: string;
  @PiecesField() pieces!: Record<string, number>;
  @CoinsField() coins!: string;
}

export class CountShiftRequest {
  @PiecesField() pieces!: Record<string, number>;
  @CoinsField() coins!: string;

  @ApiProperty({
    required: false,
    example: 'one note of 100 was given as change twice',
    description: 'Of a difference',
  })
  @ValidateIf((_body, value) => value !== undefined)
  @WordsField('Why the count differs from the books', 'one note of 100 was given as change twice', 300)
  explanation?: string;
}

export class SendBackRequest {
  @WordsField('What is to be done', 'count the bundle of 500 again', 300) reason!: string;
}

export class CloseShiftRequest {
  @CountField('Which count is closed: `lastCount.no` as it was read', 1, [1, 65_535]) count!: number;
}

export class ShiftsQuery extends PageQuery {
  @FlagTextField('Only those that are not closed') open?: 'true';
}

function FlagTextField(description: string) {
  return applyDecorators(TextField(/^true$/, description, 'true', { optional: true }));
}

export class CountedDto {
  @ApiProperty({
    description: PIECES,
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: PIECES_EXAMPLE,
  })
  pieces!: Readonly<Record<string, number>>;
  @ApiProperty({ description: COINS, example: '0.50' }) coins!: string;
}

export class ShiftCountDto {
  @ApiProperty({ example: 1 }) no!: number;
  @ApiProperty({ example: '2026-11-22T16:58:00.000+06:00' }) countedAt!: string;
  @ApiProperty() counted!: CountedDto;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ description: 'What the books had in the drawer when it was counted' }) expected!: MoneyDto;
  @ApiProperty({ description: 'Counted less expected: minus is short' }) difference!: MoneyDto;
  @ApiProperty({ type: String, nullable: true, example: 'one note of 100 was given as change twice' })
  explanation!: string | null;
}

export class ShiftDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) shiftId!: string;
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
  @ApiProperty({ example: '1' }) till!: string;
  @ApiProperty({ example: 'rahima' }) clerk!: string;
  @ApiProperty({ example: '2026-11-22', description: 'The Dhaka day it was opened on' }) day!: string;
  @ApiProperty({ enum: SHIFT_STATES }) state!: ShiftState;
  @ApiProperty({ description: 'What it began with' }) float!: MoneyDto;
  @ApiProperty({ example: '2026-11-22T09:00:00.000+06:00' }) openedAt!: string;
  @ApiProperty({ type: ShiftCountDto, nullable: true }) lastCount!: ShiftCountDto | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22T17:05:00.000+06:00' }) closedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'selim' }) closedBy!: string | null;
}

export class CashTotalDto {
  @ApiProperty({ example: 'vend', description: 'The kind of the entries (docs/LEDGER.md), `over-short` or `other`' })
  kind!: string;
  @ApiProperty({ description: 'Cash that came in' }) in!: MoneyDto;
  @ApiProperty({ description: 'Cash that went out' }) out!: MoneyDto;
  @ApiProperty({ example: 41 }) count!: number;
}

export class ShiftReportDto extends ShiftDto {
  @ApiProperty({ type: [CashTotalDto], description: 'The float among them; they add up to `expected`' })
  totals!: CashTotalDto[];
  @ApiProperty({ description: 'What should be in the drawer' }) expected!: MoneyDto;
}

export class ShiftsDto {
  @ApiProperty({ type: [ShiftDto] }) items!: ShiftDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}

export class TillStateDto {
  @ApiProperty({ example: true, description: 'True: who has no shift open sells nothing' }) keepsShifts!: boolean;
  @ApiProperty({ type: ShiftReportDto, nullable: true, description: 'The own shift that is not closed' })
  shift!: ShiftReportDto | null;
  @ApiProperty({ type: FloatDto, nullable: true, description: 'The float that this station sells from, if it does' })
  float!: FloatDto | null;
}

export class SendCashRequest {
  @TextField(
    /^[A-Za-z0-9._-]{1,40}$/,
    'The bank account, letter for letter as the books name it: one that something is booked on, or that a provider settles into',
    'main',
    {},
  )
  bank!: string;
  @PiecesField() pieces!: Record<string, number>;
  @CoinsField() coins!: string;
}

export class ConfirmDepositRequest {
  @TextField(/^[\x21-\x7e]{3,40}$/, "The bank's number of the credit", 'FT26326A1B2C', {}) reference!: string;
}

export class BankDepositDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) depositId!: string;
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
  @ApiProperty({ example: 'main' }) bank!: string;
  @ApiProperty({ example: '2026-11-22' }) day!: string;
  @ApiProperty() counted!: CountedDto;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ enum: ['SENT', 'BANKED'] }) state!: 'SENT' | 'BANKED';
  @ApiProperty({ example: 'selim' }) sentBy!: string;
  @ApiProperty({ example: '2026-11-22T17:10:00.000+06:00' }) sentAt!: string;
  @ApiProperty({ type: String, nullable: true, example: 'nasrin' }) bankedBy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-23T11:00:00.000+06:00' }) bankedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'FT26326A1B2C' }) reference!: string | null;
}

export class BankDepositsDto {
  @ApiProperty({ type: [BankDepositDto] }) items!: BankDepositDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}

export class StationDayDto {
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
  @ApiProperty({ example: '2026-11-22' }) day!: string;
  @ApiProperty({ description: 'Safe and drawers, before the first entry of the day' }) opening!: MoneyDto;
  @ApiProperty({ type: [CashTotalDto] }) totals!: CashTotalDto[];
  @ApiProperty({ description: 'Opening, and what came in less what went out' }) closing!: MoneyDto;
  @ApiProperty({ type: [ShiftDto] }) shifts!: ShiftDto[];
  @ApiProperty({ type: [BankDepositDto] }) deposits!: BankDepositDto[];
}

export class StationTermsDto {
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
  @ApiProperty({ example: 'Rajshahi counter 1' }) name!: string;
  @ApiProperty({ example: 'Rajshahi' }) office!: string;
  @ApiProperty({ example: true }) keepsShifts!: boolean;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'The vendor whose float it sells from' })
  vendor!: string | null;
}

export class StationTermsListDto {
  @ApiProperty({ type: [StationTermsDto] }) items!: StationTermsDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}

export class StationTermsRequest {
  @FlagField('True: cash lies in the drawers of shifts; left out: it does not') keepsShifts?: true;

  @TextField(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'The vendor whose float it sells from', 'udc-118', { optional: true })
  vendor?: string;
}

export class StationTermsQuery {
  @TextField(/^[A-Z0-9][A-Z0-9-]{0,31}$/, 'nextCursor of the page before', 'NESCO-RAJ-01', { optional: true })
  cursor?: string;
}
