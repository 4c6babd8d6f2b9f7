import type { SecurityModule } from '@vend/keystore';
import type { StaTables } from '@vend/sts';
import type { CallerRules } from '../callers/caller-policy';
import type { DayUse, Tally } from '../callers/day-use';
import type { RefusalLines } from '../callers/refusal-lines';
import { refusalToWire, wireError } from '../token-server.errors';
import type { TokenServerErrorCode } from '../token-server.errors';
import type { WireOutcome, WireTokenError } from '../wire/answers';
import type { WireGroup } from '../wire/requests';
import type { Ask, MadeTokens, Maker } from './ask';
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
    const { journal, module, tables, use, now } = this.parts;
    const tally = use.begin(rules.name, now());
    try {
      return await journal.issueOnce(rules.name, asks, async (fresh) => {
        const maker = { module, tables, now: now() };
        const made = new Array<Made>(fresh.length);
        for (let i = 0; i < fresh.length; i += 1) {
          const ask = asks[fresh[i]!]!;
          made[i] = this.forbid(rules, ask) ?? this.held(rules, ask, await attempt(ask, maker), tally);
        }
        return made;
      });
    } catch (error) {
      // Nobody was given anything: neither does it count.
      use.putBack(tally);
      throw error;
    }
  }

  private forbid(rules: CallerRules, ask: Ask): Made | null {
    if (ask.forbiddenBy(rules)) return this.refuse(rules, ask, 'not-permitted');
    const { supplyGroups } = rules;
    if (supplyGroups === '*' || ask.supplyGroups.every((sgc) => supplyGroups.includes(sgc))) return null;
    return this.refuse(rules, ask, 'supply-group-not-permitted');
  }

  /** A token that nobody has seen yet, held to its caller's limits. */
  private held(rules: CallerRules, ask: Ask, made: MadeTokens | WireTokenError, tally: Tally): Made {
    if ('code' in made) return { refusal: made };
    const stands = this.parts.use.take(tally, rules, made.credit);
    return stands ? this.refuse(rules, ask, stands) : made;
  }

  /** What a caller may not have is written down: somebody will want to know who tried. */
  private refuse(rules: CallerRules, ask: Ask, code: TokenServerErrorCode): Made {
    const detail = this.parts.refusalLines.admit(rules.name, this.parts.now());
    const refusal = wireError(code);
    if (!detail) return { refusal };
    return { refusal, line: { kind: 'refusal', ...ask.subject, outcome: code, detail: { ...detail, of: ask.kind } } };
  }
}

/** @throws what is no refusal */
function attempt(ask: Ask, maker: Maker): Promise<MadeTokens | WireTokenError> {
  return ask.make(maker).catch(refusalOf);
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
