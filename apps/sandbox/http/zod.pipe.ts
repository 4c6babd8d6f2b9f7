import type { PipeTransform } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import type { z } from 'zod';
import type { SandboxErrorCode } from '../sandbox.errors';

/** Parses a body or parameter; a fault names the fields, never their values. */
export class ZodPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  constructor(private readonly schema: S) {}

  transform(value: unknown): z.output<S> {
    const parsed = this.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.code}`);
    throw new DomainError<SandboxErrorCode>('request-malformed', { fields: fields.join('; ') });
  }
}
