import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { caseNumbers } from '@vend/cases';
import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, dhakaDay, isId, type Id } from '@vend/kernel';
import { Database } from '@vend/platform';
import {
  BreakActions,
  csvReport,
  htmlReport,
  isDay,
  Settlement,
  type Break,
  type BreakState,
  type SettlementDay,
} from '@vend/settlement';
import { APPROVAL_CODES, ApprovalNeededDto, approvalNeeded, NeedsApproval } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { IdempotencyKey } from '../http/idempotency-key';
import { limitOf, pageOf } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  BreakActionRequest,
  BreakDetailDto,
  BreaksDto,
  BreaksQuery,
  SettlementDayDto,
  UnsettledDaysDto,
} from './settlement.dto';
import { breakDetailView, breakView, settlementDayView } from './settlement.view';

const STANDING: readonly BreakState[] = ['OPEN', 'CLAIMED', 'SETTLED'];
/** Breaks on the printed page; the CSV has them all. */
const PRINTED = 200;
const PAGE = 1_000;
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const OF_DAY = ['settlement-day-not-matched', 'field-invalid'] as const;

/** What a comparison found, and what people do about it. */
@ApiTags('Settlement')
@Controller('v1/settlements')
export class SettlementController {
  constructor(
    private readonly database: Database,
    private readonly settlement: Settlement,
    private readonly actions: BreakActions,
  ) {}

  @Get('unsettled')
  @Allow('settlement.read')
  @ApiOperation({ summary: 'Days with payments for which no statement has come, of the last two weeks' })
  @ApiOkResponse({ type: UnsettledDaysDto })
  async unsettled(): Promise<UnsettledDaysDto> {
    return { items: await this.settlement.unsettled(dhakaDay(Date.now())) };
  }

  @Get('days/:provider/:day')
  @Allow('settlement.read')
  @ApiOperation({
    summary: 'A day of a provider: both sides by bucket, and its batches',
    description: 'As compared last; the buckets of a side add up to its sum, to the paisa.',
  })
  @ApiParam({ name: 'provider', example: 'demo-form' })
  @ApiParam({ name: 'day', example: '2026-11-22' })
  @ApiOkResponse({ type: SettlementDayDto })
  @ApiProblems(...OF_DAY)
  async day(@Param('provider') provider: string, @Param('day') day: string): Promise<SettlementDayDto> {
    return settlementDayView(await this.dayOf(provider, day));
  }

  @Get('days/:provider/:day/report')
  @Allow('settlement.read')
  @Header('content-security-policy', POLICY)
  @ApiOperation({
    summary: 'The same as a page to print, in Bangla and English',
    description: 'Kept in the audit trail.',
  })
  @ApiParam({ name: 'provider', example: 'demo-form' })
  @ApiParam({ name: 'day', example: '2026-11-22' })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string', example: '<!doctype html>…' } })
  @ApiProblems(...OF_DAY)
  async report(
    @Param('provider') provider: string,
    @Param('day') day: string,
    @Caller() user: SessionUser,
  ): Promise<StreamableFile> {
    const found = await this.dayOf(provider, day);
    await this.read(user, provider, day, 'html');
    const breaks = await this.settlement.breaks({ provider, day, states: STANDING, limit: PRINTED + 1 });
    const { name } = await this.settlement.provider(provider);
    const page = { day: found, name, breaks: breaks.slice(0, PRINTED), moreBreaks: breaks.length > PRINTED };
    const html = htmlReport({ ...page, at: Date.now() });
    return new StreamableFile(Buffer.from(html), { type: 'text/html; charset=utf-8' });
  }

