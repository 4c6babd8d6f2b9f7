import { DomainError } from '@vend/kernel';
import { z } from 'zod';
import type { ReceivedSms } from './inbound-sms';

/** The agreed body is under 2 kB. */
const PUSH_MAX_BYTES = 8_192;

const PUSH = z.strictObject({
  /** The gateway's own name of the message: repeated when the message is. */
  messageId: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  from: z.string().min(1).max(20),
  to: z.string().min(1).max(20),
  text: z.string().max(2_000),
});

/**
 * Reads the body of a gateway's push, after its signature was found good on the same bytes.
 *
 * @param rawBody the bytes as received
 * @throws {DomainError} event-too-large, event-malformed, naming the first wrong field and never its value
 * @example parseSmsPush(Buffer.from('{"messageId":"M1","from":"8801700000001","to":"16603","text":"BAL"}')).text // 'BAL'
 */
export function parseSmsPush(rawBody: Buffer): ReceivedSms & { readonly messageId: string } {
  if (rawBody.length > PUSH_MAX_BYTES) throw new DomainError('event-too-large', { maximumBytes: PUSH_MAX_BYTES });
  let json: unknown;
  try {
    json = JSON.parse(rawBody.toString('utf8'));
  } catch {
    throw new DomainError('event-malformed', { field: 'body' });
  }
  const parsed = PUSH.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new DomainError('event-malformed', { field: String(issue.path[0] ?? 'body') });
}
