import { setImmediate } from 'node:timers/promises';
import { DomainError } from '@vend/kernel';
import type { PaperErrorCode } from './paper.errors';

/** Drawings that may wait, one under way among them: at a fifth of a second each, four seconds. */
export const DRAWINGS_MAX = 20;

/**
 * Drawings one after another. Each holds the thread for a fifth of a second or so: between two of them, what came in
 * meanwhile is served, and who would wait too long is refused at once.
 */
export class DrawingTurns {
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * Draws when all before have been drawn, well or not.
   *
   * @throws {DomainError<PaperErrorCode>} receipts-busy
   * @example await turns.take(() => receiptPdf(sheet, receiptNo, issuedAt))
   */
  async take<File>(draw: () => Promise<File>): Promise<File> {
    if (this.waiting >= DRAWINGS_MAX) throw new DomainError<PaperErrorCode>('receipts-busy');
    this.waiting += 1;
    const mine = this.last.then(() => setImmediate()).then(draw);
    this.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.waiting -= 1;
    }
  }
}
