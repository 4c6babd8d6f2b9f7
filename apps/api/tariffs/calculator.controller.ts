import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError, formatInstant, parseKwh, parseTaka, startOfDay, type InstantMs } from '@vend/kernel';
import { MetersService } from '@vend/meters';
import { Database } from '@vend/platform';
import { PriceBooks } from '@vend/pricebook';
import { bookWithVersion, price, rechargeFor, type PricingState, type Quote, type TariffBook } from '@vend/tariff';
import { readPricingState } from '@vend/vending';
import { Allow } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { moneyView, monthText } from '../http/format';
import { creditView, energyView, linesView } from '../http/priced.view';
import { ApiBodyProblems } from '../http/problem.dto';
import { inventedState } from './calculation';
import { CalculationDto, CalculationRequest } from './tariff.dto';
import { versionOf } from './tariffs.controller';
import { TariffDesk } from './tariffs.service';

@ApiTags('Tariffs')
@Controller('v1/tariffs')
export class CalculatorController {
  constructor(
    private readonly desk: TariffDesk,
    private readonly books: PriceBooks,
    private readonly meters: MetersService,
    private readonly database: Database,
  ) {}

  @Post('calculations')
  @HttpCode(200)
  @Allow('tariff.read')
  @ApiOperation({
    summary: 'Calculate a recharge, line by line',
    description:
      'For an invented meter or one as it stands now, an amount or so many kWh, at any day, with the version in force or ' +
      'any other, drafts too. Nothing is stored and nothing is sold.',
  })
  @ApiOkResponse({ type: CalculationDto })
  @ApiBodyProblems(
    ...(['quote-ambiguous', 'meter-not-found', 'meter-check-digit-wrong', 'price-document-unknown'] as const),
    ...(['price-book-unknown', 'price-document-tampered', 'tariff-not-in-force', 'tariff-class-unknown'] as const),
    ...(['demand-charge-unknown', 'flat-rate-unknown', 'below-minimum-recharge', 'above-maximum-recharge'] as const),
  )
  async calculate(@Body() body: CalculationRequest): Promise<CalculationDto> {
    const { amount, kwh } = body;
    if (amount !== undefined && kwh !== undefined) throw new DomainError('quote-ambiguous');
    if (amount === undefined && kwh === undefined) {
      throw new FieldsInvalid([{ field: 'amount', code: 'field-missing' }]);
    }
    const at = instantOf(body.at);
    const [state, book] = await Promise.all([this.stateOf(body, at), this.bookFor(body)]);
    const grossPaisa = amount === undefined ? rechargeFor(state, parseKwh(kwh!), at, book) : parseTaka(amount);
    return calculationView(price(state, grossPaisa, at, book), at);
  }

  private async stateOf(body: CalculationRequest, at: InstantMs): Promise<PricingState> {
    if (body.meterNo === undefined) return inventedState(body, at);
    const meter = await this.meters.resolve(body.meterNo);
    const state = meter && (await readPricingState(this.database, meter.meterId, Date.now()));
    if (!state) throw new DomainError('meter-not-found');
    return state;
  }

  private async bookFor(body: CalculationRequest): Promise<TariffBook> {
    const code = this.desk.bookOf(body);
    const { tariffs } = await this.books.latest(code);
    if (body.version === undefined) return tariffs;
    return bookWithVersion(tariffs, versionOf(await this.desk.show(code, body.version)));
  }
}

/** @throws {FieldsInvalid} a day that does not exist */
function instantOf(text: string | undefined): InstantMs {
  if (text === undefined) return Date.now();
  try {
    const at = text.length === 10 ? startOfDay(text) : Date.parse(text);
    if (Number.isFinite(at)) return at;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new FieldsInvalid([{ field: 'at', code: 'field-malformed' }]);
}

function calculationView(quote: Quote, at: InstantMs): CalculationDto {
  return {
    at: formatInstant(at),
    tariffVersion: quote.tariffVersion,
    rebateProfile: quote.rebateProfile,
    amount: moneyView(quote.grossPaisa),
    energy: energyView(quote),
    credit: creditView(quote.energyWh, quote.energyPaisa),
    minimumRecharge: moneyView(quote.minimumRechargePaisa),
    months: quote.months.map(monthText),
    lines: linesView(quote, []),
  };
}
