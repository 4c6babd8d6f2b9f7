import type { SmsGateway, SmsMessage, SmsOutcome } from '@vend/sms';

/** An aggregator that knows a message by its id, keeps what it took in order, and can be away. */
export class TakingGateway implements SmsGateway {
  readonly taken = new Map<string, SmsMessage>();
  /** Sizes of the calls. */
  readonly calls: number[] = [];
  away = false;
  /** What is answered instead, to some. */
  answer: (message: SmsMessage) => SmsOutcome | undefined = () => undefined;
  /** Waited for before a call is answered. */
  before: () => Promise<void> = () => Promise.resolve();

  async sendMany(messages: readonly SmsMessage[]): Promise<SmsOutcome[]> {
    this.calls.push(messages.length);
    await this.before();
    return messages.map((message) => this.answer(message) ?? this.take(message));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private take(message: SmsMessage): SmsOutcome {
    const { csmsId } = message;
    if (this.away) return { csmsId, kind: 'retry-later', reason: 'gateway-unreachable', maybeAccepted: false };
    if (this.taken.has(csmsId)) return { csmsId, kind: 'duplicate' };
    this.taken.set(csmsId, message);
    return { csmsId, kind: 'accepted', referenceId: `ref-${this.taken.size}` };
  }
}
