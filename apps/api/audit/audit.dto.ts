import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsISO8601, IsString, Matches, ValidateIf } from 'class-validator';
import type { AuditRecord } from '@vend/identity';
import { formatInstant } from '@vend/kernel';

const EXAMPLE_ID = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';

function Optional() {
  return ValidateIf((_body, value) => value !== undefined);
}

function NameField(description: string, example: string) {
  return applyDecorators(
    ApiProperty({ required: false, description, example }),
    Optional(),
    IsString(),
    Matches(/^[\x21-\x7e]{1,80}$/),
  );
}

function TimeField(description: string, example: string) {
  return applyDecorators(
    ApiProperty({ required: false, description, example }),
    Optional(),
    IsString(),
    IsISO8601({ strict: true }),
    // Without an offset it would be another instant on another machine.
    Matches(/T.*(?:Z|[+-]\d\d:\d\d)$/),
  );
}

export class AuditSearchRequest {
  @NameField('Who', 'user:rahima')
  actor?: string;

  @NameField('On what', 'recharge:019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42')
  subject?: string;

  @NameField('What was done', 'recharge-reprinted')
  action?: string;

  @TimeField('From this instant', '2026-11-21T00:00:00+06:00')
  from?: string;

  @TimeField('Up to, but without, this instant', '2026-11-22T00:00:00+06:00')
  until?: string;

  @ApiProperty({ required: false, description: 'nextCursor of the page before', example: EXAMPLE_ID })
  @Optional()
  @Matches(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  cursor?: string;
}

const FACTS = { type: Object, nullable: true };

export class AuditEventDto {
  @ApiProperty({ example: EXAMPLE_ID }) id!: string;
  @ApiProperty({ example: '2026-11-21T10:00:00.000+06:00' }) at!: string;
  @ApiProperty({ example: 'user:selim' }) actor!: string;
  @ApiProperty({ example: 'approval-approved' }) action!: string;
  @ApiProperty({ example: `approval:${EXAMPLE_ID}` }) subject!: string;
  @ApiProperty({ ...FACTS, example: { kind: 'free-issue' } }) detail!: AuditRecord['detail'];
  @ApiProperty({ ...FACTS, example: { state: 'PENDING' } }) before!: AuditRecord['before'];
  @ApiProperty({ ...FACTS, example: { state: 'APPROVED' } }) after!: AuditRecord['after'];
  @ApiProperty({ type: String, nullable: true, example: '10.1.2.3' }) address!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Tells programs apart', example: '9c8f6a1b2c3d4e5f' })
  agentHash!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'NESCO-RAJ-01' }) station!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'till-7.request-42' }) requestId!: string | null;
}

export class AuditPageDto {
  @ApiProperty({ type: [AuditEventDto], description: 'Newest first' }) items!: AuditEventDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}

export function auditView({ eventId, at, origin, ...event }: AuditRecord): AuditEventDto {
  return { id: eventId, at: formatInstant(at), ...event, ...origin };
}
