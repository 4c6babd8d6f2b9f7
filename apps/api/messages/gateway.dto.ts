import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsInt, Max, Min, ValidateIf } from 'class-validator';
import { formatInstant } from '@vend/kernel';
import { GATEWAY_PROFILES, type GatewayHealth, type GatewayProfile, type GatewayRecord } from '@vend/sms';
import { OneOfField, textField as TextField } from '../http/fields';

const PROFILES = Object.keys(GATEWAY_PROFILES);

function WholeField(description: string, example: number, max: number) {
  return (target: object, name: string): void => {
    ApiProperty({ description, example, minimum: 0, maximum: max, type: Number })(target, name);
    IsInt()(target, name);
    Min(0)(target, name);
    Max(max)(target, name);
  };
}

/** Lists are written with commas and the profile's settings as JSON text, so that the body stays flat. */
export class GatewayRequest {
  @OneOfField(PROFILES, 'How it is spoken to') profile!: GatewayProfile;
  @TextField(
    /^\{[\x20-\x7e]{0,1500}\}$/,
    'Settings of the profile, JSON without secrets',
    '{"host":"smsc.example","port":2775,"systemId":"nesco","source":"NESCO","windowSize":10}',
    {},
  )
  settings!: string;
  @TextField(/^(?:88013\d{0,8}|8801[4-9]\d{0,8})(?:,8801[3-9]\d{0,8}){0,49}$/, 'Numbers it serves', '88015', {
    optional: true,
  })
  prefixes?: string;
  @WholeField('What one part costs, paisa', 25, 100_000) costPaisa!: number;
  @WholeField('Lower is asked first', 10, 1_000) priority!: number;

  @ApiProperty({
    description: 'Messages a second; null: as fast as it takes them',
    example: 50,
    type: Number,
    nullable: true,
  })
  @ValidateIf((_body, value) => value !== null)
  @IsInt()
  @Min(1)
  @Max(10_000)
  maxPerSecond!: number | null;

  @TextField(
    /^(?:one-time-code|pending|reminder|notice)=(?:0\.\d{1,3}|1)(?:,(?:one-time-code|pending|reminder|notice)=(?:0\.\d{1,3}|1)){0,3}$/,
    'Part of the rate by class, where it differs from the usual',
    'notice=0.3,reminder=0.2',
    { optional: true },
  )
  shares?: string;

  @ApiProperty({ description: 'False: nothing is sent by it', example: true })
  @IsBoolean()
  enabled!: boolean;

  @TextField(/^[\x21-\x7e]{1,50}$/, "The account's password or token; left out: as it is", 'invented', {
    optional: true,
  })
  secret?: string;
  @WholeField('The version it is based on; 0 for a new one', 0, 2_000_000_000) version!: number;
  @TextField(/^.{3,300}$/su, 'Why', 'Contract of November', {}) reason!: string;
}

/** A way to send SMS, as it is set and as the workers see it. Its secret is not here. */
export class GatewayDto {
  @ApiProperty({ example: 'default' }) code!: string;
  @ApiProperty({ enum: PROFILES, example: 'sms-http-v3' }) profile!: string;
  @ApiProperty({ type: Object, additionalProperties: true, example: { baseUrl: 'https://sms.example', sid: 'NESCO' } })
  settings!: Record<string, unknown>;
  @ApiProperty({ type: [String], example: [], description: 'Beginnings of numbers; none: every number' })
  prefixes!: readonly string[];
  @ApiProperty({ example: 25 }) costPaisa!: number;
  @ApiProperty({ example: 10 }) priority!: number;
  @ApiProperty({ type: Number, nullable: true, example: 50 }) maxPerSecond!: number | null;
  @ApiProperty({ example: true }) enabled!: boolean;
  @ApiProperty({ example: 1 }) version!: number;
  @ApiProperty({ example: 'user:administrator' }) changedBy!: string;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) changedAt!: string;
  @ApiProperty({ example: 2, description: 'Workers that have said something within a minute' }) workers!: number;
  @ApiProperty({ example: 2, description: 'Those of them for which it works' }) healthyWorkers!: number;
  @ApiProperty({ type: [String], example: ['gateway-timeout'], description: 'Why their last calls failed' })
  lastFaults!: readonly string[];
}

export class QueueDto {
  @ApiProperty({ example: 'receipt', description: 'The queue of a class; `receipt` are receipts of vends' })
  queue!: string;
  @ApiProperty({ example: 12 }) waiting!: number;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-21T10:00:05.123+06:00' }) oldest!: string | null;
}

export class GatewaysDto {
  @ApiProperty({ type: [GatewayDto], description: 'None: the worker uses its settings' }) items!: GatewayDto[];
  @ApiProperty({ type: [QueueDto] }) queues!: QueueDto[];
}

export function gatewayView(record: GatewayRecord, health: GatewayHealth | undefined): GatewayDto {
  const { code, profile, settings, prefixes, costPaisa, priority, maxPerSecond, enabled, version, changedBy } = record;
  return {
    ...{ code, profile, settings: { ...settings }, prefixes, costPaisa, priority, maxPerSecond, enabled, version },
    ...{ changedBy, changedAt: formatInstant(record.changedAt.getTime()), workers: health?.workers ?? 0 },
    ...{ healthyWorkers: health?.healthy ?? 0, lastFaults: health?.lastFaults ?? [] },
  };
}
