import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AppendLog } from '../append-log';

const paisa = z.string().transform(BigInt);
const attempt = z.object({
  valId: z.string(),
  bankTranId: z.string(),
  amountPaisa: paisa,
  status: z.enum(['VALID', 'FAILED', 'CANCELLED', 'EXPIRED']),
  /** Until then the gateway says FAILED of what it will say VALID of afterwards. */
  failedUntil: z.number(),
  risky: z.boolean(),
  /** Somebody has asked the validator: from then on it says VALIDATED. */
  validated: z.boolean(),
  at: z.number(),
});
const refund = z.object({
  refundRef: z.string(),
  refeId: z.string(),
  bankTranId: z.string(),
  amountPaisa: paisa,
  at: z.number(),
});
const stored = z.object({
  sessionkey: z.string(),
  provider: z.string(),
  tranId: z.string(),
  amountPaisa: paisa,
  reference: z.string(),
  successUrl: z.string(),
  failUrl: z.string(),
  cancelUrl: z.string(),
  ipnUrl: z.string(),
  createdAt: z.number(),
  attempts: z.array(attempt),
  refunds: z.array(refund),
});
/** What a merchant asked for, what payers tried, and what was given back. */
export type CardSession = z.output<typeof stored>;
export type CardAttempt = CardSession['attempts'][number];
export type CardRefund = CardSession['refunds'][number];

/** What a session can be looked for by: our order, its validation, the bank's number, a refund's two numbers. */
export type CardName = 'order' | 'validation' | 'bank' | 'refund' | 'reference';

/** The sessions of the card gateway, which survive kill -9. */
export class SslcommerzSessions {
  private readonly sessions = new Map<string, CardSession>();
  private readonly names = new Map<string, Set<string>>();
  private log!: AppendLog;

  private constructor() {
    // opened by `open`
  }

  static async open(directory: string): Promise<SslcommerzSessions> {
    const opened = new SslcommerzSessions();
    opened.log = await AppendLog.open(join(directory, 'sslcommerz-sessions.ndjson'), {
      apply: (record) => opened.keep(stored.parse(record)),
      snapshot: () => [...opened.sessions.values()].map(recordOf),
    });
    return opened;
  }

  find(provider: string, sessionkey: string): CardSession | undefined {
    const found = this.sessions.get(sessionkey);
    return found?.provider === provider ? found : undefined;
  }

  /** The sessions that something of this kind names, the oldest first. */
  named(provider: string, kind: CardName, name: unknown): CardSession[] {
    const keys = this.names.get(`${provider}/${kind}/${String(name)}`) ?? new Set();
    return [...keys].map((key) => this.sessions.get(key)!);
  }

  /** Resolves when a restart will find it; in memory it is there at once. */
  async save(session: CardSession): Promise<CardSession> {
    this.keep(session);
    await this.log.append(recordOf(session));
    return session;
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private keep(session: CardSession): void {
    const { sessionkey, provider, tranId, attempts, refunds } = session;
    this.sessions.set(sessionkey, session);
    const names: (readonly [CardName, string])[] = [
      ['order', tranId],
      ...attempts.flatMap(({ valId, bankTranId }) => [['validation', valId] as const, ['bank', bankTranId] as const]),
      ...refunds.flatMap(({ refundRef, refeId }) => [['refund', refundRef] as const, ['reference', refeId] as const]),
    ];
    for (const [kind, name] of names) {
      const key = `${provider}/${kind}/${name}`;
      this.names.set(key, (this.names.get(key) ?? new Set()).add(sessionkey));
    }
  }
}

function recordOf(session: CardSession): unknown {
  return JSON.parse(
    JSON.stringify(session, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}

/** Upper-case hexadecimal, as its session keys are. */
export function newSessionKey(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

/** A number as the gateway makes them: the time, then letters. */
export function newNumber(at: number): string {
  const time = new Date(at + 6 * 3_600_000).toISOString().replace(/\D/g, '').slice(2, 14);
  return `${time}${randomBytes(9).toString('base64url').replace(/[-_]/g, 'x')}`;
}
