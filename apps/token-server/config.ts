import { KEYSTORE_SETTINGS, keystoreAccessOf } from '@vend/keystore';
import type { KeystoreConfig } from '@vend/keystore';
import { z } from 'zod';

const path = z.string().min(1);

const environment = z.object({
  /** host:port to listen on. */
  TOKEN_SERVER_ADDRESS: z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'expected host:port'),
  /** Authority whose client certificates are let in; this server's certificate and key. PEM. */
  TLS_CA_FILE: path,
  TLS_CERT_FILE: path,
  TLS_KEY_FILE: path,
  ...KEYSTORE_SETTINGS,
  /** STA substitution tables of a registered user; without it the sample tables of IEC 62055-41. */
  STA_TABLES_FILE: path.optional(),
  /** Decoder keys kept ready, each about 300 bytes. */
  DECODER_KEY_CACHE: z.coerce.number().int().min(64).max(2_000_000).default(50_000),
  /** Who may ask for what: JSON, docs/TOKEN-SERVER.md. Without it nobody may ask for anything. */
  CALLER_POLICY_FILE: path.optional(),
  /** Audit log and stored answers; a directory of this process alone. */
  TOKEN_JOURNAL_DIR: path,
  /** A second place for the log's signed checkpoints, on another disk. */
  AUDIT_CHECKPOINT_DIR: path.optional(),
  /** How long a repeated request id is answered as before. */
  RESULTS_KEPT_DAYS: z.coerce.number().int().min(1).max(36_500).default(400),
  /** Port on the loopback address for /metrics and /healthz; without it there are none. */
  TOKEN_SERVER_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** A core dump would hold every key: `refuse` does not start while they are on, `warn` says so. */
  CORE_DUMPS: z.enum(['refuse', 'warn']).default('refuse'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export interface TokenServerConfig {
  readonly address: string;
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
  /** Where the keys are; tables, cache and clock come later. */
  readonly keystore: Pick<KeystoreConfig, 'keyFile' | 'kek' | 'seenFile'>;
  readonly staTablesFile: string | null;
  readonly decoderKeyCacheSize: number;
  readonly callerPolicyFile: string | null;
  readonly journal: {
    readonly directory: string;
    readonly checkpointDirectory: string | undefined;
    readonly resultsKeptDays: number;
  };
  readonly metricsPort: number | null;
  readonly coreDumps: 'refuse' | 'warn';
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
  // A setting that is there and empty is one that was left out.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  const faults = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const keys = z.object(KEYSTORE_SETTINGS).safeParse(given);
  const keystore = keys.success ? keystoreAccessOf(keys.data) : { faults: [] };
  if ('faults' in keystore) faults.push(...keystore.faults);
  if (!parsed.success || 'faults' in keystore) throw new ConfigError(faults.join('; '));
  const e = parsed.data;
  return {
    address: e.TOKEN_SERVER_ADDRESS,
    tls: { caFile: e.TLS_CA_FILE, certFile: e.TLS_CERT_FILE, keyFile: e.TLS_KEY_FILE },
    keystore,
    staTablesFile: e.STA_TABLES_FILE ?? null,
    decoderKeyCacheSize: e.DECODER_KEY_CACHE,
    callerPolicyFile: e.CALLER_POLICY_FILE ?? null,
    journal: {
      directory: e.TOKEN_JOURNAL_DIR,
      checkpointDirectory: e.AUDIT_CHECKPOINT_DIR,
      resultsKeptDays: e.RESULTS_KEPT_DAYS,
    },
    metricsPort: e.TOKEN_SERVER_METRICS_PORT ?? null,
    coreDumps: e.CORE_DUMPS,
    logLevel: e.LOG_LEVEL,
  };
}
