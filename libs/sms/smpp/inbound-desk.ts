import type { SmppClock } from './clock';
import type { Concatenation, ReceivedUserData } from './user-data';

/** A customer's SMS, its parts joined. */
export interface InboundSms {
  readonly smsc: string;
  /** The sender as the SMSC gave it. Personal data: never in a log. */
  readonly from: string;
  /** The number or short code it was sent to. */
  readonly to: string;
  readonly text: string;
  /** False when a part never came: the text is what there is, in order. */
  readonly complete: boolean;
}

interface Assembly {
  readonly sms: Omit<InboundSms, 'text' | 'complete'>;
  readonly texts: (string | undefined)[];
  readonly sinceMs: number;
}

const ASSEMBLIES_MAX = 5000;
const SWEEP_MS = 15_000;

/**
 * Joins the parts of customers' messages by sender, recipient, reference and count. The last part is acknowledged when
 * the whole is handled, the others at once; a set that stays incomplete is handed over as it is after `patienceMs`.
 */
export class InboundDesk {
  private readonly assemblies = new Map<string, Assembly>();
  private stopTimer: (() => void) | undefined;

  constructor(
    private readonly clock: SmppClock,
    private readonly patienceMs: number,
    private readonly emit: (sms: InboundSms) => Promise<void>,
  ) {}

  async receive(sms: Omit<InboundSms, 'text' | 'complete'>, { text, concat }: ReceivedUserData): Promise<void> {
    if (text === undefined) return; // octets for a machine; nobody asks us anything in them
    if (!concat) return this.emit({ ...sms, text, complete: true });
    const key = `${sms.smsc} ${sms.from} ${sms.to} ${concat.reference} ${concat.total}`;
    const assembly = this.assemblies.get(key) ?? this.begin(key, sms, concat);
    assembly.texts[concat.sequence - 1] ??= text;
    if (assembly.texts.includes(undefined)) return;
    try {
      await this.emit({ ...sms, text: assembly.texts.join(''), complete: true });
      this.assemblies.delete(key);
    } catch (error) {
      assembly.texts[concat.sequence - 1] = undefined; // this part will come again
      throw error;
    }
  }

  close(): void {
    this.stopTimer?.();
  }

  private begin(key: string, sms: Assembly['sms'], { total }: Concatenation): Assembly {
    const assembly = { sms, texts: Array<string | undefined>(total).fill(undefined), sinceMs: this.clock.now() };
    this.assemblies.set(key, assembly);
    if (this.assemblies.size > ASSEMBLIES_MAX) this.giveUp(this.assemblies.keys().next().value!);
    this.stopTimer ??= this.clock.after(SWEEP_MS, () => this.sweep());
    return assembly;
  }

  private sweep(): void {
    this.stopTimer = undefined;
    const tooOldMs = this.clock.now() - this.patienceMs;
    for (const [key, { sinceMs }] of this.assemblies) {
      if (sinceMs > tooOldMs) break;
      this.giveUp(key);
    }
    if (this.assemblies.size > 0) this.stopTimer = this.clock.after(SWEEP_MS, () => this.sweep());
  }

  /** Its parts were acknowledged long ago: a handler that fails now has had its chance. */
  private giveUp(key: string): void {
    const { sms, texts } = this.assemblies.get(key)!;
    this.assemblies.delete(key);
    this.emit({ ...sms, text: texts.filter((each) => each !== undefined).join(''), complete: false }).catch(
      () => undefined,
    );
  }
}
