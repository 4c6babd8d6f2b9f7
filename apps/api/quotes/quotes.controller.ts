import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@vend/kernel';
import { MetersService } from '@vend/meters';
import { VendingService } from '@vend/vending';
import { readAmount } from '../http/amount';
import { Allow } from '../http/bearer.guard';
import { AmountLimits } from '../http/limits';
import { ApiBodyProblems } from '../http/problem.dto';
import { QuoteDto, QuoteRequest } from './quote.dto';
import { quoteView } from './quote.view';

@ApiTags('Counter')
@Controller('v1/quotes')
export class QuotesController {
  constructor(
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly limits: AmountLimits,
  ) {}

  @Post()
  @Allow('clerk', 'supervisor')
  @ApiOperation({ summary: 'Price a recharge, line by line', description: 'Stores nothing; the quote expires.' })
  @ApiCreatedResponse({ type: QuoteDto })
  @ApiBodyProblems(
    'meter-not-found',
    'meter-closed',
    'meter-check-digit-wrong',
    'amount-not-a-number',
    'amount-too-many-decimals',
    'amount-not-positive',
    'above-maximum-recharge',
    'below-minimum-recharge',
  )
  async create(@Body() body: QuoteRequest): Promise<QuoteDto> {
    const grossPaisa = readAmount(body.amount, this.limits.maximumPaisa);
    const meter = await this.meters.resolve(body.meterNo);
    if (!meter) throw new DomainError('meter-not-found');
    return quoteView(await this.vending.quote(meter.meterId, grossPaisa), meter);
  }
}
