import type { KeyObject } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import { fieldsText, LineWriter } from './audit-line';
import { checkpointFields, makeCheckpoint } from './checkpoint';
import type { AuditCheckpoint } from './checkpoint';
import type { JournalErrorCode } from './journal.errors';
import type { OpenFiles } from './journal-opening';
import type { JournalSettings } from './journal.options';
import type { Head } from './journal.types';
import { reasonOf } from './reason';
import type { NamedResult } from './sealed-chunk';

/** The journal's own name as a caller. */
const SELF = 'journal';

/** What one caller wants written, all of it or nothing. */
export interface Entry {
  /** Lines to be, as `fieldsText` wrote them. */
  readonly lines: readonly string[];
  readonly results: readonly NamedResult[];
  /** A checkpoint is wanted now. */
  readonly checkpoint?: boolean;
}

/** Writes groups: results first, then their lines; promised when both are on the disk, else taken back. */
export class JournalWriter {
  /** The last line that a checkpoint covers, and when that was made. */
  signed: { readonly number: number; readonly at: InstantMs };
  /** False while writing fails. */
  available = true;
  private copying: Promise<void> = Promise.resolve();
  private readonly group = new LineWriter();

  constructor(
    private readonly files: OpenFiles,
    private readonly settings: JournalSettings,
    private readonly keyId: string,
  ) {
    this.signed = { number: files.lines.head.number, at: settings.now() };
  }

  get head(): Head {
    return this.files.lines.head;
  }

  /** @throws {DomainError} `journal-unavailable`: nothing of the group was written */
  async write(entries: readonly Entry[]): Promise<void> {
    const { lines, results } = this.files;
    try {
      if (!this.available) await this.takeBack();
      const at = this.settings.now();
      if (lines.needsRotation(at)) await lines.rotate(at);
      if (results?.needsRotation(at)) await results.rotate();
      const checkpoint = this.writeLines(entries, at);
      const bytes = this.group.finish();
      const { head } = this.group;
      const span = { first: lines.head.number + 1, last: head.number };
      const answers = entries.length === 1 ? entries[0]!.results : entries.flatMap((entry) => entry.results);
      const prepared = results && answers.length > 0 ? results.prepare(answers, span) : undefined;
      // In this order a line in the log means that its answer is kept.
      if (prepared) await results!.write(prepared);
      await lines.append(bytes, head, at);
      if (prepared) results!.accept(prepared, span, at);
      this.available = true;
      if (checkpoint) this.publish(checkpoint, at);
    } catch (error) {
      throw await this.unavailable(error);
    }
  }

  /** Resolves when the copies of checkpoints are written. */
  async close(): Promise<void> {
    await this.copying;
    await this.files.results?.close();
    await this.files.lines.close();
  }

  private writeLines(entries: readonly Entry[], at: InstantMs): AuditCheckpoint | undefined {
    const { group } = this;
    group.begin(this.head, at);
    for (const { lines } of entries) for (const fields of lines) group.add(fields);
    if (!this.isDue(entries, group.head, at)) return undefined;
    const checkpoint = this.checkpointOf(group.head, at);
    group.add(fieldsText(SELF, String(checkpoint.number), checkpointFields(checkpoint)));
    return checkpoint;
  }

  private isDue(entries: readonly Entry[], head: Head, at: InstantMs): boolean {
    if (head.number <= this.signed.number + 1 && !entries.some(({ checkpoint }) => checkpoint)) return false;
    return (
      entries.some(({ checkpoint }) => checkpoint) ||
      head.number - this.signed.number >= this.settings.checkpointEveryLines ||
      at - this.signed.at >= this.settings.checkpointEveryMs
    );
  }

  private checkpointOf(head: Head, at: InstantMs): AuditCheckpoint {
    return makeCheckpoint(this.settings.signingKey, { log: this.files.log, head, at, keyId: this.keyId });
  }

  private publish(checkpoint: AuditCheckpoint, at: InstantMs): void {
    this.signed = { number: checkpoint.number, at };
    const { copies } = this.files;
    if (!copies) return;
    this.copying = this.copying.then(async () => {
      try {
        await copies.add(checkpoint);
      } catch (error) {
        this.settings.onTrouble('checkpoint not copied', { line: checkpoint.number, reason: reasonOf(error) });
      }
    });
  }

  private async unavailable(error: unknown): Promise<DomainError<JournalErrorCode>> {
    const reason = reasonOf(error);
    if (this.available) this.settings.onTrouble('journal not written', { reason });
    this.available = false;
    try {
      // At once, so that a full disk gets its room back; again before the next group if this fails.
      await this.takeBack();
    } catch (another) {
      this.settings.onTrouble('journal not taken back', { reason: reasonOf(another) });
    }
    return new DomainError('journal-unavailable', { reason }, { cause: error });
  }

  private async takeBack(): Promise<void> {
    await this.files.lines.rollBack();
    await this.files.results?.rollBack();
  }
}

export function publicKeyText(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}
