import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { recordAudit, type SessionUser } from '@vend/identity';
import { listModels, METER_SERVICES, saveModel, type MeterModel, type StoredModel } from '@vend/meters';
import { Database } from '@vend/platform';
import { PhaseField } from '../customers/fields';
import { actorOf } from '../customers/life.service';
import { Allow, Caller } from '../http/bearer.guard';
import { textField as TextField } from '../http/fields';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';

const words = (values: readonly string[]) => new RegExp(`^(?:${values.join('|')})(?:,(?:${values.join('|')}))*$`);

/** Lists are written with commas, so that the body stays flat. */
export class MeterModelRequest {
  @TextField(/^\d{2}(?:\d{2})?$/, 'STS manufacturer code', '97', {}) manufacturer!: string;
  @TextField(/^[\x20-\x7e]{1,40}$/, 'Model as on the nameplate', 'DDS-1', {}) model!: string;
  @PhaseField() phase!: 1 | 3;
  @TextField(words(['07', '11']), 'Encryption algorithms', '07,11', {}) algorithms!: string;
  @TextField(words(['currency', 'energy']), 'What its credit tokens may carry', 'energy', {}) crediting!: string;
  @TextField(words(METER_SERVICES), 'Services it takes tokens for', 'clear-tamper,power-limit', { optional: true })
  services?: string;
  @TextField(/^[1-9]\d{0,15}$/, 'The most Wh its register holds', '999999900', { optional: true })
  registerMaxWh?: string;
  @TextField(/^[1-9]\d{0,15}$/, 'The most paisa its register holds', '99999999', { optional: true })
  registerMaxPaisa?: string;
  @TextField(/^[1-9]\d{0,8}$/, 'The highest power limit it takes, watts', '13200', { optional: true })
  powerMaxW?: string;
}

export class MeterModelDto {
  @ApiProperty({ example: '97' }) manufacturer!: string;
  @ApiProperty({ example: 'DDS-1' }) model!: string;
  @ApiProperty({ enum: [1, 3] }) phase!: number;
  @ApiProperty({ type: [String], example: ['07', '11'] }) algorithms!: readonly string[];
  @ApiProperty({ type: [String], example: ['energy'] }) crediting!: readonly string[];
  @ApiProperty({ type: [String], example: ['clear-tamper'] }) services!: readonly string[];
  @ApiProperty({ type: String, nullable: true, example: '999999900' }) registerMaxWh!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) registerMaxPaisa!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '13200' }) powerMaxW!: string | null;
}

export class MeterModelListDto {
  @ApiProperty({ type: [MeterModelDto] }) items!: MeterModelDto[];
}

@ApiTags('Customers and meters')
@Controller('v1/meter-models')
export class MeterModelsController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('meter-model.read')
  @ApiOperation({ summary: 'Show what the models of meters can do' })
  @ApiOkResponse({ type: MeterModelListDto })
  @ApiProblems()
  async list(): Promise<MeterModelListDto> {
    const models = await listModels({ query: (sql, parameters) => this.database.read(sql, parameters) });
    return { items: models.map(view) };
  }

  @Post()
  @HttpCode(200)
  @Allow('meter-model.manage')
  @ApiOperation({
    summary: 'Enter a model of meters, or change what is known of it',
    description: 'A meter of a model gets no token for a service that the model does not take.',
  })
  @ApiOkResponse({ type: MeterModelListDto })
  @ApiBodyProblems()
  async save(@Caller() user: SessionUser, @Body() body: MeterModelRequest): Promise<MeterModelListDto> {
    const model = modelOf(body);
    const at = Date.now();
    await this.database.transaction(async (tx) => {
      await saveModel(tx, model, at);
      const { manufacturer, model: name, algorithms, crediting, services } = body;
      await recordAudit(tx, {
        actor: actorOf(user),
        action: 'meter-model-changed',
        subject: `meter-model:${manufacturer}`,
        after: { model: name, phase: model.phase, algorithms, crediting, services: services ?? '' },
        at,
      });
    });
    return this.list();
  }
}

function modelOf(body: MeterModelRequest): MeterModel {
  const whole = (text: string | undefined) => (text === undefined ? null : BigInt(text));
  const list = (text: string | undefined) => (text === undefined ? [] : text.split(','));
  return {
    ...{ manufacturer: body.manufacturer, model: body.model, phase: body.phase },
    algorithms: list(body.algorithms) as unknown as MeterModel['algorithms'],
    crediting: list(body.crediting) as unknown as MeterModel['crediting'],
    services: list(body.services) as unknown as MeterModel['services'],
    ...{ registerMaxWh: whole(body.registerMaxWh), registerMaxPaisa: whole(body.registerMaxPaisa) },
    powerMaxW: whole(body.powerMaxW),
  };
}

function view({ modelId: _id, registerMaxWh, registerMaxPaisa, powerMaxW, ...model }: StoredModel): MeterModelDto {
  const text = (value: bigint | null) => value?.toString() ?? null;
  return {
    ...model,
    ...{ registerMaxWh: text(registerMaxWh), registerMaxPaisa: text(registerMaxPaisa), powerMaxW: text(powerMaxW) },
  };
}
