import { NewPasswordField } from '../http/person-fields';
import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsString, Length, Matches, ValidateIf } from 'class-validator';
import { PERSON_ROLES, type Permission, type PersonRole, type Session, type SessionRecord } from '@vend/identity';
import { formatInstant } from '@vend/kernel';

const REFRESH_EXAMPLE = 'kJ0f3n1QmZ7sT9xW2yB4vC6dE8gH5jK1lM3nP5qR7sT';

export class CredentialsRequest {
  @ApiProperty({ example: 'rahima', maxLength: 40 })
  @IsString()
  @Length(1, 40)
  username!: string;

  /** The limit keeps a megabyte of text away from the password hash. */
  @ApiProperty({ maxLength: 200, example: 'a sentence only I know' })
  @IsString()
  @Length(1, 200)
  password!: string;
}

export class LoginRequest extends CredentialsRequest {
  @ApiProperty({
    required: false,
    description: 'Six digits from the phone, or a recovery code; for people with a second factor',
    example: '287082',
  })
  @ValidateIf((_body, value) => value !== undefined)
  @IsString()
  @Matches(/^(?:\d{6}|[A-Za-z2-7]{4}(?:-?[A-Za-z2-7]{4}){3})$/)
  code?: string;
}

export class RefreshRequest {
  @ApiProperty({ description: 'As the last answer gave it; good once', example: REFRESH_EXAMPLE })
  @IsString()
  @Matches(/^[\w-]{43}$/)
  refreshToken!: string;
}

export class PasswordRequest {
  @ApiProperty({ maxLength: 200, example: 'a sentence only I know' })
  @IsString()
  @Length(1, 200)
  password!: string;

  @NewPasswordField()
  newPassword!: string;
}

class UserDto {
  @ApiProperty({ example: 'rahima' }) username!: string;
  @ApiProperty({ example: 'রহিমা বেগম' }) name!: string;
  @ApiProperty({ enum: PERSON_ROLES }) role!: PersonRole;
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
}

export class SessionDto {
  @ApiProperty({
    description: 'Send it as Authorization: Bearer …; lasts 10 minutes',
    example: 'eyJhbGciOiJIUzI1NiJ9.eyJz…',
  })
  accessToken!: string;
  @ApiProperty({ example: '2026-11-21T18:00:00.000+06:00' }) expiresAt!: string;
  @ApiProperty({
    description: 'Good once, for the next pair; keep it as you keep a password',
    example: REFRESH_EXAMPLE,
  })
  refreshToken!: string;
  @ApiProperty({ example: '2026-11-21T20:00:00.000+06:00' }) refreshExpiresAt!: string;
  @ApiProperty() user!: UserDto;
  @ApiProperty({
    type: [String],
    required: false,
    description:
      'Only with the first code of a second factor: ten codes for the day the phone is lost, shown this once',
    example: ['ABCD-EFGH-IJKL-MNOP'],
  })
  recoveryCodes?: string[];
}

export class PageSessionDto extends PickType(SessionDto, ['user', 'recoveryCodes']) {
  @ApiProperty({
    type: [String],
    description: 'What this person may do (docs/PERMISSIONS.md): a page shows no more than that',
    example: ['session.manage-own', 'meter.find', 'vend.credit'],
  })
  permissions!: Permission[];
}

export class SecondFactorDto {
  @ApiProperty({ description: 'Base32, to be typed into the phone', example: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' })
  secret!: string;
  @ApiProperty({ description: 'The same as phones scan it', example: 'otpauth://totp/Prepaid%20vending:selim?…' })
  uri!: string;
}

export class OpenSessionDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) sessionId!: string;
  @ApiProperty({ description: 'True of the session that asks' }) current!: boolean;
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
  @ApiProperty({ example: '2026-11-21T10:00:00.000+06:00' }) openedAt!: string;
  @ApiProperty({ example: '2026-11-21T10:20:00.000+06:00' }) refreshedAt!: string;
  @ApiProperty({ example: '2026-11-21T22:00:00.000+06:00' }) expiresAt!: string;
  @ApiProperty({ type: String, nullable: true, example: '10.1.2.3' }) address!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Mozilla/5.0' }) agent!: string | null;
}

export class OpenSessionsDto {
  @ApiProperty({ type: [OpenSessionDto], description: 'Newest first' }) items!: OpenSessionDto[];
}

export class EndedDto {
  @ApiProperty({ description: 'How many sessions were ended', example: 1 }) ended!: number;
}

export function sessionView({
  accessToken,
  expiresAt,
  refreshToken,
  refreshExpiresAt,
  user,
  ...more
}: Session): SessionDto {
  const { username, name, role, station } = user;
  return {
    accessToken,
    expiresAt: formatInstant(expiresAt),
    refreshToken,
    refreshExpiresAt: formatInstant(refreshExpiresAt),
    user: { username, name, role, station },
    ...(more.recoveryCodes && { recoveryCodes: [...more.recoveryCodes] }),
  };
}

export function openSessionView(record: SessionRecord, current?: string): OpenSessionDto {
  const { sessionId, station, address, agent } = record;
  return {
    sessionId,
    current: sessionId === current,
    station,
    openedAt: formatInstant(record.openedAt),
    refreshedAt: formatInstant(record.refreshedAt),
    expiresAt: formatInstant(record.expiresAt),
    address,
    agent,
  };
}
