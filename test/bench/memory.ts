const MEBIBYTE = 1_048_576;

/** Resident memory of this process, looked at ten times a second until it ends. */
export class MemoryOverTime {
  private readonly looks: number[] = [];
  private readonly timer = setInterval(() => this.look(), 100);

  /** @returns megabytes after a tenth and half of the time, at the end, and the most there was */
  end() {
    clearInterval(this.timer);
    this.look();
    const at = (part: number) => this.looks[Math.floor((this.looks.length - 1) * part)]!;
    return { mbAtTenth: at(0.1), mbAtHalf: at(0.5), mbAtEnd: at(1), mbPeak: Math.max(...this.looks) };
  }

  private look(): void {
    this.looks.push(Math.round(process.memoryUsage.rss() / MEBIBYTE));
  }
}
