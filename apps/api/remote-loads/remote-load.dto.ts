import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches, ValidateIf } from 'class-validator';
import { formatInstant } from '@vend/kernel';
import { REMOTE_LOAD_STATES, type RemoteLoadCard, type RemoteLoadState } from '@vend/meterlink';
import { PageQuery } from '../http/page';

export class RemoteLoadsQuery extends PageQuery {
  @ApiProperty({
    enum: REMOTE_LOAD_STATES,
    required: false,
    description: 'Only those in this state',
    example: 'FAILED',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @IsIn(REMOTE_LOAD_STATES)
  state?: RemoteLoadState;
}

export class HeadEndRequest {
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'demo-hes',
    description: 'Code of the head-end; null: its tokens are typed',
  })
  @ValidateIf((_body, value) => value !== null)
  @Matches(/^[a-z0-9-]{1,32}$/)
  headEnd!: string | null;
}

export class MeterHeadEndDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ type: String, nullable: true, example: 'demo-hes' }) headEnd!: string | null;
}

/** The way of one vend's tokens into its meter. No token is here: those are on the receipt. */
export class RemoteLoadDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) remoteLoadId!: string;
  @ApiProperty({ enum: REMOTE_LOAD_STATES, example: 'LOADED' }) state!: RemoteLoadState;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string;
  @ApiProperty({ example: 'demo-hes' }) headEnd!: string;
  @ApiProperty({ example: 1, description: 'Rises when it is sent once more' }) round!: number;
  @ApiProperty({ example: 1, description: 'How often it was pushed' }) attempts!: number;
  @ApiProperty({ type: String, nullable: true, example: 'meter-unreachable' }) reason!: string | null;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) createdAt!: string;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-21T10:00:05.223+06:00' }) sentAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-21T10:00:06.001+06:00' }) concludedAt!: string | null;
}

export class RemoteLoadsDto {
  @ApiProperty({ type: [RemoteLoadDto], description: 'The newest first' }) items!: RemoteLoadDto[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'null: that was all',
    example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42',
  })
  nextCursor!: string | null;
}

export function remoteLoadView(card: RemoteLoadCard): RemoteLoadDto {
  const { loadId, state, meterNo, customerNo, receiptNo, headEnd, round, attempts, reason } = card;
  const text = (at: number | null) => (at === null ? null : formatInstant(at));
  return {
    ...{ remoteLoadId: loadId, state, meterNo, customerNo, receiptNo, headEnd, round, attempts, reason },
    createdAt: formatInstant(card.createdAt),
    sentAt: text(card.sentAt),
    concludedAt: text(card.concludedAt),
  };
}
