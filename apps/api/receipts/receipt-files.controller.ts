import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { SessionUser } from '@vend/identity';
import { Allow, Caller } from '../http/bearer.guard';
import { ApiProblems } from '../http/problem.dto';
import { ReceiptFileQuery } from './receipt-files.dto';
import { ReceiptFiles } from './receipt-files';

const ORIGINAL_OR_COPY =
  'The till that sold it gets the original for ten minutes; later, elsewhere, or with `copy=true` it is marked as a copy. ' +
  'Who printed it is put on record first. It has the tokens on it.';

@ApiTags('Counter')
@Controller('v1/recharges')
export class ReceiptFilesController {
  constructor(private readonly files: ReceiptFiles) {}

  @Get(':id/receipt.pdf')
  @Allow('vend.reprint')
  @ApiOperation({ summary: 'The receipt as PDF, as wide as 80 mm paper', description: ORIGINAL_OR_COPY })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary', example: '%PDF-1.3 …' } })
  @ApiProblems('recharge-not-found', 'receipt-not-made', 'field-invalid', 'receipts-busy')
  async pdf(
    @Caller() user: SessionUser,
    @Param('id') rechargeId: string,
    @Query() { language, copy }: ReceiptFileQuery,
  ): Promise<StreamableFile> {
    const file = await this.files.forTill(user, rechargeId, 'pdf', { language, wantsCopy: copy === 'true' });
    return new StreamableFile(file, { type: 'application/pdf', disposition: 'attachment; filename="receipt.pdf"' });
  }

  @Get(':id/receipt.escpos')
  @Allow('vend.reprint')
  @ApiOperation({
    summary: 'The receipt for an 80 mm printer that speaks ESC/POS',
    description: `A picture of 576 dots a row (GS v 0), then a cut: to be sent to the printer as it is. ${ORIGINAL_OR_COPY}`,
  })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary', example: '\u001b@\u001dv0…' } })
  @ApiProblems('recharge-not-found', 'receipt-not-made', 'field-invalid', 'receipts-busy')
  async escPos(
    @Caller() user: SessionUser,
    @Param('id') rechargeId: string,
    @Query() { language, copy }: ReceiptFileQuery,
  ): Promise<StreamableFile> {
    const file = await this.files.forTill(user, rechargeId, 'escpos', { language, wantsCopy: copy === 'true' });
    return new StreamableFile(file, {
      type: 'application/octet-stream',
      disposition: 'attachment; filename="receipt.escpos"',
    });
  }
}
