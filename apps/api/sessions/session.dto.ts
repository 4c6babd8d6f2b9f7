import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { PERSON_ROLES, type PersonRole } from '@vend/identity';

export class LoginRequest {
  @ApiProperty({ example: 'rahima', maxLength: 40 })
  @IsString()
  @Length(1, 40)
  username!: string;

  /** The limit keeps a megabyte of text away from the password hash. */
  @ApiProperty({ example: 'a long sentence of your own', maxLength: 200 })
  @IsString()
  @Length(1, 200)
  password!: string;
}

class UserDto {
  @ApiProperty({ example: 'rahima' }) username!: string;
  @ApiProperty({ example: 'রহিমা বেগম' }) name!: string;
  @ApiProperty({ enum: PERSON_ROLES }) role!: PersonRole;
  @ApiProperty({ example: 'NESCO-RAJ-01' }) station!: string;
}

export class SessionDto {
  @ApiProperty({ description: 'Send it as Authorization: Bearer …', example: 'eyJhbGciOiJIUzI1NiJ9.eyJ…' })
  accessToken!: string;
  @ApiProperty({ example: '2026-11-21T18:00:00.000+06:00' }) expiresAt!: string;
  @ApiProperty() user!: UserDto;
}
