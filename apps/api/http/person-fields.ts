import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';

/** A password that is to be: long, which is what counts; the hash takes 128 bytes. */
export function NewPasswordField() {
  return applyDecorators(
    ApiProperty({ minLength: 10, maxLength: 40, example: 'seven small boats at dawn' }),
    IsString(),
    Length(10, 40),
  );
}

/** A name that is shown: in any script, without control characters. */
export function ShownNameField(maxLength: number, example: string) {
  return applyDecorators(
    ApiProperty({ maxLength, example }),
    IsString(),
    Length(1, maxLength),
    Matches(/^[^\p{C}]+$/u),
  );
}

/** Code of an office or a station. */
export function CodeField(description: string, example: string) {
  return applyDecorators(ApiProperty({ description, example }), IsString(), Matches(/^[A-Z0-9][A-Z0-9-]{0,31}$/));
}
