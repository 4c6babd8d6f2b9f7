import { ApiProperty } from '@nestjs/swagger';
import { FlagField, KwhField, MeterNoField, TakaField } from '../http/fields';
import { CreditDto, EnergyDto, LineDto, MoneyDto, RemainderDto } from '../http/priced.dto';

export class QuoteRequest {
  @MeterNoField() meterNo!: string;
  @TakaField({ optional: true }) amount?: string;
  @KwhField({ optional: true }) kwh?: string;
  @FlagField('The least that covers the charges due and 0.1 kWh') minimum?: true;
}

/** What pricing says of a quote; the biller's inquiry answers the same. */
export class PricedDto {
  @ApiProperty({
    description: 'Binds meter, amount and price; send it with the recharge',
    example: 'q1.AZNYwWsufDGfDj1cHAt6QgAA…',
  })
  quoteId!: string;
  @ApiProperty({ example: '2026-11-21T10:15:00.000+06:00' }) expiresAt!: string;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ example: 'BERC-2020-03' }) tariffVersion!: string;
  @ApiProperty({ example: 'NESCO-2021' }) rebateProfile!: string;
  @ApiProperty({ type: EnergyDto, nullable: true }) energy!: EnergyDto | null;
  @ApiProperty({ type: CreditDto, nullable: true, description: 'Currency meters only' }) credit!: CreditDto | null;
  @ApiProperty({ description: 'The least that covers the charges due and 0.1 kWh' }) minimumRecharge!: MoneyDto;
  @ApiProperty({ description: 'Months whose fixed charges this pays', example: ['2026-11'] }) months!: string[];
  @ApiProperty() remainder!: RemainderDto;
  @ApiProperty({ type: [LineDto] }) lines!: LineDto[];
}

class LookalikeDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) rechargeId!: string;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) bookedAt!: string;
}

export class QuoteDto extends PricedDto {
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: 'রহিমা খাতুন' }) customerName!: string;
  @ApiProperty({
    type: LookalikeDto,
    nullable: true,
    description: 'A recharge of this meter by the same amount within the last ten minutes: ask before selling again',
  })
  lookalike!: LookalikeDto | null;
}
