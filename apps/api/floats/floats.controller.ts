import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Tills } from '@vend/counter';
import type { SessionUser } from '@vend/identity';
import { DomainError, parseTaka, startOfDay, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import { VendorFloats } from '@vend/payments';
import { readAmount } from '../http/amount';
import { APPROVAL_CODES, approvalNeeded, NeedsApproval, type ApprovalNeededDto } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { IdempotencyKey } from '../http/idempotency-key';
import { limitOf } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { FloatDto, FloatsDto, FloatStatementDto, FloatStatementQuery, FloatTopUpRequest } from './floats.dto';
import { floatStatementView, floatView } from './floats.view';

/** A hundred crore Taka: more than any vendor pays in at once. */
const TOP_UP_MAX: Paisa = parseTaka('1000000000');

@ApiTags('Vendors')
@Controller('v1/vendor-floats')
export class FloatsController {
  constructor(
    private readonly floats: VendorFloats,
    private readonly tills: Tills,
  ) {}

  @Get()
  @Allow('float.read')
  @ApiOperation({ summary: 'Show what is left of the floats of vendors that pay in advance' })
  @ApiOkResponse({ type: FloatsDto })
  @ApiProblems()
  async list(): Promise<FloatsDto> {
    return { items: (await this.floats.list()).map(floatView) };
  }

  @Get(':code/statement')
  @Allow('float.read')
  @ApiOperation({ summary: 'Show what moved a float, in the order of time, with the balance after each line' })
  @ApiOkResponse({ type: FloatStatementDto })
  @ApiProblems('float-not-found', 'field-invalid')
  async statement(@Param('code') code: string, @Query() query: FloatStatementQuery): Promise<FloatStatementDto> {
    return this.page(code, query);
  }

  @Get('own/statement')
  @Allow('float.read-own')
  @ApiOperation({
    summary: 'Show what moved the float that the own station sells from',
    description: 'Sales, what was kept of them, top-ups, and what came back, with the balance after each line.',
  })
  @ApiOkResponse({ type: FloatStatementDto })
  @ApiProblems('float-not-found', 'field-invalid')
  async own(@Caller() user: SessionUser, @Query() query: FloatStatementQuery): Promise<FloatStatementDto> {
    const { vendor } = (await this.tills.of(user)).terms;
    if (vendor === null) throw new DomainError('float-not-found');
    return this.page(vendor, query);
  }

  @Post(':code/top-ups')
  @Allow('float.top-up')
  @ApiOperation({
    summary: "Add to a vendor's float what the bank has received for it",
    description: 'With a second person, who has seen the statement of the bank. It can be sold from at once.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' })
  @ApiCreatedResponse({ type: FloatDto, description: 'Approved and booked' })
  @ApiOkResponse({ type: FloatDto, description: 'A repeat: booked before; the float as it is now' })
  @NeedsApproval()
  @ApiBodyProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'float-not-found',
    'amount-not-a-number',
    'amount-too-many-decimals',
    'amount-not-positive',
    'above-maximum-recharge',
    ...APPROVAL_CODES,
  )
  async topUp(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('code') code: string,
    @Body() { amount, reference, reason }: FloatTopUpRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FloatDto | ApprovalNeededDto> {
    const amountPaisa = readAmount(amount, TOP_UP_MAX);
    const answer = await this.floats.topUp(user, { key, code, amountPaisa, reference, reason });
    if (answer.state === 'pending') {
      void reply.status(202);
      return approvalNeeded(answer.approvalId);
    }
    void reply.status(answer.replayed ? 200 : 201);
    return floatView(answer.float);
  }

  private async page(code: string, query: FloatStatementQuery): Promise<FloatStatementDto> {
    const { cursor } = query;
    const question = { from: firstInstant(query.from), limit: limitOf(query), ...(cursor !== undefined && { cursor }) };
    const page = await this.floats.statement(code, question).catch((error: unknown) => {
      if (error instanceof RangeError) throw new FieldsInvalid([{ field: 'cursor', code: 'field-malformed' }]);
      throw error;
    });
    return floatStatementView(page);
  }
}

/** @throws {FieldsInvalid} */
function firstInstant(day: string | undefined): InstantMs {
  if (day === undefined) return 0;
  try {
    return startOfDay(day);
  } catch {
    throw new FieldsInvalid([{ field: 'from', code: 'field-malformed' }]);
  }
}
