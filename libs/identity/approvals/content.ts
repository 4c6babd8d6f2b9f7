import { createHash } from 'node:crypto';

/** Exactly what a second person is asked about; amounts as decimal strings. Never a token, key or phone number. */
export type ApprovalContent = Readonly<Record<string, string | number | boolean | null>>;

/** The same content is the same text, in whatever order its fields were written. */
export function contentText(content: ApprovalContent): string {
  return JSON.stringify(Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** SHA-256 over subject and content: what the second person's word covers. */
export function contentHash(subject: string, content: ApprovalContent): Buffer {
  return createHash('sha256')
    .update(`${subject}\n${contentText(content)}`)
    .digest();
}
