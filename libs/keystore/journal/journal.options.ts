import type { KeyObject } from 'node:crypto';
import type { InstantMs } from '@vend/kernel';

/** Facts for an operator; never a secret. */
export type TroubleFacts = Readonly<Record<string, string | number>>;

export interface TokenJournalOptions {
  /** This process's own; made when it is missing. Log and results lie below it. */
  readonly directory: string;
  /** Ed25519 private key: signs the checkpoints. */
  readonly signingKey: KeyObject;
  /** 32 bytes: seals the stored answers. Without it (a ceremony) there are lines alone. */
  readonly resultsKey?: Buffer;
  readonly now: () => InstantMs;
  /** Where checkpoints are copied to: another disk, or what is copied to another machine. */
  readonly checkpointDirectory?: string;
  /** Default 10,000 lines. */
  readonly checkpointEveryLines?: number;
  /** Default 60,000 ms. */
  readonly checkpointEveryMs?: number;
  /** Default 400 days, which is also the least that makes sense: later a repeated id is a new request. */
  readonly resultsKeptDays?: number;
  /** Bytes after which a file of the log is followed by another; default 64 MiB. A new day begins one too. */
  readonly segmentBytes?: number;
  /** Results after which a part is followed by another; default 524,288. */
  readonly partEntries?: number;
  /** Told of what an operator must look at although the journal goes on. */
  readonly onTrouble?: (what: string, facts: TroubleFacts) => void;
}

/** The options with every default in its place. */
export type JournalSettings = Required<Omit<TokenJournalOptions, 'resultsKey' | 'checkpointDirectory'>> &
  Pick<TokenJournalOptions, 'resultsKey' | 'checkpointDirectory'>;

export function settingsOf(options: TokenJournalOptions): JournalSettings {
  return {
    ...options,
    checkpointEveryLines: options.checkpointEveryLines ?? 10_000,
    checkpointEveryMs: options.checkpointEveryMs ?? 60_000,
    resultsKeptDays: options.resultsKeptDays ?? 400,
    segmentBytes: options.segmentBytes ?? 64 * 1024 * 1024,
    partEntries: options.partEntries ?? 524_288,
    onTrouble: options.onTrouble ?? (() => undefined),
  };
}
