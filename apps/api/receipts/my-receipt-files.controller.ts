import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { DomainError, isId } from '@vend/kernel';
import { OwnMeters, type Visitor } from '@vend/portal';
import { VendingService } from '@vend/vending';
import { ApiProblems } from '../http/problem.dto';
import { AllowCustomer, Own } from '../my/customer.guard';
import { ReceiptLanguageQuery } from './receipt-files.dto';
import { ReceiptFiles } from './receipt-files';

@ApiTags("The customer's own page")
@Controller('v1/my/recharges')
export class MyReceiptFilesController {
  constructor(
    private readonly files: ReceiptFiles,
    private readonly vending: VendingService,
    private readonly own: OwnMeters,
  ) {}

  @Get(':rechargeId/receipt.pdf')
  @AllowCustomer()
  @ApiOperation({
    summary: 'The receipt of one of my recharges as PDF',
    description:
      'With its tokens: that they were read is put on record first. What a counter printed is marked as a copy. ' +
      'Twenty an hour a customer.',
  })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary', example: '%PDF-1.3 …' } })
  @ApiProblems('own-meter-not-found', 'receipt-not-made', 'field-invalid', 'too-many-receipts', 'receipts-busy')
  async pdf(
    @Own() visitor: Visitor,
    @Param('rechargeId') rechargeId: string,
    @Query() { language }: ReceiptLanguageQuery,
  ): Promise<StreamableFile> {
    const record = isId(rechargeId) ? await this.vending.find(rechargeId) : undefined;
    if (!record) throw new DomainError('own-meter-not-found');
    await this.own.one(visitor, { meterId: record.meterId });
    await this.own.takeReceiptTurn(visitor);
    const file = await this.files.forCustomer(visitor, record, language);
    return new StreamableFile(file, { type: 'application/pdf', disposition: 'attachment; filename="receipt.pdf"' });
  }
}
