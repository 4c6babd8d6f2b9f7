import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { MetersService } from '@vend/meters';
import { Database } from '@vend/platform';
import { VendingService } from '@vend/vending';
import { Allow, Caller } from '../http/bearer.guard';
import { ApiBodyProblems } from '../http/problem.dto';
import { RechargeViews } from '../recharges/recharge.views';
import { ReprintsDto, ReprintsRequest } from './vend.dto';

@ApiTags('Counter')
@Controller('v1/meters')
export class ReprintsController {
  constructor(
    private readonly database: Database,
    private readonly meters: MetersService,
    private readonly vending: VendingService,
    private readonly views: RechargeViews,
  ) {}

  @Post(':meterNo/reprints')
  @HttpCode(201)
  @Allow('vend.reprint')
  @ApiOperation({
    summary: "Print a meter's last receipts again, of every kind of vend",
    description:
      'The tokens are those of the first time, and every receipt is marked as a copy. Cancelled ones are left out. Who ' +
      'asked for them is put on record first.',
  })
  @ApiCreatedResponse({ type: ReprintsDto })
  @ApiBodyProblems('meter-not-found', 'meter-check-digit-wrong', 'meter-number-invalid')
  async reprint(
    @Caller() user: SessionUser,
    @Param('meterNo') meterNo: string,
    @Body() { last }: ReprintsRequest,
  ): Promise<ReprintsDto> {
    const meter = await this.meters.resolve(meterNo);
    if (!meter) throw new DomainError('meter-not-found');
    const records = await this.vending.lastOf(meter.meterId, last);
    const at = Date.now();
    await this.database.transaction(async (tx) => {
      for (const { rechargeId, vend } of records) {
        await recordAudit(tx, {
          actor: `user:${user.username}`,
          action: 'recharge-reprinted',
          subject: `recharge:${rechargeId}`,
          detail: { receiptNo: vend!.receiptNo, station: user.station },
          at,
        });
      }
    });
    return { items: await Promise.all(records.map((record) => this.views.view(record, true))) };
  }
}
