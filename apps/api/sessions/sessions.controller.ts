import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logins, People, SessionsService, type SessionUser } from '@vend/identity';
import { DomainError, isId, type Id } from '@vend/kernel';
import { Allow, Caller, CallerSession } from '../http/bearer.guard';
import { CallerOrigin, type RequestSource } from '../http/origin';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { forgetSession } from './page-cookies';
import {
  CredentialsRequest,
  EndedDto,
  LoginRequest,
  OpenSessionsDto,
  PasswordRequest,
  openSessionView,
  RefreshRequest,
  SecondFactorDto,
  SessionDto,
  sessionView,
} from './session.dto';

@ApiTags('Sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly logins: Logins,
    private readonly people: People,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Log in at a station',
    description:
      'Supervisors, key officers, tariff officers, accounts and administrators also send a code of their second factor. ' +
      'After failed attempts an account, and an address, must wait, longer each time.',
  })
  @ApiCreatedResponse({ type: SessionDto })
  @ApiBodyProblems(
    'login-refused',
    'login-locked',
    'second-factor-needed',
    'second-factor-enrolment-needed',
    'second-factor-refused',
  )
  async create(@Body() body: LoginRequest, @CallerOrigin() { origin, agent }: RequestSource): Promise<SessionDto> {
    const { username, password, code } = body;
    return sessionView(await this.sessions.login({ username, password, code, origin }, agent));
  }

  @Post('second-factor')
  @ApiOperation({
    summary: 'Get a secret for the phone, before the first login',
    description:
      'For who has no second factor in force. It comes into force by a login with a code of it, which also shows the ' +
      'recovery codes, once. Asking again before that replaces the secret.',
  })
  @ApiCreatedResponse({ type: SecondFactorDto })
  @ApiBodyProblems('login-refused', 'login-locked', 'second-factor-enrolled')
  enrol(
    @Body() { username, password }: CredentialsRequest,
    @CallerOrigin() { origin }: RequestSource,
  ): Promise<SecondFactorDto> {
    return this.logins.enrol({ username, password, origin });
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Get the next pair of tokens',
    description:
      'A refresh token is good once; used a second time it ends the session, since one of its two holders stole it. Only ' +
      'when the answer was lost may the same token be sent again, within 30 seconds: then only the newer answer is good.',
  })
  @ApiOkResponse({ type: SessionDto })
  @ApiBodyProblems('refresh-refused')
  async refresh(
    @Body() { refreshToken }: RefreshRequest,
    @CallerOrigin() { origin }: RequestSource,
  ): Promise<SessionDto> {
    return sessionView(await this.sessions.refresh(refreshToken, origin));
  }

  @Get()
  @Allow('session.manage-own')
  @ApiOperation({ summary: 'My open sessions', description: 'With where each was opened; newest first.' })
  @ApiOkResponse({ type: OpenSessionsDto })
  @ApiProblems()
  async list(@Caller() user: SessionUser, @CallerSession() current: Id): Promise<OpenSessionsDto> {
    const found = await this.sessions.sessionsOf(user.userId);
    return { items: found.map((record) => openSessionView(record, current)) };
  }

  @Post('logout')
  @HttpCode(200)
  @Allow('session.manage-own')
  @ApiOperation({
    summary: 'Log out',
    description: 'Ends the session that asks, with all its tokens, within seconds; a page loses its cookies.',
  })
  @ApiOkResponse({ type: EndedDto })
  @ApiProblems('session-not-found')
  async logout(
    @Caller() user: SessionUser,
    @CallerSession() current: Id,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndedDto> {
    await this.sessions.end(user, current, 'logout');
    if (request.headers.cookie !== undefined) forgetSession(request, reply);
    return { ended: 1 };
  }

  @Post('password')
  @HttpCode(200)
  @Allow('session.manage-own')
  @ApiOperation({ summary: 'Change my password', description: 'By the old one. My other sessions end.' })
  @ApiOkResponse({ type: EndedDto })
  @ApiBodyProblems('login-refused', 'login-locked')
  async changePassword(
    @Caller() user: SessionUser,
    @CallerSession() current: Id,
    @Body() { password, newPassword }: PasswordRequest,
  ): Promise<EndedDto> {
    return { ended: await this.people.changeOwnPassword(user, current, password, newPassword) };
  }

  @Post(':id/end')
  @HttpCode(200)
  @Allow('session.manage-own')
  @ApiOperation({ summary: 'End one of my sessions', description: 'Its tokens are good for some seconds at most.' })
  @ApiOkResponse({ type: EndedDto })
  @ApiProblems('session-not-found')
  async end(@Caller() user: SessionUser, @Param('id') id: string): Promise<EndedDto> {
    if (!isId(id)) throw new DomainError('session-not-found');
    await this.sessions.end(user, id, 'revoked');
    return { ended: 1 };
  }
}
