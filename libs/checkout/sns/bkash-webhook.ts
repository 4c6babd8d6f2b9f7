import { DomainError, isDomainError, type InstantMs } from '@vend/kernel';
import { CHECKOUT_PROFILES, sourceOfProvider, type Provider } from '@vend/payments';
import { z } from 'zod';
import type { CheckoutErrorCode } from '../checkout.errors';
import type {
  Contract,
  GatewayMessage,
  KeptMessage,
  MessageTurn,
  NoticeListener,
  NoticeRooms,
  ReadMessage,
} from '../gateway';
import { GatewayHttp } from '../gateway-http';
import { readSettings, timeoutSetting } from '../gateway-settings';
import {
  billerCommitState,
  coveredProviders,
  keepTypedReference,
  orderOfInvoice,
  wakeOrder,
  type CoveredProvider,
} from '../store/money-notices';
import { hintOf, parseBkashNotice, type BkashNotice } from './bkash-notice';
import { SnsCertificates } from './sns-certificates';
import { isSignedBy, parseSnsEnvelope, type SnsEnvelope } from './sns-envelope';
import { isCertificateUrl, isTrustedUrl } from './sns-trust';

const settings = z.object({
  /** `arn:aws:sns:…`: the one topic that is ours. */
  topicArn: z.string().min(1),
  /** Our short code at bKash: whose account was credited. */
  shortCode: z.string().min(1),
  /** Codes of the providers whose money it tells of, by commas. */
  covers: z
    .string()
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.string()).min(1)),
  /** How long a payment may stay unknown before it is money without an order. */
  graceMinutes: z.string().regex(/^\d{1,4}$/).transform(Number).default(10), // prettier-ignore
  timeoutMs: timeoutSetting,
});

const DAY_MS = 86_400_000;
/** Amazon's own limits: a token to subscribe lives three days, and a message is tried again for hours, not weeks. */
const SUBSCRIBE_WITHIN_MS = 3 * DAY_MS;
/** An order whose gateway does not say is asked about for longer than this; then a person decides. */
const ORDER_WITHIN_MS = 3 * DAY_MS;

/**
 * The bKash webhook: what Amazon's notification service tells us of payments to our short code (CHANNELS.md, 3). A safety
 * net beside the biller's calls and the checkout: it wakes an order that waits, and money that nobody has told us of it
 * keeps as owed back, with a case. It never vends.
 */
export class BkashWebhook implements NoticeListener {
  private readonly settings: z.output<typeof settings>;
  private readonly http: GatewayHttp;
  private readonly certificates: SnsCertificates;

  /** @throws {DomainError} provider-misconfigured */
  constructor(
    provider: Provider,
    private readonly rooms: NoticeRooms,
    private readonly now: () => InstantMs = Date.now,
  ) {
    this.settings = readSettings(provider, settings, z.object({}));
    this.http = new GatewayHttp(this.settings.timeoutMs, rooms.snsTrust.ca);
    this.certificates = new SnsCertificates(this.http);
  }

  async readMessage({ way, rawBody }: GatewayMessage): Promise<ReadMessage> {
    if (way !== 'notice') return { refused: 'not-a-notice' };
    const message = parseSnsEnvelope(rawBody);
    if (!message) return { refused: 'envelope-malformed' };
    // The cheap questions first: only who knows our topic makes us fetch anything.
    if (message.TopicArn !== this.settings.topicArn) return { refused: 'topic-foreign' };
    if (!isCertificateUrl(message.SigningCertURL, this.rooms.snsTrust)) return { refused: 'certificate-host-foreign' };
    const found = await this.certificates.keyOf(message.SigningCertURL, this.now());
    if ('refused' in found) {
      if (found.refused !== 'certificate-unreachable') return { refused: found.refused };
      // It may be a good one: not taken now, so that Amazon brings it again.
      throw new DomainError<CheckoutErrorCode>('gateway-unavailable', { reason: found.refused });
    }
    if (!isSignedBy(message, found.key)) return { refused: 'signature-wrong' };
    return { claim: claimOf(message) };
  }

