import { z } from 'zod';
import type { SmsMessage, SmsOutcome, SmsRefusalReason, SmsRetryReason } from './sms-gateway';

/** The profile's limit (CHANNELS.md S6). */
export const MESSAGES_PER_CALL = 100;

/** The profile's codes; 4020 to 4022, 4028 and 4030 are listed by the provider without a usable description. */
type Code = 4001 | 4002 | 4003 | 4004 | 4005 | 4020 | 4021 | 4022 | 4023 | 4025 | 4026 | 4027 | 4028 | 4029 | 4030 | 4031 | 5000; // prettier-ignore

type Verdict =
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'retry-later'; readonly reason: SmsRetryReason }
  | { readonly kind: 'refused'; readonly reason: SmsRefusalReason };

const VERDICTS: Readonly<Record<Code, Verdict>> = {
  4001: { kind: 'retry-later', reason: 'gateway-configuration' },
  4002: { kind: 'retry-later', reason: 'gateway-configuration' },
  4003: { kind: 'retry-later', reason: 'gateway-configuration' },
  4004: { kind: 'refused', reason: 'message-malformed' },
  4005: { kind: 'refused', reason: 'message-malformed' },
  4020: { kind: 'refused', reason: 'message-malformed' },
  4021: { kind: 'refused', reason: 'message-malformed' },
  4022: { kind: 'refused', reason: 'message-malformed' },
  4023: { kind: 'duplicate' },
  4025: { kind: 'refused', reason: 'recipient-invalid' },
  4026: { kind: 'refused', reason: 'recipient-blocked' },
  4027: { kind: 'refused', reason: 'text-too-long' },
  4028: { kind: 'retry-later', reason: 'gateway-unexplained' },
  4029: { kind: 'retry-later', reason: 'gateway-throttled' },
  4030: { kind: 'retry-later', reason: 'gateway-unexplained' },
  4031: { kind: 'retry-later', reason: 'gateway-throttled' },
  5000: { kind: 'retry-later', reason: 'gateway-error' },
};

/** What a code means for a message; a code outside the table is retried, its meaning being unknown. */
function verdictOf(code: number | undefined): Verdict {
  const known = code === undefined ? undefined : (VERDICTS as Readonly<Record<number, Verdict>>)[code];
  return known ?? { kind: 'retry-later', reason: 'gateway-unexplained' };
}

const numeric = z.union([z.number().int(), z.string().regex(/^\d{1,6}$/).transform(Number)]); // prettier-ignore
const text = z.union([z.string(), z.number().transform(String)]);

const row = z.object({
  sms_status: z.string(),
  status_message: z.string().nullish(),
  /** Not in every installation; where it is missing the code stands at the head of `status_message`. */
  status_code: numeric.nullish().catch(null),
  csms_id: text,
  reference_id: text.nullish(),
});

const answer = z.object({
  status: z.string(),
  status_code: numeric,
  smsinfo: z
    .array(row)
    .nullish()
    .transform((rows) => rows ?? []),
});
type Answer = z.output<typeof answer>;
type Row = z.output<typeof row>;

/** Reads an answer's body; undefined when it is not the profile's JSON (an HTML page, half a body, an empty one). */
export function parseAnswer(body: string): Answer | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const parsed = answer.safeParse(json);
  return parsed.success ? parsed.data : undefined;
}

/** True when the whole call failed for what may be one message's fault: the caller then asks again in halves. */
export function blamesAMessage(parsed: Answer): boolean {
  return (
    !succeeded(parsed.status) && parsed.smsinfo.length === 0 && verdictOf(parsed.status_code).kind !== 'retry-later'
  );
}

/** One outcome per message, found by `csms_id`: rows may come in any order and some may be missing. */
export function outcomesOf(messages: readonly SmsMessage[], parsed: Answer): SmsOutcome[] {
  const rows = new Map(parsed.smsinfo.map((each) => [each.csms_id, each]));
  return messages.map(({ csmsId }) => {
    const found = rows.get(csmsId);
    if (found) return { csmsId, ...rowOutcome(found) };
    // A success that does not mention the message proves nothing about it.
    if (succeeded(parsed.status)) return retryLater(csmsId, 'gateway-unexplained', true);
    const verdict = verdictOf(parsed.status_code);
    return verdict.kind === 'retry-later' ? retryLater(csmsId, verdict.reason, false) : { csmsId, ...verdict };
  });
}

export function retryLater(csmsId: string, reason: SmsRetryReason, maybeAccepted: boolean): SmsOutcome {
  return { csmsId, kind: 'retry-later', reason, maybeAccepted };
}

type Bare<T> = T extends unknown ? Omit<T, 'csmsId'> : never;

function rowOutcome(found: Row): Bare<SmsOutcome> {
  if (succeeded(found.sms_status)) return { kind: 'accepted', referenceId: found.reference_id ?? null };
  const head = /\b([45]\d{3})\b/.exec(found.status_message ?? '')?.[1];
  const verdict = verdictOf(found.status_code ?? (head === undefined ? undefined : Number(head)));
  return verdict.kind === 'retry-later' ? { ...verdict, maybeAccepted: false } : verdict;
}

function succeeded(status: string): boolean {
  return status.toUpperCase() === 'SUCCESS';
}
