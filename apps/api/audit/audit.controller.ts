import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { searchAudit } from '@vend/identity';
import { Database } from '@vend/platform';
import { Allow } from '../http/bearer.guard';
import { pageOf } from '../http/page';
import { ApiBodyProblems } from '../http/problem.dto';
import { AuditPageDto, AuditSearchRequest, auditView } from './audit.dto';

const PAGE = 50;
const instantOf = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));

@ApiTags('People')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly database: Database) {}

  @Post('search')
  @HttpCode(200)
  @Allow('audit.read')
  @ApiOperation({
    summary: 'Search the audit trail',
    description: 'By who, on what, what was done, and when, in any combination; newest first, 50 to a page.',
  })
  @ApiOkResponse({ type: AuditPageDto })
  @ApiBodyProblems()
  async search(@Body() { actor, subject, action, from, until, cursor }: AuditSearchRequest): Promise<AuditPageDto> {
    const found = await searchAudit(this.database, {
      actor,
      subject,
      action,
      from: instantOf(from),
      until: instantOf(until),
      before: cursor,
      limit: PAGE,
    });
    return pageOf(found, PAGE, auditView, ({ eventId }) => eventId);
  }
}
