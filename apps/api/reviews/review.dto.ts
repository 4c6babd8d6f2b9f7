import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '@vend/kernel';
import { REVIEW_STATES, type ReviewItem, type ReviewState } from '@vend/watch';
import { OneOfField, WordsField } from '../http/fields';

export const DECISIONS = ['EXPLAINED', 'ESCALATED'] as const;

export class DecideReviewRequest {
  @OneOfField(DECISIONS, 'EXPLAINED: there is a good reason. ESCALATED: somebody else must look')
  state!: (typeof DECISIONS)[number];

  @WordsField('What was found', 'Relief day: forty customers of one lane, list signed by the officer', 500)
  note!: string;
}

export class ReviewDto {
  @ApiProperty({ example: '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f' }) reviewId!: string;
  @ApiProperty({ example: 'many-vends-meter' }) rule!: string;
  @ApiProperty({ example: 'meter:600727000000000009', description: 'A meter, a station or a person' }) subject!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Rajshahi S&D 1' }) office!: string | null;
  @ApiProperty({ example: 5, description: 'How many events were seen together' }) events!: number;
  @ApiProperty({ example: 3, description: 'How many are usual' }) threshold!: number;
  @ApiProperty({ example: 60, description: 'Within so many seconds' }) windowSeconds!: number;
  @ApiProperty({
    example: ['019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e70'],
    description: 'Some of the vends, the latest last; show them by the trace',
  })
  vends!: readonly string[];
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) firstSeen!: string;
  @ApiProperty({ example: '2026-11-21T10:00:58.001+06:00' }) lastSeen!: string;
  @ApiProperty({ enum: REVIEW_STATES }) state!: ReviewState;
  @ApiProperty({ type: String, nullable: true, example: 'user:selim' }) decidedBy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-21T11:30:00.000+06:00' }) decidedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Relief day: list signed by the officer' }) note!:
    string | null;
}

export class ReviewPageDto {
  @ApiProperty({ type: [ReviewDto], description: 'The latest first' }) items!: ReviewDto[];
  @ApiProperty({
    type: String,
    nullable: true,
    example: '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f',
    description: 'Give it as `cursor` for the next page; null: this was the last',
  })
  nextCursor!: string | null;
}

export function reviewView(item: ReviewItem): ReviewDto {
  return {
    reviewId: item.reviewId,
    rule: item.rule,
    subject: item.subject,
    office: item.office,
    events: item.events,
    threshold: item.facts.threshold,
    windowSeconds: item.facts.windowSeconds,
    vends: item.facts.vends,
    firstSeen: formatInstant(item.firstSeen),
    lastSeen: formatInstant(item.lastSeen),
    state: item.state,
    decidedBy: item.decidedBy,
    decidedAt: item.decidedAt === null ? null : formatInstant(item.decidedAt),
    note: item.note,
  };
}
