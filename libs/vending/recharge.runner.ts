import type { Database, Settled } from '@vend/platform';
import { assertSameAsk } from './asked';
import { FreshBegin } from './fresh-begin';
import type { RechargeAnswer } from './recharge';
import type { Member, MemberOutcome, RechargeGroup } from './recharge.group';
import { readRecord, readRecordByKey } from './store/recharge.store';

/** Runs groups and single members on the transaction, and makes answers of what it did. */
export class RechargeRunner {
  private readonly freshBegin = new FreshBegin();

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
  runAlone(member: Member): Promise<RechargeAnswer> {
    return this.freshBegin.run(async () => {
      const [outcome] = await this.group.run([member]);
      const settled = await this.settle(member, outcome!);
      if (settled.ok) return settled.value;
      throw settled.error;
    });
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
