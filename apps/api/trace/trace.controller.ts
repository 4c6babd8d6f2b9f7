import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CASE_NAMES } from '@vend/cases';
import { officesOf, recordAudit, roleMay, type SessionUser } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { normaliseMobile } from '@vend/meters';
import { Database } from '@vend/platform';
import { Trace, type TraceAnswer } from '@vend/reports';
import { Allow, Caller } from '../http/bearer.guard';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { eventsOf, TraceDto, TraceQuery, TraceRequest } from './trace.dto';
import { traceView } from './trace.view';

const DESCRIPTION =
  'Paid? vended? sent, delivered, loaded? The findings say what is pending and why, and what to do next, in both languages, ' +
  'the answer to the complaint first. A token together with a meter asks why that meter refuses it.';

@ApiTags('Trace')
@Controller('v1/trace')
export class TraceController {
  private readonly trace: Trace;

  constructor(private readonly database: Database) {
    this.trace = new Trace(database, CASE_NAMES);
  }

  @Get()
  @Allow('trace.read')
  @ApiOperation({ summary: 'Trace a meter, a transaction or a receipt', description: DESCRIPTION })
  @ApiOkResponse({ type: TraceDto })
  @ApiProblems('field-invalid', 'trace-needs-something')
  async byQuery(@Caller() user: SessionUser, @Query() query: TraceQuery): Promise<TraceDto> {
    return traceView(await this.ask(user, query), false);
  }

  @Post()
  @HttpCode(200)
  @Allow('trace.read')
  @ApiOperation({ summary: 'Trace by meter, phone, transaction, receipt or token', description: DESCRIPTION })
  @ApiOkResponse({ type: TraceDto })
  @ApiBodyProblems('trace-needs-something', 'mobile-invalid', 'tokens-not-for-you')
  async byBody(@Caller() user: SessionUser, @Body() request: TraceRequest): Promise<TraceDto> {
    const { phone, token, showTokens = false, ...query } = request;
    if (showTokens && !roleMay(user.role, 'vend.reprint')) throw new DomainError('tokens-not-for-you');
    const mobile = phone === undefined ? undefined : normaliseMobile(phone);
    if (phone !== undefined && mobile === undefined) throw new DomainError('mobile-invalid');
    const answer = await this.ask(user, { ...query, phone: mobile, token: token?.replace(/[ -]/g, '') });
    // On record before it is shown: a reading that nobody can see would be none.
    if (showTokens) await this.record(user, answer);
    return traceView(answer, showTokens);
  }

  private async ask(user: SessionUser, query: TraceQuery & { phone?: string; token?: string }): Promise<TraceAnswer> {
    const { meter, transactionId, receiptNo, phone, token, complaint } = query;
    const named = [meter, transactionId, receiptNo, phone, token].some((each) => each !== undefined);
    if (!named) throw new DomainError('trace-needs-something');
    const offices = await officesOf(this.database, user);
    return this.trace.ask({
      ...{ transactionId, phone, token, complaint, offices },
      meter: meter?.toUpperCase(),
      receiptNo: receiptNo?.toUpperCase(),
      limit: eventsOf(query),
    });
  }

  private async record(user: SessionUser, { meters, events }: TraceAnswer): Promise<void> {
    const at = Date.now();
    const shown = events.filter(({ vend }) => vend && vend.tokens.length > 0).length;
    await this.database.transaction(async (tx) => {
      for (const { pan } of meters) {
        const [actor, subject] = [`user:${user.username}`, `meter:${pan}`];
        await recordAudit(tx, { actor, action: 'trace-tokens-read', subject, detail: { vends: shown }, at });
      }
    });
  }
}
