/**
 * Looks again and again, one look at a time; a look that fails is told of, and tried again the next time.
 *
 * @example const night = new Periodic(60_000, () => look(), (error) => log.warn({ err: error }, 'could not look'));
 */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly everyMs: number,
    private readonly look: () => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      // One look may take longer than the time between two.
      this.running ??= this.look()
        .then(() => undefined, this.failed)
        .finally(() => (this.running = undefined));
    }, this.everyMs);
  }

  /** Ends when the look that is under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
