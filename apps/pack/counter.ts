import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { formatInstant } from '@vend/kernel';
import { journalText, lastItem, nextItem, readJournal, type PackFileItem } from '@vend/packfile';

/** What the counter is asked, and what it says. */
export interface Desk {
  readonly say: (line: string) => void;
  readonly now: () => number;
}

/**
 * Hands the items of an open pack out. An item is in the journal, on the disk, before its token is shown: after a power
 * cut it counts as used, and `again` shows it.
 */
export class Counter {
  constructor(
    private readonly pack: { readonly packId: string; readonly items: readonly PackFileItem[] },
    private readonly journalFile: string,
    private readonly desk: Desk,
  ) {}

  /** Says how many items are left, and cuts off what a power cut left of a line. @throws {RangeError} a journal of another pack */
  begin(): void {
    if (existsSync(this.journalFile)) {
      const text = readFileSync(this.journalFile, 'utf8');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      if (readJournal(whole).some(({ pack }) => pack !== this.pack.packId)) {
        throw new RangeError('the journal is of another pack');
      }
      truncateSync(this.journalFile, Buffer.byteLength(whole));
    }
    const used = this.journal().length;
    this.desk.say(
      `Pack ${this.pack.packId}: ${this.pack.items.length - used} of ${this.pack.items.length} items left.`,
    );
    this.desk.say('Type a meter number (18 digits) for its next item, "again <meter>" for its last, or "end".');
  }

  /** Answers one line of the clerk. @returns false at the end */
  answer(line: string): boolean {
    const text = line.trim();
    if (text === '') return true;
    if (text === 'end') return false;
    const again = /^again (\d{18})$/.exec(text)?.[1];
    if (again) {
      const item = lastItem(this.pack.items, this.journal(), again);
      if (item) this.show(item, true);
      else this.desk.say('Nothing was handed out for this meter.');
    } else if (/^\d{18}$/.test(text)) this.handOut(text);
    else this.desk.say('This is neither a meter number nor "again <meter>" nor "end". Nothing was handed out.');
    return true;
  }

  private handOut(meterNo: string): void {
    const item = nextItem(this.pack.items, this.journal(), meterNo);
    if (!item) {
      this.desk.say('This pack has no item left for this meter. Nothing was handed out.');
      return;
    }
    const usedAt = formatInstant(this.desk.now());
    const file = openSync(this.journalFile, 'a', 0o600);
    try {
      writeSync(file, journalText({ pack: this.pack.packId, item: item.itemId, usedAt }));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.show(item, false);
  }

  private show(item: PackFileItem, copy: boolean): void {
    const { desk } = this;
    desk.say(`${copy ? 'COPY of item' : 'Item'} ${item.place} for meter ${item.meterNo}, customer ${item.customerNo}`);
    desk.say(`Take Tk ${item.amount}: VAT ${item.vat}, rebate ${item.rebate}, energy ${item.energyMoney}.`);
    if (item.carried !== '0.00') desk.say(`Tk ${item.carried} is carried to the next recharge.`);
    desk.say(`Token ${item.digits.replace(/(\d{4})(?=\d)/g, '$1 ')} credits ${item.credits}.`);
    desk.say('Demand charge, meter rent and arrears are not in it: they stay due with the next normal recharge.');
  }

  private journal() {
    return existsSync(this.journalFile) ? readJournal(readFileSync(this.journalFile, 'utf8')) : [];
  }
}
