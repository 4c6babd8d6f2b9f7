import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatInstant } from '@vend/kernel';
import { CustomerAccess, type Visitor } from '@vend/portal';
import { setCookie } from '../http/cookies';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { AllowCustomer, Own, OWN_COOKIE, OwnToken } from './customer.guard';
import { CodeAskedDto, CodeRequest, LeftDto, OwnSessionDto, OwnSessionRequest } from './my.dto';

/** Said of every code, sent or not: the same for everybody. */
const CODE_LIVES_MS = 5 * 60_000;

@ApiTags("The customer's own page")
@Controller('v1/my')
export class MySessionsController {
  constructor(private readonly access: CustomerAccess) {}

  @Post('codes')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask for a one-time code by SMS',
    description:
      'Open to all. The code goes to the phone if it is the one on record for the meter. The answer is the same in words ' +
      'and time when it is not, and when there is no such meter. Limited for each phone, meter and address.',
  })
  @ApiAcceptedResponse({ type: CodeAskedDto })
  @ApiBodyProblems('mobile-invalid', 'too-many-codes')
  async ask(@Body() { reference, mobile }: CodeRequest, @Req() request: FastifyRequest): Promise<CodeAskedDto> {
    const ticket = await this.access.ask({ reference, mobile, address: request.ip });
    return { ticket, expiresAt: formatInstant(Date.now() + CODE_LIVES_MS) };
  }

  @Post('sessions')
  @ApiOperation({
    summary: 'Come in with the code',
    description: 'Sets a cookie that scripts cannot read. A code opens once; five answers end its ticket.',
  })
  @ApiCreatedResponse({ type: OwnSessionDto })
  @ApiBodyProblems('code-refused', 'too-many-codes')
  async open(
    @Body() { ticket, code }: OwnSessionRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnSessionDto> {
    const { token, expiresAt } = await this.access.open(ticket, { typed: code, address: request.ip });
    setCookie(request, reply, OWN_COOKIE, token, (expiresAt - Date.now()) / 1_000);
    return { expiresAt: formatInstant(expiresAt) };
  }

  @Post('sessions/logout')
  @HttpCode(200)
  @AllowCustomer()
  @ApiOperation({ summary: 'Leave the page', description: 'The cookie is good for nothing from now on.' })
  @ApiOkResponse({ type: LeftDto })
  @ApiProblems()
  async leave(
    @Own() visitor: Visitor,
    @OwnToken() token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LeftDto> {
    await this.access.leave(token, visitor);
    setCookie(request, reply, OWN_COOKIE, '', 0);
    return { left: true };
  }
}
