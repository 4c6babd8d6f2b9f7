import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiProblems } from '../http/problem.dto';
import { ReceiptsSmsService } from './receipts-sms.service';

class SentAgainDto {
  @ApiProperty({ example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string;
  @ApiProperty({ example: false, description: 'True: this key asked before, and nothing more was queued' })
  replayed!: boolean;
}

class ReceiptLineDto {
  @ApiProperty({ example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string;
  @ApiProperty({
    description: 'The line for programs, version PVR1, marked as a copy (docs/SMS.md)',
    example: 'PVR1;T=c12345678901234567890;K=credit;R=NV-261121-7K3M9QXA2T;…;P=1*9D02',
  })
  line!: string;
}

@ApiTags('Messages')
@Controller('v1/vends')
export class ReceiptsSmsController {
  constructor(private readonly receipts: ReceiptsSmsService) {}

  @Post(':vendId/sms')
  @HttpCode(202)
  @Allow('receipt.send-again')
  @ApiOperation({
    summary: 'Send a receipt with its tokens by SMS again',
    description:
      "To the customer's phone on record and to no other, marked as a copy; three times a day at most. Who asked is put on " +
      'record.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' })
  @ApiAcceptedResponse({ type: SentAgainDto, description: 'Queued' })
  @ApiProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'recharge-not-found',
    'sms-resend-no-phone',
    'sms-resend-limit',
  )
  sendAgain(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('vendId') vendId: string,
  ): Promise<SentAgainDto> {
    return this.receipts.sendAgain(user, key, vendId);
  }

  @Get(':vendId/line')
  @Allow('vend.reprint')
  @ApiOperation({
    summary: 'Read a receipt as one line for programs',
    description: 'With its tokens, marked as a copy. Who reads it is put on record first.',
  })
  @ApiOkResponse({ type: ReceiptLineDto })
  @ApiProblems('recharge-not-found')
  line(@Caller() user: SessionUser, @Param('vendId') vendId: string): Promise<ReceiptLineDto> {
    return this.receipts.line(user, vendId);
  }
}
