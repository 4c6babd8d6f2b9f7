import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '@vend/kernel';
import { KEY_CHANGE_STATES, type KeyChangeCard, type KeyChangeState } from '@vend/meters';

class KeyNameDto {
  @ApiProperty({ description: 'Supply group code', example: '600876' }) sgc!: string;
  @ApiProperty({ description: 'Key revision number', example: 1 }) krn!: number;
  @ApiProperty({ description: 'Tariff index', example: '01' }) ti!: string;
}

/** One meter's key change. It names keys and holds none, and no token: those are on the receipt. */
export class KeyChangeDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) keyChangeId!: string;
  @ApiProperty({ example: 'rollover-2026' }) campaign!: string;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty() from!: KeyNameDto;
  @ApiProperty() to!: KeyNameDto;
  @ApiProperty({
    enum: KEY_CHANGE_STATES.map((state) => state.toLowerCase()),
    description: '`issued`: the tokens are on a receipt or in a file. `confirmed`: seen in the meter.',
  })
  state!: Lowercase<KeyChangeState>;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-21T10:00:05.123+06:00' }) issuedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) confirmedAt!: string | null;
}

export function keyChangeView(card: KeyChangeCard): KeyChangeDto {
  const { changeId, campaign, pan, from, to, state, issuedAt, confirmedAt } = card;
  const named = ({ sgc, krn, ti }: KeyNameDto): KeyNameDto => ({ sgc, krn, ti });
  return {
    keyChangeId: changeId,
    campaign,
    meterNo: pan,
    from: named(from),
    to: named(to),
    state: state.toLowerCase() as Lowercase<KeyChangeState>,
    issuedAt: issuedAt === null ? null : formatInstant(issuedAt),
    confirmedAt: confirmedAt === null ? null : formatInstant(confirmedAt),
  };
}
