import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, ValidateBy } from 'class-validator';
import { formatInstant, formatTaka } from '@vend/kernel';
import { PASSPHRASE_MIN } from '@vend/packfile';
import { PACK_ITEMS_MAX, PACK_ITEMS_PER_METER_MAX, type OfflinePack, type PackItem } from '@vend/vending';
import { amountFault } from '../http/amount';
import { WordsField, YesNoField } from '../http/fields';
import { MoneyDto } from '../http/priced.dto';
import { moneyView } from '../http/format';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const hasOnly = (value: Record<string, unknown>, names: readonly string[]) =>
  Object.keys(value).every((name) => names.includes(name));

/** A list of flat objects, each checked whole. */
function ListField(max: number, isGood: (value: Record<string, unknown>) => boolean) {
  return applyDecorators(
    ValidateBy({
      name: 'isList',
      validator: {
        validate: (value) =>
          Array.isArray(value) && value.length <= max && value.every((each: unknown) => isRecord(each) && isGood(each)),
        defaultMessage: () => 'field-malformed',
      },
    }),
  );
}

export class PackLineDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: '3000.00', description: 'Taka of each item' }) amount!: string;
  @ApiProperty({ example: 2, minimum: 1, maximum: PACK_ITEMS_PER_METER_MAX }) items!: number;
}

export class PackRequest {
  @ApiProperty({ type: [PackLineDto], description: `At most ${PACK_ITEMS_MAX} items in all; each meter once` })
  @ListField(PACK_ITEMS_MAX, (line) => {
    const { meterNo, amount, items } = line;
    return (
      hasOnly(line, ['meterNo', 'amount', 'items']) &&
      typeof meterNo === 'string' &&
      /^\d{18}$/.test(meterNo) &&
      amountFault(amount) === undefined &&
      Number.isInteger(items) &&
      (items as number) >= 1 &&
      (items as number) <= PACK_ITEMS_PER_METER_MAX
    );
  })
  lines!: PackLineDto[];

  @WordsField('Why; the second person reads it', 'Cyclone signal 7, order 40/2026') reason!: string;
}

export class PackExportRequest {
  @ApiProperty({
    minLength: PASSPHRASE_MIN,
    maxLength: 200,
    example: 'river mango seven lamp',
    description: 'Opens the file; tell it by another way than the file goes',
  })
  @IsString()
  @Length(PASSPHRASE_MIN, 200)
  passphrase!: string;
}

export class PackUseDto {
  @ApiProperty({ example: '019a9e2c-3f51-8c0a-8d7e-2b1f0c9d8e7f' }) item!: string;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) usedAt!: string;
}

export class ReconcileRequest {
  @ApiProperty({
    type: [PackUseDto],
    description: "The journal's lines; again, in parts, and from anywhere is harmless",
  })
  @ListField(
    PACK_ITEMS_MAX,
    (use) =>
      hasOnly(use, ['item', 'usedAt', 'pack']) &&
      /^[0-9a-f-]{36}$/.test(String(use['item'])) &&
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/.test(String(use['usedAt'])) &&
      !Number.isNaN(Date.parse(String(use['usedAt']))),
  )
  used!: PackUseDto[];

  @YesNoField('True: the outage is over, and what is not used is withdrawn. A token cannot be recalled')
  withdraw!: boolean;
}

export class PackItemDto {
  @ApiProperty({ example: '019a9e2c-3f51-8c0a-8d7e-2b1f0c9d8e7f' }) itemId!: string;
  @ApiProperty({ example: '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f' }) meterId!: string;
  @ApiProperty({ example: 1, description: 'The items of a meter are handed out in this order' }) place!: number;
  @ApiProperty({ example: '3000.00', description: 'Taka' }) amount!: string;
  @ApiProperty({ enum: ['OPEN', 'USED', 'WITHDRAWN'] }) state!: PackItem['state'];
  @ApiProperty({ type: String, nullable: true, example: '2026-11-21T10:00:05.123+06:00' }) usedAt!: string | null;
}

export class PackDto {
  @ApiProperty({ example: '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f' }) packId!: string;
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
  @ApiProperty({ enum: ['OPEN', 'WITHDRAWN'] }) state!: OfflinePack['state'];
  @ApiProperty({ example: 'Cyclone signal 7, order 40/2026' }) reason!: string;
  @ApiProperty({ example: 'user:selim' }) preparedBy!: string;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) preparedAt!: string;
  @ApiProperty({ description: 'Of all its items' }) total!: MoneyDto;
  @ApiProperty({ type: [PackItemDto], description: 'Without their tokens' }) items!: PackItemDto[];
  @ApiProperty({
    example: 'Tokens of withdrawn items cannot be recalled: a meter takes them, and they are booked when they turn up.',
  })
  notice!: string;
}

export class PackFileDto {
  @ApiProperty({ example: '{"format":"vend-offline-pack-1",…}', description: 'Save it as it is' }) file!: string;
}

export function packView({ pack, items }: { pack: OfflinePack; items: readonly PackItem[] }): PackDto {
  return {
    packId: pack.packId,
    station: pack.station,
    state: pack.state,
    reason: pack.reason,
    preparedBy: pack.preparedBy,
    preparedAt: formatInstant(pack.preparedAt),
    total: moneyView(items.reduce((sum, { amounts }) => sum + amounts.grossPaisa, 0n)),
    items: items.map(({ itemId, meterId, place, amounts, state, usedAt }) => ({
      ...{ itemId, meterId, place, state },
      amount: formatTaka(amounts.grossPaisa),
      usedAt: usedAt === null ? null : formatInstant(usedAt),
    })),
    notice: 'Tokens of withdrawn items cannot be recalled: a meter takes them, and they are booked when they turn up.',
  };
}
