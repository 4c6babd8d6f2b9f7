/** First in, first out, with a way back to the front; both ends cost the same however long it is. */
export class Queue<T> {
  private readonly front: T[] = [];
  private back: T[] = [];
  private head = 0;

  get length(): number {
    return this.front.length + this.back.length - this.head;
  }

  push(item: T): void {
    this.back.push(item);
  }

  /** Puts an item before all others. */
  putBack(item: T): void {
    this.front.push(item);
  }

  shift(): T | undefined {
    const item = this.front.pop();
    if (item !== undefined || this.head === this.back.length) return item;
    const next = this.back[this.head++];
    if (this.head > 1000 && this.head * 2 > this.back.length) {
      this.back = this.back.slice(this.head);
      this.head = 0;
    }
    return next;
  }

  /** Takes out every item that is to go. */
  remove(goes: (item: T) => boolean): T[] {
    const all: T[] = [];
    for (let item = this.shift(); item !== undefined; item = this.shift()) all.push(item);
    const gone: T[] = [];
    this.back = [];
    this.head = 0;
    for (const item of all) (goes(item) ? gone : this.back).push(item);
    return gone;
  }
}
