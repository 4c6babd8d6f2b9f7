import { DomainError } from '@vend/kernel';
import { CommitOutcomeUnknown, counter, isConnectionLost, isDuplicate, isTransient } from '@vend/platform';
import type { VendingErrorCode } from './vending.errors';

const ATTEMPTS = 4;

/**
 * Runs work that is one transaction and looks its own business key up, from a fresh BEGIN as often as that can help.
 * Whatever happened to an earlier attempt, the key decides: what is in the books is answered from the books.
 */
export class FreshBegin {
  private readonly unknown = counter('vend_commit_unknown_total', 'Commits whose answer was lost and was looked up');
  private readonly retried = counter('vend_member_retries_total', 'Single members run again from a fresh BEGIN');

  /** @throws {DomainError} the work's refusal; books-unreachable; outcome-unknown */
  async run<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (failure) {
        if (failure instanceof DomainError) throw failure;
        if (failure instanceof CommitOutcomeUnknown) this.unknown.inc();
        const mayRepeat =
          isTransient(failure) ||
          isDuplicate(failure) ||
          isConnectionLost(failure) ||
          failure instanceof CommitOutcomeUnknown;
        if (!mayRepeat) throw failure;
        if (attempt >= ATTEMPTS) throw new DomainError<VendingErrorCode>(lastWord(failure), {}, { cause: failure });
        this.retried.inc();
        await pause(attempt * 50);
      }
    }
  }
}

/** A lost connection before COMMIT left nothing; a lost answer to COMMIT, or a race still running, leaves it open. */
function lastWord(failure: unknown): VendingErrorCode {
  return failure instanceof CommitOutcomeUnknown || isDuplicate(failure) ? 'outcome-unknown' : 'books-unreachable';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
