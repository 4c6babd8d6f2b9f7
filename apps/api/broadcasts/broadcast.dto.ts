import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { BROADCAST_STATES, BROADCAST_TEMPLATES, type BroadcastState, type BroadcastTemplate } from '@vend/broadcasts';
import { TARIFF_CLASSES } from '@vend/meters';
import { InstantField, OneOfField, SomeOfField, TakaField, textField as TextField, WordsField } from '../http/fields';
import { MoneyDto } from '../http/priced.dto';

const OFFICES_MAX = 200;
const TEXT_MAX = 1_000;
/** Whatever people write to people, over several lines too. */
const TEXT = new RegExp(`^(?=[^]*\\S)[^\\x00-\\x09\\x0b-\\x1f]{1,${TEXT_MAX}}$`, 'u');

const absent = (_body: unknown, value: unknown) => value !== undefined;

/** Who is told, and in what words. */
export class BroadcastWords {
  @OneOfField(BROADCAST_TEMPLATES, '`notice`: your own text. `arrears-bill`: what each phone owes, when it is sent')
  template!: BroadcastTemplate;

  @TextField(TEXT, 'With `notice`: the text for Bangla phones', 'আগামীকাল সকাল ৯টা থেকে বিদ্যুৎ থাকবে না।', {
    optional: true,
  })
  textBn?: string;

  @TextField(TEXT, 'With `notice`: the text for English phones', 'No power tomorrow from 9 am.', { optional: true })
  textEn?: string;

  @ApiProperty({
    type: [String],
    required: false,
    maxItems: OFFICES_MAX,
    example: ['RAJ-ZONE'],
    description: 'Codes of offices; all below them are meant too. Left out: every office, for who works everywhere',
  })
  @ValidateIf(absent)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(OFFICES_MAX)
  @ArrayUnique()
  @Matches(/^[0-9A-Za-z-]{1,40}$/, { each: true })
  offices?: string[];

  @SomeOfField(TARIFF_CLASSES, 'Customers with a connection of one of these classes')
  tariffClasses?: string[];

  @TakaField({ optional: true })
  arrearsOver?: string;
}

export class BroadcastRequest extends BroadcastWords {
  @WordsField('What you call it; it is not sent', 'Shutdown of the Katakhali feeder', 120)
  name!: string;

  @InstantField('Nothing leaves before; left out: as soon as it is approved', '2026-11-23T10:00:00+06:00', {
    optional: true,
  })
  startsAt?: string;

  @InstantField('Nothing leaves after it', '2026-11-25T18:00:00+06:00')
  endsAt!: string;

  @ApiProperty({ required: false, type: Number, minimum: 1, maximum: 1_000, default: 50, example: 50 })
  @ValidateIf(absent)
  @IsInt()
  @Min(1)
  @Max(1_000)
  ratePerSecond?: number;

