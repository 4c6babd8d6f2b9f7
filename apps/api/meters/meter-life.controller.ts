import { applyDecorators, Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { SessionUser } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { Installations, LifeCards, parseKw, Replacements, Supplies } from '@vend/meters';
import { actorOf, LifeService } from '../customers/life.service';
import { connectionView, customerView, HistoryDto, oneMeterView, personView, versionsView } from '../customers/life.views'; // prettier-ignore
import { Allow, Caller } from '../http/bearer.guard';
import { moneyView } from '../http/format';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import type { ApiErrorCode } from '../http/problems';
import { installCommandOf } from './install-command';
import { InstalledDto, InstallRequest, MeterCardDto, newMeterOf, ReplacedDto, ReplaceRequest, SupplyDto, SupplyRequest, TermsDto, TermsRequest, termsView } from './meter-life.dto'; // prettier-ignore

const KEY = { name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the till' };
const KEY_PROBLEMS = ['idempotency-key-missing', 'idempotency-key-malformed', 'operation-differs'] as const;
const METER_PROBLEMS = ['meter-not-found', 'meter-closed', 'meter-number-invalid', 'meter-check-digit-wrong'] as const;
const NEW_METER_PROBLEMS = [
  'meter-number-invalid',
  'meter-check-digit-wrong',
  'meter-number-taken',
  'meter-model-unknown',
  'meter-model-differs',
] as const;
/** Done once for a key: 201, and 200 with the same to whoever asks again. */
function Once(type: new () => object, ...problems: ApiErrorCode[]) {
  return applyDecorators(
    ApiHeader(KEY),
    ApiCreatedResponse({ type, description: 'The first time' }),
    ApiOkResponse({ type, description: 'A repeat' }),
    ApiBodyProblems(...KEY_PROBLEMS, ...problems),
  );
}

/** The same, of the meter in the address. */
const OnceOnMeter = (type: new () => object, ...problems: ApiErrorCode[]) => Once(type, ...METER_PROBLEMS, ...problems);

/** Of the fee schedule: which of the two is due, if any, the counter knows. */
const RECONNECTION_FEES = ['reconnection-arrears', 'reconnection-on-request'];

@ApiTags('Customers and meters')
@Controller('v1/meters')
export class MeterLifeController {
  constructor(
    private readonly life: LifeService,
    private readonly cards: LifeCards,
    private readonly installations: Installations,
    private readonly replacements: Replacements,
    private readonly supplies: Supplies,
  ) {}

  @Post()
  @Allow('meter.install')
  @ApiOperation({
    summary: 'Install a meter on a new or an idle connection',
    description:
      'With name, address, office and language for a customer who is not on record; with tariffClass, phases and ' +
      'sanctionedKw for a new connection, or connectionId for an idle one. No deposit. Charges are owed from this month on.',
  })
  @Once(
    InstalledDto,
    ...NEW_METER_PROBLEMS,
    'customer-not-found',
    'customer-exists',
    'connection-not-found',
    'connection-in-use',
  )
  async install(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() body: InstallRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InstalledDto> {
    const command = installCommandOf(body, { key, by: actorOf(user), reason: body.reason });
    if (command.customer) await this.life.mayUse(user, command.customer.office);
    else await this.life.customer(user, command.customerNo);
    const { result, replayed } = await this.installations.install(command);
    void reply.status(replayed ? 200 : 201);
    const { meterNo, connectionId, installedOn } = result;
    return { meterNo, customerNo: command.customerNo, connectionId, installedOn };
  }

  @Get(':meterNo')
  @Allow('meter.read')
  @ApiOperation({ summary: 'Show a meter with its connection, customer and people' })
  @ApiOkResponse({ type: MeterCardDto })
  @ApiProblems('meter-not-found', 'meter-number-invalid', 'meter-check-digit-wrong')
  async show(@Caller() user: SessionUser, @Param('meterNo') meterNo: string): Promise<MeterCardDto> {
    const card = await this.life.meter(user, meterNo);
    return {
      ...oneMeterView(card.meter),
      customer: customerView(card.customer.customerNo, card.customer.content),
      connection: connectionView(card),
      people: card.people.map(personView),
      model: card.model?.model ?? null,
    };
  }

  @Get(':meterNo/history')
  @Allow('meter.read')
  @ApiOperation({ summary: 'What the meter, its connection and its customer were: from when to when, who and why' })
  @ApiOkResponse({ type: HistoryDto })
  @ApiProblems('meter-not-found', 'meter-number-invalid', 'meter-check-digit-wrong')
  async history(@Caller() user: SessionUser, @Param('meterNo') meterNo: string): Promise<HistoryDto> {
    const { meter, connection, customer } = await this.cards.history(await this.life.meter(user, meterNo));
    return {
      items: [
        ...versionsView('meter', meter),
        ...versionsView('connection', connection),
        ...versionsView('customer', customer),
      ],
    };
  }

  @Post(':meterNo/replacement')
  @Allow('meter.replace')
  @ApiOperation({
    summary: 'Replace a meter',
    description:
      "What is the customer's goes over: units sold this month, months charged, arrears, carried remainder, sums due, payments " +
      'without a token. The old meter is closed and keeps its keys and its vends. Credit inside it is carried by a ' +
      'replacement vend, of which `oldReading` is the proof.',
  })
  @OnceOnMeter(ReplacedDto, ...NEW_METER_PROBLEMS)
  async replace(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() body: ReplaceRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplacedDto> {
    const { meter } = await this.life.meter(user, meterNo);
    const { result, replayed } = await this.replacements.replace({
      ...{ key, by: actorOf(user), reason: body.reason, oldMeterId: meter.recordId, meter: newMeterOf(body) },
      ...{ phase: body.phase, oldReading: body.oldReading ?? null },
    });
    void reply.status(replayed ? 200 : 201);
    const { replacementId, newMeterNo, replacedOn, paymentsMoved } = result;
    return {
      ...{ replacementId, oldMeterNo: meter.pan, newMeterNo, replacedOn, paymentsMoved },
      remainder: moneyView(BigInt(result.remainderPaisa)),
      arrears: moneyView(BigInt(result.arrearsPaisa)),
    };
  }

  @Post(':meterNo/terms')
  @Allow('connection.change')
  @ApiOperation({
    summary: 'Change load or class from a day on',
    description:
      'Months before that day’s month are owed by the former terms; the month itself by what holds at its first recharge. ' +
      'A later day takes effect by itself, and takes the place of a change that still waits.',
  })
  @OnceOnMeter(TermsDto, 'change-date-past')
  async terms(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() { tariffClass, sanctionedKw, from, reason }: TermsRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TermsDto> {
    const { meter } = await this.life.meter(user, meterNo);
    const sanctionedW = sanctionedKw === undefined ? null : parseKw(sanctionedKw)!;
    const { result, replayed } = await this.supplies.changeTerms({
      ...{ key, by: actorOf(user), reason, meterId: meter.recordId, from },
      ...{ tariffClass: tariffClass ?? null, sanctionedW },
    });
    void reply.status(replayed ? 200 : 201);
    return termsView(result);
  }

  @Post(':meterNo/disconnect')
  @Allow('connection.disconnect')
  @ApiOperation({
    summary: "Disconnect a meter's connection",
    description: 'It is sold nothing from now on. Months in which it is off all the time owe no fixed charges.',
  })
  @OnceOnMeter(SupplyDto, 'connection-not-connected')
  disconnect(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() { reason }: SupplyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupplyDto> {
    return this.supply('disconnect', { user, key, meterNo, reason }, reply);
  }

  @Post(':meterNo/reconnect')
  @Allow('connection.disconnect')
  @ApiOperation({
    summary: "Connect a meter's connection again",
    description:
      'The answer names the service fees of which one may be due; the counter collects it as a fee of its own.',
  })
  @OnceOnMeter(SupplyDto, 'connection-not-disconnected')
  reconnect(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() { reason }: SupplyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SupplyDto> {
    return this.supply('reconnect', { user, key, meterNo, reason }, reply);
  }

  private async supply(
    what: 'disconnect' | 'reconnect',
    { user, key, meterNo, reason }: { user: SessionUser; key: Id; meterNo: string; reason: string },
    reply: FastifyReply,
  ): Promise<SupplyDto> {
    const { meter } = await this.life.meter(user, meterNo);
    const command = { key, by: actorOf(user), reason, meterId: meter.recordId };
    const { result, replayed } = await this.supplies[what](command);
    void reply.status(replayed ? 200 : 201);
    return { supply: result.supply, on: result.on, fees: what === 'reconnect' ? RECONNECTION_FEES : [] };
  }
}
