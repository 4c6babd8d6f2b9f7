import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, isId } from '@vend/kernel';
import { confirmKeyChanges, findKeyChange, type KeyChangeCard } from '@vend/meters';
import { Database } from '@vend/platform';
import { Allow, Caller } from '../http/bearer.guard';
import { ApiProblems } from '../http/problem.dto';
import { KeyChangeDto, keyChangeView } from './key-change.dto';

@ApiTags('Counter')
@Controller('v1/key-changes')
export class KeyChangesController {
  constructor(private readonly database: Database) {}

  @Get(':id')
  @Allow('key-change.read')
  @ApiOperation({ summary: "Show a meter's key change", description: 'A recharge that carries one names it.' })
  @ApiOkResponse({ type: KeyChangeDto })
  @ApiProblems('key-change-not-found')
  async show(@Param('id') id: string): Promise<KeyChangeDto> {
    return keyChangeView(await this.find(id));
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @Allow('key-change.confirm')
  @ApiOperation({
    summary: 'Confirm that the meter has its new key',
    description:
      'The customer or a member of staff saw the meter accept the key change. Again has no further effect; ' +
      'who confirmed first is on record.',
  })
  @ApiOkResponse({ type: KeyChangeDto })
  @ApiProblems('key-change-not-found', 'key-change-not-issued', 'key-change-stale')
  async confirm(@Caller() user: SessionUser, @Param('id') id: string): Promise<KeyChangeDto> {
    const { changeId } = await this.find(id);
    const actor = `user:${user.username}`;
    const at = Date.now();
    const outcome = (await confirmKeyChanges(this.database, [changeId], actor, at)).get(changeId)!;
    if (outcome === 'not-found') throw new DomainError('key-change-not-found');
    if (outcome === 'not-issued') throw new DomainError('key-change-not-issued');
    if (outcome === 'stale') throw new DomainError('key-change-stale');
    if (outcome === 'confirmed') {
      const subject = `key-change:${changeId}`;
      await this.database.transaction((tx) =>
        recordAudit(tx, { actor, action: 'key-change-confirmed', subject, detail: { station: user.station }, at }),
      );
    }
    return keyChangeView(await this.find(id));
  }

  private async find(id: string): Promise<KeyChangeCard> {
    const card = isId(id) ? await findKeyChange(this.database, id) : undefined;
    if (!card) throw new DomainError('key-change-not-found');
    return card;
  }
}
