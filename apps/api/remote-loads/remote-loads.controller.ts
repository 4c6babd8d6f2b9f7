import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { officesOf, recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, isId } from '@vend/kernel';
import { findLoadCard, listLoads, placeMeter, retryRemoteLoad, type RemoteLoadCard } from '@vend/meterlink';
import { parseMeterNumber } from '@vend/meters';
import { Database } from '@vend/platform';
import { Allow, Caller } from '../http/bearer.guard';
import { limitOf, pageOf } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  HeadEndRequest,
  MeterHeadEndDto,
  RemoteLoadDto,
  RemoteLoadsDto,
  RemoteLoadsQuery,
  remoteLoadView,
} from './remote-load.dto';

@ApiTags('Remote load')
@Controller('v1')
export class RemoteLoadsController {
  constructor(private readonly database: Database) {}

  @Get('remote-loads')
  @Allow('remote-load.read')
  @ApiOperation({ summary: 'List the loads of tokens into meters behind a head-end, the newest first' })
  @ApiOkResponse({ type: RemoteLoadsDto })
  @ApiProblems('field-invalid')
  async list(@Caller() user: SessionUser, @Query() query: RemoteLoadsQuery): Promise<RemoteLoadsDto> {
    const limit = limitOf(query);
    const seen = await officesOf(this.database, user);
    const offices = seen === 'all' ? null : seen;
    const { state = null, cursor: before = null } = query;
    const found = await listLoads(this.database, { state, before, offices, limit });
    return pageOf(found, limit, remoteLoadView, ({ loadId }) => loadId);
  }

  @Post('remote-loads/:id/retry')
  @HttpCode(200)
  @Allow('remote-load.retry')
  @ApiOperation({
    summary: 'Send a failed load once more',
    description:
      'For a load that is under way already nothing changes. Cannot credit twice: the meter knows its tokens.',
  })
  @ApiOkResponse({ type: RemoteLoadDto })
  @ApiProblems('remote-load-not-found', 'remote-load-done', 'remote-load-cancelled')
  async retry(@Caller() user: SessionUser, @Param('id') id: string): Promise<RemoteLoadDto> {
    const { loadId } = await this.find(user, id);
    const at = Date.now();
    await this.database.transaction(async (tx) => {
      const { reopened } = await retryRemoteLoad(tx, loadId, at);
      const [actor, subject] = [`user:${user.username}`, `remote-load:${loadId}`];
      if (reopened) await recordAudit(tx, { actor, action: 'remote-load-retried', subject, at });
    });
    return remoteLoadView(await this.find(user, id));
  }

  @Post('meters/:meterNo/head-end')
  @HttpCode(200)
  @Allow('meter.install')
  @ApiOperation({
    summary: 'Say which head-end reaches a meter',
    description: 'From the next vend on its tokens are loaded over the air as well; null: they are typed only.',
  })
  @ApiOkResponse({ type: MeterHeadEndDto })
  @ApiBodyProblems('meter-not-found', 'meter-number-invalid', 'meter-check-digit-wrong', 'head-end-not-found')
  async place(
    @Caller() user: SessionUser,
    @Param('meterNo') meterNo: string,
    @Body() { headEnd }: HeadEndRequest,
  ): Promise<MeterHeadEndDto> {
    const { pan } = parseMeterNumber(meterNo);
    const at = Date.now();
    await this.database.transaction(async (tx) => {
      const placed = await placeMeter(tx, pan, headEnd);
      if (!placed) throw new DomainError('meter-not-found');
      if (placed.was === headEnd) return;
      const [actor, subject] = [`user:${user.username}`, `meter:${pan}`];
      const [before, after] = [{ headEnd: placed.was }, { headEnd }];
      await recordAudit(tx, { actor, action: 'meter-head-end-changed', subject, before, after, at });
    });
    return { meterNo: pan, headEnd };
  }

  /** Of another office it is not there. */
  private async find(user: SessionUser, id: string): Promise<RemoteLoadCard> {
    const card = isId(id) ? await findLoadCard(this.database, id) : undefined;
    const offices = await officesOf(this.database, user);
    if (!card || (offices !== 'all' && !offices.includes(card.office))) throw new DomainError('remote-load-not-found');
    return card;
  }
}
