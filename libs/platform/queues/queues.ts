import { Redis } from 'ioredis';
import { z } from 'zod';
import { isId, type Id } from '@vend/kernel';
import type { Topic } from './outbox';

/**
 * One queue per topic. A job says which rows to look at and nothing else: no token, amount or phone number ever
 * enters Redis, and a job that runs twice finds its work done.
 */
export const WAKE_JOB = z.object({ refIds: z.array(z.string().refine(isId)).min(1).max(100) });
export interface WakeJob {
  readonly refIds: readonly Id[];
}

/** The hash tag keeps a queue's keys in one slot of a Redis Cluster. */
export const QUEUE_PREFIX = '{vend}';

/** The BullMQ queue of a topic. */
export function queueName(topic: Topic): string {
  return `wake-${topic}`;
}

/** A connection as BullMQ's workers need it: a lost Redis is waited for, never an exception in the middle of a job. */
export function queueConnection(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(times * 100, 2_000) });
}
