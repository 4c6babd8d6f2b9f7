import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { recordAudit } from '@vend/identity';
import { NoticeChoices } from '@vend/inbound';
import { DomainError, formatInstant, isDomainError, isId } from '@vend/kernel';
import { MetersService } from '@vend/meters';
import { Database } from '@vend/platform';
import { OwnMeters, type OwnMeter, type Visitor } from '@vend/portal';
import { Penalties, VendingService, type QuoteOffer, type RechargeRecord } from '@vend/vending';
import { readAmount } from '../http/amount';
import { AmountLimits } from '../http/limits';
import { limitOf, pageOf, PageQuery } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { pricedView } from '../quotes/quote.view';
import { tokensOf } from '../recharges/recharge.view';
import { RechargeViews } from '../recharges/recharge.views';
import { AllowCustomer, Own } from './customer.guard';
import {
  NicknameRequest,
  OwnAccountDto,
  OwnMeterDto,
  OwnMetersDto,
  OwnNoticesDto,
  OwnNoticesRequest,
  OwnQuoteDto,
  OwnQuoteRequest,
  OwnReceiptDto,
  OwnRechargesDto,
  OwnTokensDto,
} from './my.dto';
import { ownAccountView, ownMeterView, ownReceiptView, ownRechargeItem } from './my.views';

const RECEIPT_NO = /^[\w-]{5,40}$/;

@ApiTags("The customer's own page")
@Controller('v1/my')
export class MyMetersController {
  constructor(
    private readonly database: Database,
    private readonly own: OwnMeters,
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly penalties: Penalties,
    private readonly views: RechargeViews,
    private readonly choices: NoticeChoices,
    private readonly limits: AmountLimits,
  ) {}

  @Get('meters')
  @AllowCustomer()
  @ApiOperation({ summary: 'My meters', description: 'The working ones of every customer with the phone of the code.' })
  @ApiOkResponse({ type: OwnMetersDto })
  @ApiProblems()
  async list(@Own() visitor: Visitor): Promise<OwnMetersDto> {
    const items = (await this.own.all(visitor)).map(ownMeterView);
    return { sessionExpiresAt: formatInstant(visitor.expiresAt), items };
  }

  @Get('meters/:meterNo')
  @AllowCustomer()
  @ApiOperation({ summary: 'One of my meters: bought this month, price of the next unit, arrears, months due' })
  @ApiOkResponse({ type: OwnAccountDto })
  @ApiProblems('own-meter-not-found')
  async account(@Own() visitor: Visitor, @Param('meterNo') meterNo: string): Promise<OwnAccountDto> {
    const meter = await this.own.one(visitor, { meterNo });
    const [account, least] = await Promise.all([this.vending.accountOf(meter.meterId), this.leastOf(meter)]);
    if (!account) throw new DomainError('own-meter-not-found');
    return ownAccountView(meter, account, least);
  }

  @Post('meters/:meterNo/nickname')
  @HttpCode(200)
  @AllowCustomer()
  @ApiOperation({ summary: 'Give one of my meters a name', description: 'Seen by its customer alone.' })
  @ApiOkResponse({ type: OwnMeterDto })
  @ApiBodyProblems('own-meter-not-found')
  async name(
    @Own() visitor: Visitor,
    @Param('meterNo') meterNo: string,
    @Body() { nickname }: NicknameRequest,
  ): Promise<OwnMeterDto> {
    return ownMeterView(await this.own.name(visitor, meterNo, nickname.normalize('NFC').trim()));
  }

  @Get('meters/:meterNo/recharges')
  @AllowCustomer()
  @ApiOperation({
    summary: 'What was sold to one of my meters',
    description: 'Without tokens; cancelled ones left out.',
  })
  @ApiOkResponse({ type: OwnRechargesDto })
  @ApiProblems('own-meter-not-found', 'field-invalid')
  async recharges(
    @Own() visitor: Visitor,
    @Param('meterNo') meterNo: string,
    @Query() query: PageQuery,
  ): Promise<OwnRechargesDto> {
    const { meterId } = await this.own.one(visitor, { meterNo });
    const before = query.cursor === undefined ? undefined : await this.recharge(visitor, query.cursor);
    const limit = limitOf(query);
    const records = await this.vending.lastOf(meterId, limit, before);
    return pageOf(records, limit, ownRechargeItem, ({ rechargeId }) => rechargeId);
  }

  @Get('recharges/:rechargeId')
  @AllowCustomer()
  @ApiOperation({ summary: 'The receipt of one of them, line by line', description: 'Without its tokens.' })
  @ApiOkResponse({ type: OwnReceiptDto })
  @ApiProblems('own-meter-not-found')
  async receipt(@Own() visitor: Visitor, @Param('rechargeId') rechargeId: string): Promise<OwnReceiptDto> {
    return ownReceiptView(await this.views.view(await this.recharge(visitor, rechargeId), false));
  }

