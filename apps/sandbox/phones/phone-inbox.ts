import { join } from 'node:path';
import { dhakaDay, startOfDay, type LocalDay } from '@vend/kernel';
import { z } from 'zod';
import { AppendLog } from '../append-log';

export interface IncomingSms {
  readonly csmsId: string;
  readonly msisdn: string;
  readonly text: string;
}

const receivedSms = z.object({
  /** Rises with every SMS of the sandbox. */
  id: z.number().int().positive(),
  atMs: z.number(),
  csmsId: z.string(),
  msisdn: z.string(),
  text: z.string(),
});
export type ReceivedSms = Readonly<z.output<typeof receivedSms>>;
const stored = z.union([receivedSms, z.object({ day: z.string(), csmsId: z.string() })]);

export interface InboxLimits {
  /** Older SMS of the same phone are forgotten. */
  readonly perPhone: number;
  /** Older SMS of any phone are forgotten: a load test must not fill the memory. */
  readonly inAll: number;
}

/** No daylight saving in Dhaka. */
const DAY_MS = 86_400_000;

/**
 * Every phone's inbox and the gateway's memory of the day's `csms_id`s. An SMS and its `csms_id` are one stored
 * record: both survive kill -9 or neither does.
 */
export class PhoneInbox {
  private readonly phones = new Map<string, ReceivedSms[]>();
  /** Oldest first. */
  private readonly all = new Map<number, ReceivedSms>();
  private taken = new Set<string>();
  private takenDay: LocalDay;
  private takenUntilMs: number;
  private lastId = 0;
  private log!: AppendLog;

  private constructor(
    private readonly now: () => number,
    private readonly limits: InboxLimits,
  ) {
    this.takenDay = dhakaDay(now());
    this.takenUntilMs = startOfDay(this.takenDay) + DAY_MS;
  }

  /** Opens the inbox kept in a directory; `now` in milliseconds since 1970. */
  static async open(
    directory: string,
    now: () => number = Date.now,
    limits: InboxLimits = { perPhone: 200, inAll: 100_000 },
  ): Promise<PhoneInbox> {
    const inbox = new PhoneInbox(now, limits);
    inbox.log = await AppendLog.open(join(directory, 'phones.ndjson'), {
      apply: (record) => inbox.replay(record),
      snapshot: () => inbox.snapshot(),
    });
    return inbox;
  }

  /** True when this `csms_id` was used today (Dhaka); tomorrow it may be used again. */
  hasTaken(csmsId: string): boolean {
    return this.takenToday().has(csmsId);
  }

  /** Puts an SMS into its phone, resolving with it when a restart will find it. The caller has asked `hasTaken`. */
  async receive(sms: IncomingSms): Promise<ReceivedSms> {
    const { csmsId, msisdn, text } = sms;
    const received: ReceivedSms = { id: this.lastId + 1, atMs: this.now(), csmsId, msisdn, text };
    this.takenToday().add(csmsId);
    this.keep(received);
    await this.log.append(received);
    return received;
  }

  /** A phone's SMS, oldest first. */
  messages(msisdn: string): readonly ReceivedSms[] {
    return this.phones.get(msisdn) ?? [];
  }

  /** The phones that received something, the latest first. */
  recentPhones(count: number): string[] {
    const recent = new Set<string>();
    for (const { msisdn } of [...this.all.values()].reverse()) {
      if (recent.size >= count) break;
      recent.add(msisdn);
    }
    return [...recent];
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private takenToday(): Set<string> {
    const nowMs = this.now();
    if (nowMs >= this.takenUntilMs) {
      this.taken = new Set();
      this.takenDay = dhakaDay(nowMs);
      this.takenUntilMs = startOfDay(this.takenDay) + DAY_MS;
    }
    return this.taken;
  }

  private keep(sms: ReceivedSms): void {
    this.lastId = sms.id;
    this.all.set(sms.id, sms);
    const messages = this.phones.get(sms.msisdn) ?? [];
    messages.push(sms);
    this.phones.set(sms.msisdn, messages);
    if (messages.length > this.limits.perPhone) this.forgetOldestOf(sms.msisdn);
    if (this.all.size > this.limits.inAll) this.forgetOldestOf(this.all.values().next().value!.msisdn);
  }

  /** The oldest SMS of all is also the oldest of its phone. */
  private forgetOldestOf(msisdn: string): void {
    const messages = this.phones.get(msisdn)!;
    this.all.delete(messages.shift()!.id);
    if (messages.length === 0) this.phones.delete(msisdn);
  }

  private replay(record: unknown): void {
    const parsed = stored.parse(record);
    const day = 'day' in parsed ? parsed.day : dhakaDay(parsed.atMs);
    if (day === this.takenDay) this.taken.add(parsed.csmsId);
    if ('id' in parsed) this.keep(parsed);
  }

  private *snapshot(): Iterable<unknown> {
    for (const csmsId of this.takenToday()) yield { day: this.takenDay, csmsId };
    yield* this.all.values();
  }
}
