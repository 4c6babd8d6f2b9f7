import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Partner } from '@vend/identity';
import { CallingPartner, SignedByPartner } from '../http/partner.guard';
import { ApiBodyProblems } from '../http/problem.dto';
import { InquiryDto, InquiryRequest, PaymentDto, PayRequest, StatusRequest } from './biller.dto';
import { BillerService } from './biller.service';
import { SandboxBiller } from './sandbox-biller';

@ApiTags('Biller')
@Controller('v1/biller')
@SignedByPartner('biller.use')
export class BillerController {
  constructor(
    private readonly biller: BillerService,
    private readonly sandbox: SandboxBiller,
  ) {}

  @Post('inquiry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Price an amount for a reference, for the payer to look at; no money moves' })
  @ApiOkResponse({ type: InquiryDto })
  @ApiBodyProblems(
    'meter-not-found',
    'meter-closed',
    'reference-ambiguous',
    'meter-check-digit-wrong',
    'amount-not-a-number',
    'amount-too-many-decimals',
    'amount-not-positive',
    'above-maximum-recharge',
    'below-minimum-recharge',
    'above-meter-register',
  )
  inquiry(@CallingPartner() partner: Partner, @Body() body: InquiryRequest): Promise<InquiryDto> {
    return partner.mode === 'sandbox' ? this.sandbox.inquire(partner, body) : this.biller.inquire(body);
  }

  @Post('pay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A payer has paid: vend, once per transaction id',
    description:
      'Repeat it with the same id and the same content as often as needed: the answer is the same. ' +
      'With other content it is a conflict. After a timeout, ask status or repeat.',
  })
  @ApiOkResponse({ type: PaymentDto })
  @ApiBodyProblems(
    'transaction-conflict',
    'payment-ambiguous',
    'quote-malformed',
    'quote-expired',
    'meter-not-found',
    'meter-closed',
    'reference-ambiguous',
    'meter-check-digit-wrong',
    'amount-not-a-number',
    'amount-too-many-decimals',
    'amount-not-positive',
    'above-maximum-recharge',
    'below-minimum-recharge',
    'above-meter-register',
    'lane-full',
    'outcome-unknown',
  )
  pay(@CallingPartner() partner: Partner, @Body() body: PayRequest): Promise<PaymentDto> {
    return partner.mode === 'sandbox' ? this.sandbox.pay(partner, body) : this.biller.pay(partner, body);
  }

  @Post('status')
  @HttpCode(200)
  @ApiOperation({ summary: 'What became of a payment; never "not found" for one that was accepted' })
  @ApiOkResponse({ type: PaymentDto })
  @ApiBodyProblems('transaction-not-found', 'payment-in-hand')
  status(@CallingPartner() partner: Partner, @Body() body: StatusRequest): Promise<PaymentDto> {
    const { transactionId } = body;
    return partner.mode === 'sandbox'
      ? this.sandbox.status(partner, transactionId)
      : this.biller.status(partner, transactionId);
  }
}
