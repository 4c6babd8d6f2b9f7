import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';
import { DomainError } from '@vend/kernel';
import { UnreadableBody } from './body';
import { FIELD_MESSAGES, type FieldCode } from './http.errors';
import { lookUpRulesOnce } from './rules-once';

lookUpRulesOnce();

/** One wrong field, as a problem lists it. */
export interface FieldFault {
  readonly field: string;
  readonly code: FieldCode;
}

/** Fields are missing or wrong. With one fault that has a code of its own (an amount's), that is the problem's code. */
export class FieldsInvalid extends DomainError<'field-invalid' | AmountCode> {
  constructor(readonly faults: readonly FieldFault[]) {
    const only = faults.length === 1 ? faults[0]!.code : 'field-malformed';
    super(isAmountCode(only) ? only : 'field-invalid');
  }
}

type AmountCode = Extract<FieldCode, `amount-${string}`>;
function isAmountCode(code: FieldCode): code is AmountCode {
  return code.startsWith('amount-');
}

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
};
/** A caller's unknown field name is repeated back at this length at most. */
const NAME_MAX = 40;

/**
 * Checks a body, or a whole query, against its DTO class. The DTOs are flat, so copying the caller's fields onto a new instance is
 * all the transformation there is; Nest's own ValidationPipe would walk the object with class-transformer, and
 * is asynchronous, on the path that every payment takes.
 */
@Injectable()
export class FieldPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (!metatype || !(type === 'body' || (type === 'query' && isDto(metatype)))) return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof UnreadableBody) {
      throw new DomainError('body-not-json');
    }
    const body = value as Record<string, unknown>;
    const inherited = Object.keys(body).find((name) => name in Object.prototype);
    if (inherited !== undefined) throw new FieldsInvalid([{ field: inherited, code: 'field-unknown' }]);
    const dto = Object.assign(new (metatype as Type<object>)(), body);
    const errors = validateSync(dto, OPTIONS);
    if (errors.length > 0) throw new FieldsInvalid(errors.map((error) => faultOf(error, body)));
    return dto;
  }
}

/** A query is checked when the route describes it by a class of ours; a single parameter is the route's own business. */
function isDto(metatype: unknown): boolean {
  return ![Object, String, Number, Boolean, Array].includes(metatype as ObjectConstructor);
}

function faultOf(error: ValidationError, body: Record<string, unknown>): FieldFault {
  const field = error.property.slice(0, NAME_MAX);
  const [rule, message] = Object.entries(error.constraints ?? {})[0] ?? ['', ''];
  if (rule === 'whitelistValidation') return { field, code: 'field-unknown' };
  if (body[error.property] === undefined) return { field, code: 'field-missing' };
  // Rules of ours put a field code where class-validator has its English sentence.
  return { field, code: message in FIELD_MESSAGES ? (message as FieldCode) : 'field-malformed' };
}
