import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { People, type SessionUser } from '@vend/identity';
import { Allow, Caller } from '../http/bearer.guard';
import { limitOf, pageOf } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { EndedDto, OpenSessionsDto, openSessionView } from '../sessions/session.dto';
import {
  NewPasswordRequest,
  NewPersonRequest,
  PeoplePageDto,
  PeopleQuery,
  PersonChangeRequest,
  PersonDto,
  personView,
} from './person.dto';

@ApiTags('People')
@Controller('v1/people')
export class PeopleController {
  constructor(private readonly people: People) {}

  @Get()
  @Allow('people.read')
  @ApiOperation({ summary: 'Everybody with an account', description: 'By username.' })
  @ApiOkResponse({ type: PeoplePageDto })
  @ApiProblems('field-invalid')
  async list(@Query() query: PeopleQuery): Promise<PeoplePageDto> {
    const limit = limitOf(query);
    return pageOf(await this.people.list({ after: query.cursor, limit }), limit, personView, (card) => card.username);
  }

  @Get(':username')
  @Allow('people.read')
  @ApiOperation({ summary: 'Show an account' })
  @ApiOkResponse({ type: PersonDto })
  @ApiProblems('person-not-found')
  async show(@Param('username') username: string): Promise<PersonDto> {
    return personView(await this.people.show(username));
  }

  @Post()
  @Allow('people.manage')
  @ApiOperation({
    summary: 'Make an account',
    description: 'The password is for the first login. Roles that need a second factor enrol it then.',
  })
  @ApiCreatedResponse({ type: PersonDto })
  @ApiBodyProblems('person-exists', 'station-not-found')
  async create(@Caller() user: SessionUser, @Body() body: NewPersonRequest): Promise<PersonDto> {
    return personView(await this.people.create(body, user));
  }

  @Post(':username/change')
  @HttpCode(200)
  @Allow('people.manage')
  @ApiOperation({ summary: 'Change name, role or station', description: "Ends the person's sessions." })
  @ApiOkResponse({ type: PersonDto })
  @ApiBodyProblems('person-not-found', 'person-own', 'station-not-found')
  async change(
    @Caller() user: SessionUser,
    @Param('username') username: string,
    @Body() { name, role, station }: PersonChangeRequest,
  ): Promise<PersonDto> {
    const changes = { ...(name && { name }), ...(role && { role }), ...(station && { station }) };
    return personView(await this.people.change(username, changes, user));
  }

  @Post(':username/close')
  @HttpCode(200)
  @Allow('people.manage')
  @ApiOperation({ summary: 'Close an account', description: 'Ends its sessions. Nothing that it did is lost.' })
  @ApiOkResponse({ type: PersonDto })
  @ApiProblems('person-not-found', 'person-own')
  async close(@Caller() user: SessionUser, @Param('username') username: string): Promise<PersonDto> {
    return personView(await this.people.setActive(username, false, user));
  }

  @Post(':username/reopen')
  @HttpCode(200)
  @Allow('people.manage')
  @ApiOperation({ summary: 'Open a closed account again' })
  @ApiOkResponse({ type: PersonDto })
  @ApiProblems('person-not-found', 'person-own')
  async reopen(@Caller() user: SessionUser, @Param('username') username: string): Promise<PersonDto> {
    return personView(await this.people.setActive(username, true, user));
  }

  @Post(':username/password')
  @HttpCode(200)
  @Allow('people.manage')
  @ApiOperation({
    summary: 'Give a new password to somebody who forgot it',
    description: "Ends the person's sessions.",
  })
  @ApiOkResponse({ type: PersonDto })
  @ApiBodyProblems('person-not-found', 'person-own')
  async setPassword(
    @Caller() user: SessionUser,
    @Param('username') username: string,
    @Body() { password }: NewPasswordRequest,
  ): Promise<PersonDto> {
    return personView(await this.people.setPassword(username, password, user));
  }

  @Post(':username/second-factor/remove')
  @HttpCode(200)
  @Allow('people.manage')
  @ApiOperation({
    summary: 'Take a lost second factor away',
    description: "Ends the person's sessions and voids the recovery codes; a new one is enrolled at the next login.",
  })
  @ApiOkResponse({ type: PersonDto })
  @ApiProblems('person-not-found', 'person-own')
  async removeSecondFactor(@Caller() user: SessionUser, @Param('username') username: string): Promise<PersonDto> {
    return personView(await this.people.removeSecondFactor(username, user));
  }

  @Post(':username/unlock')
  @HttpCode(200)
  @Allow('people.manage')
  @ApiOperation({ summary: 'Forget the failed logins that locked an account' })
  @ApiOkResponse({ type: PersonDto })
  @ApiProblems('person-not-found', 'person-own')
  async unlock(@Caller() user: SessionUser, @Param('username') username: string): Promise<PersonDto> {
    return personView(await this.people.unlock(username, user));
  }

  @Get(':username/sessions')
  @Allow('people.read')
  @ApiOperation({ summary: "Somebody's open sessions" })
  @ApiOkResponse({ type: OpenSessionsDto })
  @ApiProblems('person-not-found')
  async sessions(@Param('username') username: string): Promise<OpenSessionsDto> {
    return { items: (await this.people.sessionsOf(username)).map((record) => openSessionView(record)) };
  }

  @Post(':username/sessions/end')
  @HttpCode(200)
  @Allow('people.manage')
  @ApiOperation({
    summary: "End all of somebody's sessions",
    description: 'Their tokens are good for some seconds at most.',
  })
  @ApiOkResponse({ type: EndedDto })
  @ApiProblems('person-not-found', 'person-own')
  async endSessions(@Caller() user: SessionUser, @Param('username') username: string): Promise<EndedDto> {
    return { ended: await this.people.endSessions(username, user) };
  }
}
