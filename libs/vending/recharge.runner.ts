import { DomainError } from '@vend/kernel';
import {
  CommitOutcomeUnknown,
  counter,
  isConnectionLost,
  isDuplicate,
  isTransient,
  type Database,
} from '@vend/platform';
import { assertSameAsk } from './asked';
import type { Settled } from './lane';
import type { RechargeAnswer } from './recharge';
import type { Member, MemberOutcome, RechargeGroup } from './recharge.group';
import { readRecord, readRecordByKey } from './store/recharge.store';
import type { VendingErrorCode } from './vending.errors';

const ATTEMPTS = 4;

/** Runs groups and single members on the transaction, and makes answers of what it did. */
export class RechargeRunner {
  private readonly unknown = counter('vend_commit_unknown_total', 'Commits whose answer was lost and was looked up');
  private readonly retried = counter('vend_member_retries_total', 'Single members run again from a fresh BEGIN');

  constructor(
    private readonly database: Database,
    private readonly group: RechargeGroup,
  ) {}

  /** A group, once; the lane tries the members alone when this throws. */
  async runTogether(members: readonly Member[]): Promise<Settled<RechargeAnswer>[]> {
    const outcomes = await this.group.run(members);
    return Promise.all(outcomes.map((outcome, index) => this.settle(members[index]!, outcome)));
  }

  /**
   * One member, from a fresh BEGIN as often as that can help. Whatever happened to an earlier attempt, its key
   * decides: a payment that is in the books is answered from the books.
   *
   * @throws {DomainError} the member's refusal; books-unreachable; outcome-unknown
   */
  async runAlone(member: Member): Promise<RechargeAnswer> {
    for (let attempt = 1; ; attempt++) {
      let failure: unknown;
      try {
        const [outcome] = await this.group.run([member]);
        const settled = await this.settle(member, outcome!);
        if (settled.ok) return settled.value;
        failure = settled.error;
      } catch (error) {
        failure = error;
      }
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

  private async settle(member: Member, outcome: MemberOutcome): Promise<Settled<RechargeAnswer>> {
    if (outcome.made === 'refusal') return { ok: false, error: outcome.error };
    if (outcome.made === 'record') return { ok: true, value: { record: outcome.record, replayed: false } };
    try {
      const record =
        member.kind === 'new'
          ? await readRecordByKey(this.database, member.command)
          : await readRecord(this.database, outcome.rechargeId);
      if (!record) throw new Error('a committed recharge cannot be read');
      if (member.kind === 'new') assertSameAsk(member.command, record);
      return { ok: true, value: { record, replayed: true } };
    } catch (error) {
      return { ok: false, error };
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