  @Get('days/:provider/:day/report.csv')
  @Allow('settlement.read')
  @ApiOperation({ summary: 'The same as CSV, with every break', description: 'Kept in the audit trail.' })
  @ApiParam({ name: 'provider', example: 'demo-form' })
  @ApiParam({ name: 'day', example: '2026-11-22' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', example: 'part,side,name,batch,count,ours,theirs,fee,vat,state' } })
  @ApiProblems(...OF_DAY)
  async csv(
    @Param('provider') provider: string,
    @Param('day') day: string,
    @Caller() user: SessionUser,
  ): Promise<StreamableFile> {
    const found = await this.dayOf(provider, day);
    await this.read(user, provider, day, 'csv');
    return new StreamableFile(Readable.from(csvReport(found, this.pages(provider, day)), { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="settlement-${provider}-${day}.csv"`,
    });
  }

  @Get('breaks')
  @Allow('settlement.read')
  @ApiOperation({ summary: 'Breaks, the oldest first', description: 'Without a state those that have not healed.' })
  @ApiOkResponse({ type: BreaksDto })
  @ApiProblems('field-invalid')
  async breaks(@Query() query: BreaksQuery): Promise<BreaksDto> {
    const limit = limitOf(query);
    const { provider, day, bucket, state, cursor: after } = query;
    if (day !== undefined && !isDay(day)) throw new FieldsInvalid([{ field: 'day', code: 'field-malformed' }]);
    const states = state ? [state] : STANDING;
    const found = await this.settlement.breaks({ provider, day, bucket, states, after, limit });
    const numbers = await this.caseNumbers(found);
    return pageOf(
      found,
      limit,
      (broken) => breakView(broken, numbers),
      ({ breakId }) => breakId,
    );
  }

  @Get('breaks/:id')
  @Allow('settlement.read')
  @ApiOperation({ summary: 'A break, and what was done about it' })
  @ApiParam({ name: 'id', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' })
  @ApiOkResponse({ type: BreakDetailDto })
  @ApiProblems('break-not-found')
  async break(@Param('id') id: string): Promise<BreakDetailDto> {
    const found = await this.settlement.break(known(id));
    return breakDetailView(found, await this.caseNumbers([found.broken]));
  }

  @Post('breaks/:id/actions')
  @HttpCode(200)
  @Allow('settlement.act')
  @ApiOperation({
    summary: 'Do something about a break',
    description:
      'One of its `actions`: vend it now, keep it for a refund, claim it, charge the meter, write it off … Whatever gives ' +
      'money away needs a second person. Once, however often it is asked.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' })
  @ApiParam({ name: 'id', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' })
  @ApiOkResponse({ type: BreakDetailDto })
  @NeedsApproval()
  @ApiBodyProblems(
    ...(['idempotency-key-missing', 'idempotency-key-malformed', 'break-not-found', 'break-settled'] as const),
    ...(['break-changed', 'break-action-unfit', 'break-meter-unknown', 'break-key-conflict'] as const),
    ...(['transaction-conflict', 'statement-provider-unknown'] as const),
    ...APPROVAL_CODES,
  )
  async act(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('id') id: string,
    @Body() { action, reference, reason }: BreakActionRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BreakDetailDto | ApprovalNeededDto> {
    const answer = await this.actions.act(user, { key, breakId: known(id), action, reference, reason });
    if (answer.state === 'done') return this.break(id);
    void reply.status(202);
    return approvalNeeded(answer.approvalId);
  }

  private async dayOf(provider: string, day: string): Promise<SettlementDay> {
    if (!isDay(day)) throw new FieldsInvalid([{ field: 'day', code: 'field-malformed' }]);
    return this.settlement.day(provider, day);
  }

  private caseNumbers(breaks: readonly Break[]): Promise<ReadonlyMap<Id, string>> {
    return caseNumbers(
      this.database,
      breaks.flatMap(({ caseId }) => caseId ?? []),
    );
  }

  private async *pages(provider: string, day: string): AsyncGenerator<readonly Break[]> {
    for (let after: Id | undefined; ;) {
      const page = await this.settlement.breaks({ provider, day, after, limit: PAGE });
      yield page;
      if (page.length < PAGE) return;
      after = page.at(-1)!.breakId;
    }
  }

  private async read(user: SessionUser, provider: string, day: string, form: string): Promise<void> {
    const [actor, at] = [`user:${user.username}`, Date.now()];
    const subject = `settlement:${provider}`;
    await this.database.transaction((tx) =>
      recordAudit(tx, { actor, action: 'settlement-report-read', subject, detail: { day, form }, at }),
    );
  }
}

function known(id: string): Id {
  if (!isId(id)) throw new DomainError('break-not-found');
  return id;
}
