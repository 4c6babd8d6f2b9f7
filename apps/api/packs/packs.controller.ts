import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { APPROVAL_CODES, approvalNeeded, NeedsApproval, type ApprovalNeededDto } from '../http/approval-needed';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { PackDto, PackExportRequest, PackFileDto, PackRequest, ReconcileRequest } from './pack.dto';
import { PacksService } from './packs.service';

@ApiTags('Offline packs')
@Controller('v1/packs')
export class PacksController {
  constructor(private readonly packs: PacksService) {}

  @Post()
  @Allow('pack.prepare')
  @ApiOperation({
    summary: 'Make tokens ahead for an outage, for the own station',
    description:
      'Each item is priced with VAT, rebate and energy alone; fixed charges and arrears stay due. Needs a second person. ' +
      "No money moves before an item is booked. An agent's station makes none: its float could not stop their sale.",
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID; it becomes the id of the pack' })
  @ApiCreatedResponse({ type: PackDto, description: 'The first time' })
  @ApiOkResponse({ type: PackDto, description: 'A repeat' })
  @NeedsApproval()
  @ApiBodyProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'transaction-conflict',
    'agent-recharges-only',
    'meter-check-digit-wrong',
    'pack-meter-refused',
    'limit-exceeded',
    'token-server-down',
    'token-refused',
    'meter-key-expired',
    'books-unreachable',
    'outcome-unknown',
    ...APPROVAL_CODES,
  )
  async prepare(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() body: PackRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PackDto | ApprovalNeededDto> {
    const outcome = await this.packs.prepare(user, key, body);
    if (outcome.state === 'pending') {
      void reply.status(202);
      return approvalNeeded(outcome.approvalId);
    }
    void reply.status(outcome.state === 'repeated' ? 200 : 201);
    return outcome.answer;
  }

  @Get(':id')
  @Allow('pack.read')
  @ApiOperation({ summary: 'Show a pack and what became of its items, without tokens' })
  @ApiOkResponse({ type: PackDto })
  @ApiProblems('pack-not-found')
  show(@Caller() user: SessionUser, @Param('id') packId: string): Promise<PackDto> {
    return this.packs.show(user, packId);
  }

  @Post(':id/export')
  @HttpCode(200)
  @Allow('pack.issue')
  @ApiOperation({
    summary: 'Take a pack as a sealed file to the own station',
    description:
      'AES-256-GCM under a key of the passphrase (scrypt). Who took it is on record; open it with `npm run pack`.',
  })
  @ApiOkResponse({ type: PackFileDto })
  @ApiBodyProblems('pack-not-found')
  async exportFile(
    @Caller() user: SessionUser,
    @Param('id') packId: string,
    @Body() { passphrase }: PackExportRequest,
  ): Promise<PackFileDto> {
    return { file: await this.packs.exportFile(user, packId, passphrase) };
  }

  @Post(':id/reconcile')
  @HttpCode(200)
  @Allow('pack.reconcile')
  @ApiOperation({
    summary: 'Book what was handed out in the outage',
    description:
      "Each item once, whoever uploads the journal and how often; in the cash of the pack's station, on the day of the " +
      'booking. With `withdraw`, what is left is withdrawn: a token cannot be recalled, and is booked when it turns up.',
  })
  @ApiOkResponse({ type: PackDto })
  @ApiBodyProblems('pack-not-found', 'pack-item-unknown', 'pack-used-before', 'books-unreachable', 'outcome-unknown')
  reconcile(
    @Caller() user: SessionUser,
    @Param('id') packId: string,
    @Body() body: ReconcileRequest,
  ): Promise<PackDto> {
    return this.packs.reconcile(user, packId, body);
  }
}
