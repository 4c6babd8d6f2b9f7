import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, dhakaDay, isId, type Id } from '@vend/kernel';
import { Database } from '@vend/platform';
import { isDay, listStatementImports, Settlement, StatementImports, type StatementOrder } from '@vend/settlement';
import { Allow, Caller } from '../http/bearer.guard';
import { UPLOAD_KINDS } from '../http/body';
import { FieldsInvalid } from '../http/field.pipe';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { fileNameOf } from '../imports/file-name';
import {
  StatementFormatDto,
  StatementFormatRequest,
  StatementImportDto,
  StatementImportsDto,
  StatementQuery,
} from './settlement.dto';
import { statementImportView } from './settlement.view';

const SHOWN = 50;
const UPLOAD_CODES = [
  ...(['idempotency-key-missing', 'idempotency-key-malformed', 'content-type-unsupported', 'field-invalid'] as const),
  ...(['import-too-large', 'statement-import-differs', 'statement-provider-unknown'] as const),
] as const;
const FILE_NAME = { name: 'X-File-Name', required: false, description: 'Percent-encoded', example: 'day.csv' };
const KEY = { name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' };
const FILE = { schema: { type: 'string', format: 'binary', example: 'provider,provider_trx_id,…' } } as const;

/** What providers and banks send. */
@ApiTags('Settlement')
@Controller('v1/settlements')
export class StatementsController {
  constructor(
    private readonly database: Database,
    private readonly imports: StatementImports,
    private readonly settlement: Settlement,
  ) {}

  @Post('statements')
  @HttpCode(202)
  @Allow('settlement.import')
  @ApiOperation({
    summary: "Send a provider's statement of a day",
    description:
      'CSV (UTF-8) or XLSX, streamed, in the format of this provider. The same file for the same provider and day is the ' +
      'same import, whatever its key. Another file adds its rows, or with rule=replace takes the place of those before it. ' +
      'Nothing of a file counts before all of it is in; a bad line is reported and not stored.',
  })
  @ApiConsumes(...Object.keys(UPLOAD_KINDS))
  @ApiBody(FILE)
  @ApiHeader(KEY)
  @ApiHeader(FILE_NAME)
  @ApiAcceptedResponse({ type: StatementImportDto })
  @ApiProblems(...UPLOAD_CODES)
  async statement(
    @IdempotencyKey() id: Id,
    @Query() { provider, day, rule = 'add' }: StatementQuery,
    @Req() request: FastifyRequest,
    @Caller() user: SessionUser,
  ): Promise<StatementImportDto> {
    if (!isDay(day)) throw new FieldsInvalid([{ field: 'day', code: 'field-malformed' }]);
    return this.put({ id, kind: 'statement', provider, day, rule }, request, user);
  }

  @Post('bank-credits')
  @HttpCode(202)
  @Allow('settlement.import')
  @ApiOperation({
    summary: "Send a bank's list of credits",
    description:
      'CSV or XLSX with bank_account, value_date, amount and reference (`provider/batch`), or provider and ' +
      'settlement_batch. A list that overlaps an earlier one adds what is new.',
  })
  @ApiConsumes(...Object.keys(UPLOAD_KINDS))
  @ApiBody({ schema: { ...FILE.schema, example: 'bank_account,value_date,amount,reference' } })
  @ApiHeader(KEY)
  @ApiHeader(FILE_NAME)
  @ApiAcceptedResponse({ type: StatementImportDto })
  @ApiProblems(...UPLOAD_CODES)
  async bankCredits(
    @IdempotencyKey() id: Id,
    @Req() request: FastifyRequest,
    @Caller() user: SessionUser,
  ): Promise<StatementImportDto> {
    return this.put({ id, kind: 'bank', provider: '', day: dhakaDay(Date.now()), rule: 'add' }, request, user);
  }

  @Get('imports')
  @Allow('settlement.read')
  @ApiOperation({ summary: 'The latest files, the newest first' })
  @ApiOkResponse({ type: StatementImportsDto })
  async list(): Promise<StatementImportsDto> {
    return { items: (await listStatementImports(this.database, { limit: SHOWN })).map(statementImportView) };
  }

  @Get('imports/:id')
  @Allow('settlement.read')
  @ApiOperation({ summary: 'How far an import is' })
  @ApiParam({ name: 'id', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' })
  @ApiOkResponse({ type: StatementImportDto })
  @ApiProblems('statement-import-not-found')
  async progress(@Param('id') id: string): Promise<StatementImportDto> {
    return statementImportView(await this.imports.byId(known(id)));
  }

  @Get('imports/:id/report')
  @Allow('settlement.read')
  @ApiOperation({ summary: 'The lines that were not stored, with the reason in Bangla and English, as CSV' })
  @ApiParam({ name: 'id', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', example: 'line,column,code,bn,en' } })
  @ApiProblems('statement-import-not-found')
  async report(@Param('id') id: string): Promise<StreamableFile> {
    const { id: importId } = await this.imports.byId(known(id));
    return new StreamableFile(Readable.from(this.imports.report(importId), { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="faults-${importId}.csv"`,
    });
  }

  @Get('formats/:provider')
  @Allow('settlement.read')
  @ApiOperation({ summary: 'How a provider writes its statements' })
  @ApiParam({ name: 'provider', example: 'demo-form' })
  @ApiOkResponse({ type: StatementFormatDto })
  @ApiProblems('statement-provider-unknown')
  async format(@Param('provider') provider: string): Promise<StatementFormatDto> {
    return { provider, ...(await this.settlement.format(provider)) };
  }

  @Post('formats/:provider')
  @HttpCode(200)
  @Allow('settlement.format')
  @ApiOperation({
    summary: 'Set how a provider writes its statements',
    description:
      'A new version, for files that are taken in from now on; no release is needed. Kept in the audit trail.',
  })
  @ApiParam({ name: 'provider', example: 'demo-form' })
  @ApiOkResponse({ type: StatementFormatDto })
  @ApiBodyProblems('statement-provider-unknown', 'statement-format-invalid')
  async setFormat(
    @Param('provider') provider: string,
    @Body() { format }: StatementFormatRequest,
    @Caller() user: SessionUser,
  ): Promise<StatementFormatDto> {
    await this.settlement.setFormat(provider, format, `user:${user.username}`);
    return this.format(provider);
  }

  private async put(
    order: Pick<StatementOrder, 'id' | 'kind' | 'provider' | 'day' | 'rule'>,
    request: FastifyRequest,
    user: SessionUser,
  ): Promise<StatementImportDto> {
    const fileKind = UPLOAD_KINDS[(request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()];
    if (!fileKind || !(request.body instanceof Readable)) throw new DomainError('content-type-unsupported');
    const [by, at] = [`user:${user.username}`, Date.now()];
    const fileName = fileNameOf(request.headers['x-file-name'], `${order.kind}.${fileKind}`);
    const { id, kind, provider, day, rule } = order;
    const job = await this.imports.put(
      { ...order, fileName, fileKind, by, at },
      request.body as AsyncIterable<Uint8Array>,
      (tx) =>
        recordAudit(tx, {
          ...{ actor: by, action: 'statement-ordered', subject: `statement:${id}`, at },
          detail: { kind, provider, day, rule, file: fileName },
        }),
    );
    return statementImportView(job);
  }
}

function known(id: string): Id {
  if (!isId(id)) throw new DomainError('statement-import-not-found');
  return id;
}
