import { createSign, randomUUID } from 'node:crypto';
import { formatInstant, formatTaka } from '@vend/kernel';

/** Who signs, and what is said in its name. */
export interface SnsSender {
  readonly topicArn: string;
  readonly shortCode: string;
  readonly signingKey: string;
  /** Where its certificate is fetched. */
  readonly certificateUrl: string;
}

interface SnsStyle {
  readonly version: '1' | '2';
  readonly subject: boolean;
}

/** What bKash tells of a payment. */
interface PaymentNotice {
  readonly trxId: string;
  readonly reference: string;
  readonly orderNo: string | null;
  readonly amountPaisa: bigint;
  readonly at: number;
}

type Envelope = Record<string, string>;
const SIGNED = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** A notification of a payment, signed. */
export function notification(sender: SnsSender, notice: PaymentNotice, style: SnsStyle): string {
  const { trxId: trxID, reference, orderNo, amountPaisa, at } = notice;
  const message = {
    dateTime: formatInstant(at).replace(/\D/g, '').slice(0, 14),
    ...{ debitMSISDN: '8801700000001', creditOrganizationName: 'Demo utility', creditShortCode: sender.shortCode },
    ...{ trxID, transactionStatus: 'Completed', transactionType: orderNo === null ? '10003126' : '10002294' },
    ...{ amount: formatTaka(amountPaisa).replace(/\.00$/, ''), currency: 'BDT', transactionReference: reference },
    ...(orderNo !== null && { merchantInvoiceNumber: orderNo }),
  };
  const subject: Envelope = style.subject ? { Subject: 'Payment notification' } : {};
  return signed(sender, { Type: 'Notification', ...subject, Message: JSON.stringify(message) }, style.version);
}

/** The question whether we want to be told. */
export function subscriptionConfirmation(sender: SnsSender, token: string): string {
  const url = new URL('/', sender.certificateUrl);
  url.search = new URLSearchParams({
    Action: 'ConfirmSubscription',
    TopicArn: sender.topicArn,
    Token: token,
  }).toString();
  const asked = {
    Message: `You have chosen to subscribe to the topic ${sender.topicArn}.`,
    SubscribeURL: url.toString(),
  };
  return signed(sender, { Type: 'SubscriptionConfirmation', Token: token, ...asked }, '1');
}

function signed({ topicArn, signingKey, certificateUrl }: SnsSender, said: Envelope, version: '1' | '2'): string {
  const envelope: Envelope = {
    ...said,
    ...{ MessageId: randomUUID(), TopicArn: topicArn, Timestamp: new Date().toISOString(), SignatureVersion: version },
    SigningCertURL: certificateUrl,
  };
  const text = SIGNED.flatMap((key) => (envelope[key] === undefined ? [] : [key, envelope[key]]))
    .map((line) => `${line}\n`)
    .join('');
  const sign = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text, 'utf8');
  return JSON.stringify({ ...envelope, Signature: sign.sign(signingKey, 'base64') });
}
