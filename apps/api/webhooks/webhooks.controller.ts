import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SessionUser } from '@vend/identity';
import { DomainError, isId } from '@vend/kernel';
import { Database } from '@vend/platform';
import {
  findMessage,
  listAttempts,
  listEndpoints,
  listMessages,
  Webhooks,
  type WebhooksErrorCode,
} from '@vend/webhooks';
import { Allow, Caller } from '../http/bearer.guard';
import { limitOf, pageOf } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  EndpointChangeRequest,
  EndpointDto,
  EndpointRequest,
  EndpointsDto,
  EndpointSecretDto,
  EndpointsQuery,
  endpointView,
  messageDetailView,
  MessagesQuery,
  messageView,
  ReplayedDto,
  ReplayRequest,
  SecretRequest,
  WebhookMessageDetailDto,
  WebhookMessagesDto,
} from './webhook.dto';

@ApiTags('Webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly database: Database,
    private readonly webhooks: Webhooks,
  ) {}

  @Get('endpoints')
  @Allow('webhook.read')
  @ApiOperation({ summary: 'List where partners are told of events, and how each of these addresses does' })
  @ApiOkResponse({ type: EndpointsDto })
  @ApiProblems('field-invalid')
  async endpoints(@Query() { owner }: EndpointsQuery): Promise<EndpointsDto> {
    return { items: (await listEndpoints(this.database, owner ?? null)).map(endpointView) };
  }

  @Post('endpoints')
  @HttpCode(201)
  @Allow('webhook.manage')
  @ApiOperation({
    summary: 'Tell a partner of events at an address',
    description: 'It hears of what happens from five seconds later on. The secret is shown this once.',
  })
  @ApiCreatedResponse({ type: EndpointSecretDto })
  @ApiBodyProblems('webhook-owner-unknown', 'webhook-url-refused', 'webhook-endpoint-exists')
  async create(
    @Caller() user: SessionUser,
    @Body() { owner, url, types }: EndpointRequest,
  ): Promise<EndpointSecretDto> {
    const { endpoint, secret } = await this.webhooks.create({ owner, url, types }, byOf(user));
    return { endpoint: endpointView(endpoint), secret };
  }

  @Patch('endpoints/:id')
  @Allow('webhook.manage')
  @ApiOperation({
    summary: 'Change an endpoint, or make it active again',
    description:
      'Active again, it gets what was left waiting; what happened while it was disabled was not kept for it.',
  })
  @ApiOkResponse({ type: EndpointDto })
  @ApiBodyProblems(
    'webhook-endpoint-not-found',
    'webhook-endpoint-changed',
    'webhook-endpoint-exists',
    'webhook-url-refused',
  )
  async change(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Body() { url, types, active, version }: EndpointChangeRequest,
  ): Promise<EndpointDto> {
    const changes = { url, types, active, version };
    return endpointView(await this.webhooks.change(endpointIdOf(id), changes, byOf(user)));
  }

  @Post('endpoints/:id/secret')
  @HttpCode(200)
  @Allow('webhook.manage')
  @ApiOperation({
    summary: 'Give an endpoint a new secret',
    description: 'Until the overlap is over, messages are signed with both, so that the receiver can change over.',
  })
  @ApiOkResponse({ type: EndpointSecretDto })
  @ApiBodyProblems('webhook-endpoint-not-found', 'webhook-endpoint-changed')
  async rotate(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Body() { overlapHours, version }: SecretRequest,
  ): Promise<EndpointSecretDto> {
    const { endpoint, secret } = await this.webhooks.rotate(endpointIdOf(id), { overlapHours, version }, byOf(user));
    return { endpoint: endpointView(endpoint), secret };
  }

  @Post('endpoints/:id/replay')
  @HttpCode(200)
  @Allow('webhook.replay')
  @ApiOperation({
    summary: 'Send once more everything since an instant, delivered or not',
    description: 'Every message keeps its id, so that the receiver knows what it has.',
  })
  @ApiOkResponse({ type: ReplayedDto })
  @ApiBodyProblems('webhook-endpoint-not-found', 'webhook-endpoint-disabled')
  async replaySince(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Body() { since }: ReplayRequest,
  ): Promise<ReplayedDto> {
    return { messages: await this.webhooks.replaySince(endpointIdOf(id), Date.parse(since), byOf(user)) };
  }

  @Get('messages')
  @Allow('webhook.read')
  @ApiOperation({ summary: 'List webhook messages, the newest first' })
  @ApiOkResponse({ type: WebhookMessagesDto })
  @ApiProblems('field-invalid')
  async messages(@Query() query: MessagesQuery): Promise<WebhookMessagesDto> {
    const limit = limitOf(query);
    const { endpoint: endpointId = null, state = null, cursor: before = null } = query;
    const found = await listMessages(this.database, { endpointId, state, before, limit });
    return pageOf(found, limit, messageView, ({ messageId }) => messageId);
  }

  @Get('messages/:id')
  @Allow('webhook.read')
  @ApiOperation({ summary: 'Show a webhook message and the attempts at it' })
  @ApiOkResponse({ type: WebhookMessageDetailDto })
  @ApiProblems('webhook-message-not-found')
  async message(@Param('id') id: string): Promise<WebhookMessageDetailDto> {
    const messageId = messageIdOf(id);
    const [message, tries] = await Promise.all([
      findMessage(this.database, messageId),
      listAttempts(this.database, messageId),
    ]);
    if (!message) throw new DomainError<WebhooksErrorCode>('webhook-message-not-found');
    return messageDetailView(message, tries);
  }

  @Post('messages/:id/replay')
  @HttpCode(200)
  @Allow('webhook.replay')
  @ApiOperation({ summary: 'Send one webhook message once more, under the same id' })
  @ApiOkResponse({ type: WebhookMessageDetailDto })
  @ApiProblems('webhook-message-not-found', 'webhook-endpoint-disabled', 'webhook-endpoint-not-found')
  async replay(@Caller() user: SessionUser, @Param('id') id: string): Promise<WebhookMessageDetailDto> {
    await this.webhooks.replay(messageIdOf(id), byOf(user));
    return this.message(id);
  }
}

const byOf = ({ username }: SessionUser) => `user:${username}`;

function endpointIdOf(id: string): string {
  if (!isId(id)) throw new DomainError<WebhooksErrorCode>('webhook-endpoint-not-found');
  return id;
}

function messageIdOf(id: string): string {
  if (!isId(id)) throw new DomainError<WebhooksErrorCode>('webhook-message-not-found');
  return id;
}
