import { webhookHeaders, type InstantMs, type WebhookHeaders } from '@vend/kernel';

/** The headers of a signed message (Standard Webhooks 1.0), and whose key it was. */
export interface SignedHeaders extends WebhookHeaders {
  readonly 'x-key-id': string;
}

/** Signs a message that goes out now. @example signedHeaders({ keyId, secret }, loadId, body, Date.now()) */
export function signedHeaders(
  { keyId, secret }: { readonly keyId: string; readonly secret: Buffer },
  id: string,
  body: Uint8Array,
  nowMs: InstantMs,
): SignedHeaders {
  return { 'x-key-id': keyId, ...webhookHeaders([secret], id, body, nowMs) };
}
