import { DomainError } from '@vend/kernel';
import { z } from 'zod';
import { JsonFile } from '../http/json-file';
import type { SandboxErrorCode } from '../sandbox.errors';

const partner = z.object({
  code: z.string().min(1),
  name: z.string().default(''),
  keyId: z.string().min(1),
  /** base64url of the HMAC key's bytes. */
  secret: z
    .string()
    .regex(/^[\w-]+=*$/)
    .transform((text) => Buffer.from(text, 'base64url')),
});
/** A mobile-money provider that the sandbox plays, with the key it signs with. */
export type Partner = Readonly<z.output<typeof partner>>;

/** The providers, out of the same file that the vending system's demo data is loaded from. */
export class Partners {
  private readonly file: JsonFile<z.ZodArray<typeof partner>>;

  constructor(path: string) {
    this.file = new JsonFile(path, z.array(partner));
  }

  /** @throws {DomainError} partners-missing */
  async all(): Promise<readonly Partner[]> {
    try {
      return await this.file.read();
    } catch (cause) {
      throw new DomainError<SandboxErrorCode>('partners-missing', {}, { cause });
    }
  }

  /** @throws {DomainError} provider-unknown, partners-missing */
  async find(code: string): Promise<Partner> {
    const found = (await this.all()).find((each) => each.code === code);
    if (!found) throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }
}
