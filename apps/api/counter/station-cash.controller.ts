import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { BankDeposits, daySummary, listDeposits, listTerms, readTerms, Tills } from '@vend/counter';
import { officesOf, type SessionUser } from '@vend/identity';
import { DomainError, isId, type Id } from '@vend/kernel';
import { Providers } from '@vend/payments';
import { Database } from '@vend/platform';
import { isDay } from '@vend/settlement';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { IdempotencyKey } from '../http/idempotency-key';
import { limitOf, pageOf, PageQuery } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  BankDepositDto,
  BankDepositsDto,
  ConfirmDepositRequest,
  SendCashRequest,
  StationDayDto,
  StationTermsDto,
  StationTermsListDto,
  StationTermsQuery,
  StationTermsRequest,
} from './shifts.dto';
import { dayView, depositView } from './shifts.view';

const TERMS_ON_A_PAGE = 50;

/** A station's cash beyond the shift: its day, its way to the bank, and how the station sells. */
@ApiTags('Shifts')
@Controller('v1')
export class StationCashController {
  constructor(
    private readonly database: Database,
    private readonly deposits: BankDeposits,
    private readonly tills: Tills,
    private readonly providers: Providers,
  ) {}

  @Get('station-days')
  @Allow('station-day.read')
  @ApiOperation({
    summary: "Show the cash of a station's day",
    description: 'Opening, by kind what came in and went out, closing; shifts and deposit slips. Of the own offices.',
  })
  @ApiQuery({ name: 'station', example: 'NESCO-RAJ-01' })
  @ApiQuery({ name: 'day', example: '2026-11-22', description: 'A Dhaka day' })
  @ApiOkResponse({ type: StationDayDto })
  @ApiProblems('field-invalid', 'station-not-found')
  async day(
    @Caller() user: SessionUser,
    @Query('station') station: string,
    @Query('day') day: string,
  ): Promise<StationDayDto> {
    if (!isDay(String(day))) throw new FieldsInvalid([{ field: 'day', code: 'field-malformed' }]);
    const [terms, offices] = await Promise.all([
      readTerms(this.database, String(station)),
      officesOf(this.database, user),
    ]);
    if (!terms || (offices !== 'all' && !offices.includes(terms.office))) throw new DomainError('station-not-found');
    return dayView(await daySummary(this.database, terms.station, day));
  }

  @Get('bank-deposits')
  @Allow('bank-deposit.read')
  @ApiOperation({ summary: 'List deposit slips, the newest first', description: 'Of the own offices.' })
  @ApiOkResponse({ type: BankDepositsDto })
  @ApiProblems('field-invalid')
  async list(@Caller() user: SessionUser, @Query() query: PageQuery): Promise<BankDepositsDto> {
    const limit = limitOf(query);
    const offices = await officesOf(this.database, user);
    const rows = await listDeposits(this.database, { offices, before: query.cursor, limit });
    return pageOf(rows, limit, depositView, ({ depositId }) => depositId);
  }

  @Post('bank-deposits')
  @Allow('bank-deposit.send')
  @ApiOperation({
    summary: 'Send cash to the bank, with a deposit slip',
    description:
      "Out of the safe of the caller's station; it is on its way until somebody confirms it with the bank's paper.",
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' })
  @ApiCreatedResponse({ type: BankDepositDto, description: 'The first time' })
  @ApiOkResponse({ type: BankDepositDto, description: 'A repeat: the slip that was made the first time' })
  @ApiBodyProblems(
    ...(['idempotency-key-missing', 'idempotency-key-malformed', 'count-malformed', 'deposit-empty'] as const),
    ...(['deposit-above-cash', 'deposit-bank-unknown', 'deposit-key-conflict', 'ledger-account-spelling'] as const),
  )
  async send(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() { bank, pieces, coins }: SendCashRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BankDepositDto> {
    const settledInto = (await this.providers.all()).flatMap(({ settlementBank, vatBank }) =>
      vatBank === null ? [settlementBank] : [settlementBank, vatBank],
    );
    const counted = { pieces, coins };
    const { deposit, replayed } = await this.deposits.send(user, { key, bank, settledInto, counted });
    void reply.status(replayed ? 200 : 201);
    return depositView(deposit);
  }

  @Post('bank-deposits/:id/confirm')
  @HttpCode(200)
  @Allow('bank-deposit.confirm')
  @ApiOperation({
    summary: 'Confirm that the bank has received a deposit',
    description: 'By another person than who sent it; a repeat with the same reference changes nothing.',
  })
  @ApiOkResponse({ type: BankDepositDto })
  @ApiBodyProblems('deposit-not-found', 'deposit-banked', 'deposit-own')
  async confirm(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Body() { reference }: ConfirmDepositRequest,
  ): Promise<BankDepositDto> {
    if (!isId(id)) throw new DomainError('deposit-not-found');
    return depositView((await this.deposits.confirm(user, id, reference)).deposit);
  }

  @Get('station-terms')
  @Allow('station-terms.read')
  @ApiOperation({ summary: 'List how stations sell', description: 'By code, of the own offices.' })
  @ApiOkResponse({ type: StationTermsListDto })
  @ApiProblems('field-invalid')
  async terms(@Caller() user: SessionUser, @Query() { cursor }: StationTermsQuery): Promise<StationTermsListDto> {
    const question = { offices: await officesOf(this.database, user), after: cursor ?? '', limit: TERMS_ON_A_PAGE };
    const rows = await listTerms(this.database, question);
    return pageOf(
      rows,
      TERMS_ON_A_PAGE,
      (row) => row,
      ({ station }) => station,
    );
  }

  @Post('station-terms/:station')
  @HttpCode(200)
  @Allow('station-terms.set')
  @ApiOperation({
    summary: 'Say how a station sells from now on',
    description:
      'With shifts, from the float of a vendor that pays in advance, or neither. Shifts that are open then stay open until they are closed.',
  })
  @ApiOkResponse({ type: StationTermsDto })
  @ApiBodyProblems('station-not-found', 'float-not-found', 'station-terms-both')
  async setTerms(
    @Caller() user: SessionUser,
    @Param('station') station: string,
    @Body() { keepsShifts: asked, vendor }: StationTermsRequest,
  ): Promise<StationTermsDto> {
    const keepsShifts = asked === true;
    if (keepsShifts && vendor !== undefined) throw new DomainError('station-terms-both');
    if (vendor !== undefined && !(await this.providers.byCode(vendor))?.prepaid)
      throw new DomainError('float-not-found');
    return this.tills.setTerms(user, { station, keepsShifts, vendor: vendor ?? null });
  }
}
