import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches, ValidateIf } from 'class-validator';
import {
  APPROVAL_KINDS,
  APPROVAL_STATES,
  type ApprovalKind,
  type ApprovalRecord,
  type ApprovalState,
} from '@vend/identity';
import { formatInstant } from '@vend/kernel';

const EXAMPLE_ID = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';
/** Printable, in any script; no control characters. */
const TEXT = /^[^\p{C}]+$/u;

export class ApproveRequest {
  @ApiProperty({ required: false, maxLength: 300, example: 'Order 12/2026 seen' })
  @ValidateIf((_body, value) => value !== undefined)
  @IsString()
  @Length(1, 300)
  @Matches(TEXT)
  note?: string;
}

export class RefuseRequest {
  @ApiProperty({ maxLength: 300, description: 'Why not; the asker reads it', example: 'No order for this village' })
  @IsString()
  @Length(1, 300)
  @Matches(TEXT)
  note!: string;
}

/** A request for a second person's word, with exactly what is asked for. */
export class ApprovalDto {
  @ApiProperty({ example: EXAMPLE_ID }) id!: string;
  @ApiProperty({ enum: APPROVAL_KINDS }) kind!: ApprovalKind;
  @ApiProperty({ example: 'meter:600727000000000009' }) subject!: string;
  @ApiProperty({ type: Object, description: 'Exactly what is approved', example: { energyKwh: '50.0' } })
  content!: ApprovalRecord['content'];
  @ApiProperty({ description: 'SHA-256 of subject and content: what the word covers', example: 'ab'.repeat(32) })
  contentSha256!: string;
  @ApiProperty({ example: 'Flood relief, order 12/2026' }) reason!: string;
  @ApiProperty({ example: 'rahima' }) requestedBy!: string;
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
  @ApiProperty({ example: 'Rajshahi' }) office!: string;
  @ApiProperty({ example: '2026-11-22T10:00:00.000+06:00' }) requestedAt!: string;
  @ApiProperty({ description: 'Until when it may be answered, or used', example: '2026-11-23T10:00:00.000+06:00' })
  expiresAt!: string;
  @ApiProperty({ enum: APPROVAL_STATES }) state!: ApprovalState;
  @ApiProperty({ type: String, nullable: true, example: 'selim' }) decidedBy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22T10:05:00.000+06:00' }) decidedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) note!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'What it was used for', example: `vend:${EXAMPLE_ID}` })
  effect!: string | null;
}

export class ApprovalPageDto {
  @ApiProperty({ type: [ApprovalDto] }) items!: ApprovalDto[];
  @ApiProperty({ type: String, nullable: true, description: 'Give it back as cursor for the next page', example: null })
  nextCursor!: string | null;
}

const nameOf = (actor: string): string => actor.replace(/^user:/, '');

export function approvalView(record: ApprovalRecord): ApprovalDto {
  const { approvalId, requestedBy, requestedAt, expiresAt, decidedBy, decidedAt, ...rest } = record;
  return {
    id: approvalId,
    ...rest,
    requestedBy: nameOf(requestedBy),
    requestedAt: formatInstant(requestedAt),
    expiresAt: formatInstant(expiresAt),
    decidedBy: decidedBy === null ? null : nameOf(decidedBy),
    decidedAt: decidedAt === null ? null : formatInstant(decidedAt),
  };
}
