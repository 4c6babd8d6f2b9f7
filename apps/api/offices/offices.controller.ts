import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Offices, type SessionUser } from '@vend/identity';
import { Allow, Caller } from '../http/bearer.guard';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { MoveOfficeRequest, NewOfficeRequest, OfficesDto, officeView } from './office.dto';

@ApiTags('People')
@Controller('v1/offices')
export class OfficesController {
  constructor(private readonly offices: Offices) {}

  @Get()
  @Allow('offices.read')
  @ApiOperation({ summary: 'The tree of offices', description: 'Zones, S&D divisions, and the stations on them.' })
  @ApiOkResponse({ type: OfficesDto })
  @ApiProblems()
  async tree(): Promise<OfficesDto> {
    return { items: (await this.offices.tree()).map(officeView) };
  }

  @Post()
  @Allow('offices.manage')
  @ApiOperation({ summary: 'Make a zone, a division or a station' })
  @ApiCreatedResponse({ type: OfficesDto, description: 'The whole tree' })
  @ApiBodyProblems('office-exists', 'office-not-found', 'office-misplaced')
  async create(@Caller() user: SessionUser, @Body() body: NewOfficeRequest): Promise<OfficesDto> {
    await this.offices.create(body, user);
    return this.tree();
  }

  @Post(':code/move')
  @HttpCode(200)
  @Allow('offices.manage')
  @ApiOperation({
    summary: 'Hang an office, or a station, under another',
    description: 'With all below it. From then on the people above see its customers.',
  })
  @ApiOkResponse({ type: OfficesDto, description: 'The whole tree' })
  @ApiBodyProblems('office-not-found', 'office-cycle', 'office-misplaced')
  async move(
    @Caller() user: SessionUser,
    @Param('code') code: string,
    @Body() { parent }: MoveOfficeRequest,
  ): Promise<OfficesDto> {
    await this.offices.move(code, parent, user);
    return this.tree();
  }
}
