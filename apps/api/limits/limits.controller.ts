import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { recordAudit, type SessionUser } from '@vend/identity';
import { formatInstant, formatTaka, parseTaka } from '@vend/kernel';
import { Database } from '@vend/platform';
import { insertFreeIssueLimit, insertLimit, listLimits, readFreeIssueLimits } from '@vend/vending';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { moneyView } from '../http/format';
import {
  FreeIssueLimitDto,
  FreeIssueLimitListDto,
  FreeIssueLimitRequest,
  LimitDto,
  LimitListDto,
  LimitRequest,
  limitView,
} from './limit.dto';

@ApiTags('Back office')
@Controller('v1/limits')
export class LimitsController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('limit.read')
  @ApiOperation({ summary: 'Show the limits, those of before and those to come' })
  @ApiOkResponse({ type: LimitListDto })
  @ApiProblems()
  async list(): Promise<LimitListDto> {
    return { items: (await listLimits(this.database)).map(limitView) };
  }

  @Post()
  @Allow('limit.manage')
  @ApiOperation({
    summary: 'Set a limit, or lift one by leaving out the amount',
    description:
      'From the given instant on, a recharge over the limit is refused with `limit-exceeded`. A provider gives such a ' +
      'payment back; what a gateway has collected already is kept and owed back. What was in force before stays on record.',
  })
  @ApiCreatedResponse({ type: LimitDto })
  @ApiBodyProblems('amount-not-positive')
  async set(@Caller() user: SessionUser, @Body() body: LimitRequest): Promise<LimitDto> {
    const setAt = Date.now();
    const { scope, channel = null, amount, reason } = body;
    const effectiveFrom = body.effectiveFrom === undefined ? setAt : Date.parse(body.effectiveFrom);
    // What was sold was sold under the limit of its day.
    if (effectiveFrom < setAt) throw new FieldsInvalid([{ field: 'effectiveFrom', code: 'field-malformed' }]);
    if (channel !== null && scope !== 'transaction' && scope !== 'meter-day') {
      throw new FieldsInvalid([{ field: 'channel', code: 'field-malformed' }]);
    }
    const limitPaisa = amount === undefined ? null : parseTaka(amount);
    const setBy = `user:${user.username}`;
    const limit = { scope, channel, limitPaisa, effectiveFrom, reason, setBy, setAt };
    return this.database.transaction(async (tx) => {
      const limitId = await insertLimit(tx, limit);
      await recordAudit(tx, {
        actor: setBy,
        action: 'limit-set',
        subject: `limit:${limitId}`,
        after: {
          scope,
          channel,
          limitTaka: limitPaisa === null ? null : formatTaka(limitPaisa),
          effectiveFrom: formatInstant(effectiveFrom),
          reason,
        },
        at: setAt,
      });
      return limitView({ limitId, ...limit });
    });
  }

  @Get('free-issues')
  @Allow('limit.read')
  @ApiOperation({ summary: 'Show what a person may give away, and a meter may be given, in a Dhaka month' })
  @ApiOkResponse({ type: FreeIssueLimitListDto })
  @ApiProblems()
  async freeIssues(): Promise<FreeIssueLimitListDto> {
    const limits = await this.database.transaction((tx) => readFreeIssueLimits(tx, Date.now()));
    return {
      items: limits.map(({ valuePaisaAMonth, ...rest }) => ({ ...rest, valueAMonth: moneyView(valuePaisaAMonth) })),
    };
  }

  @Post('free-issues')
  @Allow('limit.manage')
  @ApiOperation({
    summary: 'Set how much may be given away in a Dhaka month',
    description:
      'It counts from today on, for what was given this month already too. What was in force before stays on record.',
  })
  @ApiCreatedResponse({ type: FreeIssueLimitDto })
  @ApiBodyProblems('amount-not-positive')
  async setFreeIssues(@Caller() user: SessionUser, @Body() body: FreeIssueLimitRequest): Promise<FreeIssueLimitDto> {
    const { scope, issuesAMonth, valueAMonth, reason } = body;
    const at = Date.now();
    const actor = `user:${user.username}`;
    const valuePaisaAMonth = parseTaka(valueAMonth);
    await this.database.transaction(async (tx) => {
      await insertFreeIssueLimit(tx, { scope, issuesAMonth, valuePaisaAMonth, setBy: actor }, at);
      const after = { issuesAMonth, valueTakaAMonth: formatTaka(valuePaisaAMonth), reason };
      await recordAudit(tx, { actor, action: 'limit-set', subject: `limit:free-issue-${scope}`, after, at });
    });
    return { scope, issuesAMonth, valueAMonth: moneyView(valuePaisaAMonth) };
  }
}
