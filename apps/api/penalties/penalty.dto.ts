import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min, ValidateIf } from 'class-validator';
import { formatInstant } from '@vend/kernel';
import type { Penalty } from '@vend/vending';
import { OneOfField, CodeField, TakaField, WordsField } from '../http/fields';
import { moneyView } from '../http/format';
import { MoneyDto } from '../http/priced.dto';

const KINDS = ['tampering', 'power-factor'] as const;
const STATES = ['due', 'collected', 'withdrawn'] as const;

export class PenaltyRequest {
  @OneOfField(KINDS, '`tampering` names its amount; `power-factor` is reckoned from the reading')
  kind!: (typeof KINDS)[number];
  @CodeField(/^[0-9A-Z][0-9A-Z/.-]{2,39}$/, 'Number on the notice, in capitals; it is entered once', 'RAJ/2026/0114')
  noticeNo!: string;
  @CodeField(/^\d{4}-\d{2}-\d{2}$/, 'Date on the notice', '2026-11-20') noticeDate!: string;
  @TakaField({ optional: true }) amount?: string;
  @ApiProperty({
    type: 'integer',
    required: false,
    minimum: 0,
    maximum: 100,
    example: 90,
    description: 'Power factor: the average of the month in hundredths (0.90 is 90)',
  })
  @ValidateIf((_body, value) => value !== undefined)
  @IsInt()
  @Min(0)
  @Max(100)
  powerFactorHundredths?: number;
  @TakaField({ optional: true }) energyCharge?: string;
  @WordsField('Why, in words', 'Seal broken, found at the inspection', 200) reason!: string;
}

export class WithdrawRequest {
  @WordsField('Why', 'The notice was for the neighbour', 200) reason!: string;
}

/** A sum that a paper asks for, and what became of it. */
export class PenaltyDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) penaltyId!: string;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ enum: KINDS, example: 'tampering' }) kind!: (typeof KINDS)[number];
  @ApiProperty({
    enum: STATES,
    example: 'due',
    description: '`due`: the next recharge takes it. `collected`: one did. `withdrawn`: taken back before one could',
  })
  state!: (typeof STATES)[number];
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ example: 'RAJ/2026/0114' }) noticeNo!: string;
  @ApiProperty({ example: '2026-11-20' }) noticeDate!: string;
  @ApiProperty({ type: Number, nullable: true, example: null }) powerFactorHundredths!: number | null;
  @ApiProperty({ example: 'Seal broken, found at the inspection' }) reason!: string;
  @ApiProperty({ example: 'rahima' }) enteredBy!: string;
  @ApiProperty({ example: '2026-11-22T10:00:00.000+06:00' }) enteredAt!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) withdrawnBy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) withdrawnAt!: string | null;
}

export class PenaltyListDto {
  @ApiProperty({ type: [PenaltyDto], description: 'The latest first' }) items!: PenaltyDto[];
}

export function penaltyView(penalty: Penalty, meterNo: string): PenaltyDto {
  const { penaltyId, kind, state, amountPaisa, noticeNo, noticeDate, powerFactorHundredths, reason } = penalty;
  return {
    ...{ penaltyId, meterNo, kind, noticeNo, noticeDate, powerFactorHundredths, reason },
    state: state.toLowerCase() as PenaltyDto['state'],
    amount: moneyView(amountPaisa),
    enteredBy: penalty.enteredBy.replace(/^user:/, ''),
    enteredAt: formatInstant(penalty.enteredAt),
    withdrawnBy: penalty.withdrawnBy?.replace(/^user:/, '') ?? null,
    withdrawnAt: penalty.withdrawnAt === null ? null : formatInstant(penalty.withdrawnAt),
  };
}
