import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { API_ERRORS, PROBLEM_TYPE_BASE, type ApiErrorCode } from './problems';

class BilingualDto {
  @ApiProperty({ example: 'This field is required.' }) en!: string;
  @ApiProperty({ example: 'এই ঘরটি আবশ্যক।' }) bn!: string;
}

class FieldFaultDto {
  @ApiProperty({ example: 'amount' }) field!: string;
  @ApiProperty({ example: 'field-missing' }) code!: string;
  @ApiProperty() message!: BilingualDto;
}

/** The description of a problem document (RFC 9457), for /docs. */
export class ProblemDto {
  @ApiProperty({ example: `${PROBLEM_TYPE_BASE}meter-not-found` }) type!: string;
  @ApiProperty({ description: 'One English sentence', example: 'No meter or customer has this number.' })
  title!: string;
  @ApiProperty({ description: 'The same in Bangla', example: 'এই নম্বরে কোনো মিটার বা গ্রাহক নেই।' }) titleBn!: string;
  @ApiProperty({ example: 404 }) status!: number;
  @ApiProperty({ description: 'Stable machine code', example: 'meter-not-found' }) code!: string;
  @ApiProperty({ description: 'Quote it to the office' }) requestId!: string;
  @ApiProperty({ description: 'True when the same request may succeed later' }) retryable!: boolean;
  @ApiProperty({ type: [FieldFaultDto], required: false, description: 'With wrong fields: which, and why' })
  errors?: FieldFaultDto[];
}

/** Every route may answer these. */
const EVERYWHERE: readonly ApiErrorCode[] = ['database-unavailable', 'internal-error'];
/** Every route with a body may answer these. */
const BODY: readonly ApiErrorCode[] = ['body-not-json', 'field-invalid', 'body-too-large', 'content-type-unsupported'];

/** Describes the refusals of a route, by status, with an example for each code. */
export function ApiProblems(...codes: ApiErrorCode[]) {
  const byStatus = new Map<number, ApiErrorCode[]>();
  for (const code of new Set([...codes, ...EVERYWHERE])) {
    const { status } = API_ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...[...byStatus].map(([status, some]) =>
      ApiResponse({
        status,
        description: some.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/problem+json': {
            schema: { $ref: getSchemaPath(ProblemDto) },
            examples: Object.fromEntries(some.map((code) => [code, { value: exampleOf(code) }])),
          },
        },
      }),
    ),
  );
}

/** The same for a route that reads a body. */
export function ApiBodyProblems(...codes: ApiErrorCode[]) {
  return ApiProblems(...BODY, ...codes);
}

function exampleOf(code: ApiErrorCode): ProblemDto {
  const { status, en, bn, retryable } = API_ERRORS[code];
  const requestId = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';
  return { type: PROBLEM_TYPE_BASE + code, title: en, titleBn: bn, status, code, requestId, retryable };
}
