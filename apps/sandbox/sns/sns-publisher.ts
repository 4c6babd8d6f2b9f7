import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'undici';
import type { BookedPayment, ProviderBook } from '../providers/provider-book';
import type { ProviderFault, ProviderFaults } from '../providers/provider-faults';
import type { PlayedProvider, ProvidersFile } from '../providers/providers-file';
import { notification, subscriptionConfirmation, type SnsSender } from './sns-messages';
import type { SnsHost } from './sns-host';

const TRIES = 8;
/** A payment that is given back at once is none to tell of. */
const SOON_MS = 1_500;
const LATE_MS = 15_000;

/**
 * bKash's notices of payments, posted by Amazon's service: of every payment that one of the companies has taken which a
 * webhook's row covers. Tried again until it is taken; what is on its way dies with the process.
 */
export class SnsPublisher {
  private readonly agent = new Agent({ connections: 16, keepAliveTimeout: 10_000 });
  private readonly busy = new Set<Promise<void>>();
  private closed = false;

  constructor(
    private readonly file: ProvidersFile,
    private readonly book: ProviderBook,
    private readonly faults: ProviderFaults,
    private readonly host: SnsHost,
    private readonly apiUrl: string,
  ) {}

  /** Those of the file that are webhooks. */
  async webhooks(): Promise<readonly PlayedProvider[]> {
    return (await this.file.all()).filter(({ profile }) => profile === 'bkash-webhook-v1');
  }

  /** Tells of a payment in its own time. */
  tell(payment: BookedPayment): void {
    const early = this.faults.happens(payment.provider, 'notice-early');
    const telling = this.tellAll(payment, early).finally(() => this.busy.delete(telling));
    this.busy.add(telling);
  }

  /** Asks whether we want to be told. @returns what was answered */
  async askToSubscribe(code: string): Promise<number> {
    const webhook = await this.file.find(code);
    const sender = this.senderOf(webhook);
    return sender ? this.post(webhook, subscriptionConfirmation(sender, randomBytes(48).toString('hex'))) : 0;
  }

  /** Resolves when everything under way is told, or given up. */
  async quiet(): Promise<void> {
    while (this.busy.size > 0) await Promise.allSettled(this.busy);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.agent.destroy();
  }

  private async tellAll(payment: BookedPayment, early: boolean): Promise<void> {
    const webhooks = await this.webhooks().catch(() => []);
    const covering = webhooks.filter(({ settings }) => settings['covers']?.split(',').includes(payment.provider));
    if (covering.length === 0) return;
    if (!early) await pause(SOON_MS, undefined, { ref: false });
    if (this.book.payment(payment.provider, payment.trxId)?.reversedAt !== null) return;
    await Promise.all(covering.map((webhook) => this.tellOne(webhook, payment)));
  }

  private async tellOne(webhook: PlayedProvider, payment: BookedPayment): Promise<void> {
    const { code } = webhook;
    const sender = this.senderOf(webhook);
    // Set for the webhook, or for the company whose payments it tells of.
    const happens = (name: ProviderFault) =>
      this.faults.happens(code, name) || this.faults.happens(payment.provider, name);
    if (!sender || happens('notice-never')) return;
    if (happens('notice-late') || happens('notice-reordered')) await pause(LATE_MS, undefined, { ref: false });
    const style = { version: happens('sns-version-2') ? '2' : '1', subject: !happens('sns-no-subject') } as const;
    const forged: SnsSender[] = [];
    if (happens('sns-foreign-host')) forged.push({ ...sender, certificateUrl: 'https://sns.example.com/x.pem' });
    if (happens('sns-wrong-topic')) forged.push({ ...sender, topicArn: `${sender.topicArn}-other` });
    for (const forger of forged) await this.post(webhook, notification(forger, payment, style));
    const body = notification(sender, payment, style);
    await this.deliver(webhook, body);
    if (happens('notice-twice')) await this.deliver(webhook, body);
    if (happens('notice-other-id')) await this.deliver(webhook, notification(sender, payment, style));
  }

  private async deliver(webhook: PlayedProvider, body: string): Promise<void> {
    for (let attempt = 1; attempt <= TRIES && !this.closed; attempt++) {
      const status = await this.post(webhook, body);
      if (status >= 200 && status < 300) return;
      await pause(attempt * 500, undefined, { ref: false });
    }
  }

  /** @returns the status; 0: no answer */
  private async post({ code }: PlayedProvider, body: string): Promise<number> {
    const { Type, TopicArn } = JSON.parse(body) as { Type: string; TopicArn: string };
    try {
      const answer = await this.agent.request({
        origin: new URL(this.apiUrl).origin,
        path: `/v1/callbacks/gateways/${code}`,
        method: 'POST',
        headers: {
          'content-type': 'text/plain; charset=UTF-8',
          'x-amz-sns-message-type': Type,
          'x-amz-sns-topic-arn': TopicArn,
        },
        body,
        signal: AbortSignal.timeout(15_000),
      });
      await answer.body.dump();
      return answer.statusCode;
    } catch {
      return 0;
    }
  }

  private senderOf({ code, settings, outside }: PlayedProvider): SnsSender | undefined {
    const certificateUrl = this.host.certificateUrl(code);
    const { topicArn, shortCode } = settings;
    const { signingKey } = outside;
    if (!certificateUrl || !topicArn || !shortCode || !signingKey) return undefined;
    return { topicArn, shortCode, signingKey, certificateUrl };
  }
}
