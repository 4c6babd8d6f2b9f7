import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatKwh } from '@vend/kernel';
import { officesOf, type SessionUser } from '@vend/identity';
import { MetersService, type MeterCard } from '@vend/meters';
import { Database } from '@vend/platform';
import { Allow, Caller } from '../http/bearer.guard';
import { ApiBodyProblems } from '../http/problem.dto';
import { MeterSearchDto, MeterSearchRequest, type MeterDto } from './meter.dto';

@ApiTags('Counter')
@Controller('v1/meters')
export class MetersController {
  constructor(
    private readonly meters: MetersService,
    private readonly database: Database,
  ) {}

  @Post('search')
  @HttpCode(200)
  @Allow('meter.find')
  @ApiOperation({
    summary: 'Find meters by meter number, customer number, phone or name',
    description:
      'Spellings that mean the same are one: আব্দুল and আবদুল, মোঃ and মো, long and short vowels, শ ষ স, ন ণ, জ য. ' +
      'By name 20 customers are a page; give nextCursor back as cursor for the next one.',
  })
  @ApiOkResponse({ type: MeterSearchDto })
  @ApiBodyProblems('meter-number-invalid', 'meter-check-digit-wrong', 'mobile-invalid')
  async search(
    @Body() { by, value, cursor }: MeterSearchRequest,
    @Caller() user: SessionUser,
  ): Promise<MeterSearchDto> {
    if (by === 'name') {
      const offices = await officesOf(this.database, user);
      const { items, nextCursor } = await this.meters.findByName(value, { offices, cursor });
      return { items: items.map(meterView), nextCursor };
    }
    const offices = by === 'phone' ? await officesOf(this.database, user) : 'all';
    const items = await this.meters.find(by, value, offices);
    return { items: items.map(meterView), nextCursor: null };
  }
}

function meterView(card: MeterCard): MeterDto {
  return {
    meterNo: card.pan,
    drn: card.drn,
    status: card.status,
    customerNo: card.customerNo,
    customerName: card.customerName,
    address: card.address,
    office: card.office,
    tariffClass: card.tariffClass,
    phase: card.phase,
    // Watts to kW is the same shift by three decimals as watt-hours to kWh.
    sanctionedKw: formatKwh(card.sanctionedW),
    crediting: card.crediting,
    sgc: card.keys.sgc,
    krn: card.keys.krn,
    ti: card.keys.ti,
    ea: card.keys.ea,
  };
}
