import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@vend/kernel';
import {
  admitGeneration,
  combineShares,
  openKek,
  openServiceKeys,
  readKeyFile,
  rememberGeneration,
  SoftwareKek,
  thresholdOf,
  TokenJournal,
  verifyKeyFile,
  writeKeyFile,
} from '@vend/keystore';
import type { KekAccess, KeyEncryptionKey, SealedKeyFile, ServiceKeys } from '@vend/keystore';
import type { Arguments } from './arguments';
import type { Questions } from './questions';
import { UsageError } from './usage';

export type Detail = Readonly<Record<string, string | number | boolean>>;

/** The names of the steps in the log, beside which stands what came of them. */
const BEGUN = 'begun';
const DONE = 'done';

/** How the KEK is come to, by --module, --kek and --pin. */
export function kekAccessOf(args: Arguments): KekAccess | { readonly kind: 'ask' } {
  const module = args.text('module') ?? 'software';
  if (module === 'pkcs11') {
    const [library, tokenLabel] = [args.need('pkcs11-library'), args.need('pkcs11-token')];
    const pin = args.text('pin') ?? 'ask';
    return { kind: 'pkcs11', library, tokenLabel, pinSource: pin === 'ask' ? 'prompt' : pin };
  }
  if (module !== 'software') throw new UsageError('--module is software or pkcs11');
  const source = args.text('kek') ?? 'ask';
  return source === 'ask' ? { kind: 'ask' } : { kind: 'software', source };
}

/** @returns the KEK in the clear, brought back from the custodians' shares; the caller erases it */
export async function askForShares(questions: Questions): Promise<Buffer> {
  const lines: Buffer[] = [];
  try {
    for (let wanted = 1; lines.length < wanted;) {
      const of = lines.length > 0 ? ` of ${wanted}` : '';
      lines.push(await questions.secret('share', `Custodian ${lines.length + 1}${of}: your share`));
      wanted = Math.max(wanted, thresholdOf(lines[0]!));
    }
    return await combineShares(lines);
  } finally {
    for (const line of lines) line.fill(0);
  }
}

/** Opens the KEK that a key file is under. */
export async function kekOf(args: Arguments, questions: Questions, id: string): Promise<KeyEncryptionKey> {
  const access = kekAccessOf(args);
  if (access.kind !== 'ask') return openKek(access, id);
  const master = await askForShares(questions);
  const kek = new SoftwareKek(master);
  master.fill(0);
  return kek;
}

/** The record of generations that the ceremony itself keeps, beside its journal. */
export function ownSeenFile(journalDirectory: string): string {
  return join(journalDirectory, 'key-generation');
}

/** Opens the ceremony's own hash-chained log. It keeps no answers, so it needs no key for them. */
export function openJournal(args: Arguments, serviceKeys: ServiceKeys): Promise<TokenJournal> {
  return TokenJournal.open({
    directory: args.need('journal-dir'),
    signingKey: serviceKeys.auditSigningKey,
    now: Date.now,
  });
}

/** One step of the ceremony over an opened, verified key file, with its log. */
export class Ceremony {
  private readonly stepId: string;

  private constructor(
    private readonly args: Arguments,
    private readonly people: readonly string[],
    readonly kek: KeyEncryptionKey,
    readonly file: SealedKeyFile,
    readonly serviceKeys: ServiceKeys,
    private readonly journal: TokenJournal,
  ) {
    this.stepId = `${args.command}-${randomUUID()}`;
  }

  /**
   * Opens KEK, key file and log, does the step, and closes all of it whatever happens.
   *
   * @param admit false for the steps that accept a file which is refused otherwise
   */
  static async hold<T>(
    args: Arguments,
    questions: Questions,
    people: readonly string[],
    step: (ceremony: Ceremony) => Promise<T>,
    admit = true,
  ): Promise<T> {
    const file = readKeyFile(args.need('key-file'));
    const kek = await kekOf(args, questions, file.kek);
    try {
      await verifyKeyFile(kek, file);
      const serviceKeys = await openServiceKeys(kek, file);
      const journal = await openJournal(args, serviceKeys);
      try {
        const ceremony = new Ceremony(args, people, kek, file, serviceKeys, journal);
        return await ceremony.take(step, admit);
      } finally {
        await journal.close();
        serviceKeys.resultsKey.fill(0);
        serviceKeys.generationKey.fill(0);
      }
    } finally {
      kek.close();
    }
  }

  /** Writes a line of the log for this step. */
  async log(outcome: string, detail: Detail = {}): Promise<void> {
    const { command } = this.args;
    const record = { kind: 'key-operation', outcome, detail: { step: command, ...detail } } as const;
    await this.journal.append([{ caller: this.people.join(' + '), requestId: this.stepId, ...record }]);
  }

  /**
   * Replaces the key file by its next generation. The log says so before and after: a line "begun" without its "done"
   * is a step that was cut off.
   */
  async replace(next: SealedKeyFile, detail: Detail): Promise<void> {
    const path = this.args.need('key-file');
    const facts = { ...detail, generation: next.generation };
    await this.log(BEGUN, facts);
    // Somebody with another log directory may have been faster.
    if (readKeyFile(path).seal !== this.file.seal) throw new DomainError('key-file-changed');
    writeKeyFile(path, next, 'replace');
    this.remember(next);
    await this.log(DONE, facts);
  }

  /** Takes this generation for the last one used, here and, where the token server's record is named, there. */
  remember(file: SealedKeyFile, alsoForServer = false): void {
    const { generationKey } = this.serviceKeys;
    rememberGeneration(ownSeenFile(this.args.need('journal-dir')), generationKey, file);
    if (alsoForServer) rememberGeneration(this.args.need('seen-file'), generationKey, file);
  }

  private async take<T>(step: (ceremony: Ceremony) => Promise<T>, admit: boolean): Promise<T> {
    try {
      // Another step may have ended between the reading of the file and the log that is held now: its file is newer than
      // this one, and that is no rollback.
      if (readKeyFile(this.args.need('key-file')).seal !== this.file.seal) throw new DomainError('key-file-changed');
      if (admit) {
        const own = ownSeenFile(this.args.need('journal-dir'));
        admitGeneration(own, this.serviceKeys.generationKey, this.file);
        const server = this.args.text('seen-file');
        if (server !== undefined && existsSync(server)) {
          admitGeneration(server, this.serviceKeys.generationKey, this.file);
        }
      }
      return await step(this);
    } catch (error) {
      if (error instanceof DomainError) await this.log(String(error.code));
      throw error;
    }
  }
}

/** First 16 hexadecimal digits of SHA-256: to compare files by. */
export function shortHash(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
