import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import { DomainError, isId, type Id } from '@vend/kernel';
import { previewTemplate, Templates } from '@vend/messages';
import { APPROVAL_CODES, ApprovalNeededDto, approvalNeeded, NeedsApproval } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  previewView,
  TemplateDraftRequest,
  TemplateDto,
  TemplateListDto,
  TemplatePreviewDto,
  TemplatePreviewRequest,
  TemplatePublishRequest,
  TemplateQuery,
  templateView,
} from './template.dto';

const KEY = { name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' } as const;
const KEY_CODES = ['idempotency-key-missing', 'idempotency-key-malformed'] as const;

@ApiTags('Messages')
@Controller('v1/sms/templates')
export class TemplatesController {
  constructor(private readonly templates: Templates) {}

  @Get()
  @Allow('sms-template.read')
  @ApiOperation({
    summary: 'List the texts of SMS with every version',
    description: 'One version holds both languages; the one that is sent is `current`.',
  })
  @ApiOkResponse({ type: TemplateListDto })
  @ApiProblems('field-invalid')
  async list(@Query() { code }: TemplateQuery): Promise<TemplateListDto> {
    return { items: (await this.templates.versions(code)).map(templateView) };
  }

  @Post('preview')
  @HttpCode(200)
  @Allow('sms-template.read')
  @ApiOperation({
    summary: 'See what a text becomes before it is saved',
    description:
      'With invented values: the text, its alphabet, parts and cost in both languages, what it lacks, and each character ' +
      'that makes it dearer, by place and name. Nothing is saved.',
  })
  @ApiOkResponse({ type: TemplatePreviewDto })
  @ApiBodyProblems()
  async preview(@Body() { code, bn, en }: TemplatePreviewRequest): Promise<TemplatePreviewDto> {
    const partPaisa = await this.templates.partPaisa();
    return {
      languages: [
        previewView(previewTemplate(code, 'bn', bn, partPaisa)),
        previewView(previewTemplate(code, 'en', en, partPaisa)),
      ],
    };
  }

  @Post()
  @Allow('sms-template.manage')
  @ApiOperation({
    summary: 'Save a new version of a text',
    description: 'Nobody sends it until it is published. A version is never changed; a correction is another one.',
  })
  @ApiHeader(KEY)
  @ApiCreatedResponse({ type: TemplateDto, description: 'The first time' })
  @ApiOkResponse({ type: TemplateDto, description: 'A repeat' })
  @ApiBodyProblems(...KEY_CODES, 'sms-template-faulty', 'sms-template-warned', 'sms-template-key-conflict')
  async draft(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() body: TemplateDraftRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TemplateDto> {
    const { version, replayed } = await this.templates.draft(user, { ...body, key });
    void reply.status(replayed ? 200 : 201);
    return templateView(version);
  }

  @Post(':templateId/publish')
  @HttpCode(200)
  @Allow('sms-template.manage')
  @ApiOperation({
    summary: 'Make a version the one that is sent',
    description: 'With a second person, who reads both texts. An older version comes back the same way.',
  })
  @ApiHeader(KEY)
  @ApiOkResponse({ type: TemplateDto })
  @NeedsApproval()
  @ApiBodyProblems(
    ...KEY_CODES,
    ...APPROVAL_CODES,
    'sms-template-not-found',
    'sms-template-in-force',
    'sms-template-key-conflict',
  )
  async publish(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('templateId') templateId: string,
    @Body() { reason }: TemplatePublishRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TemplateDto | ApprovalNeededDto> {
    if (!isId(templateId)) throw new DomainError('sms-template-not-found');
    const answer = await this.templates.publish(user, { key, templateId, reason });
    if (!('approvalId' in answer)) return templateView(answer);
    void reply.status(202);
    return approvalNeeded(answer.approvalId);
  }
}
