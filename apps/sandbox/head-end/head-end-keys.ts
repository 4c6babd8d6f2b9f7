import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { JsonFile } from '../http/json-file';

const entry = z.object({
  code: z.string().min(1),
  keyId: z.string().min(1),
  /** base64url of the HMAC key's bytes. */
  secret: z
    .string()
    .regex(/^[\w-]+=*$/)
    .transform((text) => Buffer.from(text, 'base64url')),
});
export type HeadEndKey = Readonly<z.output<typeof entry>>;

/** The head-ends that the sandbox plays, out of the same file that the demo data is loaded from. */
export class HeadEndKeys {
  private readonly file: JsonFile<z.ZodArray<typeof entry>> | undefined;

  constructor(path: string | undefined) {
    this.file = path === undefined ? undefined : new JsonFile(path, z.array(entry));
  }

  /** Whose message this is: the signature fits the bytes as they came. Undefined when it fits nobody's key. */
  async signer(headers: Readonly<Record<string, unknown>>, body: Buffer): Promise<HeadEndKey | undefined> {
    const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '');
    const known = (await this.all()).find(({ keyId }) => keyId === text('x-key-id'));
    if (!known) return undefined;
    const expected = Buffer.from(signature(known.secret, text('webhook-id'), text('webhook-timestamp'), body));
    const given = Buffer.from(text('webhook-signature'));
    return given.length === expected.length && timingSafeEqual(given, expected) ? known : undefined;
  }

  private async all(): Promise<readonly HeadEndKey[]> {
    return this.file ? this.file.read() : [];
  }
}

/** Standard Webhooks 1.0, written here a second time: the two sides must agree without sharing code. */
function signature(secret: Buffer, id: string, timestamp: string, body: Buffer): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/** The headers of a callback that goes out now. */
export function callbackHeaders({ keyId, secret }: HeadEndKey, eventId: string, body: Buffer): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  return {
    'content-type': 'application/json',
    'x-key-id': keyId,
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature(secret, eventId, timestamp, body),
  };
}
