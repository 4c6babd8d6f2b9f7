import { ApiProperty } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';

const LANGUAGES = ['bn', 'en'] as const;

function Optional() {
  return ValidateIf((_query, value) => value !== undefined);
}

/** In which language a receipt is written. */
export class ReceiptLanguageQuery {
  @ApiProperty({ required: false, enum: LANGUAGES, default: 'bn' })
  @Optional()
  @IsIn(LANGUAGES)
  language?: (typeof LANGUAGES)[number];
}

/** How a till wants the receipt. */
export class ReceiptFileQuery extends ReceiptLanguageQuery {
  @ApiProperty({ required: false, enum: ['true'], description: 'A copy, also where an original could be had' })
  @Optional()
  @IsIn(['true'])
  copy?: 'true';
}
