import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BillerDesk } from '@vend/billers';
import { rawBodyOf } from '../http/body';

/**
 * The door of companies that sell our recharges, each in the dialect of its contract. It is not in the OpenAPI document:
 * the dialects are theirs, and docs/PAYMENTS.md says which are spoken. Who may pass is the desk's to say: by the
 * provider's addresses and the credentials of its contract, before anything else is looked at.
 */
@ApiExcludeController()
@Controller('v1/billers')
export class BillersController {
  constructor(private readonly desk: BillerDesk) {}

  @Post(':provider/*')
  post(@Param('provider') code: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer('POST', code, request, reply);
  }

  @Get(':provider/*')
  get(@Param('provider') code: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer('GET', code, request, reply);
  }

  private async answer(
    method: 'GET' | 'POST',
    code: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const [path = ''] = request.url.split('?');
    const { httpStatus, contentType, body } = await this.desk.answer(code, {
      ...{ method, address: request.ip, rawBody: rawBodyOf(request), receivedAt: Date.now() },
      // Below the provider: `/v1/billers/demo-form/api/payBill` is `/api/payBill`.
      path: path
        .split('/')
        .slice(4)
        .map((part) => `/${part}`)
        .join(''),
      query: textsOf(request.query as Record<string, unknown>),
      headers: textsOf(request.headers),
    });
    await reply.status(httpStatus).header('content-type', contentType).send(body);
  }
}

/** What came once, as text; what came more often says nothing certain, and is left out. */
function textsOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}
