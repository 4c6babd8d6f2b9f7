import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Matches, ValidateIf } from 'class-validator';
import { PERSON_ROLES, type PersonCard, type PersonRole } from '@vend/identity';
import { formatInstant } from '@vend/kernel';
import { LimitField } from '../http/page';
import { CodeField, NewPasswordField, ShownNameField } from '../http/person-fields';

const USERNAME = /^[a-z0-9._-]{1,40}$/;

export class NewPersonRequest {
  @ApiProperty({ example: 'rahima', pattern: USERNAME.source })
  @IsString()
  @Matches(USERNAME)
  username!: string;

  @ShownNameField(120, 'রহিমা বেগম')
  name!: string;

  @ApiProperty({ enum: PERSON_ROLES, example: 'clerk' })
  @IsIn(PERSON_ROLES)
  role!: PersonRole;

  @CodeField('Code of the station', 'NESCO-RAJ-01')
  station!: string;

  @NewPasswordField()
  password!: string;
}

function Optional() {
  return ValidateIf((_body, value) => value !== undefined);
}

export class PersonChangeRequest {
  @Optional()
  @ShownNameField(120, 'রহিমা বেগম')
  name?: string;

  @ApiProperty({ enum: PERSON_ROLES, required: false, example: 'supervisor' })
  @Optional()
  @IsIn(PERSON_ROLES)
  role?: PersonRole;

  @Optional()
  @CodeField('Code of the station', 'NESCO-RAJ-01')
  station?: string;
}

export class NewPasswordRequest {
  @NewPasswordField()
  password!: string;
}

export class PeopleQuery {
  @ApiProperty({ required: false, description: 'nextCursor of the page before', example: 'rahima' })
  @Optional()
  @Matches(USERNAME)
  cursor?: string;

  @LimitField()
  limit?: string;
}

export class PersonDto {
  @ApiProperty({ example: 'rahima' }) username!: string;
  @ApiProperty({ example: 'রহিমা বেগম' }) name!: string;
  @ApiProperty({ enum: PERSON_ROLES, example: 'clerk' }) role!: PersonRole;
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
  @ApiProperty({ example: 'Rajshahi' }) office!: string;
  @ApiProperty({ example: true }) active!: boolean;
  @ApiProperty({ description: 'A second factor is in force', example: false }) secondFactor!: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Failed logins have locked it', example: null })
  lockedUntil!: string | null;
}

export class PeoplePageDto {
  @ApiProperty({ type: [PersonDto] }) items!: PersonDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}

export function personView({ lockedUntil, ...card }: PersonCard): PersonDto {
  const { username, name, role, station, office, active, secondFactor } = card;
  return {
    username,
    name,
    role,
    station,
    office,
    active,
    secondFactor,
    lockedUntil: lockedUntil === null ? null : formatInstant(lockedUntil),
  };
}
