import { DomainError } from '@vend/kernel';
import { z } from 'zod';
import { JsonFile } from '../http/json-file';
import type { SandboxErrorCode } from '../sandbox.errors';

const words = z.record(z.string(), z.string());
const playedProvider = z.object({
  code: z.string().regex(/^[\w.-]{1,32}$/),
  name: z.string().default(''),
  profile: z.string().min(1),
  /** What both sides know: passwords, keys. Must reach no log. */
  credentials: words.default({}),
  settings: words.default({}),
  /** What the company alone knows: its private key … */
  outside: words.default({}),
  /** What it keeps of each payment, in hundredths of a percent. */
  commissionBasisPoints: z.number().int().min(0).max(10_000).default(0),
});
/** A company that the sandbox plays. */
export type PlayedProvider = Readonly<z.output<typeof playedProvider>>;

/** The companies, out of the same file that the vending system's demo rows are made from; none where there is no file. */
export class ProvidersFile {
  private readonly file: JsonFile<z.ZodArray<typeof playedProvider>> | undefined;

  constructor(path: string | undefined) {
    this.file = path === undefined ? undefined : new JsonFile(path, z.array(playedProvider));
  }

  /** @throws {DomainError} providers-missing */
  async all(): Promise<readonly PlayedProvider[]> {
    try {
      return (await this.file?.read()) ?? [];
    } catch (cause) {
      throw new DomainError<SandboxErrorCode>('providers-missing', {}, { cause });
    }
  }

  /** @throws {DomainError} provider-unknown, providers-missing */
  async find(code: string): Promise<PlayedProvider> {
    const found = (await this.all()).find((each) => each.code === code);
    if (!found) throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }
}
