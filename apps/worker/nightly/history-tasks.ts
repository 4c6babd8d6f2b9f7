import { forgetAnswers } from '@vend/billers';
import { forgetGatewayMessages } from '@vend/checkout';
import { startOfDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { forgetDelivered } from '@vend/webhooks';
import type { WorkerConfig } from '../worker.config';
import type { NightlyTask } from './nightly';

const DAY_MS = 86_400_000;
/** So many days at a time, so that nights that nobody worked are made up for. */
const ANSWER_DAYS = 31;

/** For how many days what companies and we have told each other is kept. */
export type KeepDays = Pick<
  WorkerConfig,
  'WEBHOOKS_KEEP_DAYS' | 'GATEWAY_MESSAGES_KEEP_DAYS' | 'BILLER_ANSWERS_KEEP_DAYS'
>;

/** The night's forgetting of what nobody will ask for any more (ADR 0041). */
export function historyTasks(database: Database, keep: KeepDays): NightlyTask[] {
  const task = (name: string, at: string, forget: (dayStart: number) => Promise<number>): NightlyTask => ({
    ...{ name, at },
    run: async (day) => ({ faults: [], figures: { forgotten: await forget(startOfDay(day)) } }),
  });
  return [
    task('webhooks-forgotten', '02:45', (start) => forgetDelivered(database, start - keep.WEBHOOKS_KEEP_DAYS * DAY_MS)),
    task('gateway-messages-forgotten', '02:50', (start) =>
      forgetGatewayMessages(database, start - keep.GATEWAY_MESSAGES_KEEP_DAYS * DAY_MS),
    ),
    task('biller-answers-forgotten', '02:55', (start) => {
      const until = start - keep.BILLER_ANSWERS_KEEP_DAYS * DAY_MS;
      return forgetAnswers(database, { from: until - ANSWER_DAYS * DAY_MS, until });
    }),
  ];
}
