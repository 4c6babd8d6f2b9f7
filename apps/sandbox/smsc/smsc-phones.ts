import type { PhonePart } from './smsc-text';

/** What a customer reads. */
export interface ShownMessage {
  /** Rises with every message that any phone shows. */
  readonly no: number;
  readonly from: string;
  readonly text: string;
  readonly parts: number;
  /** How often it arrived; the phone shows it once. */
  copies: number;
}

interface Assembly {
  readonly texts: (string | undefined)[];
}

/**
 * The phones behind the SMSC: they join parts, and show a message once however often it comes. Two are the same when
 * sender and text are: our receipts carry our own reference, so two of them never read alike.
 */
export class SmscPhones {
  private readonly phones = new Map<string, Map<string, ShownMessage>>();
  private readonly assemblies = new Map<string, Assembly>();
  private last = 0;

  /** @param show told of each message that a phone shows for the first time */
  constructor(private readonly show: (msisdn: string, message: ShownMessage) => Promise<void> | void = () => {}) {}

  async receive(msisdn: string, from: string, { text, joins }: PhonePart): Promise<void> {
    const whole = joins ? this.join(`${msisdn} ${from} ${joins.reference} ${joins.total}`, joins, text) : text;
    if (whole === undefined) return;
    const shown = this.phones.get(msisdn) ?? new Map<string, ShownMessage>();
    this.phones.set(msisdn, shown);
    const key = `${from}\n${whole}`;
    const known = shown.get(key);
    if (known) {
      known.copies++;
      return;
    }
    const message = { no: ++this.last, from, text: whole, parts: joins?.total ?? 1, copies: 1 };
    shown.set(key, message);
    await this.show(msisdn, message);
  }

  /** A phone's messages in the order in which it showed them. */
  messages(msisdn: string): ShownMessage[] {
    return [...(this.phones.get(msisdn)?.values() ?? [])];
  }

  private join(key: string, { total, place }: NonNullable<PhonePart['joins']>, text: string): string | undefined {
    const { texts } = this.assemblies.get(key) ?? { texts: Array<string | undefined>(total).fill(undefined) };
    this.assemblies.set(key, { texts });
    texts[place - 1] = text;
    if (texts.includes(undefined)) return undefined;
    this.assemblies.delete(key);
    return texts.join('');
  }
}
