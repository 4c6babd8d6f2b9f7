import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches, ValidateIf } from 'class-validator';
import type { MeterCard } from '@vend/meters';

export const SEARCH_KEYS = ['meter-no', 'customer-no', 'phone', 'name'] as const;

/** A search is a POST so that no phone number or name stands in a URL, and in nobody's access log. */
export class MeterSearchRequest {
  @ApiProperty({
    enum: SEARCH_KEYS,
    example: 'name',
    description:
      'By exact number, or by the beginning of any words of the name, in any order: every word given must begin one. ' +
      'By phone and by name, only customers of the offices that you may see are found',
  })
  @IsIn(SEARCH_KEYS)
  by!: (typeof SEARCH_KEYS)[number];

  @ApiProperty({ example: 'আব্দুল কর', maxLength: 60 })
  @IsString()
  @Length(1, 60)
  value!: string;

  @ApiProperty({
    required: false,
    example: 'RvVuPAGTWMFrLnwxnw49XBwLekKRscCm',
    description: 'By name only: nextCursor of the page before',
  })
  @ValidateIf((_body, value) => value !== undefined)
  @Matches(/^[\w-]{28,400}$/)
  cursor?: string;
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
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'By name: where the next page begins; null after the last. A page may be short and not the last',
  })
  nextCursor!: string | null;
}
