import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError, formatTaka, parseKwh } from '@vend/kernel';
import { MetersService } from '@vend/meters';
import { Database } from '@vend/platform';
import { Penalties, readLookalike, VendingService, type QuoteAsk } from '@vend/vending';
import { readAmount } from '../http/amount';
import { Allow } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { AmountLimits } from '../http/limits';
import { ApiBodyProblems } from '../http/problem.dto';
import { QuoteDto, QuoteRequest } from './quote.dto';
import { quoteView } from './quote.view';

/** The same meter and amount again so soon is more often a mistake than a wish. */
const LOOKALIKE_MS = 600_000;

@ApiTags('Counter')
@Controller('v1/quotes')
export class QuotesController {
  constructor(
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly limits: AmountLimits,
    private readonly penalties: Penalties,
    private readonly database: Database,
  ) {}

  @Post()
  @Allow('quote.make')
  @ApiOperation({
    summary: 'Price a recharge, line by line',
    description:
      'For an amount, for so many kWh ("how much for 100 units?"; an estimate for a currency meter), or for the least ' +
      'there is: give exactly one of amount, kwh and minimum. Stores nothing; the quote expires.',
  })
  @ApiCreatedResponse({ type: QuoteDto })
  @ApiBodyProblems(
    'meter-not-found',
    'meter-closed',
    'meter-check-digit-wrong',
    'quote-ambiguous',
    'amount-not-a-number',
    'amount-too-many-decimals',
    'amount-not-positive',
    'above-maximum-recharge',
    'below-minimum-recharge',
    'above-meter-register',
    'flat-rate-unknown',
  )
  async create(@Body() body: QuoteRequest): Promise<QuoteDto> {
    const ask = this.askOf(body);
    const meter = await this.meters.resolve(body.meterNo);
    if (!meter) throw new DomainError('meter-not-found');
    const offer = await this.vending.quote(meter.meterId, ask);
    if (offer.quote.grossPaisa > this.limits.maximumPaisa) {
      throw new DomainError('above-maximum-recharge', { maximumTaka: formatTaka(this.limits.maximumPaisa) });
    }
    const { meterId } = meter;
    const [papers, lookalike] = await Promise.all([
      this.penalties.behindQuote(meterId, offer.quote),
      readLookalike(this.database, meterId, offer.quote.grossPaisa, Date.now() - LOOKALIKE_MS),
    ]);
    return quoteView(offer, meter, papers, lookalike);
  }

  private askOf({ amount, kwh, minimum }: QuoteRequest): QuoteAsk {
    const asked = [amount, kwh, minimum].filter((each) => each !== undefined);
    if (asked.length > 1) throw new DomainError('quote-ambiguous');
    if (amount !== undefined) return { grossPaisa: readAmount(amount, this.limits.maximumPaisa) };
    if (kwh !== undefined) return { energyWh: parseKwh(kwh) };
    if (minimum) return { minimum: true };
    throw new FieldsInvalid([{ field: 'amount', code: 'field-missing' }]);
  }
}
