import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import { TakaField, textField as TextField } from '../http/fields';
import { LimitField } from '../http/page';
import { MoneyDto } from '../http/priced.dto';

export class FloatDto {
  @ApiProperty({ example: 'demo-charge' }) code!: string;
  @ApiProperty({ example: 'Demo vendor' }) name!: string;
  @ApiProperty({ example: true, description: 'False: it sells nothing at present' }) active!: boolean;
  @ApiProperty({ description: 'What is left of what it has paid in' }) balance!: MoneyDto;
  @ApiProperty({ type: MoneyDto, nullable: true, description: 'Below this it is low; null: it is never' })
  lowBelow!: MoneyDto | null;
  @ApiProperty({ example: false, description: 'True: the vendor should pay in' }) low!: boolean;
}

export class FloatsDto {
  @ApiProperty({ type: [FloatDto] }) items!: FloatDto[];
}

export class FloatTopUpRequest {
  @TakaField() amount!: string;
  @TextField(/^[\x21-\x7e]{3,40}$/, "The bank's number of the credit", 'FT26326A1B2C', {}) reference!: string;
  @TextField(/^.{3,300}$/su, 'Why', 'deposit of 22 November', {}) reason!: string;
}

export class FloatStatementQuery {
  @ApiProperty({
    required: false,
    description: 'The first Dhaka day; all there is when left out',
    example: '2026-11-22',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  from?: string;

  @ApiProperty({ required: false, description: 'nextCursor of the page before' })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(/^[\w.:-]{1,120}$/)
  cursor?: string;

  @LimitField()
  limit?: string;
}

export class FloatLineDto {
  @ApiProperty({ example: '2026-11-22T10:00:05.123+06:00' }) bookedAt!: string;
  @ApiProperty({ example: 'vend', description: 'The kind of the entry' }) entry!: string;
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42', description: 'The recharge, or the top-up' })
  businessId!: string;
  @ApiProperty({ example: 'energy-revenue', description: 'The account on the other side' }) against!: string;
  @ApiProperty({ description: 'Paid in: plus; sold: minus' }) amount!: MoneyDto;
  @ApiProperty({ description: 'After this line' }) balance!: MoneyDto;
}

export class FloatStatementDto {
  @ApiProperty({ description: 'Before the first line' }) opening!: MoneyDto;
  @ApiProperty({ type: [FloatLineDto] }) items!: FloatLineDto[];
  @ApiProperty({ type: String, nullable: true, example: null, description: 'null: this was the last page' })
  nextCursor!: string | null;
}
