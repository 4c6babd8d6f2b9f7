import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import type { MeterCard } from '@vend/meters';

export const SEARCH_KEYS = ['meter-no', 'customer-no', 'phone'] as const;

/** A search is a POST so that no phone number stands in a URL, and in nobody's access log. */
export class MeterSearchRequest {
  @ApiProperty({ enum: SEARCH_KEYS })
  @IsIn(SEARCH_KEYS)
  by!: (typeof SEARCH_KEYS)[number];

  @ApiProperty({ example: '40000001', maxLength: 30 })
  @IsString()
  @Length(1, 30)
  value!: string;
}

export class MeterDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: '00000000000' }) drn!: string;
  @ApiProperty({ enum: ['active', 'closed'] }) status!: MeterCard['status'];
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: 'রহিমা খাতুন' }) customerName!: string;
  @ApiProperty({ example: 'বাড়ি 12, কাজলা, রাজশাহী' }) address!: string;
  @ApiProperty({ example: 'Rajshahi S&D 1' }) office!: string;
  @ApiProperty({ example: 'LT-A' }) tariffClass!: string;
  @ApiProperty({ enum: [1, 3] }) phase!: MeterCard['phase'];
  @ApiProperty({ example: '2.5' }) sanctionedKw!: string;
  @ApiProperty({ enum: ['currency', 'energy'] }) crediting!: MeterCard['crediting'];
  @ApiProperty({ description: 'Supply group code', example: '201457' }) sgc!: string;
  @ApiProperty({ description: 'Key revision number', example: 1 }) krn!: number;
  @ApiProperty({ description: 'Tariff index', example: '01' }) ti!: string;
  @ApiProperty({ description: 'Encryption algorithm', enum: ['07', '11'] }) ea!: '07' | '11';
}

export class MeterSearchDto {
  @ApiProperty({ type: [MeterDto], description: 'Active meters first; empty when none fits' }) items!: MeterDto[];
}
