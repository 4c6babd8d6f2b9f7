import { z } from 'zod';

const path = z.string().min(1);

const environment = z.object({
  /** host:port to listen on. */
  TOKEN_SERVER_ADDRESS: z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'expected host:port'),
  /** Authority whose client certificates are let in; this server's certificate and key. PEM. */
  TLS_CA_FILE: path,
  TLS_CERT_FILE: path,
  TLS_KEY_FILE: path,
  /** Sealed vending keys. */
  KEY_FILE: path,
  /** Path of the key-encryption key, or `fd:3`. */
  KEK_FILE: path,
  /** STA substitution tables of a registered user; without it the sample tables of IEC 62055-41. */
  STA_TABLES_FILE: path.optional(),
  /** Decoder keys kept ready, each about 300 bytes. */
  DECODER_KEY_CACHE: z.coerce.number().int().min(64).max(2_000_000).default(50_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export interface TokenServerConfig {
  readonly address: string;
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
  readonly keyFile: string;
  readonly kekSource: string;
  readonly staTablesFile: string | null;
  readonly decoderKeyCacheSize: number;
  readonly logLevel: string;
}

/** Everything wrong with the environment, in one message: names of settings, never their values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * The token server's settings.
 *
 * @throws {ConfigError} naming every faulty setting at once
 * @example const config = readConfig(process.env)
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): TokenServerConfig {
  const parsed = environment.safeParse({ ...env, STA_TABLES_FILE: env['STA_TABLES_FILE'] || undefined });
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(faults.join('; '));
  }
  const e = parsed.data;
  return {
    address: e.TOKEN_SERVER_ADDRESS,
    tls: { caFile: e.TLS_CA_FILE, certFile: e.TLS_CERT_FILE, keyFile: e.TLS_KEY_FILE },
    keyFile: e.KEY_FILE,
    kekSource: e.KEK_FILE,
    staTablesFile: e.STA_TABLES_FILE ?? null,
    decoderKeyCacheSize: e.DECODER_KEY_CACHE,
    logLevel: e.LOG_LEVEL,
  };
}