  @Get('receipts/:receiptNo')
  @AllowCustomer()
  @ApiOperation({ summary: 'The same by the number of the receipt', description: 'As the link in an SMS has it.' })
  @ApiOkResponse({ type: OwnReceiptDto })
  @ApiProblems('own-meter-not-found')
  async byReceipt(@Own() visitor: Visitor, @Param('receiptNo') receiptNo: string): Promise<OwnReceiptDto> {
    const record = RECEIPT_NO.test(receiptNo) ? await this.vending.findByReceipt(receiptNo) : undefined;
    return ownReceiptView(await this.views.view(await this.theirs(visitor, record), false));
  }

  @Post('recharges/:rechargeId/tokens')
  @HttpCode(200)
  @AllowCustomer()
  @ApiOperation({
    summary: 'Read the tokens of one of them',
    description: 'That they were read is put on record first.',
  })
  @ApiOkResponse({ type: OwnTokensDto })
  @ApiProblems('own-meter-not-found')
  async tokens(@Own() visitor: Visitor, @Param('rechargeId') rechargeId: string): Promise<OwnTokensDto> {
    const record = await this.recharge(visitor, rechargeId);
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        actor: `customer:${visitor.customerNo}`,
        action: 'own-tokens-read',
        subject: `recharge:${record.rechargeId}`,
        detail: { receiptNo: record.vend?.receiptNo ?? null },
        at: Date.now(),
      }),
    );
    const sampleTables = record.vend?.tokens.some((token) => token.sampleTables) ?? false;
    return { tokens: tokensOf(record), sampleTables };
  }

  @Post('quotes')
  @HttpCode(200)
  @AllowCustomer()
  @ApiOperation({ summary: 'What an amount would give one of my meters, and why', description: 'Stores nothing.' })
  @ApiOkResponse({ type: OwnQuoteDto })
  @ApiBodyProblems(
    ...(['own-meter-not-found', 'meter-not-found', 'meter-closed', 'connection-disconnected'] as const),
    ...(['amount-not-a-number', 'amount-too-many-decimals', 'amount-not-positive'] as const),
    ...(['above-maximum-recharge', 'below-minimum-recharge', 'above-meter-register'] as const),
  )
  async quote(@Own() visitor: Visitor, @Body() { meterNo, amount }: OwnQuoteRequest): Promise<OwnQuoteDto> {
    const { meterId } = await this.own.one(visitor, { meterNo });
    const grossPaisa = readAmount(amount, this.limits.maximumPaisa);
    const [meter, offer] = await Promise.all([
      this.meters.byId(meterId),
      this.vending.quote(meterId, grossPaisa, 'checkout'),
    ]);
    if (!meter) throw new DomainError('meter-not-found');
    const papers = await this.penalties.behindQuote(meterId, offer.quote);
    const {
      quoteId: _id,
      tariffVersion: _version,
      rebateProfile: _profile,
      ...shown
    } = pricedView(offer, meter, papers);
    return shown;
  }

  @Get('notices')
  @AllowCustomer()
  @ApiOperation({ summary: 'Whether notices and reminders come to my phone' })
  @ApiOkResponse({ type: OwnNoticesDto })
  @ApiProblems()
  async notices(@Own() { customerId }: Visitor): Promise<OwnNoticesDto> {
    return { wanted: (await this.choices.of(customerId)).wanted };
  }

  @Post('notices')
  @HttpCode(200)
  @AllowCustomer()
  @ApiOperation({ summary: 'Stop or start them', description: 'As STOP and START by SMS do. Again changes nothing.' })
  @ApiOkResponse({ type: OwnNoticesDto })
  @ApiBodyProblems()
  async choose(
    @Own() { customerId, customerNo }: Visitor,
    @Body() { wanted }: OwnNoticesRequest,
  ): Promise<OwnNoticesDto> {
    const choice = await this.choices.change({ customerId, customerNo, wanted, by: `customer:${customerNo}` });
    return { wanted: choice.wanted };
  }

  /** A recharge of one of the visitor's meters; to a visitor everybody else's are not there. */
  private async recharge(visitor: Visitor, rechargeId: string): Promise<RechargeRecord> {
    return this.theirs(visitor, isId(rechargeId) ? await this.vending.find(rechargeId) : undefined);
  }

  private async theirs(visitor: Visitor, record: RechargeRecord | undefined): Promise<RechargeRecord> {
    if (!record) throw new DomainError('own-meter-not-found');
    await this.own.one(visitor, { meterId: record.meterId });
    return record;
  }

  /** The least that can be sold; undefined where nothing can be sold at present. */
  private async leastOf({ meterId }: OwnMeter): Promise<QuoteOffer | undefined> {
    try {
      return await this.vending.quote(meterId, { minimum: true }, 'checkout');
    } catch (error) {
      if (isDomainError(error)) return undefined;
      throw error;
    }
  }
}
