import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { SessionUser } from '@vend/identity';
import { NoticeChoices, type NoticeChoice } from '@vend/inbound';
import { formatInstant } from '@vend/kernel';
import { Allow, Caller } from '../http/bearer.guard';
import { WordsField, YesNoField } from '../http/fields';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { actorOf, LifeService } from './life.service';

export class NoticeChoiceRequest {
  @YesNoField('Whether notices and reminders go to this customer') wanted!: boolean;
  @WordsField('Why', 'asked by phone') reason!: string;
}

export class NoticeChoiceDto {
  @ApiProperty({ example: false }) wanted!: boolean;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22T10:00:00+06:00', description: 'null: never said' })
  changedAt!: string | null;
  @ApiProperty({
    ...{ type: String, nullable: true, example: 'user:rahima' },
    description: 'Who: somebody of the staff, or `sms:<id>` when the customer wrote STOP or START',
  })
  changedBy!: string | null;
}

@ApiTags('Customers and meters')
@Controller('v1/customers/:customerNo/notices')
export class NoticeChoicesController {
  constructor(
    private readonly life: LifeService,
    private readonly choices: NoticeChoices,
  ) {}

  @Get()
  @Allow('customer.read')
  @ApiOperation({
    summary: 'Whether a customer wants notices and reminders by SMS',
    description: 'Receipts, tokens, codes and answers are not asked about: they always go.',
  })
  @ApiOkResponse({ type: NoticeChoiceDto })
  @ApiProblems('customer-not-found')
  async show(@Caller() user: SessionUser, @Param('customerNo') customerNo: string): Promise<NoticeChoiceDto> {
    const { customer } = await this.life.customer(user, customerNo);
    return viewOf(await this.choices.of(customer.recordId));
  }

  @Patch()
  @Allow('customer.choose-notices')
  @ApiOperation({
    summary: "Stop or start notices and reminders on a customer's word",
    description: 'As STOP and START by SMS do. The same again changes nothing.',
  })
  @ApiOkResponse({ type: NoticeChoiceDto })
  @ApiBodyProblems('customer-not-found')
  async change(
    @Caller() user: SessionUser,
    @Param('customerNo') customerNo: string,
    @Body() { wanted, reason }: NoticeChoiceRequest,
  ): Promise<NoticeChoiceDto> {
    const { customer } = await this.life.customer(user, customerNo);
    const { recordId: customerId } = customer;
    const whose = { customerId, customerNo: customer.customerNo };
    return viewOf(await this.choices.change({ ...whose, wanted, reason, by: actorOf(user) }));
  }
}

function viewOf({ wanted, changedAt, changedBy }: NoticeChoice): NoticeChoiceDto {
  return { wanted, changedAt: changedAt && formatInstant(changedAt.getTime()), changedBy };
}
