import type { TlsFiles, TlsParty } from './certificates';

export const APPS = ['token-server', 'sandbox', 'api', 'worker'] as const;
export type App = (typeof APPS)[number];

/** Ports of a stack on this machine. */
export type AppPorts = Readonly<
  Record<'api' | 'sandbox' | 'sandboxSmpp' | 'sandboxSns' | 'worker' | 'tokenServer' | 'tokenServerMetrics', number>
>;

/** Names by which the applications reach each other: the loopback address on one machine, service names in containers. */
export type AppHosts = Readonly<Record<'api' | 'sandbox' | 'tokenServer', string>>;

export const LOCAL_HOSTS: AppHosts = { api: '127.0.0.1', sandbox: '127.0.0.1', tokenServer: '127.0.0.1' };

/** Everything the applications are told, gathered from the steps before them. */
export interface StackFacts {
  readonly ports: AppPorts;
  readonly hosts: AppHosts;
  /** The address that servers listen on. */
  readonly listenOn: '127.0.0.1' | '0.0.0.0';
  readonly databaseAppUrl: string;
  readonly databaseMigrationUrl: string;
  readonly databaseAppUser: string;
  readonly redisUrl: string;
  readonly tls: Readonly<Record<TlsParty, TlsFiles>>;
  readonly secretsFile: string;
  readonly loginsFile: string;
  readonly partnersFile: string;
  readonly headEndsFile: string;
  readonly providersFile: string;
  readonly keyFile: string;
  readonly kekFile: string;
  readonly keySeenFile: string;
  /** Who may ask the token server for what. */
  readonly callerPolicyFile: string;
  /** Its audit log and stored answers: of one process. */
  readonly tokenJournalDirectory: string;
  readonly decoderKeysFile: string;
  readonly sandboxStateDir: string;
  /** Where the api puts files to be imported, and the worker finds them. */
  readonly importDir: string;
  /** PEM of the sandbox's TLS where it plays Amazon's notification service. */
  readonly snsCaFile: string;
}

/** Settings of ours that a child gets only from the table below, never by inheritance from a terminal. */
const NEVER_INHERITED = [
  'DATABASE_URL',
  'DATABASE_MIGRATION_URL',
  'DATABASE_APP_USER',
  'REDIS_URL',
  'SECRETS_FILE',
  'LOGINS_FILE',
  'PARTNERS_FILE',
  'HEAD_ENDS_FILE',
  'HEAD_END_URL',
  'PROVIDERS_FILE',
  'SANDBOX_PROVIDERS_FILE',
  'SMSC_ADDRESS',
  'KEY_FILE',
  'KEK_FILE',
  'KEY_SEEN_FILE',
  'CALLER_POLICY_FILE',
  'TOKEN_JOURNAL_DIR',
  'DECODER_KEYS_FILE',
  'TLS_CA_FILE',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'IMPORT_DIR',
  'SNS_CERT_HOSTS',
  'SNS_CA_FILE',
];

/** The terminal's environment without what belongs to single processes: PATH, LOG_LEVEL, tuning and the like stay. */
export function inheritedEnvironment(parent: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(parent).filter(([name]) => !NEVER_INHERITED.includes(name) && !name.startsWith('npm_')),
  );
}

/** What one application is told, and nothing that only another needs: keys reach the token server alone. */
export function environmentOf(app: App, facts: StackFacts): Record<string, string> {
  const { ports, hosts, listenOn } = facts;
  const vending = {
    DATABASE_URL: facts.databaseAppUrl,
    REDIS_URL: facts.redisUrl,
    SECRETS_FILE: facts.secretsFile,
    TOKEN_SERVER_ADDRESS: `${hosts.tokenServer}:${ports.tokenServer}`,
    SMS_GATEWAY_URL: `http://${hosts.sandbox}:${ports.sandbox}/sms`,
    IMPORT_DIR: facts.importDir,
    SNS_CERT_HOSTS: `${hosts.sandbox}:${ports.sandboxSns}`,
    SNS_CA_FILE: facts.snsCaFile,
    API_PUBLIC_URL: `http://${hosts.api}:${ports.api}`,
    // Receivers of a demo are on the same machine.
    WEBHOOK_ADDRESSES: 'any',
  };
  switch (app) {
    case 'token-server':
      return {
        TOKEN_SERVER_ADDRESS: `${listenOn}:${ports.tokenServer}`,
        ...tlsOf('token-server', facts),
        KEY_FILE: facts.keyFile,
        KEK_FILE: facts.kekFile,
        KEY_SEEN_FILE: facts.keySeenFile,
        CALLER_POLICY_FILE: facts.callerPolicyFile,
        TOKEN_JOURNAL_DIR: facts.tokenJournalDirectory,
        TOKEN_SERVER_METRICS_PORT: String(ports.tokenServerMetrics),
      };
    case 'sandbox':
      return {
        SANDBOX_PORT: String(ports.sandbox),
        SANDBOX_SMPP_PORT: String(ports.sandboxSmpp),
        SANDBOX_SNS_PORT: String(ports.sandboxSns),
        SANDBOX_HOST: listenOn,
        API_URL: `http://${hosts.api}:${ports.api}`,
        SANDBOX_STATE_DIR: facts.sandboxStateDir,
        DECODER_KEYS_FILE: facts.decoderKeysFile,
        SANDBOX_PARTNERS_FILE: facts.partnersFile,
        SANDBOX_HEAD_ENDS_FILE: facts.headEndsFile,
        SANDBOX_PROVIDERS_FILE: facts.providersFile,
      };
    case 'api':
      return { ...vending, API_PORT: String(ports.api), API_HOST: listenOn, ...tlsOf('api', facts) };
    case 'worker':
      return { ...vending, WORKER_PORT: String(ports.worker), ...tlsOf('worker', facts) };
  }
}

/** For the step that changes tables and the step that loads demo data. */
export function migrationEnvironment(facts: Pick<StackFacts, 'databaseMigrationUrl' | 'databaseAppUser'>) {
  return { DATABASE_MIGRATION_URL: facts.databaseMigrationUrl, DATABASE_APP_USER: facts.databaseAppUser };
}

export function seedEnvironment(facts: StackFacts): Record<string, string> {
  return {
    ...environmentOf('api', facts),
    ...migrationEnvironment(facts),
    LOGINS_FILE: facts.loginsFile,
    PARTNERS_FILE: facts.partnersFile,
    HEAD_ENDS_FILE: facts.headEndsFile,
    PROVIDERS_FILE: facts.providersFile,
    SANDBOX_URL: `http://${facts.hosts.sandbox}:${facts.ports.sandbox}`,
    API_URL: `http://${facts.hosts.api}:${facts.ports.api}`,
    HEAD_END_URL: `http://${facts.hosts.sandbox}:${facts.ports.sandbox}/head-end`,
    SMSC_ADDRESS: `${facts.hosts.sandbox}:${facts.ports.sandboxSmpp}`,
  };
}

function tlsOf(party: TlsParty, facts: StackFacts): Record<string, string> {
  const { caFile, certFile, keyFile } = facts.tls[party];
  return { TLS_CA_FILE: caFile, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile };
}
