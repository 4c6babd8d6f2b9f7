import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { SessionUser } from '@vend/identity';
import { DomainError, isId, type Id } from '@vend/kernel';
import { CustomerChanges, normaliseMobile, type PersonDetails } from '@vend/meters';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { IdempotencyKey } from '../http/idempotency-key';
import { ApiBodyProblems } from '../http/problem.dto';
import { PersonRemovalRequest, PersonRequest } from './customer.dto';
import { actorOf, LifeService } from './life.service';
import { PersonDto, personView } from './life.views';

export class PeopleDto {
  @ApiProperty({ type: [PersonDto], description: "Everybody on the meter's connection now" }) items!: PersonDto[];
}

@ApiTags('Customers and meters')
@Controller('v1/meters/:meterNo/people')
export class ConnectionPeopleController {
  constructor(
    private readonly life: LifeService,
    private readonly changes: CustomerChanges,
  ) {}

  @Post()
  @Allow('customer.change')
  @ApiOperation({
    summary: 'Note an owner, tenant or payer of a connection',
    description: 'They stay with the connection when its meter is replaced. The key becomes the id of the person.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the till' })
  @ApiCreatedResponse({ type: PeopleDto })
  @ApiBodyProblems('idempotency-key-missing', 'idempotency-key-malformed', 'meter-not-found', 'connection-not-found')
  async add(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('meterNo') meterNo: string,
    @Body() body: PersonRequest,
  ): Promise<PeopleDto> {
    const { connection } = await this.life.meter(user, meterNo);
    await this.changes.addPerson(key, connection.recordId, detailsOf(body), { by: actorOf(user), reason: body.reason });
    return this.all(user, meterNo);
  }

  @Post(':personId')
  @HttpCode(200)
  @Allow('customer.change')
  @ApiOperation({ summary: 'Change what is noted of a person' })
  @ApiOkResponse({ type: PeopleDto })
  @ApiBodyProblems('meter-not-found', 'connection-person-not-found')
  async change(
    @Caller() user: SessionUser,
    @Param('meterNo') meterNo: string,
    @Param('personId') personId: string,
    @Body() body: PersonRequest,
  ): Promise<PeopleDto> {
    const { connection } = await this.life.meter(user, meterNo);
    const why = { by: actorOf(user), reason: body.reason };
    await this.changes.changePerson(idOf(personId), connection.recordId, detailsOf(body), why);
    return this.all(user, meterNo);
  }

  @Post(':personId/remove')
  @HttpCode(200)
  @Allow('customer.change')
  @ApiOperation({ summary: 'Take a person off a connection', description: 'What was noted stays in the history.' })
  @ApiOkResponse({ type: PeopleDto })
  @ApiBodyProblems('meter-not-found', 'connection-person-not-found')
  async remove(
    @Caller() user: SessionUser,
    @Param('meterNo') meterNo: string,
    @Param('personId') personId: string,
    @Body() { reason }: PersonRemovalRequest,
  ): Promise<PeopleDto> {
    const { connection } = await this.life.meter(user, meterNo);
    await this.changes.removePerson(idOf(personId), connection.recordId, { by: actorOf(user), reason });
    return this.all(user, meterNo);
  }

  private async all(user: SessionUser, meterNo: string): Promise<PeopleDto> {
    return { items: (await this.life.meter(user, meterNo)).people.map(personView) };
  }
}

function idOf(text: string): Id {
  if (!isId(text)) throw new DomainError('connection-person-not-found');
  return text;
}

function detailsOf({ role, name, mobile, language, receivesSms }: PersonRequest): PersonDetails {
  const number = normaliseMobile(mobile) ?? null;
  if (receivesSms && number === null) throw new FieldsInvalid([{ field: 'mobile', code: 'field-missing' }]);
  return { role, name: name.normalize('NFC'), mobile: number, language, receivesSms };
}
