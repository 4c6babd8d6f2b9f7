import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { formatKwh } from '@vend/kernel';
import { parseMeterNumber, type MeterKeys, type NewMeter, type TermsChanged } from '@vend/meters';
import { ConnectionDto, CustomerDto, OneMeterDto, PersonDto } from '../customers/life.views';
import { AddressField, CustomerNoField, DayField, KwField, MobileField, PersonNameField, PhaseField, TariffClassField } from '../customers/fields'; // prettier-ignore
import { CountField, MeterNoField, OneOfField, textField as TextField, WordsField } from '../http/fields';
import { MoneyDto } from '../http/priced.dto';

const OWNERS = ['utility', 'customer'] as const;
const CREDITING = ['currency', 'energy'] as const;
const ALGORITHMS = ['07', '11'] as const;
const LANGUAGES = ['bn', 'en'] as const;
const BASE_DATES = [1993, 2014, 2035] as const;

function BaseDateField() {
  const description = "Year of the base date of the meter's vending key";
  return applyDecorators(ApiProperty({ enum: BASE_DATES, example: 2014, description }), IsIn(BASE_DATES));
}

/** A meter as its nameplate and key card say: never a key. */
export class NewMeterFields {
  @MeterNoField() meterNo!: string;
  @OneOfField(OWNERS, 'Whose meter it is: rent is owed for the utility’s') owner!: (typeof OWNERS)[number];
  @OneOfField(CREDITING, 'What its credit tokens carry: Taka or kWh') crediting!: (typeof CREDITING)[number];
  @OneOfField(ALGORITHMS, 'Encryption algorithm') ea!: (typeof ALGORITHMS)[number];
  @TextField(/^\d{6}$/, 'Supply group code', '123456', {}) sgc!: string;
  @CountField('Key revision number', 1, [1, 9]) krn!: number;
  @TextField(/^\d{2}$/, 'Tariff index', '01', {}) ti!: string;
  @CountField('Key type: 0 DITK, 1 DDTK, 2 DUTK, 3 DCTK', 2, [0, 3]) kt!: MeterKeys['kt'];
  @CountField('Key expiry number; 255 never expires', 255, [0, 255]) ken!: number;
  @BaseDateField() baseDate!: MeterKeys['baseDate'];
  @TextField(/^[\x20-\x7e]{1,40}$/, "The manufacturer's model, if it is on record", 'DDS-1', { optional: true })
  model?: string;
}

export class InstallRequest extends NewMeterFields {
  @CustomerNoField() customerNo!: string;
  @PersonNameField({ optional: true }) name?: string;
  @MobileField({ optional: true }) mobile?: string;
  @AddressField({ optional: true }) address?: string;
  @TextField(/^[^\p{Cc}\uFFFD]{1,60}$/u, 'Office of a new customer', 'Rajshahi S&D 1', { optional: true })
  office?: string;
  @OneOfField(LANGUAGES, 'Language of receipts', { optional: true }) language?: (typeof LANGUAGES)[number];
  @TextField(/^[0-9a-f-]{36}$/, 'An idle connection to take over', '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f', { optional: true }) // prettier-ignore
  connectionId?: string;
  @AddressField({ optional: true }) connectionAddress?: string;
  @TariffClassField({ optional: true }) tariffClass?: string;
  @TextField(/^[13]$/, 'Phases of a new connection', '1', { optional: true }) phases?: '1' | '3';
  @KwField({ optional: true }) sanctionedKw?: string;
  @WordsField('Why, with the paper it rests on', 'application 1201/2026') reason!: string;
}

export class ReplaceRequest extends NewMeterFields {
  @PhaseField() phase!: 1 | 3;
  @TextField(/^\d{1,10}(?:\.\d{1,2})?$/, 'Credit that the old meter showed; left out: unreadable', '12.4', { optional: true }) // prettier-ignore
  oldReading?: string;
  @WordsField('Why', 'display dead') reason!: string;
}

export class TermsRequest {
  @TariffClassField({ optional: true }) tariffClass?: string;
  @KwField({ optional: true }) sanctionedKw?: string;
  @DayField('First day on which it counts: today or later') from!: string;
  @WordsField('Why, with the paper it rests on', 'load application 88/2026') reason!: string;
}

export class SupplyRequest {
  @WordsField('Why', 'arrears of four months, order 17/2026') reason!: string;
}

export class InstalledDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f' }) connectionId!: string;
  @ApiProperty({ example: '2026-11-21' }) installedOn!: string;
}

export class ReplacedDto {
  @ApiProperty({ example: '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f' }) replacementId!: string;
  @ApiProperty({ example: '600727000000000009' }) oldMeterNo!: string;
  @ApiProperty({ example: '600727971000000217' }) newMeterNo!: string;
  @ApiProperty({ example: '2026-11-21' }) replacedOn!: string;
  @ApiProperty({ type: MoneyDto, description: 'Carried remainder that went over' }) remainder!: MoneyDto;
  @ApiProperty({ type: MoneyDto, description: 'Arrears that went over' }) arrears!: MoneyDto;
  @ApiProperty({ example: 0, description: 'Payments without a token yet, now vended to the new meter' })
  paymentsMoved!: number;
}

export class TermsDto {
  @ApiProperty({ example: 'LT-A' }) tariffClass!: string;
  @ApiProperty({ example: '5.0' }) sanctionedKw!: string;
  @ApiProperty({ example: '2026-12-01' }) from!: string;
  @ApiProperty({ example: false, description: 'False: it takes effect by itself on that day' }) inForce!: boolean;
}

export class SupplyDto {
  @ApiProperty({ enum: ['connected', 'disconnected', 'closed'] }) supply!: 'connected' | 'disconnected' | 'closed';
  @ApiProperty({ example: '2026-11-21' }) on!: string;
  @ApiProperty({
    type: [String],
    example: ['reconnection-arrears', 'reconnection-on-request'],
    description: 'After a reconnection: the service fees of which one may be due, as the fee schedule names them',
  })
  fees!: string[];
}

export class MeterCardDto extends OneMeterDto {
  @ApiProperty({ type: CustomerDto }) customer!: CustomerDto;
  @ApiProperty({ type: ConnectionDto }) connection!: ConnectionDto;
  @ApiProperty({ type: [PersonDto] }) people!: PersonDto[];
  @ApiProperty({ type: String, nullable: true, example: 'DDS-1' }) model!: string | null;
}

/** @throws {DomainError} meter-number-invalid, meter-check-digit-wrong */
export function newMeterOf(fields: NewMeterFields): NewMeter {
  const { meterNo, owner, crediting, ea, sgc, krn, ti, kt, ken, baseDate, model } = fields;
  const keys = { ea, sgc, krn, ti, kt, ken, baseDate };
  return { number: parseMeterNumber(meterNo), owner, crediting, keys, model: model ?? null };
}

export function termsView({ tariffClass, sanctionedW, from, inForce }: TermsChanged): TermsDto {
  return { tariffClass, sanctionedKw: formatKwh(BigInt(sanctionedW)), from, inForce };
}
