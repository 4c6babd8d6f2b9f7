import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { officesOf, recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, isId } from '@vend/kernel';
import { Database } from '@vend/platform';
import { findMessageCard, listMessages, partsOf, retryMessage, type MessageCard } from '@vend/sms';
import { Allow, Caller } from '../http/bearer.guard';
import { limitOf, pageOf } from '../http/page';
import { ApiProblems } from '../http/problem.dto';
import { MessageDetailDto, messageDetail, MessagesDto, MessagesQuery, messageView, stateOf } from './message.dto';

@ApiTags('SMS')
@Controller('v1/messages')
export class MessagesController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('message.read')
  @ApiOperation({
    summary: 'List messages, the newest first; with state=failed those that need a person',
    description: 'Of customers of my offices. No text and no whole phone number is shown.',
  })
  @ApiOkResponse({ type: MessagesDto })
  @ApiProblems('field-invalid')
  async list(@Caller() user: SessionUser, @Query() query: MessagesQuery): Promise<MessagesDto> {
    const limit = limitOf(query);
    const offices = await officesOf(this.database, user);
    const { class: messageClass, cursor: before } = query;
    const found = await listMessages(this.database, {
      ...{ state: stateOf(query.state), messageClass, offices, before, limit },
    });
    return pageOf(found, limit, messageView, ({ messageId }) => messageId);
  }

  @Get(':id')
  @Allow('message.read')
  @ApiOperation({ summary: 'Show one message: who has it, since when, and what became of each of its parts' })
  @ApiOkResponse({ type: MessageDetailDto })
  @ApiProblems('message-not-found')
  async show(@Caller() user: SessionUser, @Param('id') id: string): Promise<MessageDetailDto> {
    const card = await this.find(user, id);
    return messageDetail(card, await partsOf(this.database, card.csmsId));
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Allow('message.retry')
  @ApiOperation({
    summary: 'Send a failed message once more',
    description:
      'To the registered phone of now, with what is true now; a token is read when it leaves. One that waits already ' +
      'stays as it is.',
  })
  @ApiOkResponse({ type: MessageDetailDto })
  @ApiProblems('message-not-found', 'message-not-failed')
  async retry(@Caller() user: SessionUser, @Param('id') id: string): Promise<MessageDetailDto> {
    const { messageId, template } = await this.find(user, id);
    const now = new Date();
    await this.database.transaction(async (tx) => {
      if (!(await retryMessage(tx, messageId, now))) return;
      const [actor, subject] = [`user:${user.username}`, `message:${messageId}`];
      await recordAudit(tx, { actor, action: 'message-retried', subject, detail: { template }, at: now.getTime() });
    });
    return this.show(user, id);
  }

  /** Of another office it is not there. */
  private async find(user: SessionUser, id: string): Promise<MessageCard> {
    const card = isId(id) ? await findMessageCard(this.database, id) : undefined;
    const offices = await officesOf(this.database, user);
    const seen = card && (offices === 'all' || (card.office !== null && offices.includes(card.office)));
    if (!seen) throw new DomainError('message-not-found');
    return card;
  }
}
