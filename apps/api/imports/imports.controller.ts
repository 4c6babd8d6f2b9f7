import { Controller, Get, HttpCode, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
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
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, formatInstant, isId, type Id } from '@vend/kernel';
import { ImportJobs, paceOf, type ImportJob } from '@vend/meters';
import { Database } from '@vend/platform';
import { Allow, Caller } from '../http/bearer.guard';
import { UPLOAD_KINDS } from '../http/body';
import { IdempotencyKey } from '../http/idempotency-key';
import { limitOf, pageOf, PageQuery } from '../http/page';
import { ApiProblems } from '../http/problem.dto';
import { describe } from '../http/problems';
import { fileNameOf } from './file-name';
import { ImportDto, ImportPageDto } from './import.dto';

@ApiTags('Imports')
@Controller('v1/imports')
export class ImportsController {
  constructor(
    private readonly jobs: ImportJobs,
    private readonly database: Database,
  ) {}

  @Post()
  @HttpCode(202)
  @Allow('import.run')
  @ApiOperation({
    summary: 'Send a file of customers, connections and meters to be imported',
    description:
      'CSV (UTF-8) or XLSX, streamed; the columns are those of test/fixtures/customers-200.csv. The answer comes when the ' +
      'file is received; a worker imports it, and goes on where it was after a failure. The same Idempotency-Key with ' +
      'the same file is the same import.',
  })
  @ApiConsumes(...Object.keys(UPLOAD_KINDS))
  @ApiBody({ schema: { type: 'string', format: 'binary', example: 'customerNo,name,mobile,…' } })
  @ApiHeader({ name: 'Idempotency-Key', required: true, example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' })
  @ApiHeader({ name: 'X-File-Name', required: false, description: 'Percent-encoded', example: 'natore-2026-11.csv' })
  @ApiAcceptedResponse({ type: ImportDto })
  @ApiProblems(
    ...(['idempotency-key-missing', 'idempotency-key-malformed', 'content-type-unsupported'] as const),
    ...(['import-too-large', 'import-differs'] as const),
  )
  async start(
    @IdempotencyKey() id: Id,
    @Req() request: FastifyRequest,
    @Caller() user: SessionUser,
  ): Promise<ImportDto> {
    const kind = UPLOAD_KINDS[(request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()];
    if (!kind || !(request.body instanceof Readable)) throw new DomainError('content-type-unsupported');
    const [by, at] = [`user:${user.username}`, Date.now()];
    const fileName = fileNameOf(request.headers['x-file-name'], `import.${kind}`);
    const job = await this.jobs.put({ id, fileName, kind, by, at }, request.body as AsyncIterable<Uint8Array>, (tx) =>
      recordAudit(tx, { actor: by, action: 'import-ordered', subject: `import:${id}`, detail: { file: fileName }, at }),
    );
    return importView(job);
  }

  @Get()
  @Allow('import.read')
  @ApiOperation({ summary: 'List imports, the latest first', description: 'With how far each is.' })
  @ApiOkResponse({ type: ImportPageDto })
  @ApiProblems('field-invalid')
  async list(@Query() query: PageQuery): Promise<ImportPageDto> {
    const limit = limitOf(query);
    const found = await this.jobs.list({ before: query.cursor, limit });
    return pageOf(found, limit, importView, ({ id }) => id);
  }

  @Get(':id')
  @Allow('import.read')
  @ApiOperation({ summary: 'How far an import is: rows done, rate, time left, faults' })
  @ApiParam({ name: 'id', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' })
  @ApiOkResponse({ type: ImportDto })
  @ApiProblems('import-not-found')
  async progress(@Param('id') id: string): Promise<ImportDto> {
    return importView(await this.job(id));
  }

  @Get(':id/report')
  @Allow('import.read')
  @ApiOperation({
    summary: 'The faulty rows as CSV',
    description:
      'Each faulty row once: its line, columns, codes and reasons in Bangla and English, then the row itself. Mend the ' +
      'rows in place and send the same file as a new import. Reading it is kept in the audit trail.',
  })
  @ApiParam({ name: 'id', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    schema: { type: 'string', example: 'faultLine,faultColumn,faultCode,faultBn,faultEn,customerNo,…' },
  })
  @ApiProblems('import-not-found', 'import-file-missing')
  async report(
    @Param('id') id: string,
    @Caller() user: SessionUser,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const job = await this.job(id);
    const at = Date.now();
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        actor: `user:${user.username}`,
        action: 'import-report-read',
        subject: `import:${job.id}`,
        detail: { faults: job.faults },
        at,
      }),
    );
    const lines = this.jobs.report(job.id);
    // The first line is read here: a file that is not there is a refusal, and not a broken answer.
    const first = await lines.next();
    void reply.header('content-disposition', `attachment; filename="faults-${job.id}.csv"`);
    return new StreamableFile(Readable.from(withFirst(first, lines)), { type: 'text/csv; charset=utf-8' });
  }

  private job(id: string): Promise<ImportJob> {
    if (!isId(id)) throw new DomainError('import-not-found');
    return this.jobs.byId(id);
  }
}

async function* withFirst(first: IteratorResult<string>, rest: AsyncGenerator<string>): AsyncGenerator<Buffer> {
  if (first.done !== true) yield Buffer.from(first.value);
  for await (const line of rest) yield Buffer.from(line);
}

function importView(job: ImportJob): ImportDto {
  const words = job.refusal ? describe(job.refusal.code) : undefined;
  return {
    id: job.id,
    state: job.state,
    fileName: job.fileName,
    kind: job.kind,
    madeBy: job.by.replace(/^user:/, ''),
    sha256: job.sha256,
    madeAt: formatInstant(job.madeAt),
    endedAt: job.endedAt === null ? null : formatInstant(job.endedAt),
    ...job.counts,
    faults: job.faults,
    ...paceOf(job),
    refusal: job.refusal ? { ...job.refusal, en: words?.en ?? '', bn: words?.bn ?? '' } : null,
  };
}
