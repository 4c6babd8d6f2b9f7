import { z } from 'zod';

const SETTINGS = z.object({
  NODE_ENV: z.string().optional(),
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535),
  /** Where to listen; only this machine unless told otherwise: the inbox shows tokens to whoever asks. */
  SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
  /** Where the short message centre listens for SMPP; nobody can bind when it is not set. */
  SANDBOX_SMPP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Where Amazon's notification service answers over TLS; no notices are sent when it is not set. */
  SANDBOX_SNS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  API_URL: z.url({ protocol: /^https?$/ }),
  SANDBOX_STATE_DIR: z.string().min(1),
  DECODER_KEYS_FILE: z.string().min(1),
  SANDBOX_PARTNERS_FILE: z.string().min(1),
  /** The head-end that the sandbox plays, with its key; nobody may push to it when it is not set. */
  SANDBOX_HEAD_ENDS_FILE: z.string().min(1).optional(),
  /** The companies that take customers' money, with what they know; without it the sandbox plays none of them. */
  SANDBOX_PROVIDERS_FILE: z.string().min(1).optional(),
});

export interface SandboxConfig {
  readonly host: string;
  readonly port: number;
  readonly smppPort?: number;
  readonly snsPort?: number;
  readonly apiUrl: string;
  readonly stateDir: string;
  readonly decoderKeysFile: string;
  readonly partnersFile: string;
  readonly headEndsFile?: string;
  readonly providersFile?: string;
}

/** The sandbox will not start: the message lists every fault at once, and never a value. */
class SandboxConfigError extends Error {
  override readonly name = 'SandboxConfigError';
}

/**
 * The sandbox's settings. It plays phones, meters and mobile money to whoever asks, without a login, so it
 * refuses to live next to real customers.
 *
 * @throws {SandboxConfigError} in production, or when a setting is missing or malformed
 */
export function readSandboxConfig(environment: Readonly<Record<string, string | undefined>>): SandboxConfig {
  const faults: string[] = [];
  if (environment['NODE_ENV'] === 'production') faults.push('NODE_ENV: the sandbox does not run in production');
  const parsed = SETTINGS.safeParse(environment);
  if (!parsed.success) faults.push(...parsed.error.issues.map((each) => `${each.path.join('.')}: ${each.message}`));
  if (!parsed.success || faults.length > 0) {
    throw new SandboxConfigError(`The sandbox cannot start:\n  ${faults.join('\n  ')}`);
  }
  return {
    host: parsed.data.SANDBOX_HOST,
    port: parsed.data.SANDBOX_PORT,
    smppPort: parsed.data.SANDBOX_SMPP_PORT,
    snsPort: parsed.data.SANDBOX_SNS_PORT,
    apiUrl: parsed.data.API_URL,
    stateDir: parsed.data.SANDBOX_STATE_DIR,
    decoderKeysFile: parsed.data.DECODER_KEYS_FILE,
    partnersFile: parsed.data.SANDBOX_PARTNERS_FILE,
    headEndsFile: parsed.data.SANDBOX_HEAD_ENDS_FILE,
    providersFile: parsed.data.SANDBOX_PROVIDERS_FILE,
  };
}