  async work({ rawBody, receivedAt, provider }: KeptMessage): Promise<MessageTurn> {
    const message = parseSnsEnvelope(rawBody);
    if (!message) return { done: 'envelope-malformed' };
    if (message.Type === 'UnsubscribeConfirmation') return { done: 'unsubscribed' };
    if (message.Type === 'SubscriptionConfirmation') return this.subscribe(message.SubscribeURL, receivedAt);
    const notice = parseBkashNotice(message.Message);
    if (!notice) return { done: 'no-payment' };
    if (notice.transactionStatus !== 'Completed') return { done: 'not-completed' };
    if (notice.currency !== 'BDT') return { done: 'other-currency' };
    if (notice.creditShortCode !== this.settings.shortCode) return { done: 'other-short-code' };
    const covered = await coveredProviders(this.rooms.database, this.settings.covers);
    for (const each of covered) {
      const known = await this.knownTo(each, notice, receivedAt);
      if (known) return known;
    }
    const graceEnds = receivedAt + this.settings.graceMinutes * 60_000;
    if (this.now() < graceEnds) return { againAt: Math.min(graceEnds, this.now() + 60_000) };
    return this.keep(provider, homeOf(covered, notice), notice);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** @returns undefined: this provider has not heard of it */
  private async knownTo(
    covered: CoveredProvider,
    notice: BkashNotice,
    receivedAt: InstantMs,
  ): Promise<MessageTurn | undefined> {
    const { code } = covered;
    const { database, vending, orderOfTrx } = this.rooms;
    const { trxID, merchantInvoiceNumber: orderNo } = notice;
    if ((await vending.findByKey(sourceOfProvider(covered), trxID)) || (await orderOfTrx(code, trxID)))
      return { done: 'known' };
    const commit = await billerCommitState(database, code, trxID);
    // Refused: the company gives it back by its own contract, and the statement shows whether it did.
    if (commit) return { done: commit === 'REFUSED' ? 'refused-to-biller' : 'known' };
    const order = orderNo === undefined ? undefined : await orderOfInvoice(database, code, orderNo);
    // An order that another transaction has paid: this one is money of its own.
    if (!order || order.trxId !== null || this.now() - receivedAt > ORDER_WITHIN_MS) return undefined;
    await database.transaction((tx) => wakeOrder(tx, order.orderId, new Date(this.now())));
    return { againAt: this.now() + Math.min(600_000, Math.max(15_000, (this.now() - receivedAt) / 2)) };
  }

  /** Books it as owed back: the reference is what somebody typed, no proof of whose meter it was. */
  private async keep(provider: Provider, home: CoveredProvider, notice: BkashNotice): Promise<MessageTurn> {
    const typed = hintOf(notice);
    try {
      const { record } = await this.rooms.vending.recharge({
        ...{
          source: sourceOfProvider(home),
          sourceRef: notice.trxID,
          channel: 'callback',
          actor: `partner:${provider.code}`,
        },
        ...{ meterId: null, unresolvedCode: 'money-without-order', reference: typed, grossPaisa: notice.amount },
        ...{ moneyIsTaken: true, keepWhenRefused: true },
      });
      if (typed !== '') {
        await this.rooms.database.transaction((tx) => keepTypedReference(tx, record.rechargeId, typed));
      }
      return { done: 'money-without-order' };
    } catch (error) {
      // It has come the other way in the meantime.
      if (!isDomainError(error) || error.code !== 'transaction-conflict') throw error;
      return { done: 'known' };
    }
  }

  private async subscribe(url: string, receivedAt: InstantMs): Promise<MessageTurn> {
    if (!isTrustedUrl(url, this.rooms.snsTrust)) return { done: 'subscribe-host-foreign' };
    const outcome = await this.http.call({ method: 'GET', url, headers: { accept: '*/*' } });
    if (outcome.kind === 'answer' && outcome.status === 200) return { done: 'subscribed' };
    if (this.now() - receivedAt > SUBSCRIBE_WITHIN_MS) return { done: 'subscription-expired' };
    return { againAt: this.now() + 60_000 };
  }
}

function claimOf(message: SnsEnvelope): Extract<ReadMessage, { claim: unknown }>['claim'] {
  const notice = message.Type === 'Notification' ? parseBkashNotice(message.Message) : undefined;
  return {
    eventKey: `${message.Type}/${message.MessageId}`,
    orderNo: notice?.merchantInvoiceNumber ?? null,
    gatewayRef: null,
    trxId: notice?.trxID ?? null,
    claims: notice?.transactionStatus === 'Completed' ? 'paid' : 'other',
  };
}

/** Under whose name money without an order is booked: where a late call for it would come in. */
function homeOf(covered: readonly CoveredProvider[], { merchantInvoiceNumber }: BkashNotice): CoveredProvider {
  const isCheckout = ({ profile }: CoveredProvider) => (CHECKOUT_PROFILES as readonly string[]).includes(profile);
  const likely = covered.find((each) => isCheckout(each) === (merchantInvoiceNumber !== undefined));
  const home = likely ?? covered[0];
  if (!home) throw new Error('a webhook covers no provider that there is');
  return home;
}

/** How rows of the bKash webhook are read. */
export const BKASH_WEBHOOK: Contract<NoticeRooms, NoticeListener> = {
  credentialNames: [],
  settingNames: [
    { name: 'topicArn', optional: false },
    { name: 'shortCode', optional: false },
    { name: 'covers', optional: false },
    { name: 'graceMinutes', optional: true },
    { name: 'timeoutMs', optional: true },
  ],
  open: (provider, rooms) => new BkashWebhook(provider, rooms),
};
