import type { InstantMs } from '@vend/kernel';
import type { RecordFields, SecurityModule } from '@vend/keystore';
import type { StaTables } from '@vend/sts';
import type { CallerRules } from '../callers/caller-policy';
import type { Credit } from '../callers/day-use';
import type { IssueKind } from '../wire/answers';

/** What a request may use. */
export interface Maker {
  readonly module: SecurityModule;
  readonly tables: StaTables;
  readonly now: InstantMs;
}

/** A token, or a set of them, that exists in memory and nowhere else yet. */
export interface MadeTokens {
  /** As it will be stored and answered. */
  readonly answer: Buffer;
  /** What it takes out of its caller's limits; null for a token without credit. */
  readonly credit: Credit | null;
  /** With the fingerprints of all its tokens. */
  readonly line: RecordFields;
}

/** One request of a known kind, its form checked. */
export interface Ask {
  readonly kind: IssueKind;
  readonly requestId: string;
  /** Equal for the same request and for no other. */
  readonly content: string;
  /** Supply groups whose keys take part. */
  readonly supplyGroups: readonly string[];
  /** What stands against it by the caller's rules, limits aside. */
  forbiddenBy(rules: CallerRules): boolean;
  /** What an audit line says of it when it is refused. */
  readonly subject: Pick<RecordFields, 'pan' | 'sgc' | 'krn' | 'tid' | 'subclass' | 'units'>;
  /** @throws {DomainError} a TokenRefusalCode; nothing was made */
  make(maker: Maker): Promise<MadeTokens>;
}

/** Whether a token of this algorithm runs on the printed tables, which no real meter has. */
export function usesSample({ tables }: Maker, ea: '07' | '11'): boolean {
  return ea === '07' && tables.kind === 'iec-sample';
}
