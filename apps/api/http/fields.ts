import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMinSize,
  ArrayUnique,
  Equals,
  IsArray,
  IsBoolean,
  IsISO8601,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { amountFault } from './amount';

/** The fields that request bodies are made of, each with its rule and its description in one decorator. */

/** May be left out. Unlike class-validator's IsOptional it does not let null pass for absence. */
function Optional() {
  return ValidateIf((_body, value) => value !== undefined);
}

interface FieldOptions {
  readonly optional?: boolean;
}

/** Text of a form. */
export function textField(pattern: RegExp, description: string, example: string, { optional = false }: FieldOptions) {
  return applyDecorators(
    ApiProperty({ description, example, required: !optional, pattern: pattern.source }),
    ...(optional ? [Optional()] : []),
    IsString(),
    Matches(pattern),
  );
}

/** Taka, as a decimal string. */
export function TakaField({ optional = false }: FieldOptions = {}) {
  return applyDecorators(
    ApiProperty({
      description: 'Taka: a decimal string, more than zero, at most two decimals, without separators',
      example: '1000.00',
      required: !optional,
      type: String,
    }),
    ...(optional ? [Optional()] : []),
    ValidateBy({
      name: 'isTaka',
      validator: {
        validate: (value) => amountFault(value) === undefined,
        defaultMessage: (context) => amountFault(context?.value) ?? 'amount-not-a-number',
      },
    }),
  );
}

/** kWh, as a decimal string; in steps of a token, 0.1. */
export function KwhField(options: FieldOptions = {}) {
  const description = 'Energy in kWh: a decimal string with at most one decimal';
  return textField(/^(?!0*(?:\.0)?$)\d{1,9}(?:\.\d)?$/, description, '100', options);
}

/** Present and true, or absent. */
export function FlagField(description: string) {
  return applyDecorators(
    ApiProperty({ description, example: true, required: false, enum: [true] }),
    Optional(),
    Equals(true),
  );
}

/** What a payer types: MeterPAN, DRN or customer number. Meters says whether it means anything. */
export function ReferenceField(options: FieldOptions = {}) {
  const description = 'Meter number (18 digits), DRN (11 or 13 digits) or customer number';
  return textField(/^[0-9A-Za-z/-]{1,20}$/, description, '40000001', options);
}

export function MeterNoField(description = 'Meter number: MeterPAN (18 digits) or DRN (11 or 13)') {
  return textField(/^\d{11,18}$/, description, '600727000000000009', {});
}

/** The provider's own id: the business key, so any printable ASCII goes, exactly as given. */
export function TransactionIdField() {
  const description = "The provider's transaction id; the same id is never charged twice";
  return textField(/^[\x21-\x7e]{1,64}$/, description, 'CK12AB34CD', {});
}

export function QuoteIdField(options: FieldOptions = {}) {
  return textField(/^[\w-]{20,120}$/, 'The id out of a quote', 'AQGTWMa…', options);
}

/** Accepted because providers send it; not stored: the receipt goes to the customer's own number. */
export function PayerMobileField() {
  return textField(/^\+?\d{11,14}$/, "The payer's mobile number; not stored", '8801700000001', { optional: true });
}

export function PaidAtField() {
  return applyDecorators(
    ApiProperty({
      description: 'When the payer paid, RFC 3339',
      example: '2026-11-21T10:00:00+06:00',
      required: false,
    }),
    Optional(),
    IsISO8601({ strict: true }),
  );
}

/** One of a closed list of words. */
export function OneOfField(values: readonly string[], description: string, { optional = false }: FieldOptions = {}) {
  return applyDecorators(
    ApiProperty({ description, enum: values, example: values[0], required: !optional }),
    ...(optional ? [Optional()] : []),
    IsIn(values),
  );
}

/** What a person writes for people: why, or what was found. No phone number and no token belongs here. */
export function WordsField(description: string, example: string, max = 200) {
  return textField(new RegExp(`^\\S[^\\x00-\\x1f]{2,${max - 1}}$`), description, example, {});
}

/** A name or a number in plain letters, without blanks. */
export function WordField(description: string, example: string, options: FieldOptions = {}) {
  return textField(/^[0-9A-Za-z-]{1,60}$/, description, example, options);
}

/** A whole number between two bounds. */
export function CountField(description: string, example: number, [min, max]: readonly [number, number]) {
  return applyDecorators(
    ApiProperty({ description, example, minimum: min, maximum: max, type: Number }),
    IsInt(),
    Min(min),
    Max(max),
  );
}

/** True or false. */
export function YesNoField(description: string) {
  return applyDecorators(ApiProperty({ description, example: true }), IsBoolean());
}

/** An instant, RFC 3339 with its offset. */
export function InstantField(description: string, example: string, { optional = false }: FieldOptions = {}) {
  return applyDecorators(
    ApiProperty({ description, example, required: !optional, type: String }),
    ...(optional ? [Optional()] : []),
    IsISO8601({ strict: true }),
    Matches(/T.*(?:Z|[+-]\d{2}:\d{2})$/),
  );
}

/** A number or name on a paper, or an id of ours, in the pattern's letters. */
export function CodeField(pattern: RegExp, description: string, example: string, options: FieldOptions = {}) {
  return textField(pattern, description, example, options);
}

/** Some of a closed list of words, each once; may be left out. */
export function SomeOfField(values: readonly string[], description: string) {
  return applyDecorators(
    ApiProperty({ description, enum: values, isArray: true, example: [values[0]], required: false }),
    Optional(),
    IsArray(),
    ArrayMinSize(1),
    ArrayUnique(),
    IsIn(values, { each: true }),
  );
}

/** A limit in whole watts; may be left out. Whether a token can carry it, vending says. */
export function WattsField(description: string) {
  return applyDecorators(
    ApiProperty({ description, example: 5_000, type: Number, required: false }),
    Optional(),
    IsInt(),
    Min(0),
    Max(2_000_000_000),
  );
}

/** What a meter's display showed; may be left out. */
export function ReadingField(description: string) {
  return textField(/^\d{1,9}(?:\.\d{1,5})?$/, description, '12.4', { optional: true });
}
