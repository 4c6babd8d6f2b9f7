import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionsService } from '@vend/identity';
import { formatInstant } from '@vend/kernel';
import { ApiBodyProblems } from '../http/problem.dto';
import { LoginRequest, SessionDto } from './session.dto';

@ApiTags('Sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Post()
  @ApiOperation({ summary: 'Log in at a station' })
  @ApiCreatedResponse({ type: SessionDto })
  @ApiBodyProblems('login-refused')
  async create(@Body() { username, password }: LoginRequest): Promise<SessionDto> {
    const { accessToken, expiresAt, user } = await this.sessions.login(username, password);
    const { name, role, station } = user;
    return { accessToken, expiresAt: formatInstant(expiresAt), user: { username: user.username, name, role, station } };
  }
}
