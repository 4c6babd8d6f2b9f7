import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SessionUser } from '@vend/identity';
import { DomainError, isDomainError, isId, type Id } from '@vend/kernel';
import { VendingService, type QuoteOffer, type RechargeRecord } from '@vend/vending';
import { LifeService } from '../customers/life.service';
import { Allow, Caller } from '../http/bearer.guard';
import { limitOf, pageOf, PageQuery } from '../http/page';
import { ApiProblems } from '../http/problem.dto';
import { MeterAccountDto, meterAccountView, MeterVendsDto, meterVendView } from './meter-account.dto';

const METER_PROBLEMS = ['meter-not-found', 'meter-number-invalid', 'meter-check-digit-wrong'] as const;

/** What staff asks of a meter's account, beside what it was sold. */
@ApiTags('Customers and meters')
@Controller('v1/meters/:meterNo')
export class MeterAccountController {
  constructor(
    private readonly life: LifeService,
    private readonly vending: VendingService,
  ) {}

  @Get('account')
  @Allow('vend.read')
  @ApiOperation({
    summary: "Show a meter's account: bought this month, price of the next unit, arrears, months due",
    description: 'Of the own office and below; another is not there.',
  })
  @ApiOkResponse({ type: MeterAccountDto })
  @ApiProblems(...METER_PROBLEMS)
  async account(@Caller() user: SessionUser, @Param('meterNo') meterNo: string): Promise<MeterAccountDto> {
    const { pan, recordId } = (await this.life.meter(user, meterNo)).meter;
    const [account, least] = await Promise.all([this.vending.accountOf(recordId), this.leastOf(recordId)]);
    if (!account) throw new DomainError('meter-not-found');
    return meterAccountView(pan, account, least);
  }

  @Get('vends')
  @Allow('vend.read')
  @ApiOperation({
    summary: 'What was sold to a meter, and every other kind of vend, at any till and by any company',
    description: 'Without tokens, by pages. Of the own office and below; another is not there.',
  })
  @ApiOkResponse({ type: MeterVendsDto })
  @ApiProblems(...METER_PROBLEMS, 'recharge-not-found', 'field-invalid')
  async vends(
    @Caller() user: SessionUser,
    @Param('meterNo') meterNo: string,
    @Query() query: PageQuery,
  ): Promise<MeterVendsDto> {
    const { meter } = await this.life.meter(user, meterNo);
    const before = query.cursor === undefined ? undefined : await this.vendOf(meter.recordId, query.cursor);
    const limit = limitOf(query);
    const records = await this.vending.lastOf(meter.recordId, limit, before);
    return pageOf(records, limit, meterVendView, ({ rechargeId }) => rechargeId);
  }

  private async vendOf(meterId: Id, rechargeId: string): Promise<RechargeRecord> {
    const record = isId(rechargeId) ? await this.vending.find(rechargeId) : undefined;
    if (record?.meterId !== meterId) throw new DomainError('recharge-not-found');
    return record;
  }

  /** The least that can be sold; undefined where nothing can be sold at present. */
  private async leastOf(meterId: Id): Promise<QuoteOffer | undefined> {
    try {
      return await this.vending.quote(meterId, { minimum: true }, 'counter');
    } catch (error) {
      if (isDomainError(error)) return undefined;
      throw error;
    }
  }
}
