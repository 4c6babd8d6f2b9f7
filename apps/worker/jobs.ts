import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Id } from '@vend/kernel';
import { counter, QUEUE_PREFIX, queueName, TOPICS, WAKE_JOB, type Topic, type WakeJob } from '@vend/platform';

/** Works on the rows named; done work is taken out of the outbox by the handler, in the transaction of its effect. */
export interface WakeHandler {
  handle(refIds: readonly Id[]): Promise<void>;
}

/** One handler for each topic: a topic without one does not compile. */
export type WakeHandlers = Readonly<Record<Topic, WakeHandler>>;

/** How many jobs of a topic one process works on at a time. */
const CONCURRENCY: Readonly<Record<Topic, number>> = {
  receipt: 2,
  'pending-vend': 2,
  inbox: 4,
  'gateway-message': 4,
  // They wait for gateways, and a silent one must not hold up the others.
  checkout: 16,
  'checkout-refund': 1,
  case: 2,
  'sms-token': 2,
  'sms-code': 1,
  'sms-pending': 1,
  'sms-reminder': 1,
  'sms-notice': 1,
  'remote-load': 2,
  'meter-link-event': 2,
  import: 2,
  'statement-import': 1,
  'sms-inbound': 2,
  'portal-code': 2,
};

/**
 * Starts a BullMQ worker per topic. A job that fails is not retried by BullMQ: its rows are still in the outbox
 * and come back when their lease ends.
 */
export function startWorkers(handlers: WakeHandlers, connection: Redis, log: Logger): Worker[] {
  const failures = counter('vend_jobs_failed_total', 'Jobs that ended in an exception', ['topic']);
  return TOPICS.map((topic) => {
    const work = async (job: Job<WakeJob>) => handlers[topic].handle(WAKE_JOB.parse(job.data).refIds);
    const worker = new Worker<WakeJob>(queueName(topic), work, {
      connection: connection.duplicate(),
      prefix: QUEUE_PREFIX,
      concurrency: CONCURRENCY[topic],
    });
    worker.on('failed', (_job, error) => {
      failures.inc({ topic });
      log.error({ err: error, topic }, 'job failed; its rows will be offered again');
    });
    worker.on('error', (error) => log.warn({ err: error, topic }, 'worker connection'));
    return worker;
  });
}
