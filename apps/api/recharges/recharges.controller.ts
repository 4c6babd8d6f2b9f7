import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { PageQuery } from '../http/page';
import { RechargeDto, RechargeRequest, TillDayDto } from './recharge.dto';
import { RechargesService } from './recharges.service';

@ApiTags('Counter')
@Controller('v1/recharges')
export class RechargesController {
  constructor(private readonly recharges: RechargesService) {}

  @Post()
  @Allow('vend.credit')
  @ApiOperation({
    summary: 'Recharge a meter by its quote',
    description: 'Repeat with the same Idempotency-Key and quote as often as needed: one vend, the same answer.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the till' })
  @ApiCreatedResponse({ type: RechargeDto, description: 'The first time' })
  @ApiOkResponse({ type: RechargeDto, description: 'A repeat: the recharge that was made the first time' })
  @ApiBodyProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'transaction-conflict',
    'quote-malformed',
    'quote-expired',
    'quote-changed',
    'meter-closed',
    'shift-needed',
    'ledger-drawer-sealed',
    'float-not-found',
    'float-exhausted',
    'above-meter-register',
    'token-server-down',
    'token-refused',
    'meter-key-expired',
    'tid-too-far-ahead',
    'lane-full',
    'outcome-unknown',
  )
  async create(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() { quoteId }: RechargeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RechargeDto> {
    const { recharge, replayed } = await this.recharges.create(user, key, quoteId);
    void reply.status(replayed ? 200 : 201);
    return recharge;
  }

  @Get()
  @Allow('vend.read')
  @ApiOperation({ summary: "Today's vends of the own till", description: 'Of every kind, without tokens, by pages.' })
  @ApiOkResponse({ type: TillDayDto })
  @ApiProblems('field-invalid')
  today(@Caller() user: SessionUser, @Query() query: PageQuery): Promise<TillDayDto> {
    return this.recharges.today(user, query);
  }

  @Get('by-key/:key')
  @Allow('vend.credit')
  @ApiOperation({
    summary: 'What became of a recharge whose answer was lost',
    description:
      'By the Idempotency-Key that the own till sent it with. `recharge-not-found`: nothing was charged under it so far; ' +
      'a call that is still on its way to us may be.',
  })
  @ApiOkResponse({ type: RechargeDto })
  @ApiProblems('recharge-not-found', 'outcome-unknown')
  byKey(@Caller() user: SessionUser, @Param('key') key: string): Promise<RechargeDto> {
    return this.recharges.byKey(user, key);
  }

  @Get(':id')
  @Allow('vend.read')
  @ApiOperation({ summary: 'Show a recharge', description: "A clerk sees the own station's only." })
  @ApiOkResponse({ type: RechargeDto })
  @ApiProblems('recharge-not-found')
  show(@Caller() user: SessionUser, @Param('id') rechargeId: string): Promise<RechargeDto> {
    return this.recharges.show(user, rechargeId);
  }

  @Post(':id/reprints')
  @HttpCode(201)
  @Allow('vend.reprint')
  @ApiOperation({ summary: 'Print the receipt again, marked as a copy and put on record' })
  @ApiCreatedResponse({ type: RechargeDto })
  @ApiProblems('recharge-not-found')
  reprint(@Caller() user: SessionUser, @Param('id') rechargeId: string): Promise<RechargeDto> {
    return this.recharges.reprint(user, rechargeId);
  }
}
