import { readFile } from 'node:fs/promises';
import { recordAudit, type AuditAction } from '@vend/identity';
import { formatTaka, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import {
  draft,
  lintDocument,
  PriceBooks,
  listDocuments,
  proposeRevocation,
  publish,
  revoke,
  type By,
  type DocumentStanding,
} from '@vend/pricebook';
import { RetroactiveAdjustment } from '@vend/vending';

/** What a command says, line by line. */
export type Say = (line: string) => void;

/** Prints what the lint finds. @returns true when nothing of it would refuse the document */
export async function lint(files: readonly string[], say: Say): Promise<boolean> {
  let good = true;
  for (const file of files) {
    const { code, findings } = lintDocument(await readFile(file, 'utf8'));
    for (const { severity, where, problem } of findings) say(`${severity}: ${where}: ${problem}`);
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    good &&= errors === 0;
    say(`${code}: ${errors === 0 ? 'may be loaded' : 'would be refused'}; ${findings.length - errors} warnings`);
  }
  return good;
}

/** The commands that change something, each in one transaction with its line in the audit trail. */
export class TariffCommands {
  constructor(
    private readonly database: Database,
    private readonly say: Say,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** Enters a file as a draft of each book. */
  async load(file: string, books: readonly string[], username: string): Promise<void> {
    const text = await readFile(file, 'utf8');
    const by = this.by(username);
    await this.database.transaction(async (tx) => {
      for (const book of books) {
        const { code, sha256, warnings, existed } = await draft(tx, book, text, by);
        for (const { where, problem } of warnings) this.say(`warning: ${where}: ${problem}`);
        if (!existed) await audit(tx, 'price-drafted', code, book, by, { sha256 });
        this.say(`${code}: draft of ${book}${existed ? ', as before' : ''}; sha256 ${sha256}`);
      }
    });
    this.say('A second person publishes it.');
  }

  async publish(code: string, books: readonly string[], username: string): Promise<void> {
    const by = this.by(username);
    await this.database.transaction(async (tx) => {
      for (const book of books) {
        const revision = await publish(tx, book, code, by);
        await audit(tx, 'price-published', code, book, by, { revision });
        this.say(`${code}: published in ${book} as revision ${revision}`);
      }
    });
  }

  async proposeRevocation(code: string, books: readonly string[], username: string, reason: string): Promise<void> {
    const by = this.by(username);
    await this.database.transaction(async (tx) => {
      for (const book of books) {
        await proposeRevocation(tx, book, code, reason, by);
        await audit(tx, 'price-revocation-proposed', code, book, by, { reason });
        this.say(`${code}: revocation from ${book} proposed; a second person approves it`);
      }
    });
  }

  async revoke(code: string, books: readonly string[], username: string): Promise<void> {
    const by = this.by(username);
    await this.database.transaction(async (tx) => {
      for (const book of books) {
        const revision = await revoke(tx, book, code, by);
        await audit(tx, 'price-revoked', code, book, by, { revision });
        this.say(`${code}: revoked from ${book} as revision ${revision}; no recharge from now on is priced with it`);
      }
    });
  }

  /** Makes due what a retroactive version asks of earlier recharges; run again, it goes on where it was cut off. */
  async adjust(code: string, books: readonly string[], onProgress: (meters: number) => void): Promise<void> {
    for (const book of books) {
      const adjustment = new RetroactiveAdjustment(this.database, new PriceBooks(this.database), this.now);
      const { meters, duePaisa } = await adjustment.run(book, code, onProgress);
      this.say(`${code}: ${meters} meters of ${book} adjusted; Tk ${formatTaka(duePaisa)} due in all, before VAT`);
    }
  }

  async list(book: string | undefined, asJson: boolean): Promise<void> {
    const documents = await listDocuments(this.database, this.now(), book);
    for (const document of documents) this.say(asJson ? JSON.stringify(document) : lineOf(document));
  }

  private by(username: string): By {
    return { username, at: this.now() };
  }
}

function lineOf(one: DocumentStanding): string {
  const until = one.endsOn === null ? '' : ` to ${one.endsOn}`;
  const people = one.madeBy === null ? 'released' : `${one.madeBy}, ${one.publishedBy ?? 'not published'}`;
  const why = one.revocationReason === null ? '' : ` (${one.revocationReason})`;
  return [
    one.book.padEnd(15),
    one.code.padEnd(22),
    one.kind.padEnd(16),
    one.state.padEnd(19),
    `from ${one.effectiveFrom}${until}`,
    people + why,
    one.sha256.slice(0, 12),
  ].join('  ');
}

function audit(
  tx: Tx,
  action: AuditAction,
  code: string,
  book: string,
  { username, at }: By,
  detail: Readonly<Record<string, string | number>>,
): Promise<void> {
  return recordAudit(tx, {
    actor: `user:${username}`,
    action,
    subject: `price:${code}`,
    detail: { book, ...detail },
    at,
  });
}
