import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '@vend/kernel';
import { CHANNELS, LIMIT_SCOPES, type Channel, type DatedLimit, type LimitScope } from '@vend/vending';
import { CountField, InstantField, OneOfField, TakaField, WordsField } from '../http/fields';
import { moneyView } from '../http/format';
import { MoneyDto } from '../http/priced.dto';

export class LimitRequest {
  @OneOfField(LIMIT_SCOPES, 'One sale; the Dhaka day of a meter or of a person; an item of an offline pack, or a pack')
  scope!: LimitScope;

  @OneOfField(CHANNELS, 'Left out: all channels together. Only with transaction and meter-day', { optional: true })
  channel?: Channel;

  @TakaField({ optional: true })
  amount?: string;

  @InstantField('From when on; left out: from now on. Never in the past', '2026-12-01T00:00:00+06:00', {
    optional: true,
  })
  effectiveFrom?: string;

  @WordsField('Why, with the order it rests on', 'Order 14/2026 of the regional office')
  reason!: string;
}

const FREE_ISSUE_SCOPES = ['person', 'meter'] as const;
type FreeIssueScope = (typeof FREE_ISSUE_SCOPES)[number];

export class FreeIssueLimitRequest {
  @OneOfField(FREE_ISSUE_SCOPES, 'What one person may give away, or what one meter may be given')
  scope!: FreeIssueScope;

  @CountField('Free issues in a Dhaka month; 0: none', 20, [0, 1000])
  issuesAMonth!: number;

  @TakaField()
  valueAMonth!: string;

  @WordsField('Why, with the order it rests on', 'Order 14/2026 of the regional office')
  reason!: string;
}

export class FreeIssueLimitDto {
  @ApiProperty({ enum: FREE_ISSUE_SCOPES }) scope!: FreeIssueScope;
  @ApiProperty({ example: 20 }) issuesAMonth!: number;
  @ApiProperty({ type: MoneyDto }) valueAMonth!: MoneyDto;
}

export class FreeIssueLimitListDto {
  @ApiProperty({ type: [FreeIssueLimitDto], description: 'What is in force now' }) items!: FreeIssueLimitDto[];
}

export class LimitDto {
  @ApiProperty({ example: '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f' }) limitId!: string;
  @ApiProperty({ enum: LIMIT_SCOPES }) scope!: LimitScope;
  @ApiProperty({ enum: CHANNELS, nullable: true, description: 'null: all channels together' }) channel!: Channel | null;
  @ApiProperty({ type: MoneyDto, nullable: true, description: 'null: no limit from then on' }) amount!: MoneyDto | null;
  @ApiProperty({ example: '2026-12-01T00:00:00.000+06:00' }) effectiveFrom!: string;
  @ApiProperty({ example: 'Order 14/2026 of the regional office' }) reason!: string;
  @ApiProperty({ example: 'user:farida' }) setBy!: string;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) setAt!: string;
}

export class LimitListDto {
  @ApiProperty({
    type: [LimitDto],
    description: 'The latest first; of one scope and channel, the latest in force counts',
  })
  items!: LimitDto[];
}

export function limitView({ limitPaisa, effectiveFrom, setAt, ...limit }: DatedLimit): LimitDto {
  return {
    limitId: limit.limitId,
    scope: limit.scope,
    channel: limit.channel,
    amount: limitPaisa === null ? null : moneyView(limitPaisa),
    effectiveFrom: formatInstant(effectiveFrom),
    reason: limit.reason,
    setBy: limit.setBy,
    setAt: formatInstant(setAt),
  };
}
