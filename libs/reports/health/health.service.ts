import { dhakaDay, startOfDay, type InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { readAttention } from '../store/attention.store';
import { readPaymentHealth, readSmsSince } from '../store/health.store';
import type { Attention, AttentionKind, PaymentHealth, SmsToday } from './attention';

/** What waits for somebody, and how the ways in for money and out for SMS are. */
export class Health {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * How much of each kind waits, of these offices; money that belongs to no office yet is everybody's.
   *
   * @example await health.attention(['failed-sms'], 'all') // [{ kind: 'failed-sms', count: 2, … }]
   */
  attention(kinds: readonly AttentionKind[], offices: 'all' | readonly string[]): Promise<Attention[]> {
    return this.database.reads((reader) => readAttention(reader, kinds, offices, this.now()));
  }

  /** Every company and gateway, by name. @example (await health.payments())[0]?.lastHour.refused // 0 */
  payments(): Promise<PaymentHealth[]> {
    return this.database.reads((reader) => readPaymentHealth(reader, this.now()));
  }

  /** Messages of the Dhaka day, by state. @example (await health.smsToday()).delivered // 812 */
  smsToday(): Promise<SmsToday> {
    return readSmsSince(this.database, startOfDay(dhakaDay(this.now())));
  }
}
