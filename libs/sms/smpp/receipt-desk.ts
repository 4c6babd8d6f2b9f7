import { canonicalMessageId, type ParsedReceipt, type PartFate } from './delivery-receipt';
import type { SmppLinkSettings } from './link-options';
import { MessageMemory, type MessageProgress, type PartPlace } from './message-memory';

/** A delivery receipt, joined to our message where that was possible. */
export interface DeliveryReceipt {
  readonly smsc: string;
  /** In one form however the SMSC writes it: what `onAccepted` gave for the same part. */
  readonly messageId: string;
  /** Null when this process did not send it, or has forgotten: look the id up in the stored parts. */
  readonly csmsId: string | null;
  /** From 1; null with `csmsId`. */
  readonly part: number | null;
  readonly fate: PartFate;
  /** Of the whole message: delivered when every part is, failed when one is. Null with `csmsId`. */
  readonly messageFate: PartFate | null;
  readonly stat: string;
  readonly errorCode: string | null;
}

interface Held {
  readonly release: () => void;
  readonly key: string;
  /** The last submit that was under way when the receipt came: until it is answered the receipt may be its own. */
  readonly upTo: number;
}

/**
 * Joins receipts to messages. A receipt may come before the answer to its own submit, twice, or with an id that was
 * never told because the answer was lost. One that matches nothing waits while a submit to the same SMSC that was
 * under way at its arrival is still unanswered, and no longer.
 */
export class ReceiptDesk {
  private serial = 0;
  private readonly underWay = new Map<string, Set<number>>();
  private readonly held = new Map<string, Set<Held>>();

  constructor(
    private readonly memory: MessageMemory,
    private readonly emit: (receipt: DeliveryReceipt) => Promise<void>,
  ) {}

  /** A submit leaves; the result is handed to `answered`. */
  submitted(smsc: string): number {
    const serial = ++this.serial;
    const set = this.underWay.get(smsc) ?? new Set();
    this.underWay.set(smsc, set.add(serial));
    return serial;
  }

  /** Its answer came, or will not come; called after the memory knows the part's id. */
  answered(smsc: string, serial: number, canonicalId: string): void {
    const underWay = this.underWay.get(smsc);
    underWay?.delete(serial);
    const held = this.held.get(smsc);
    if (!held || held.size === 0) return;
    const oldest = underWay?.values().next().value ?? Infinity;
    for (const each of held) {
      if (each.key !== canonicalId && each.upTo >= oldest) continue;
      held.delete(each);
      each.release();
    }
  }

  /** Resolves when the receipt is handled, which is when the SMSC may forget it. */
  async receive(settings: SmppLinkSettings, receipt: ParsedReceipt, msisdn: string): Promise<void> {
    const { smsc } = settings;
    const id = canonicalMessageId(receipt.messageId, settings.receiptIdForm);
    let place = this.memory.find(smsc, id);
    if (!place && (this.underWay.get(smsc)?.size ?? 0) > 0) {
      await this.hold(smsc, id);
      place = this.memory.find(smsc, id);
    }
    place ??= this.adopt(smsc, id, receipt, msisdn);
    const { fate, stat, errorCode } = receipt;
    const said = { smsc, messageId: id, fate, stat, errorCode };
    if (!place) return this.emit({ ...said, csmsId: null, part: null, messageFate: null });
    const { part } = place;
    // The second of two equal ones, or something after the end.
    if (part.fate === fate || part.fate === 'delivered' || part.fate === 'failed') return;
    const before = part.fate;
    part.fate = fate;
    try {
      const { csmsId } = place.message;
      await this.emit({ ...said, csmsId, part: place.index + 1, messageFate: fateOf(place.message) });
    } catch (error) {
      part.fate = before; // it will come again
      throw error;
    }
  }

  private hold(smsc: string, key: string): Promise<void> {
    return new Promise((release) => {
      const held = this.held.get(smsc) ?? new Set();
      this.held.set(smsc, held.add({ release, key, upTo: this.serial }));
    });
  }

  /** A receipt proves that its message was taken, though the answer was lost. */
  private adopt(smsc: string, id: string, receipt: ParsedReceipt, msisdn: string): PartPlace | undefined {
    const place = this.memory.findByReference(smsc, receipt.userMessageReference, msisdn);
    if (!place || place.part.state === 'accepted') return undefined;
    this.memory.accept(place, receipt.messageId);
    this.memory.setMessageId(smsc, id, place);
    return place;
  }
}

function fateOf({ parts }: MessageProgress): PartFate {
  if (parts.some(({ fate }) => fate === 'failed')) return 'failed';
  return parts.every(({ fate }) => fate === 'delivered') ? 'delivered' : 'pending';
}
