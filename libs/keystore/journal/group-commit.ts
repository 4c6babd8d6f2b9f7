interface Waiting<Member> {
  readonly member: Member;
  readonly size: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Many callers, one write at a time: whatever waits is written and flushed together. No timer: a caller who
 * comes alone is written at once, and those who come meanwhile share the next write.
 */
export class GroupCommit<Member> {
  private waiting: Waiting<Member>[] = [];
  private waitingSize = 0;
  private running: Promise<void> | undefined;

  /**
   * @param write makes a group durable, all of it or nothing
   * @param groupLimit members of a group have at most this size together (one member may be larger)
   * @param waitLimit more is refused: an early answer is better than a late one
   */
  constructor(
    private readonly write: (group: readonly Member[]) => Promise<void>,
    private readonly groupLimit: number,
    private readonly waitLimit: number,
    private readonly overloaded: () => Error,
  ) {}

  /** Resolves when the member is durable; rejects when it is not written. */
  add(member: Member, size: number): Promise<void> {
    if (this.waiting.length > 0 && this.waitingSize + size > this.waitLimit) return Promise.reject(this.overloaded());
    return new Promise((resolve, reject) => {
      this.waiting.push({ member, size, resolve, reject });
      this.waitingSize += size;
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      // All that arrives in this turn of the event loop comes along.
      await new Promise((resolve) => setImmediate(resolve));
      const group = this.take();
      try {
        await this.write(group.map(({ member }) => member));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.running = undefined;
  }

  private take(): Waiting<Member>[] {
    let count = 0;
    let size = 0;
    do size += this.waiting[count++]!.size;
    while (count < this.waiting.length && size + this.waiting[count]!.size <= this.groupLimit);
    this.waitingSize -= size;
    return this.waiting.splice(0, count);
  }
}
