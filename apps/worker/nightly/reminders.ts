import {
  dhakaDay,
  formatTaka,
  monthOfDay,
  nextMonth,
  quietUntil,
  startOfDay,
  type Id,
  type InstantMs,
  type LocalDay,
  type QuietHours,
} from '@vend/kernel';
import { optedOut } from '@vend/inbound';
import { TEMPLATES, type TemplateCode } from '@vend/messages';
import type { Database } from '@vend/platform';
import { queueMessages } from '@vend/sms';
import { idleMeters, metersInArrears, type MeterToRemind, type WalkPage } from '@vend/vending';

/** Meters of one transaction. */
const PAGE = 1_000;
/** A bill leaves time to come to a counter. */
const PAY_WITHIN_MS = 14 * 86_400_000;

interface Reminder extends MeterToRemind {
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Queues what customers hear once a month, after its last day: who recharged nothing in it, and who owes arrears. Page by
 * page, each in its own transaction; run again it queues nothing twice, because month and meter are the message's key.
 *
 * @param day the business day that has ended; on any other than the last of a month there is nothing to do
 * @returns how many were looked up for each
 * @example await remindOfMonth(database, '2026-11-30', { quietHours, now: Date.now() })
 */
export async function remindOfMonth(
  database: Database,
  day: LocalDay,
  { quietHours, now }: { readonly quietHours: QuietHours | undefined; readonly now: InstantMs },
): Promise<{ idle: number; arrears: number }> {
  const month = monthOfDay(day);
  const isLast = monthOfDay(dhakaDay(startOfDay(day) + 86_400_000)) === nextMonth(month);
  if (!isLast) return { idle: 0, arrears: 0 };
  const once = `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`;
  const dueAt = quietUntil(quietHours, now) ?? now;
  const queue = async (template: TemplateCode, page: readonly Reminder[]) => {
    const opted = TEMPLATES[template].optOut
      ? await optedOut(database, [...new Set(page.map(({ customerId }) => customerId))])
      : new Set<Id>();
    const messages = page
      .filter(({ customerId }) => !opted.has(customerId))
      .map(({ meterId, customerId, values }) => ({
        ...{ template, once, values, dueAt },
        subject: { kind: 'meter', id: meterId } as const,
        recipient: { kind: 'customer', id: customerId } as const,
      }));
    await database.transaction((tx) => queueMessages(tx, messages, new Date(now)));
  };
  const since = startOfDay(`${once}-01`);
  const idle = await walk(
    async (page) => {
      const found = await idleMeters(database, since, page);
      return found.map(({ lastAt, ...meter }) => ({
        ...meter,
        values: { meter: meter.pan, month: monthText(once), last: lastAt === null ? '' : dayText(lastAt) },
      }));
    },
    (page) => queue('idle-month', page),
  );
  const due = dayText(dueAt + PAY_WITHIN_MS);
  const arrears = await walk(
    async (page) => {
      const found = await metersInArrears(database, page);
      return found.map(({ arrearsPaisa, ...meter }) => ({
        ...meter,
        values: { meter: meter.pan, amount: formatTaka(arrearsPaisa), due },
      }));
    },
    (page) => queue('arrears-bill', page),
  );
  return { idle, arrears };
}

async function walk(
  next: (page: WalkPage) => Promise<Reminder[]>,
  queue: (page: readonly Reminder[]) => Promise<void>,
): Promise<number> {
  let total = 0;
  for (let after: Id | null = null; ;) {
    const page = await next({ after, limit: PAGE });
    if (page.length > 0) await queue(page);
    total += page.length;
    if (page.length < PAGE) return total;
    after = page.at(-1)!.meterId;
  }
}

/** @example monthText('2026-11') // '11/2026' */
function monthText(month: string): string {
  return month.split('-').reverse().join('/');
}

/** 30/11/2026, in Dhaka. */
function dayText(at: InstantMs): string {
  return dhakaDay(at).split('-').reverse().join('/');
}
