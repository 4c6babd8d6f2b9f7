import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Approvals, type SessionUser } from '@vend/identity';
import { DomainError, isId, type Id } from '@vend/kernel';
import { Allow, Caller } from '../http/bearer.guard';
import { limitOf, PageQuery, pageOf } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { ApprovalDto, ApprovalPageDto, approvalView, ApproveRequest, RefuseRequest } from './approval.dto';

@ApiTags('Approvals')
@Controller('v1/approvals')
export class ApprovalsController {
  constructor(private readonly approvals: Approvals) {}

  @Get()
  @Allow('approval.read')
  @ApiOperation({
    summary: 'What waits for my word',
    description: 'Requests of kinds that my role may approve, of my offices, oldest first; never my own.',
  })
  @ApiOkResponse({ type: ApprovalPageDto })
  @ApiProblems('field-invalid')
  async waiting(@Caller() user: SessionUser, @Query() query: PageQuery): Promise<ApprovalPageDto> {
    const limit = limitOf(query);
    const found = await this.approvals.waitingFor(user, { after: query.cursor, limit });
    return pageOf(found, limit, approvalView, ({ approvalId }) => approvalId);
  }

  @Get('mine')
  @Allow('approval.read')
  @ApiOperation({ summary: 'What I have asked for', description: 'Newest first, with what became of each.' })
  @ApiOkResponse({ type: ApprovalPageDto })
  @ApiProblems('field-invalid')
  async mine(@Caller() user: SessionUser, @Query() query: PageQuery): Promise<ApprovalPageDto> {
    const limit = limitOf(query);
    const found = await this.approvals.askedBy(user, { before: query.cursor, limit });
    return pageOf(found, limit, approvalView, ({ approvalId }) => approvalId);
  }

  @Get(':id')
  @Allow('approval.read')
  @ApiOperation({
    summary: 'Show a request for approval',
    description: 'To who asked, and to people of its office and above; with exactly what would be done.',
  })
  @ApiOkResponse({ type: ApprovalDto })
  @ApiProblems('approval-not-found')
  async show(@Caller() user: SessionUser, @Param('id') id: string): Promise<ApprovalDto> {
    return approvalView(await this.approvals.show(user, idOf(id)));
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Allow('approval.decide')
  @ApiOperation({
    summary: 'Approve, as the second person',
    description:
      'Nothing is done yet: the asker sends the request again, with the same Idempotency-Key, and it is carried out once. ' +
      'The same answer again changes nothing.',
  })
  @ApiOkResponse({ type: ApprovalDto })
  @ApiBodyProblems('approval-not-found', 'approval-own', 'approval-decided', 'approval-expired')
  async approve(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Body() { note }: ApproveRequest,
  ): Promise<ApprovalDto> {
    return approvalView(await this.approvals.decide(user, idOf(id), 'APPROVED', note ?? null));
  }

  @Post(':id/refuse')
  @HttpCode(200)
  @Allow('approval.decide')
  @ApiOperation({ summary: 'Refuse, as the second person', description: 'Final for this request; the note says why.' })
  @ApiOkResponse({ type: ApprovalDto })
  @ApiBodyProblems('approval-not-found', 'approval-own', 'approval-decided', 'approval-expired')
  async refuse(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Body() { note }: RefuseRequest,
  ): Promise<ApprovalDto> {
    return approvalView(await this.approvals.decide(user, idOf(id), 'REFUSED', note));
  }
}

function idOf(text: string): Id {
  if (!isId(text)) throw new DomainError('approval-not-found');
  return text;
}
