import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { countsOf, listShifts, shiftReport, Shifts, Tills } from '@vend/counter';
import { officesOf, type SessionUser } from '@vend/identity';
import { DomainError, isId, type Id } from '@vend/kernel';
import { VendorFloats } from '@vend/payments';
import { Database } from '@vend/platform';
import { floatView } from '../floats/floats.view';
import { Allow, Caller } from '../http/bearer.guard';
import { IdempotencyKey } from '../http/idempotency-key';
import { limitOf, pageOf } from '../http/page';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import {
  CloseShiftRequest,
  CountShiftRequest,
  OpenShiftRequest,
  SendBackRequest,
  ShiftReportDto,
  ShiftsDto,
  ShiftsQuery,
  TillStateDto,
} from './shifts.dto';
import { reportView, shiftView } from './shifts.view';

const KEY = { name: 'Idempotency-Key', required: true, description: 'A UUID made and kept by the caller' } as const;

@ApiTags('Shifts')
@Controller('v1')
export class ShiftsController {
  constructor(
    private readonly database: Database,
    private readonly shifts: Shifts,
    private readonly tills: Tills,
    private readonly floats: VendorFloats,
  ) {}

  @Get('till-state')
  @Allow('shift.work')
  @ApiOperation({
    summary: 'How the caller sells now',
    description:
      'The own shift with its running totals, or the float that the station sells from, and whether it is low.',
  })
  @ApiOkResponse({ type: TillStateDto })
  @ApiProblems()
  async state(@Caller() user: SessionUser): Promise<TillStateDto> {
    const { terms, shift } = await this.tills.of(user);
    const floats = terms.vendor === null ? [] : await this.floats.list();
    const float = floats.find(({ code }) => code === terms.vendor);
    return {
      keepsShifts: terms.keepsShifts,
      shift: shift ? await this.report(user, shift.shiftId) : null,
      float: float ? floatView(float) : null,
    };
  }

  @Post('shifts')
  @Allow('shift.work')
  @ApiOperation({
    summary: 'Open a shift with a counted float',
    description:
      "One of a clerk, one at a till. The float comes out of the station's safe; from now on the cash of the " +
      "clerk's sales lies in this drawer.",
  })
  @ApiHeader(KEY)
  @ApiCreatedResponse({ type: ShiftReportDto, description: 'The first time' })
  @ApiOkResponse({ type: ShiftReportDto, description: 'A repeat: the shift that was opened the first time' })
  @ApiBodyProblems(
    ...(['idempotency-key-missing', 'idempotency-key-malformed', 'count-malformed', 'shift-not-kept'] as const),
    ...(['shift-clerk-open', 'shift-till-taken', 'shift-key-conflict'] as const),
  )
  async open(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Body() { till, pieces, coins }: OpenShiftRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShiftReportDto> {
    const { shift, replayed } = await this.shifts.open(user, { key, till, float: { pieces, coins } });
    void reply.status(replayed ? 200 : 201);
    return this.report(user, shift.shiftId);
  }

  @Get('shifts')
  @Allow('shift.read')
  @ApiOperation({
    summary: 'List shifts, the newest first',
    description: "A clerk sees the own; others those of their offices'.",
  })
  @ApiOkResponse({ type: ShiftsDto })
  @ApiProblems('field-invalid')
  async list(@Caller() user: SessionUser, @Query() query: ShiftsQuery): Promise<ShiftsDto> {
    const limit = limitOf(query);
    const rows = await listShifts(this.database, {
      offices: user.role === 'clerk' ? 'all' : await officesOf(this.database, user),
      clerk: user.role === 'clerk' ? user.username : undefined,
      isOpen: query.open !== undefined,
      ...{ before: query.cursor, limit },
    });
    const counts = await countsOf(
      this.database,
      rows.map(({ shiftId }) => shiftId),
    );
    const view = (shift: (typeof rows)[number]) => shiftView(shift, counts.get(shift.shiftId) ?? null);
    return pageOf(rows, limit, view, ({ shiftId }) => shiftId);
  }

  @Get('shifts/:id')
  @Allow('shift.read')
  @ApiOperation({ summary: 'Show a shift with its totals by kind and what should be in the drawer' })
  @ApiOkResponse({ type: ShiftReportDto })
  @ApiProblems('shift-not-found')
  show(@Caller() user: SessionUser, @Param('id') id: string): Promise<ShiftReportDto> {
    return this.report(user, idOf(id));
  }

  @Post('shifts/:id/count')
  @HttpCode(200)
  @Allow('shift.work')
  @ApiOperation({
    summary: 'Count the drawer of the own shift',
    description:
      'From then on it takes nothing more. A difference to the books must be explained. It may be counted again until it is closed.',
  })
  @ApiOkResponse({ type: ShiftReportDto })
  @ApiBodyProblems('count-malformed', 'shift-not-found', 'shift-not-open', 'shift-unexplained')
  async count(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Body() { pieces, coins, explanation }: CountShiftRequest,
  ): Promise<ShiftReportDto> {
    await this.shifts.count(user, idOf(id), { counted: { pieces, coins }, explanation });
    return this.report(user, id);
  }

  @Post('shifts/:id/send-back')
  @HttpCode(200)
  @Allow('shift.close')
  @ApiOperation({ summary: 'Send a counted shift back to its clerk', description: 'The drawer takes sales again.' })
  @ApiOkResponse({ type: ShiftReportDto })
  @ApiBodyProblems('shift-not-found', 'shift-not-counted', 'shift-own')
  async sendBack(
    @Caller() user: SessionUser,
    @Param('id') id: string,
    @Body() { reason }: SendBackRequest,
  ): Promise<ShiftReportDto> {
    await this.shifts.sendBack(user, idOf(id), reason);
    return this.report(user, id);
  }

  @Post('shifts/:id/close')
  @Allow('shift.close')
  @ApiOperation({
    summary: 'Close a counted shift',
    description:
      "By a second person. The counted cash goes into the station's safe, the difference is booked as over or short.",
  })
  @ApiHeader(KEY)
  @ApiCreatedResponse({ type: ShiftReportDto, description: 'Closed' })
  @ApiOkResponse({ type: ShiftReportDto, description: 'A repeat: closed before with this key' })
  @ApiBodyProblems(
    ...(['idempotency-key-missing', 'idempotency-key-malformed', 'shift-not-found', 'shift-not-counted'] as const),
    ...(['shift-count-changed', 'shift-own'] as const),
  )
  async close(
    @Caller() user: SessionUser,
    @IdempotencyKey() key: Id,
    @Param('id') id: string,
    @Body() { count }: CloseShiftRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShiftReportDto> {
    const { replayed } = await this.shifts.close(user, idOf(id), { key, count });
    void reply.status(replayed ? 200 : 201);
    return this.report(user, id);
  }

  private async report(user: SessionUser, shiftId: Id): Promise<ShiftReportDto> {
    return reportView(await shiftReport(this.database, await this.shifts.visible(user, shiftId)));
  }
}

function idOf(text: string): Id {
  if (!isId(text)) throw new DomainError('shift-not-found');
  return text;
}
