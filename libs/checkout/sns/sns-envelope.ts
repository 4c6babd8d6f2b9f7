import { createVerify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { jsonObject } from '../gateway-http';

const word = z.string().regex(/^[\x21-\x7e]{1,2000}$/);
const signed = {
  MessageId: z.string().regex(/^[\w-]{1,100}$/),
  TopicArn: z.string().regex(/^arn:aws[\w-]*:sns:[\w-]+:\d+:[\w.-]{1,256}$/),
  Message: z.string().max(32_768),
  Timestamp: word,
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().regex(/^[A-Za-z0-9+/]{64,2000}={0,2}$/),
  SigningCertURL: word,
};
const envelope = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('Notification'), ...signed, Subject: z.string().max(1_000).optional() }),
  z.object({ Type: z.literal('SubscriptionConfirmation'), ...signed, Token: word, SubscribeURL: word }),
  z.object({ Type: z.literal('UnsubscribeConfirmation'), ...signed, Token: word, SubscribeURL: word }),
]);

/** A message of Amazon's Simple Notification Service as it is posted to us, its signature not yet looked at. */
export type SnsEnvelope = z.output<typeof envelope>;

/** What is signed, in the order of bytes; Subject only where there is one (CHANNELS.md, 3). */
const SIGNED_KEYS = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;
/** By SignatureVersion. */
const ALGORITHMS = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' } as const;

/** @returns undefined for bytes that are no such message; the content type says text/plain whatever they are */
export function parseSnsEnvelope(rawBody: Buffer): SnsEnvelope | undefined {
  const body = jsonObject(rawBody.toString('utf8'));
  if (!body) return undefined;
  // Some senders write what is not there as null.
  return envelope.safeParse({ ...body, Subject: body['Subject'] ?? undefined }).data;
}

/**
 * The text that is signed: `key\nvalue\n` for each key that counts.
 *
 * @example canonicalText({ Type: 'Notification', Message: 'a', … }) // 'Message\na\nMessageId\n…\n'
 */
export function canonicalText(message: SnsEnvelope): string {
  const values = message as Readonly<Record<string, string | undefined>>;
  return SIGNED_KEYS[message.Type]
    .filter((key) => values[key] !== undefined)
    .map((key) => `${key}\n${values[key]}\n`)
    .join('');
}

/** True when the signature is of this message, by this key and in the version that it says. */
export function isSignedBy(message: SnsEnvelope, key: KeyObject): boolean {
  const verify = createVerify(ALGORITHMS[message.SignatureVersion]).update(canonicalText(message), 'utf8');
  return verify.verify(key, message.Signature, 'base64');
}
