import { ApiProperty } from '@nestjs/swagger';
import { WATCH_MEASURES, WATCH_SUBJECTS, type WatchMeasure, type WatchRule, type WatchSubjectKind } from '@vend/watch';
import { CountField, YesNoField } from '../http/fields';

export class WatchRuleRequest {
  @CountField('How many are usual; one more is listed', 3, [1, 1_000_000]) threshold!: number;
  @CountField('Within so many seconds, up to 31 days', 60, [60, 2_678_400]) windowSeconds!: number;
  @YesNoField('False: nothing new is listed by this rule') active!: boolean;
}

export class WatchRuleDto {
  @ApiProperty({ example: 'many-vends-meter' }) rule!: string;
  @ApiProperty({ enum: WATCH_MEASURES, description: 'What is counted' }) measure!: WatchMeasure;
  @ApiProperty({ enum: WATCH_SUBJECTS, description: 'For whom' }) subjectKind!: WatchSubjectKind;
  @ApiProperty({ example: 3 }) threshold!: number;
  @ApiProperty({ example: 60 }) windowSeconds!: number;
  @ApiProperty({ example: true }) active!: boolean;
}

export class WatchRuleListDto {
  @ApiProperty({ type: [WatchRuleDto] }) items!: WatchRule[];
}
