import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionsService, permissionsOf, type Session, type SessionUser } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { Allow, Caller } from '../http/bearer.guard';
import { assertFromOurPage } from '../http/cookies';
import { CallerOrigin, type RequestSource } from '../http/origin';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { keepSession, readRefreshCookie } from './page-cookies';
import { LoginRequest, PageSessionDto, sessionView } from './session.dto';

/** The same sessions for our pages: their tokens are in cookies, which no script can read. */
@ApiTags('Sessions')
@Controller('v1/page-sessions')
export class PageSessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Post()
  @ApiOperation({
    summary: 'Log in from a page',
    description:
      'As POST /v1/sessions, but the tokens go into cookies (HttpOnly, SameSite=Strict, Secure) and not into the answer. ' +
      'Every call that a cookie lets in and that changes something needs the header `x-vend-page`.',
  })
  @ApiCreatedResponse({ type: PageSessionDto })
  @ApiBodyProblems(
    'login-refused',
    'login-locked',
    'second-factor-needed',
    'second-factor-enrolment-needed',
    'second-factor-refused',
    'page-header-missing',
  )
  async create(
    @Body() { username, password, code }: LoginRequest,
    @CallerOrigin() { origin, agent }: RequestSource,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageSessionDto> {
    assertFromOurPage(request);
    return this.keep(request, reply, await this.sessions.login({ username, password, code, origin }, agent));
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Go on with the session of a page',
    description: 'By its cookie; as POST /v1/sessions/refresh.',
  })
  @ApiOkResponse({ type: PageSessionDto })
  @ApiProblems('refresh-refused', 'page-header-missing')
  async refresh(
    @CallerOrigin() { origin }: RequestSource,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageSessionDto> {
    assertFromOurPage(request);
    const token = readRefreshCookie(request);
    if (token === undefined) throw new DomainError('refresh-refused');
    return this.keep(request, reply, await this.sessions.refresh(token, origin));
  }

  @Get()
  @Allow('session.manage-own')
  @ApiOperation({ summary: 'Who is logged in', description: 'For a page that was just opened or loaded again.' })
  @ApiOkResponse({ type: PageSessionDto })
  @ApiProblems()
  show(@Caller() { username, name, role, station }: SessionUser): PageSessionDto {
    return { user: { username, name, role, station }, permissions: permissionsOf(role) };
  }

  private keep(request: FastifyRequest, reply: FastifyReply, session: Session): PageSessionDto {
    const { user, recoveryCodes } = sessionView(session);
    keepSession(request, reply, session);
    return { user, permissions: permissionsOf(user.role), ...(recoveryCodes && { recoveryCodes }) };
  }
}
