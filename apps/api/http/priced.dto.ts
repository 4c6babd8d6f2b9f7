import { ApiProperty } from '@nestjs/swagger';
import { VEND_TOKEN_KINDS, type VendTokenKind } from '@vend/vending';

/** The parts that quotes and recharges share. */

export class MoneyDto {
  @ApiProperty({ example: '1000.00' }) value!: string;
  @ApiProperty({ enum: ['BDT'] }) currency!: 'BDT';
}

export class EnergyDto {
  @ApiProperty({ example: '174.50' }) kwh!: string;
  @ApiProperty({ description: 'True for a currency meter: it counts the energy itself, this is what to expect' })
  estimated!: boolean;
}

export class CreditDto {
  @ApiProperty({ description: 'Taka that the meter credits', example: '861.41' }) value!: string;
}

export class RemainderDto {
  @ApiProperty({ description: 'Taka carried in from earlier recharges', example: '0.00' }) in!: string;
  @ApiProperty({ description: "Taka too small for a token's step, carried to the next recharge", example: '0.00' })
  out!: string;
}

class TextDto {
  @ApiProperty({ example: 'VAT' }) en!: string;
  @ApiProperty({ example: 'ভ্যাট' }) bn!: string;
}

export class LineDto {
  @ApiProperty({ example: 'vat' }) code!: string;
  @ApiProperty({
    description: 'Taka; plus went to the charge, minus came back to the customer: the lines add up to the amount',
    example: '47.62',
  })
  amount!: string;
  @ApiProperty() label!: TextDto;
  @ApiProperty({ description: 'Rate, base and months in words' }) why!: TextDto;
  @ApiProperty({ type: [String], description: 'Numbers of the notices behind a penalty or surcharge', example: [] })
  papers!: string[];
}

class CreditedDto {
  @ApiProperty({ example: '861.41' }) amount!: string;
  @ApiProperty({ enum: ['kWh', 'BDT'] }) unit!: 'kWh' | 'BDT';
}

export class TokenDto {
  @ApiProperty({ description: 'The place in which it is typed into the meter, from 1', example: 1 }) sequence!: number;
  @ApiProperty({ description: 'How many tokens this recharge has: one, or more with a key change', example: 1 })
  of!: number;
  @ApiProperty({
    enum: VEND_TOKEN_KINDS,
    description: '`key-change`: gives the meter its new key, and is typed before the others',
    example: 'credit',
  })
  kind!: VendTokenKind;
  @ApiProperty({ description: '20 digits, to be typed into the meter', example: '12345678901234567890' })
  digits!: string;
  @ApiProperty({
    type: CreditedDto,
    nullable: true,
    description: 'null for all but a `credit` token: the others credit nothing',
  })
  credited!: CreditedDto | null;
}
