import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SessionUser } from '@vend/identity';
import { Watch, type WatchRule } from '@vend/watch';
import { Allow, Caller } from '../http/bearer.guard';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { WatchRuleDto, WatchRuleListDto, WatchRuleRequest } from './watch-rule.dto';

@ApiTags('Back office')
@Controller('v1/watch-rules')
export class WatchRulesController {
  constructor(private readonly watch: Watch) {}

  @Get()
  @Allow('review.read')
  @ApiOperation({ summary: 'Show what is taken for usual' })
  @ApiOkResponse({ type: WatchRuleListDto })
  @ApiProblems()
  async list(): Promise<WatchRuleListDto> {
    return { items: await this.watch.rules() };
  }

  @Post(':rule')
  @HttpCode(200)
  @Allow('limit.manage')
  @ApiOperation({ summary: 'Change what is taken for usual, from the next look on' })
  @ApiOkResponse({ type: WatchRuleDto })
  @ApiBodyProblems('watch-rule-not-found')
  set(
    @Caller() user: SessionUser,
    @Param('rule') rule: string,
    @Body() { threshold, windowSeconds, active }: WatchRuleRequest,
  ): Promise<WatchRule> {
    return this.watch.setRule(user, { rule, threshold, windowSeconds, active });
  }
}
