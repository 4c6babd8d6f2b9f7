import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { formatInstant, formatTaka } from '@vend/kernel';
import { PROVIDER_PROFILES, type Provider, type ProviderProfileName, type ProviderRecord } from '@vend/payments';
import { OneOfField, textField as TextField } from '../http/fields';

const MODES = ['live', 'sandbox'] as const;
const TAKA = /^\d{1,9}(?:\.\d{1,2})?$/;
const BANK = /^bank:[A-Za-z0-9._-]{1,40}$/;

/** Lists are written with commas, and what depends on the profile as JSON text, so that the body stays flat. */
export class PaymentProviderRequest {
  @TextField(/^[^\p{Cc}]{1,80}$/u, 'Its name, for people', 'Demo wallet', {}) name!: string;
  @OneOfField(PROVIDER_PROFILES, 'The contract that it speaks') profile!: ProviderProfileName;
  @OneOfField(MODES, 'In sandbox nothing is vended') mode!: Provider['mode'];

  @ApiProperty({ description: 'False: it is told that it is not known here', example: true })
  @IsBoolean()
  active!: boolean;

  @TextField(
    /^\{[^\p{Cc}]{0,14000}\}$/u,
    'What is secret, JSON by the names of the profile; left out: as it is',
    '{}',
    {
      optional: true,
    },
  )
  credentials?: string;
  @TextField(/^\{[\x20-\x7e]{0,4000}\}$/, 'What is not secret, JSON by the names of the profile', '{}', {})
  settings!: string;
  @TextField(
    /^[0-9a-fA-F.:/]{2,43}(?:,[0-9a-fA-F.:/]{2,43}){0,63}$/,
    'Addresses or networks that may call in its name; left out: nobody',
    '203.0.113.8,198.51.100.0/24',
    { optional: true },
  )
  allowedAddresses?: string;
  @TextField(TAKA, 'The least that it may bring at once, Taka', '50', { optional: true }) minimum?: string;
  @TextField(TAKA, 'The most that it may bring at once, Taka', '25000', { optional: true }) maximum?: string;

  @ApiProperty({ description: 'It sells from what it has paid in before; written once', example: false })
  @IsBoolean()
  prepaid!: boolean;

  @TextField(TAKA, 'A float with less than this is low, Taka; left out: it is never', '20000', { optional: true })
  lowFloat?: string;

  @ApiProperty({ description: 'What it keeps, in hundredths of a percent', example: 150, minimum: 0, maximum: 10_000 })
  @IsInt()
  @Min(0)
  @Max(10_000)
  commissionBasisPoints!: number;

  @TextField(BANK, 'Where it pays what it owes', 'bank:settlement', {}) settlementBank!: string;
  @TextField(BANK, 'Where the VAT of it goes, when that is apart', 'bank:vat', { optional: true }) vatBank?: string;

  @ApiProperty({ description: 'The version it is based on; 0 for a new one', example: 0, minimum: 0 })
  @IsInt()
  @Min(0)
  version!: number;

  @TextField(/^.{3,300}$/su, 'Why', 'Contract of November', {}) reason!: string;
}

/** A company that takes customers' money for us. Its credentials are not here. */
export class PaymentProviderDto {
  @ApiProperty({ example: 'demo-form' }) code!: string;
  @ApiProperty({ example: 'Demo wallet' }) name!: string;
  @ApiProperty({ enum: PROVIDER_PROFILES, example: 'biller-form-v1' }) profile!: string;
  @ApiProperty({ enum: MODES, example: 'live' }) mode!: string;
  @ApiProperty({ example: true }) active!: boolean;
  @ApiProperty({ type: Object, additionalProperties: true, example: { successCode: '00' } })
  settings!: Record<string, string>;
  @ApiProperty({ type: [String], example: ['203.0.113.8'] }) allowedAddresses!: readonly string[];
  @ApiProperty({ type: String, nullable: true, example: '50.00' }) minimum!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '25000.00' }) maximum!: string | null;
  @ApiProperty({ example: false }) prepaid!: boolean;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'A float with less is low' })
  lowFloat!: string | null;
  @ApiProperty({ example: 150 }) commissionBasisPoints!: number;
  @ApiProperty({ example: 'bank:settlement' }) settlementBank!: string;
  @ApiProperty({ type: String, nullable: true, example: 'bank:vat' }) vatBank!: string | null;
  @ApiProperty({ example: 1 }) version!: number;
  @ApiProperty({ example: 'user:administrator' }) changedBy!: string;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) changedAt!: string;
}

export class PaymentProvidersDto {
  @ApiProperty({ type: [PaymentProviderDto] }) items!: PaymentProviderDto[];
}

export function paymentProviderView(record: ProviderRecord): PaymentProviderDto {
  const { minimumPaisa, maximumPaisa, lowFloatPaisa, changedAt, settings, ...rest } = record;
  return {
    ...rest,
    settings: { ...settings },
    minimum: minimumPaisa === null ? null : formatTaka(minimumPaisa),
    maximum: maximumPaisa === null ? null : formatTaka(maximumPaisa),
    lowFloat: lowFloatPaisa === null ? null : formatTaka(lowFloatPaisa),
    changedAt: formatInstant(changedAt.getTime()),
  };
}
