import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import { DomainError, type Id } from '@vend/kernel';
import { Database } from '@vend/platform';
import { checkDocument, type ShownDocument } from '@vend/pricebook';
import { compareVersions, type TariffVersion } from '@vend/tariff';
import { APPROVAL_CODES, ApprovalNeededDto, approvalNeeded, NeedsApproval } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  BookQuery,
  ComparisonDto,
  DecisionRequest,
  DocumentRequest,
  DraftedDto,
  LintDto,
  TariffCode,
  TariffListDto,
  TariffPair,
  tariffView,
  TariffWholeDto,
  tariffWholeView,
} from './tariff.dto';
import { TariffDesk, type Decided } from './tariffs.service';

const KEY = { name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' } as const;
const KEY_CODES = ['idempotency-key-missing', 'idempotency-key-malformed'] as const;
const SHOWN_CODES = ['field-invalid', 'price-document-unknown', 'price-document-tampered'] as const;
const DECIDED_CODES = [
  ...KEY_CODES,
  ...APPROVAL_CODES,
  ...SHOWN_CODES,
  ...(['price-proposal-missing', 'second-person-needed', 'tariff-book-invalid', 'price-book-unknown'] as const),
] as const;

@ApiTags('Tariffs')
@Controller('v1/tariffs')
export class TariffsController {
  constructor(
    private readonly desk: TariffDesk,
    private readonly database: Database,
  ) {}

  @Get()
  @Allow('tariff.read')
  @ApiOperation({
    summary: 'List the documents of a price book',
    description:
      'Versions, rebates, limits and fees, the latest first, with their states. A book has a few dozen: all at once.',
  })
  @ApiOkResponse({ type: TariffListDto })
  @ApiProblems('field-invalid', 'price-book-unknown')
  async list(@Query() query: BookQuery): Promise<TariffListDto> {
    const [books, items] = await Promise.all([this.desk.books(), this.desk.list(this.desk.bookOf(query))]);
    return { books, soldBy: this.desk.soldBy, items: items.map(tariffView) };
  }

  @Post('lint')
  @HttpCode(200)
  @Allow('tariff.read')
  @ApiOperation({
    summary: 'Say what is wrong or odd in a document before it is entered',
    description: 'By itself, and beside what the book holds already. Stores nothing.',
  })
  @ApiOkResponse({ type: LintDto })
  @ApiBodyProblems('price-document-invalid', 'tariff-book-invalid', 'price-book-unknown')
  async lint(@Body() body: DocumentRequest): Promise<LintDto> {
    const { code, findings } = await checkDocument(this.database, this.desk.bookOf(body), body.document);
    return { code, good: findings.every(({ severity }) => severity !== 'error'), findings: [...findings] };
  }

  @Get(':code')
  @Allow('tariff.read')
  @ApiOperation({ summary: 'Show a document whole, with what the lint says of it' })
  @ApiOkResponse({ type: TariffWholeDto })
  @ApiProblems(...SHOWN_CODES)
  async show(@Param() { code }: TariffCode, @Query() query: BookQuery): Promise<TariffWholeDto> {
    return tariffWholeView(await this.desk.show(this.desk.bookOf(query), code));
  }

  @Get(':code/beside/:other')
  @Allow('tariff.read')
  @ApiOperation({
    summary: 'Two versions side by side',
    description: 'Every fact that one of them has, class by class, marked where they differ. Drafts too.',
  })
  @ApiOkResponse({ type: ComparisonDto })
  @ApiProblems(...SHOWN_CODES)
  async compare(@Param() { code, other }: TariffPair, @Query() query: BookQuery): Promise<ComparisonDto> {
    const book = this.desk.bookOf(query);
    const [left, right] = await Promise.all([this.desk.show(book, code), this.desk.show(book, other)]);
    const rows = compareVersions(versionOf(left), versionOf(right));
    return { left: tariffView(left), right: tariffView(right), rows };
  }

  @Post()
  @Allow('tariff.change')
  @ApiOperation({
    summary: 'Enter a document as a draft',
    description:
      'It is stored for ever as it is, and prices nothing until it is published. The same text again is the same draft; ' +
      'another text under its id is refused: a correction has an id of its own.',
  })
  @ApiCreatedResponse({ type: DraftedDto, description: 'The first time' })
  @ApiOkResponse({ type: DraftedDto, description: 'A repeat' })
  @ApiBodyProblems('price-document-invalid', 'tariff-book-invalid', 'price-document-exists', 'price-book-unknown')
  async draft(
    @Caller() user: SessionUser,
    @Body() body: DocumentRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DraftedDto> {
    const { document, existed } = await this.desk.draft(user, this.desk.bookOf(body), body.document);
    void reply.status(existed ? 200 : 201);
    return { ...tariffWholeView(document), existed };
  }

  @Post(':code/publish')
  @HttpCode(200)
  @Allow('tariff.change')
  @ApiOperation({
    summary: 'Put a draft into force',
    description:
      'With a second person, who is not the one that entered it. From then on every price of its dates is reckoned with ' +
      'it; nothing published is ever changed. Of one in force already it answers as it stands.',
  })
  @ApiHeader(KEY)
  @ApiOkResponse({ type: TariffWholeDto })
  @NeedsApproval()
  @ApiBodyProblems(...DECIDED_CODES)
  async publish(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param() { code }: TariffCode,
    @Body() body: DecisionRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TariffWholeDto | ApprovalNeededDto> {
    const { reason } = body;
    return answered(await this.desk.publish({ user, key, book: this.desk.bookOf(body), code, reason }), reply);
  }

  @Post(':code/revoke')
  @HttpCode(200)
  @Allow('tariff.change')
  @ApiOperation({
    summary: 'Withdraw a published document',
    description: 'With a second person. What was priced with it stays priced with it; nothing from then on is.',
  })
  @ApiHeader(KEY)
  @ApiOkResponse({ type: TariffWholeDto })
  @NeedsApproval()
  @ApiBodyProblems(...DECIDED_CODES)
  async revoke(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param() { code }: TariffCode,
    @Body() body: DecisionRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TariffWholeDto | ApprovalNeededDto> {
    const { reason } = body;
    return answered(await this.desk.revoke({ user, key, book: this.desk.bookOf(body), code, reason }), reply);
  }
}

function answered(decided: Decided, reply: FastifyReply): TariffWholeDto | ApprovalNeededDto {
  if ('document' in decided) return tariffWholeView(decided.document);
  void reply.status(202);
  return approvalNeeded(decided.approvalId);
}

/** @throws {DomainError} price-document-unknown: it is no version */
export function versionOf({ code, part }: ShownDocument): TariffVersion {
  if (part.kind !== 'tariff-version') throw new DomainError('price-document-unknown', { document: code });
  return part.version;
}
