/** A shorter run needs no progress; a longer one says every two seconds how far it is. */
const PROGRESS_EVERY_MS = 2_000;

/** Tells on standard error how many there are and how many a second, at most every two seconds. */
export class ProgressLine {
  private readonly startedMs = Date.now();
  private saidMs = this.startedMs;

  constructor(
    private readonly what: string,
    private readonly say: (text: string) => void = (text) => void process.stderr.write(`${text}\n`),
  ) {}

  readonly at = (count: number, detail = ''): void => {
    const now = Date.now();
    if (now - this.saidMs < PROGRESS_EVERY_MS) return;
    this.saidMs = now;
    this.say(`${this.textOf(count)}${detail}`);
  };

  /** The last word: always said. */
  end(count: number, detail = ''): void {
    this.say(`${this.textOf(count)} in ${((Date.now() - this.startedMs) / 1_000).toFixed(1)} s${detail}`);
  }

  private textOf(count: number): string {
    const perSecond = Math.round((count * 1_000) / Math.max(1, Date.now() - this.startedMs));
    return `${count} ${this.what}, ${perSecond} a second`;
  }
}
