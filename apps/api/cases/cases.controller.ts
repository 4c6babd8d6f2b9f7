import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CasesService, type CaseCard, type CaseReader } from '@vend/cases';
import { officesOf, type SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { Database } from '@vend/platform';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  AssignRequest,
  CaseDto,
  CasePageDto,
  CaseQuery,
  CloseRequest,
  NoteRequest,
  OpenCaseRequest,
  ReopenRequest,
  WaitRequest,
} from './case.dto';
import { caseRowView, caseView } from './case.view';

const CHANGE_CODES = ['case-not-found', 'case-number-wrong', 'case-changed', 'case-closed'] as const;

/** What a person may see of cases. */
export async function caseReaderOf(database: Database, user: SessionUser): Promise<CaseReader> {
  return { user, offices: await officesOf(database, user) };
}

@ApiTags('Cases')
@Controller('v1/cases')
export class CasesController {
  constructor(
    private readonly database: Database,
    private readonly cases: CasesService,
  ) {}

  @Post()
  @Allow('case.open')
  @ApiOperation({
    summary: 'Open a case for a complaint',
    description:
      'On a payment, a vend, a meter or a customer, at least one. The customer is told its number by SMS. The same ' +
      'Idempotency-Key again is the same case.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' })
  @ApiCreatedResponse({ type: CaseDto, description: 'The first time' })
  @ApiOkResponse({ type: CaseDto, description: 'A repeat' })
  @ApiBodyProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'case-key-conflict',
    'case-subject-missing',
    'case-subjects-differ',
    'recharge-not-found',
    'meter-not-found',
    'meter-number-invalid',
    'meter-check-digit-wrong',
  )
  async open(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() { kind, words, ...about }: OpenCaseRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CaseDto> {
    const { card, replayed } = await this.cases.open(await this.reader(user), { key, kind, words, about });
    void reply.status(replayed ? 200 : 201);
    return this.whole(user, card);
  }

  @Get()
  @Allow('case.read')
  @ApiOperation({ summary: 'Open cases', description: 'The most overdue first; of the offices that I may see.' })
  @ApiOkResponse({ type: CasePageDto })
  @ApiProblems('field-invalid')
  async list(@Caller() user: SessionUser, @Query() query: CaseQuery): Promise<CasePageDto> {
    const limit = Number(query.limit ?? 50);
    const [dueAt, caseId] = query.cursor?.split('.') ?? [];
    const after = dueAt !== undefined && caseId !== undefined ? { dueAt: Number(dueAt), caseId } : undefined;
    const found = await this.cases.queue(await this.reader(user), { view: query.view ?? 'queue', after, limit });
    const last = found.length < limit ? undefined : found.at(-1);
    const now = Date.now();
    return {
      items: found.map((card) => caseRowView(card, now)),
      nextCursor: last ? `${last.dueAt}.${last.caseId}` : null,
    };
  }

  @Get(':caseNo')
  @Allow('case.read')
  @ApiOperation({
    summary: 'Show a case by the number that the customer says',
    description: 'With or without the C and the hyphens; the check digit catches a misheard one.',
  })
  @ApiOkResponse({ type: CaseDto })
  @ApiProblems('case-not-found', 'case-number-wrong')
  async show(@Caller() user: SessionUser, @Param('caseNo') number: string): Promise<CaseDto> {
    const { card, events } = await this.cases.show(await this.reader(user), number);
    return caseView(card, events, Date.now());
  }

  @Post(':caseNo/notes')
  @HttpCode(201)
  @Allow('case.work')
  @ApiOperation({ summary: 'Add a note', description: 'Notes are kept as they are; a correction is another note.' })
  @ApiCreatedResponse({ type: CaseDto })
  @ApiBodyProblems('case-not-found', 'case-number-wrong')
  async note(
    @Caller() user: SessionUser,
    @Param('caseNo') number: string,
    @Body() { words }: NoteRequest,
  ): Promise<CaseDto> {
    return this.whole(user, await this.cases.note(await this.reader(user), number, words));
  }

  @Post(':caseNo/assign')
  @HttpCode(200)
  @Allow('case.work')
  @ApiOperation({
    summary: 'Give a case to a person, or back to a queue',
    description: 'Exactly one of owner and queue.',
  })
  @ApiOkResponse({ type: CaseDto })
  @ApiBodyProblems(...CHANGE_CODES, 'case-owner-unfit')
  async assign(
    @Caller() user: SessionUser,
    @Param('caseNo') number: string,
    @Body() { version, owner, queue }: AssignRequest,
  ): Promise<CaseDto> {
    const targets = [...(owner === undefined ? [] : [{ owner }]), ...(queue === undefined ? [] : [{ queue }])];
    const [to, more] = targets;
    if (!to || more) throw new FieldsInvalid([{ field: 'owner', code: to ? 'field-malformed' : 'field-missing' }]);
    return this.whole(user, await this.cases.assign(await this.reader(user), { number, version }, to));
  }

  @Post(':caseNo/wait')
  @HttpCode(200)
  @Allow('case.work')
  @ApiOperation({ summary: 'Say what a case waits for', description: 'Its deadline runs on.' })
  @ApiOkResponse({ type: CaseDto })
  @ApiBodyProblems(...CHANGE_CODES)
  async wait(
    @Caller() user: SessionUser,
    @Param('caseNo') number: string,
    @Body() { version, waitingFor }: WaitRequest,
  ): Promise<CaseDto> {
    return this.whole(user, await this.cases.wait(await this.reader(user), { number, version }, waitingFor));
  }

  @Post(':caseNo/close')
  @HttpCode(200)
  @Allow('case.work')
  @ApiOperation({
    summary: 'Close a case with what came of it',
    description:
      'While its payment is neither vended nor paid back, no case closes. The customer is told by SMS, and may have it ' +
      're-opened for seven days.',
  })
  @ApiOkResponse({ type: CaseDto })
  @ApiBodyProblems(...CHANGE_CODES, 'case-money-open', 'case-outcome-untrue')
  async close(
    @Caller() user: SessionUser,
    @Param('caseNo') number: string,
    @Body() { version, outcome, words }: CloseRequest,
  ): Promise<CaseDto> {
    return this.whole(user, await this.cases.close(await this.reader(user), { number, version }, { outcome, words }));
  }

  @Post(':caseNo/reopen')
  @HttpCode(200)
  @Allow('case.work')
  @ApiOperation({ summary: 'Take a closed case up again', description: 'Within seven Dhaka days of its closing.' })
  @ApiOkResponse({ type: CaseDto })
  @ApiBodyProblems('case-not-found', 'case-number-wrong', 'case-changed', 'case-not-closed', 'case-reopen-late')
  async reopen(
    @Caller() user: SessionUser,
    @Param('caseNo') number: string,
    @Body() { version, words }: ReopenRequest,
  ): Promise<CaseDto> {
    return this.whole(user, await this.cases.reopen(await this.reader(user), { number, version }, words));
  }

  private reader(user: SessionUser): Promise<CaseReader> {
    return caseReaderOf(this.database, user);
  }

  private async whole(user: SessionUser, { number }: CaseCard): Promise<CaseDto> {
    // Opened for another office's customer: who opened it sees it this once.
    const reader: CaseReader = { user, offices: 'all' };
    const { card, events } = await this.cases.show(reader, number);
    return caseView(card, events, Date.now());
  }
}