  @TextField(
    /^(?:none|(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)$/,
    'Dhaka time, in which nothing leaves; left out: those of the office. `none` for what may wake people',
    '22:00-08:00',
    { optional: true },
  )
  quietHours?: string;
}

export class LaunchRequest {
  @WordsField('Why; the second person reads it', 'Order 31/2026 of the zonal office') reason!: string;
}

export class StrayDto {
  @ApiProperty({ example: 17, description: 'Where in the text, in UTF-16 units from 0' }) at!: number;
  @ApiProperty({ example: '–' }) character!: string;
  @ApiProperty({ example: 'EN DASH' }) name!: string;
  @ApiProperty({ example: '-' }) instead!: string;
  @ApiProperty({ example: 2 }) parts!: number;
  @ApiProperty({ example: 1, description: 'When all such characters are replaced' }) partsWithout!: number;
}

export class TextPreviewDto {
  @ApiProperty({ example: 'No power tomorrow from 9 am.' }) text!: string;
  @ApiProperty({ enum: ['gsm-7', 'ucs-2'], example: 'gsm-7' }) alphabet!: 'gsm-7' | 'ucs-2';
  @ApiProperty({ example: 28, description: 'Septets, or UTF-16 units' }) units!: number;
  @ApiProperty({ example: 1 }) parts!: number;
  @ApiProperty({ description: 'Of one message' }) cost!: MoneyDto;
  @ApiProperty({ type: [StrayDto], description: 'Characters that make it dearer, or that nobody sees' })
  strays!: StrayDto[];
}

export class PerLanguageCountDto {
  @ApiProperty({ example: 310_000 }) bn!: number;
  @ApiProperty({ example: 12_000 }) en!: number;
}

export class BroadcastPreviewDto {
  @ApiProperty() bn!: TextPreviewDto;
  @ApiProperty() en!: TextPreviewDto;
  @ApiProperty({ description: 'Phones of the audience as of now' }) phones!: PerLanguageCountDto;
  @ApiProperty({ description: 'Of all messages' }) totalCost!: MoneyDto;
}

export class AudienceDto {
  @ApiProperty({
    type: [String],
    nullable: true,
    example: ['Rajshahi S&D 1'],
    description: 'Names; null: every office',
  })
  offices!: readonly string[] | null;
  @ApiProperty({ type: [String], nullable: true, example: ['LT-A'] }) tariffClasses!: readonly string[] | null;
  @ApiProperty({ type: MoneyDto, nullable: true }) arrearsOver!: MoneyDto | null;
}

export class BroadcastDto {
  @ApiProperty({ description: 'The Idempotency-Key', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) id!: string;
  @ApiProperty({ enum: BROADCAST_STATES, example: 'RUNNING' }) state!: BroadcastState;
  @ApiProperty({ example: 'Shutdown of the Katakhali feeder' }) name!: string;
  @ApiProperty({ enum: BROADCAST_TEMPLATES, example: 'notice' }) template!: BroadcastTemplate;
  @ApiProperty({ type: String, nullable: true, example: 'আগামীকাল সকাল ৯টা থেকে বিদ্যুৎ থাকবে না।' }) textBn!:
    string | null;
  @ApiProperty({ type: String, nullable: true, example: 'No power tomorrow from 9 am.' }) textEn!: string | null;
  @ApiProperty({ description: 'SHA-256 over texts, audience and times', example: '9f86d081884c7d659a2feaa0c55ad015' })
  contentSha256!: string;
  @ApiProperty() audience!: AudienceDto;
  @ApiProperty({ example: 50, description: 'At most, all workers together' }) ratePerSecond!: number;
  @ApiProperty({ example: '22:00-08:00' }) quietHours!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) startsAt!: string | null;
  @ApiProperty({ example: '2026-11-25T18:00:00.000+06:00' }) endsAt!: string;
  @ApiProperty({ example: 'Rajshahi' }) office!: string;
  @ApiProperty({ example: 'user:selim' }) madeBy!: string;
  @ApiProperty({ example: '2026-11-22T10:00:00.000+06:00' }) madeAt!: string;
  @ApiProperty({ description: 'Customers of the audience that have been looked at', example: 330_000 })
  customers!: number;
  @ApiProperty({ description: 'Of them: with the phone of another', example: 7_000 }) samePhone!: number;
  @ApiProperty({ description: 'Of them: who want no notices', example: 1_000 }) optedOut!: number;
  @ApiProperty({ description: 'Phones that are to ring' }) recipients!: PerLanguageCountDto;
  @ApiProperty({ description: 'SMS parts of one message, at most' }) parts!: PerLanguageCountDto;
  @ApiProperty({ description: 'Of all of it, at most' }) totalCost!: MoneyDto;
  @ApiProperty({ type: String, nullable: true, example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a43' })
  approvalId!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'user:selim' }) launchedBy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22T11:00:00.000+06:00' }) launchedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) endedAt!: string | null;
  @ApiProperty({ enum: ['all-tried', 'time-over', 'stopped', 'nobody'], nullable: true, example: null })
  endReason!: string | null;
  @ApiProperty({ description: 'Sent, failed or skipped', example: 120_000 }) settled!: number;
  @ApiProperty({ minimum: 0, maximum: 100, example: 37 }) percent!: number;
  @ApiProperty({ example: 49.8 }) perSecond!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Of sending; null while nothing leaves', example: 4_040 })
  secondsLeft!: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Quiet hours counted', example: null })
  endsAbout!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'What the gateway says', example: null })
  waitingFor!: string | null;
}

export class StatusCountDto {
  @ApiProperty({ enum: ['QUEUED', 'TAKEN', 'SENT', 'FAILED', 'SKIPPED'], example: 'SENT' }) state!: string;
  @ApiProperty({ type: String, nullable: true, example: 'accepted' }) outcome!: string | null;
  @ApiProperty({ example: 119_000 }) count!: number;
}

export class BroadcastDetailDto extends BroadcastDto {
  @ApiProperty({ type: [StatusCountDto], description: 'Recipients by where they are and why' })
  statuses!: StatusCountDto[];
}

export class BroadcastPageDto {
  @ApiProperty({ type: [BroadcastDto], description: 'The latest first' }) items!: BroadcastDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}
