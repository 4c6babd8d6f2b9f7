import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readIfThere, writeWhole } from './files';
import type { Layout } from './layout';

/** Passwords of the private servers and their accounts. Base64url, so that they fit in a URL and in SQL. */
export interface ServerPasswords {
  readonly databaseRoot: string;
  readonly databaseMigration: string;
  readonly databaseApp: string;
  readonly redis: string;
}

export interface DemoLogin {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly role: string;
  readonly station: string;
  /** Base32, of who needs a second factor: `npm run code -- <username>` says its present code. */
  readonly totpSecret?: string;
}

export interface DemoPartner {
  readonly code: string;
  readonly name: string;
  readonly kind: 'mobile-money';
  readonly keyId: string;
  readonly secret: string;
}

/** Paths of the files that are handed to the applications; each has mode 0600. */
export interface SecretFiles {
  /** {jwtSecret, quoteSecret, sealingSecret}, base64url of 32 random bytes each, and smsApiToken. */
  readonly application: string;
  /** DemoLogin[] for the seed. */
  readonly logins: string;
  /** DemoPartner[] for the seed and the sandbox. */
  readonly partners: string;
  /** The head-end that the sandbox plays, with its key: for the seed and the sandbox. */
  readonly headEnds: string;
  /** DemoProvider[] for the seed and the sandbox. */
  readonly providers: string;
  /** PEM of the TLS where the sandbox plays Amazon's notification service. */
  readonly snsCa: string;
}

/** Demo people, one of each role: invented, and of no use outside a development machine. */
const PEOPLE = [
  { username: 'rahima', name: 'Rahima Khatun', role: 'clerk', station: 'NESCO-RAJ-01' },
  { username: 'selim', name: 'Selim Reza', role: 'supervisor', station: 'NESCO-RAJ-01' },
  { username: 'nasrin', name: 'Nasrin Akter', role: 'key-officer', station: 'NESCO-HQ' },
  { username: 'jahangir', name: 'Jahangir Alam', role: 'tariff-officer', station: 'NESCO-HQ' },
  { username: 'farida', name: 'Farida Yasmin', role: 'accounts', station: 'NESCO-HQ' },
  { username: 'tania', name: 'Tania Sultana', role: 'call-centre', station: 'NESCO-HQ' },
  { username: 'habib', name: 'Habibur Rahman', role: 'auditor', station: 'NESCO-HQ' },
  { username: 'amina', name: 'Amina Begum', role: 'administrator', station: 'NESCO-HQ' },
] as const;

/** Their roles get no session without a code. */
const WITHOUT_SECOND_FACTOR = ['clerk', 'call-centre', 'auditor'];

/** The passwords of this checkout's private servers, made at the first start. */
export function serverPasswords(layout: Layout): ServerPasswords {
  return once(join(layout.secrets, 'servers.json'), () => ({
    databaseRoot: randomSecret(24),
    databaseMigration: randomSecret(24),
    databaseApp: randomSecret(24),
    redis: randomSecret(24),
  }));
}

/** The applications' secrets, demo logins and demo partners, made at the first start. */
export function applicationSecrets(layout: Layout): {
  files: SecretFiles;
  logins: DemoLogin[];
  partners: DemoPartner[];
} {
  const files = {
    application: join(layout.secrets, 'application.json'),
    logins: join(layout.secrets, 'logins.json'),
    partners: join(layout.secrets, 'partners.json'),
    headEnds: join(layout.secrets, 'head-ends.json'),
    providers: join(layout.secrets, 'providers.json'),
    snsCa: join(layout.secrets, 'sns-ca.pem'),
  };
  complete(files.application, {
    jwtSecret: () => randomSecret(32),
    quoteSecret: () => randomSecret(32),
    sealingSecret: () => randomSecret(32),
    smsApiToken: () => randomSecret(24),
  });
  const logins = demoLogins(files.logins);
  const byName = Object.fromEntries(logins.map((login) => [login.username, login.password]));
  writeWhole(join(layout.secrets, 'demo-logins.json'), `${JSON.stringify(byName, null, 2)}\n`);
  const partners = once<DemoPartner[]>(files.partners, () => [
    {
      code: 'demo-bkash',
      name: 'Demo mobile money',
      kind: 'mobile-money',
      keyId: `demo-${randomBytes(6).toString('hex')}`,
      secret: randomSecret(32),
    },
  ]);
  once(files.headEnds, () => [
    {
      code: 'demo-hes',
      name: 'Demo head-end',
      keyId: `demo-${randomBytes(6).toString('hex')}`,
      secret: randomSecret(32),
    },
  ]);
  return { files, logins, partners };
}

export function randomSecret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** Everybody of the cast; a checkout of an older version gains who came since, and keeps the passwords it has. */
function demoLogins(file: string): DemoLogin[] {
  const known = JSON.parse(readIfThere(file) ?? '[]') as DemoLogin[];
  const missing = PEOPLE.filter(({ username }) => !known.some((login) => login.username === username));
  const logins: DemoLogin[] = [...known, ...missing.map((person) => ({ ...person, password: randomSecret(9) }))];
  const complete = logins.map((login) =>
    WITHOUT_SECOND_FACTOR.includes(login.role) ? login : { ...login, totpSecret: login.totpSecret ?? randomBase32() },
  );
  const text = `${JSON.stringify(complete, null, 2)}\n`;
  if (text !== readIfThere(file)) writeWhole(file, text);
  return complete;
}

/** 160 bits as phones take them. */
function randomBase32(): string {
  return Array.from(randomBytes(32), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte & 31]).join('');
}

/** Adds what a file of secrets lacks, so that a checkout of an older version gains what the newer one needs. */
function complete(file: string, makers: Readonly<Record<string, () => string>>): void {
  const known = JSON.parse(readIfThere(file) ?? '{}') as Record<string, string>;
  const missing = Object.entries(makers).filter(([name]) => known[name] === undefined);
  if (missing.length === 0) return;
  const added = Object.fromEntries(missing.map(([name, make]) => [name, make()]));
  writeWhole(file, `${JSON.stringify({ ...known, ...added }, null, 2)}\n`);
}

function once<Content>(file: string, make: () => Content): Content {
  const text = readIfThere(file);
  if (text !== undefined) return JSON.parse(text) as Content;
  const content = make();
  writeWhole(file, `${JSON.stringify(content, null, 2)}\n`);
  return content;
}
