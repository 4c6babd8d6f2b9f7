import type { LocalDay } from '@vend/kernel';

/** Work for a business day that has ended: done once, by whichever worker comes first. */
export interface NightlyTask {
  /** kebab-case, at most 40 characters; with the day it is the key of the run. */
  readonly name: string;
  /** From this time of the Dhaka night on: `00:40`. */
  readonly at: string;
  /**
   * Does the work for a day. It may be run again after a kill, so it changes nothing the second time.
   *
   * @returns what it found; faults are logged, counted and stored with the run
   * @throws when it could not run at all: it is tried again later
   */
  run(day: LocalDay): Promise<NightlyResult>;
}

export interface NightlyResult {
  /** One sentence each, without secrets; empty: proved. */
  readonly faults: readonly string[];
  /** Stored with the run: how much was looked at. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What became of a try. `elsewhere`: done already, or another worker is at it. */
export type NightlyOutcome = 'proved' | 'faults' | 'failed' | 'elsewhere';
