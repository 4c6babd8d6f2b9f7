import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import type { BroadcastReportLine } from '@vend/broadcasts';
import type { SessionUser } from '@vend/identity';
import { formatInstant, type Id } from '@vend/kernel';
import { APPROVAL_CODES, approvalNeeded, NeedsApproval, type ApprovalNeededDto } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { limitOf, pageOf, PageQuery } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  BroadcastDetailDto,
  BroadcastDto,
  BroadcastPageDto,
  BroadcastPreviewDto,
  BroadcastRequest,
  BroadcastWords,
  LaunchRequest,
} from './broadcast.dto';
import { broadcastView } from './broadcast.view';
import { BroadcastsDesk } from './broadcasts.service';

const KEY_CODES = ['idempotency-key-missing', 'idempotency-key-malformed'] as const;
const ID_PARAM = { name: 'id', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' } as const;
const MOVE_CODES = ['broadcast-not-found', 'broadcast-not-now'] as const;
const CSV_HEAD = 'customerNo,office,language,state,outcome,attempts,sentAt,delivery\r\n';

@ApiTags('Notices to all')
@Controller('v1/broadcasts')
export class BroadcastsController {
  constructor(private readonly desk: BroadcastsDesk) {}

  @Post('preview')
  @HttpCode(200)
  @Allow('broadcast.manage')
  @ApiOperation({
    summary: 'See what a notice would look like, whom it would reach, and what it would cost',
    description:
      'Parts, alphabet and cost in each language, and how many phones are of the audience now. Nothing is kept.',
  })
  @ApiOkResponse({ type: BroadcastPreviewDto })
  @ApiBodyProblems('broadcast-audience-refused')
  preview(@Caller() user: SessionUser, @Body() body: BroadcastWords): Promise<BroadcastPreviewDto> {
    return this.desk.preview(user, body);
  }

  @Post()
  @HttpCode(202)
  @Allow('broadcast.manage')
  @ApiOperation({
    summary: 'Compose a notice to many customers',
    description:
      'A worker then writes down its recipients, one for each phone; when its state is READY, they are counted and it ' +
      'can be launched. Nothing leaves before. The same key with the same body is the same notice.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID; it becomes the id of the notice' })
  @ApiAcceptedResponse({ type: BroadcastDto })
  @ApiBodyProblems(
    ...KEY_CODES,
    'broadcast-audience-refused',
    'broadcast-text-refused',
    'broadcast-time-refused',
    'broadcast-differs',
  )
  async compose(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() body: BroadcastRequest,
  ): Promise<BroadcastDto> {
    return broadcastView(await this.desk.compose(user, key, body), Date.now());
  }

  @Get()
  @Allow('broadcast.read')
  @ApiOperation({ summary: "Notices of the person's offices and how far they are", description: 'The latest first.' })
  @ApiOkResponse({ type: BroadcastPageDto })
  @ApiBodyProblems()
  async list(@Caller() user: SessionUser, @Query() query: PageQuery): Promise<BroadcastPageDto> {
    const limit = limitOf(query);
    const now = Date.now();
    const found = await this.desk.list(user, { before: query.cursor, limit });
    return pageOf(
      found,
      limit,
      (broadcast) => broadcastView(broadcast, now),
      ({ id }) => id,
    );
  }

  @Get(':id')
  @Allow('broadcast.read')
  @ApiOperation({ summary: 'A notice: counts, cost, progress with rate and time left, recipients by status' })
  @ApiParam(ID_PARAM)
  @ApiOkResponse({ type: BroadcastDetailDto })
  @ApiProblems('broadcast-not-found')
  async show(@Caller() user: SessionUser, @Param('id') id: string): Promise<BroadcastDetailDto> {
    const broadcast = await this.desk.show(user, id);
    return { ...broadcastView(broadcast, Date.now()), statuses: await this.desk.statuses(broadcast.id) };
  }

  @Post(':id/launch')
  @HttpCode(200)
  @Allow('broadcast.manage')
  @ApiOperation({
    summary: 'Let a prepared notice go',
    description:
      'Needs a second person, who reads texts, audience, count and cost; exactly that leaves. From then on at its hour, ' +
      'and never in its quiet hours.',
  })
  @ApiParam(ID_PARAM)
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID' })
  @ApiOkResponse({ type: BroadcastDto })
  @NeedsApproval()
  @ApiBodyProblems(...KEY_CODES, ...MOVE_CODES, ...APPROVAL_CODES, 'broadcast-nobody', 'broadcast-time-refused')
  async launch(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('id') id: string,
    @Body() { reason }: LaunchRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BroadcastDto | ApprovalNeededDto> {
    const answer = await this.desk.launch(user, id, key, reason);
    if ('broadcast' in answer) return broadcastView(answer.broadcast, Date.now());
    void reply.status(202);
    return approvalNeeded(answer.approvalId);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Allow('broadcast.manage')
  @ApiOperation({ summary: 'Let nothing more leave for now', description: 'From the next chunk on, of at most 100.' })
  @ApiParam(ID_PARAM)
  @ApiOkResponse({ type: BroadcastDto })
  @ApiBodyProblems(...MOVE_CODES)
  async pause(@Caller() user: SessionUser, @Param('id') id: string, @Body() { reason }: LaunchRequest) {
    return broadcastView(await this.desk.move(user, id, 'pause', reason), Date.now());
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Allow('broadcast.manage')
  @ApiOperation({ summary: 'Go on with a paused notice where it was' })
  @ApiParam(ID_PARAM)
  @ApiOkResponse({ type: BroadcastDto })
  @ApiBodyProblems(...MOVE_CODES)
  async resume(@Caller() user: SessionUser, @Param('id') id: string, @Body() { reason }: LaunchRequest) {
    return broadcastView(await this.desk.move(user, id, 'resume', reason), Date.now());
  }

  @Post(':id/stop')
  @HttpCode(200)
  @Allow('broadcast.manage')
  @ApiOperation({ summary: 'End a notice for good', description: 'What has not left never will.' })
  @ApiParam(ID_PARAM)
  @ApiOkResponse({ type: BroadcastDto })
  @ApiBodyProblems(...MOVE_CODES)
  async stop(@Caller() user: SessionUser, @Param('id') id: string, @Body() { reason }: LaunchRequest) {
    return broadcastView(await this.desk.move(user, id, 'stop', reason), Date.now());
  }

  @Get(':id/report')
  @Allow('broadcast.read')
  @ApiOperation({
    summary: 'Recipients and what became of each, as CSV',
    description: 'Customer numbers and no phone numbers. Reading it is kept in the audit trail.',
  })
  @ApiParam(ID_PARAM)
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', example: CSV_HEAD.trim() } })
  @ApiProblems('broadcast-not-found')
  async report(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const pages = await this.desk.report(user, id);
    void reply.header('content-disposition', `attachment; filename="notice-${id}.csv"`);
    return new StreamableFile(Readable.from(csv(pages)), { type: 'text/csv; charset=utf-8' });
  }
}

async function* csv(pages: AsyncGenerator<readonly BroadcastReportLine[]>): AsyncGenerator<Buffer> {
  yield Buffer.from(CSV_HEAD);
  for await (const page of pages) yield Buffer.from(page.map(lineOf).join(''));
}

function lineOf({
  customerNo,
  office,
  language,
  state,
  outcome,
  attempts,
  sentAt,
  delivery,
}: BroadcastReportLine): string {
  const sent = sentAt === null ? '' : formatInstant(sentAt);
  return `${[customerNo, cell(office), language, state, outcome ?? '', attempts, sent, delivery ?? ''].join(',')}\r\n`;
}

/** A name of an office may hold commas and quotes; what a spreadsheet would take for a formula is text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
