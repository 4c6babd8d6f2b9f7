import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionsService, type Session, type SessionUser } from '@vend/identity';
import { DomainError, type Id } from '@vend/kernel';
import { ACCESS_COOKIE, Allow, Caller, CallerSession } from '../http/bearer.guard';
import { assertFromOurPage, readCookie, setCookie, type PageCookie } from '../http/cookies';
import { CallerOrigin, type RequestSource } from '../http/origin';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { EndedDto, LoginRequest, PageSessionDto, sessionView } from './session.dto';

/** Sent to the one route that needs it. */
const REFRESH_COOKIE: PageCookie = { name: 'vend-refresh', path: '/v1/page-sessions/refresh' };

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
    const token = readCookie(request, REFRESH_COOKIE);
    if (token === undefined) throw new DomainError('refresh-refused');
    return this.keep(request, reply, await this.sessions.refresh(token, origin));
  }

  @Get()
  @Allow('session.manage-own')
  @ApiOperation({ summary: 'Who is logged in', description: 'For a page that was just opened or loaded again.' })
  @ApiOkResponse({ type: PageSessionDto })
  @ApiProblems()
  show(@Caller() { username, name, role, station }: SessionUser): PageSessionDto {
    return { user: { username, name, role, station } };
  }

  @Post('logout')
  @HttpCode(200)
  @Allow('session.manage-own')
  @ApiOperation({ summary: 'Log out of a page', description: 'Ends the session and takes its cookies away.' })
  @ApiOkResponse({ type: EndedDto })
  @ApiProblems('session-not-found')
  async logout(
    @Caller() user: SessionUser,
    @CallerSession() current: Id,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndedDto> {
    await this.sessions.end(user, current, 'logout');
    setCookie(request, reply, ACCESS_COOKIE, '', 0);
    setCookie(request, reply, REFRESH_COOKIE, '', 0);
    return { ended: 1 };
  }

  private keep(request: FastifyRequest, reply: FastifyReply, session: Session): PageSessionDto {
    const { user, recoveryCodes } = sessionView(session);
    const seconds = (until: number) => (until - Date.now()) / 1000;
    setCookie(request, reply, ACCESS_COOKIE, session.accessToken, seconds(session.expiresAt));
    setCookie(request, reply, REFRESH_COOKIE, session.refreshToken, seconds(session.refreshExpiresAt));
    return { user, ...(recoveryCodes && { recoveryCodes }) };
  }
}
