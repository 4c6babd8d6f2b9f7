import { Body, Controller, Get, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Tills } from '@vend/counter';
import type { SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { AccountClosing, CustomerChanges, LifeCards, normaliseMobile } from '@vend/meters';
import { Allow, Caller } from '../http/bearer.guard';
import { moneyView } from '../http/format';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { CloseRequest, ClosedDto, CustomerChangeRequest } from './customer.dto';
import { actorOf, LifeService } from './life.service';
import { CustomerCardDto, customerCardView, CustomerDto, customerView, HistoryDto, versionsView } from './life.views';

@ApiTags('Customers and meters')
@Controller('v1/customers')
export class CustomersController {
  constructor(
    private readonly life: LifeService,
    private readonly cards: LifeCards,
    private readonly changes: CustomerChanges,
    private readonly closing: AccountClosing,
    private readonly tills: Tills,
  ) {}

  @Get(':customerNo')
  @Allow('customer.read')
  @ApiOperation({
    summary: 'Show a customer with every connection, meter and person',
    description: 'Of the own office and below; another is not there. Of a mobile number only its ends are shown.',
  })
  @ApiOkResponse({ type: CustomerCardDto })
  @ApiProblems('customer-not-found')
  async show(@Caller() user: SessionUser, @Param('customerNo') customerNo: string): Promise<CustomerCardDto> {
    return customerCardView(await this.life.customer(user, customerNo));
  }

  @Get(':customerNo/history')
  @Allow('customer.read')
  @ApiOperation({ summary: 'What the customer and the connections were: from when to when, who changed them and why' })
  @ApiOkResponse({ type: HistoryDto })
  @ApiProblems('customer-not-found')
  async history(@Caller() user: SessionUser, @Param('customerNo') customerNo: string): Promise<HistoryDto> {
    const { customer, connections } = await this.life.customer(user, customerNo);
    const items = versionsView('customer', await this.cards.customerHistory(customer));
    for (const { connection } of connections) {
      items.push(...versionsView('connection', await this.cards.connectionHistory(connection)));
    }
    return { items };
  }

  @Patch(':customerNo')
  @Allow('customer.change')
  @ApiOperation({
    summary: "Change a customer's name, mobile number, address, language or form of receipts by SMS",
    description: 'What is left out stays. The same again changes nothing. What it was before stays on record.',
  })
  @ApiOkResponse({ type: CustomerDto })
  @ApiBodyProblems('customer-not-found')
  async change(
    @Caller() user: SessionUser,
    @Param('customerNo') customerNo: string,
    @Body() body: CustomerChangeRequest,
  ): Promise<CustomerDto> {
    const { customer } = await this.life.customer(user, customerNo);
    const { reason, name, mobile, address, language, smsForm } = body;
    const change = {
      ...(name !== undefined && { name: name.normalize('NFC') }),
      ...(mobile !== undefined && { mobile: normaliseMobile(mobile) ?? null }),
      ...(address !== undefined && { address: address.normalize('NFC') }),
      ...(language !== undefined && { language }),
      ...(smsForm !== undefined && { smsForm }),
    };
    const { content } = await this.changes.customer(customer.customerNo, change, { by: actorOf(user), reason });
    return customerView(customer.customerNo, content);
  }

  @Post(':customerNo/close')
  @Allow('customer.close')
  @ApiOperation({
    summary: 'Close an account with all its connections and meters',
    description:
      'Refused while anything is owed either way: arrears, penalties, fixed charges up to this month, a tariff adjustment, ' +
      "a payment that waits for its token. What was carried is paid out of the station's cash: hand it to the customer. An agent's station has none and is refused.",
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the till' })
  @ApiCreatedResponse({ type: ClosedDto, description: 'The first time' })
  @ApiOkResponse({ type: ClosedDto, description: 'A repeat' })
  @ApiBodyProblems(
    'idempotency-key-missing',
    'idempotency-key-malformed',
    'customer-not-found',
    'customer-closed',
    'account-owes',
    'account-waits',
    'agent-recharges-only',
    'operation-differs',
    'ledger-overdrawn',
  )
  async close(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('customerNo') customerNo: string,
    @Body() { reason }: CloseRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClosedDto> {
    const { customer } = await this.life.customer(user, customerNo);
    await this.tills.refuseAgents(user);
    const out = await this.tills.payOutOf(user);
    const { result, replayed } = await this.closing.close({
      ...{ key, by: actorOf(user), reason, customerNo: customer.customerNo },
      cash: `cash:${user.station}`,
      drawer: out.startsWith('cash:') ? (out as `cash:${string}`) : undefined,
    });
    void reply.status(replayed ? 200 : 201);
    const { closedOn, meters, paidOutPaisa } = result;
    return { customerNo: customer.customerNo, closedOn, meters, paidOut: moneyView(BigInt(paidOutPaisa)) };
  }
}
