import { tokenFingerprint } from '@vend/keystore';
import type { SecurityModule } from '@vend/keystore';
import type { StaTables } from '@vend/sts';
import type { CallerRules } from '../callers/caller-policy';
import type { DayUse, Taken } from '../callers/day-use';
import type { RefusalLines } from '../callers/refusal-lines';
import { refusalToWire, wireError } from '../token-server.errors';
import type { TokenServerErrorCode } from '../token-server.errors';
import type { WireOutcome, WireTokenError } from '../wire/answers';
import type { WireGroup } from '../wire/requests';
import type { Ask, Maker } from './ask';
import { CreditAsk } from './credit.ask';
import type { Journal, Issued, Made } from './journal.port';
import { KeyChangeAsk } from './key-change.ask';
import { managementAsk } from './management.ask';

export const GROUP_LIMIT = 1024;

export interface IssuanceParts {
  readonly module: SecurityModule;
  readonly tables: StaTables;
  readonly journal: Journal;
  readonly use: DayUse;
  readonly refusalLines: RefusalLines;
  readonly now: () => number;
}

/** What became of a group, and how many of it were answers given before. */
export interface GroupResult {
  readonly outcomes: WireOutcome[];
  readonly repeated: number;
}

/**
 * Makes tokens. For each request, in this order: its form; whether its id was answered before (then that answer, for
 * ever, whatever has become of key and limits); what its caller may do; the token itself; the limits, by what the meter
 * will credit; its line in the audit log, on the disk; and only then the answer.
 *
 * A member that is refused takes no other with it. A failure of the journal or of the module fails the call as a whole:
 * nothing was answered, and the same ids may be sent again.
 */
export class Issuance {
  constructor(private readonly parts: IssuanceParts) {}

  /** @throws {DomainError} `journal-unavailable`, and whatever the module throws that is no refusal */
  async issue(rules: CallerRules, group: WireGroup): Promise<GroupResult> {
    const { requests } = group;
    const outcomes = new Array<WireOutcome>(requests.length);
    const asks: Ask[] = [];
    const places: number[] = [];
    for (let i = 0; i < requests.length; i += 1) {
      try {
        asks.push(askOf(group, i));
        places.push(i);
      } catch (error) {
        outcomes[i] = { requestId: requests[i]!.requestId, error: refusalOf(error) };
      }
    }
    const issued = asks.length === 0 ? [] : await this.issueOnce(rules, asks);
    let repeated = 0;
    for (let k = 0; k < issued.length; k += 1) {
      const { requestId } = asks[k]!;
      const one = issued[k]!;
      outcomes[places[k]!] = outcomeOf(requestId, one);
      if (one.kind === 'answer' && one.repeated) repeated += 1;
    }
    return { outcomes, repeated };
  }

  private async issueOnce(rules: CallerRules, asks: readonly Ask[]): Promise<Issued[]> {
    const taken: Taken[] = [];
    try {
      return await this.parts.journal.issueOnce(rules.name, asks, async (fresh) => {
        const maker = { module: this.parts.module, tables: this.parts.tables, now: this.parts.now() };
        const made: Made[] = [];
        for (const index of fresh) made.push(await this.make(rules, asks[index]!, maker, taken));
        return made;
      });
    } catch (error) {
      // Nobody was given anything: neither does it count.
      this.parts.use.putBack(taken);
      throw error;
    }
  }

  private async make(rules: CallerRules, ask: Ask, maker: Maker, taken: Taken[]): Promise<Made> {
    if (ask.forbiddenBy(rules)) return this.refuse(rules, ask, 'not-permitted');
    const { supplyGroups } = rules;
    if (supplyGroups !== '*' && !ask.supplyGroups.every((sgc) => supplyGroups.includes(sgc))) {
      return this.refuse(rules, ask, 'supply-group-not-permitted');
    }
    try {
      const { answer, digits, spend, line } = await ask.make(maker);
      const took = this.parts.use.take(rules, spend, maker.now);
      if (typeof took === 'string') return this.refuse(rules, ask, took);
      taken.push(took);
      const { requestId } = ask;
      return { answer, line: { ...line, fingerprints: digits.map((token) => tokenFingerprint(requestId, token)) } };
    } catch (error) {
      return { refusal: refusalOf(error) };
    }
  }

  /** What a caller may not have is written down: somebody will want to know who tried. */
  private refuse(rules: CallerRules, ask: Ask, code: TokenServerErrorCode): Made {
    const detail = this.parts.refusalLines.admit(rules.name, this.parts.now());
    const refusal = wireError(code);
    if (!detail) return { refusal };
    return { refusal, line: { kind: 'refusal', ...ask.subject, outcome: code, detail: { ...detail, of: ask.kind } } };
  }
}

function askOf(group: WireGroup, index: number): Ask {
  switch (group.kind) {
    case 'credit':
      return CreditAsk.of(group.requests[index]!);
    case 'management':
      return managementAsk(group.requests[index]!);
    case 'key-change':
      return KeyChangeAsk.of(group.requests[index]!);
  }
}

/** An error that is no refusal goes on: an unknown state must not look like an answer. */
function refusalOf(error: unknown): WireTokenError {
  const refusal = refusalToWire(error);
  if (refusal) return refusal;
  throw error;
}

function outcomeOf(requestId: string, issued: Issued): WireOutcome {
  switch (issued.kind) {
    case 'answer':
      return { requestId, ok: issued.answer };
    case 'refused':
      return { requestId, error: issued.refusal };
    case 'conflict':
      return { requestId, error: wireError('request-id-conflict') };
  }
}
