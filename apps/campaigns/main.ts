import { isDomainError } from '@vend/kernel';
import { GrpcKeySetIssuer } from '@vend/issuer';
import { campaignErrors, Campaigns, metersErrors } from '@vend/meters';
import { openDatabase, readConfig } from '@vend/platform';
import { Arguments, UsageError, type Command } from './arguments';
import { cancel, confirm, create, expiring, exportSets, make, status, type Tools } from './commands';

const COMMANDS = { create, make, status, export: exportSets, confirm, cancel, expiring } as const satisfies Record<
  Command,
  unknown
>;

/** `npm run campaign`: key-change campaigns, for key officers. Exit status 0 done, 1 done in part, 2 not done. */
async function main(words: readonly string[]): Promise<number> {
  const args = Arguments.read(words);
  const { DATABASE_URL: databaseUrl } = readConfig(['DATABASE_URL']);
  const database = await openDatabase({ databaseUrl, poolSize: 4, entities: [] });
  let issuer: GrpcKeySetIssuer | undefined;
  const tools: Tools = {
    database,
    campaigns: new Campaigns(database),
    issuer: () => (issuer ??= openIssuer()),
    print: (line) => process.stdout.write(`${line}\n`),
  };
  try {
    return await COMMANDS[args.command](tools, args);
  } finally {
    issuer?.close();
    await database.dataSource.destroy();
  }
}

function openIssuer(): GrpcKeySetIssuer {
  const config = readConfig(['TOKEN_SERVER_ADDRESS', 'TLS_CA_FILE', 'TLS_CERT_FILE', 'TLS_KEY_FILE']);
  return new GrpcKeySetIssuer({
    address: config.TOKEN_SERVER_ADDRESS,
    caFile: config.TLS_CA_FILE,
    certFile: config.TLS_CERT_FILE,
    keyFile: config.TLS_KEY_FILE,
  });
}

function messageOf(error: unknown): string {
  if (isDomainError(error)) {
    const words = { ...campaignErrors, ...metersErrors }[error.code as keyof typeof campaignErrors];
    const facts = Object.entries(error.facts).map(([name, value]) => `  ${name}: ${value}`);
    return [`${error.code}: ${words.en}`, words.bn, ...facts].join('\n');
  }
  if (error instanceof UsageError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

main(process.argv.slice(2)).then(
  (exitStatus) => {
    process.exitCode = exitStatus;
  },
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
  },
);
