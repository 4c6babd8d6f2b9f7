/** A step of the launcher that did not succeed: which, why, and where to read on. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';

  constructor(
    readonly step: string,
    reason: string,
    readonly logFile?: string,
    options?: { cause?: unknown },
  ) {
    super(reason, options);
  }
}

/** One line of a table of things to do in order. */
export interface Step<Context> {
  readonly name: string;
  /** What a person watching reads. */
  readonly what: string;
  /** Where the details are when it fails. */
  readonly logFile?: string;
  /** May answer a few words to show behind "done". */
  run(context: Context): Promise<string | void>;
}

/** Writes lines stamped with the time since the command was given. */
export class Progress {
  constructor(
    private readonly startedAtMs: number,
    private readonly write: (text: string) => void = (text) => process.stdout.write(text),
  ) {}

  say(line: string): void {
    const seconds = ((Date.now() - this.startedAtMs) / 1000).toFixed(1).padStart(6);
    this.write(`[${seconds} s] ${line}\n`);
  }

  plain(text: string): void {
    this.write(`${text}\n`);
  }

  /**
   * Runs the steps in order and stops at the first that fails.
   *
   * @throws StepFailed naming the step and its log file
   */
  async run<Context>(steps: readonly Step<Context>[], context: Context): Promise<void> {
    for (const step of steps) {
      this.say(`${step.name}: ${step.what} ...`);
      const begunMs = Date.now();
      try {
        const remark = await step.run(context);
        this.say(
          `${step.name}: done in ${((Date.now() - begunMs) / 1000).toFixed(1)} s${remark ? ` (${remark})` : ''}`,
        );
      } catch (error) {
        if (error instanceof StepFailed) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new StepFailed(step.name, reason, step.logFile, { cause: error });
      }
    }
  }
}

/** What a person needs to know of a failure, for standard error. */
export function explain(error: unknown): string {
  if (!(error instanceof StepFailed)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const where = error.logFile ? `\nThe whole log: ${error.logFile}` : '';
  return `The step "${error.step}" failed: ${error.message}${where}`;
}
