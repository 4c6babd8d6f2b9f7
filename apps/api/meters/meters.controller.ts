import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatKwh } from '@vend/kernel';
import { MetersService, type MeterCard } from '@vend/meters';
import { Allow } from '../http/bearer.guard';
import { ApiBodyProblems } from '../http/problem.dto';
import { MeterSearchDto, MeterSearchRequest, type MeterDto } from './meter.dto';

@ApiTags('Counter')
@Controller('v1/meters')
export class MetersController {
  constructor(private readonly meters: MetersService) {}

  @Post('search')
  @HttpCode(200)
  @Allow('meter.find')
  @ApiOperation({ summary: 'Find meters by meter number, customer number or phone' })
  @ApiOkResponse({ type: MeterSearchDto })
  @ApiBodyProblems('meter-number-invalid', 'meter-check-digit-wrong', 'mobile-invalid')
  async search(@Body() { by, value }: MeterSearchRequest): Promise<MeterSearchDto> {
    return { items: (await this.meters.find(by, value)).map(meterView) };
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
