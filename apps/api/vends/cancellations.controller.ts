import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Approvals, officesOf, recordAudit, roleMay, useApproval, type SessionUser } from '@vend/identity';
import { DomainError, formatInstant, type Id } from '@vend/kernel';
import { Database } from '@vend/platform';
import { readCancelledOfDay, VendCancellation, VendingService } from '@vend/vending';
import { APPROVAL_CODES, approvalNeeded, NeedsApproval, type ApprovalNeededDto } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { moneyView } from '../http/format';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { RechargeViews } from '../recharges/recharge.views';
import { CancellationDto, CancelledListDto, CancelRequest, NO_RECALL } from './vend.dto';

@ApiTags('Counter')
@Controller('v1/vends')
export class CancellationsController {
  constructor(
    private readonly database: Database,
    private readonly cancellations: VendCancellation,
    private readonly vending: VendingService,
    private readonly approvals: Approvals,
    private readonly views: RechargeViews,
  ) {}

  @Get('cancelled')
  @Allow('vend.read')
  @ApiOperation({
    summary: 'List the recharges that were cancelled on a day, with the endings of their tokens',
    description: 'Of the offices one may see. A token cannot be recalled: one that turns up in a meter is found here.',
  })
  @ApiQuery({ name: 'day', example: '2026-11-21', description: 'A Dhaka day' })
  @ApiOkResponse({ type: CancelledListDto })
  @ApiProblems('field-invalid')
  async cancelled(@Caller() user: SessionUser, @Query('day') day: string): Promise<CancelledListDto> {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day ?? '') || Number.isNaN(Date.parse(day))) {
      throw new FieldsInvalid([{ field: 'day', code: 'field-malformed' }]);
    }
    const items = await readCancelledOfDay(this.database, day, await officesOf(this.database, user));
    return {
      items: items.map(({ grossPaisa, cancelledAt, vendId: _vendId, ...item }) => ({
        ...item,
        amount: moneyView(grossPaisa),
        cancelledAt: formatInstant(cancelledAt),
        tokenEndings: [...item.tokenEndings],
      })),
      warning: NO_RECALL,
    };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow('vend.ask-cancel')
  @ApiOperation({
    summary: 'Cancel a recharge whose token was not used; the token itself cannot be recalled',
    description:
      "The meter's last recharge, on its own business day, with what the customer showed. The ledger takes it back and " +
      'the payment is owed to the customer. **A token cannot be recalled: a meter that is given it would still take it** ' +
      '(টোকেন ফিরিয়ে নেওয়া যায় না). A supervisor cancels at once; a clerk asks, and a supervisor approves.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the till' })
  @ApiOkResponse({ type: CancellationDto, description: 'Cancelled, now or before' })
  @NeedsApproval()
  @ApiBodyProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'recharge-not-found',
    'vend-not-there',
    'vend-not-sold',
    'vend-not-today',
    'vend-not-last',
    'vend-changes-key',
    'vend-adjusted',
    'vend-meter-replaced',
    ...APPROVAL_CODES,
  )
  async cancel(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('id') id: string,
    @Body() { proof, note }: CancelRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancellationDto | ApprovalNeededDto> {
    const record = await this.views.visible(user, id);
    const { rechargeId, vend } = record;
    if (!vend) throw new DomainError('vend-not-there');
    const actor = `user:${user.username}`;
    let approvalId: Id | null = null;
    if (!roleMay(user.role, 'vend.cancel') && record.state === 'APPLIED') {
      const gate = await this.approvals.gate({
        kind: 'cancellation',
        key,
        subject: `vend:${vend.vendId}`,
        content: { rechargeId, receiptNo: vend.receiptNo, proof },
        reason: note,
        by: user,
      });
      if (gate.state === 'pending') {
        void reply.status(202);
        return approvalNeeded(gate.approvalId);
      }
      approvalId = gate.approvalId;
    }
    const cancelled = await this.cancellations.cancel({
      rechargeId,
      actor,
      reason: `${proof}: ${note}`,
      sameDayOnly: true,
      alongside: async (tx) => {
        const at = Date.now();
        if (approvalId) await useApproval(tx, approvalId, `vend:${vend.vendId}`, at);
        const detail = { receiptNo: vend.receiptNo, proof, note, approvalId };
        await recordAudit(tx, { actor, action: 'vend-cancelled', subject: `vend:${vend.vendId}`, detail, at });
      },
    });
    const after = await this.vending.find(rechargeId);
    return {
      rechargeId,
      status: 'cancelled',
      refundDue: moneyView(after?.grossPaisa ?? record.grossPaisa),
      cancelledBy: cancelled.cancelledBy,
      cancelledAt: formatInstant(cancelled.cancelledAt),
      reason: cancelled.reason,
      warning: NO_RECALL,
    };
  }
}
