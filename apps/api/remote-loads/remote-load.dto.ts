import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import { formatInstant, isId } from '@vend/kernel';
import { REMOTE_LOAD_STATES, type RemoteLoadCard, type RemoteLoadState } from '@vend/meterlink';
import { FieldsInvalid } from '../http/field.pipe';

const PAGE = 50;
const PAGE_MAX = 200;

/** Query parameters arrive as text; `listingOf` reads them. */
export class RemoteLoadsQuery {
  @ApiProperty({ enum: REMOTE_LOAD_STATES, required: false, description: 'Only those in this state' })
  state?: string;

  @ApiProperty({ required: false, description: '`nextCursor` of the page before' })
  cursor?: string;

  @ApiProperty({ type: Number, required: false, minimum: 1, maximum: PAGE_MAX, default: PAGE })
  limit?: string;
}

/** @throws {FieldsInvalid} naming every parameter that is not what it should be */
export function listingOf({ state, cursor, limit = String(PAGE) }: RemoteLoadsQuery) {
  const faults = [
    ...(state === undefined || isState(state) ? [] : ['state']),
    ...(cursor === undefined || isId(cursor) ? [] : ['cursor']),
    ...(/^\d{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= PAGE_MAX ? [] : ['limit']),
  ];
  if (faults.length > 0) throw new FieldsInvalid(faults.map((field) => ({ field, code: 'field-malformed' })));
  return { state: (state ?? null) as RemoteLoadState | null, before: cursor ?? null, limit: Number(limit) };
}

function isState(text: string): boolean {
  return (REMOTE_LOAD_STATES as readonly string[]).includes(text);
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
  @ApiProperty({ enum: REMOTE_LOAD_STATES }) state!: RemoteLoadState;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: '20261121100005123456' }) receiptNo!: string;
  @ApiProperty({ example: 'demo-hes' }) headEnd!: string;
  @ApiProperty({ example: 1, description: 'Rises when it is sent once more' }) round!: number;
  @ApiProperty({ example: 1, description: 'How often it was pushed' }) attempts!: number;
  @ApiProperty({ type: String, nullable: true, example: 'meter-unreachable' }) reason!: string | null;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) createdAt!: string;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-21T10:00:05.223+06:00' }) sentAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) concludedAt!: string | null;
}

export class RemoteLoadsDto {
  @ApiProperty({ type: [RemoteLoadDto], description: 'The newest first' }) items!: RemoteLoadDto[];
  @ApiProperty({ type: String, nullable: true, description: 'null: that was all' }) nextCursor!: string | null;
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
