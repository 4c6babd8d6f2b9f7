import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Matches, ValidateIf } from 'class-validator';
import { OFFICE_KINDS, type OfficeKind, type OfficeNode } from '@vend/identity';
import { CodeField, ShownNameField } from '../http/person-fields';

function Optional() {
  return ValidateIf((_body, value) => value !== undefined);
}

export class NewOfficeRequest {
  @CodeField('Code of the office or station', 'RAJ-SD-2')
  code!: string;

  @ApiProperty({ enum: OFFICE_KINDS, example: 'division' })
  @IsIn(OFFICE_KINDS)
  kind!: OfficeKind;

  @ShownNameField(60, 'Rajshahi S&D 2')
  name!: string;

  @Optional()
  @ShownNameField(60, 'রাজশাহী বিক্রয় ও বিতরণ ২')
  nameBn?: string;

  @Optional()
  @CodeField('Code of the office above; a station needs one', 'RAJSHAHI')
  parent?: string;
}

export class MoveOfficeRequest {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Code of the new office above; null makes it a root',
    example: 'RAJSHAHI',
  })
  @ValidateIf((_body, value) => value !== null)
  @IsString()
  @Matches(/^[A-Z0-9][A-Z0-9-]{0,31}$/)
  parent!: string | null;
}

export class OfficeDto {
  @ApiProperty({ example: 'RAJ-SD-2' }) code!: string;
  @ApiProperty({ enum: OFFICE_KINDS, example: 'division' }) kind!: OfficeKind;
  @ApiProperty({ example: 'Rajshahi S&D 2' }) name!: string;
  @ApiProperty({ type: String, nullable: true, example: 'রাজশাহী বিক্রয় ও বিতরণ ২' }) nameBn!: string | null;
  @ApiProperty({ type: () => [OfficeDto], example: [] }) children!: OfficeDto[];
}

export class OfficesDto {
  @ApiProperty({ type: [OfficeDto], description: 'The offices that hang on nothing, each with all below it' })
  items!: OfficeDto[];
}

export function officeView({ children, ...node }: OfficeNode): OfficeDto {
  return { ...node, children: children.map(officeView) };
}
