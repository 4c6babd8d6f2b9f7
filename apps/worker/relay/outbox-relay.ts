import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Id } from '@vend/kernel';
import {
  BULK_TOPICS,
  counter,
  dueTopics,
  gauge,
  outboxFigures,
  QUEUE_PREFIX,
  queueName,
  takeDue,
  TOPICS,
  type Database,
  type DueItem,
  type Topic,
  type WakeJob,
} from '@vend/platform';

export interface RelaySettings {
  /** How long it rests between two looks. */
  readonly pollMs: number;
  readonly leaseMs: number;
}

/** How many references one job carries: an SMS call takes a hundred, a vend group sixty-four. */
const REFS_PER_JOB: Readonly<Record<Topic, number>> = {
  receipt: 50,
  'pending-vend': 32,
  inbox: 32,
  'gateway-message': 16,
  // Few, for a job is as slow as the slowest answer of a gateway.
  checkout: 4,
  'checkout-refund': 4,
  case: 16,
  'sms-token': 50,
  'sms-code': 50,
  'sms-pending': 50,
  'sms-reminder': 50,
  'sms-notice': 50,
  'remote-load': 16,
  'meter-link-event': 32,
  import: 1,
  'statement-import': 1,
  'sms-inbound': 32,
  'portal-code': 32,
};

/**
 * Jobs that may wait in a queue: no look takes more of a topic than fits; of bulk work about what a slow gateway takes
 * within a lease. Without a bound what waits for longer than its lease is offered over and over: 2,400 orders that a slow
 * gateway held up were 14,000 jobs, and a payment that had just been made was behind them all.
 */
const WAITING = 8;
const BULK_WAITING = 4;

/** Counting walks the table, so it is done seldom. */
const COUNT_EVERY_MS = 5_000;

/**
 * Wakes people: takes due outbox rows and puts their references into BullMQ. The rows stay until the work is done,
 * so a job that Redis loses is only a late one. Any number of relays may run.
 */
export class OutboxRelay {
  private readonly queues: ReadonlyMap<Topic, Queue<WakeJob>>;
  private readonly relayed = counter('vend_outbox_relayed_total', 'Outbox rows handed to a queue', ['topic']);
  private readonly rows = gauge('vend_outbox_rows', 'Outbox rows whose effect is not done', ['topic']);
  private readonly oldest = gauge('vend_outbox_oldest_seconds', 'Age of the oldest such row', ['topic']);
  private countedAtMs = 0;
  private stopping = false;
  private running: Promise<void> | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    connection: Redis,
    private readonly settings: RelaySettings,
    private readonly log: Logger,
  ) {
    this.queues = new Map(
      TOPICS.map((topic) => [
        topic,
        new Queue<WakeJob>(queueName(topic), {
          connection,
          prefix: QUEUE_PREFIX,
          defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: 1_000 },
        }),
      ]),
    );
    // A queue without a listener would turn a lost Redis into a crash.
    for (const queue of this.queues.values()) queue.on('error', (error) => this.log.warn({ err: error }, 'queue'));
  }

  start(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.relayOnce();
        if (Date.now() - this.countedAtMs >= COUNT_EVERY_MS) await this.count();
      } catch (error) {
        this.log.warn({ err: error }, 'the outbox could not be relayed; trying again');
      }
      if (!this.stopping) await this.pause();
    }
  }

  /** One look: takes what is due and hands it over. @returns how many rows were taken */
  async relayOnce(): Promise<number> {
    const now = new Date();
    const room = await this.room(await dueTopics(this.database, now));
    if (room.size === 0) return 0;
    const due = await takeDue(this.database, (topic) => room.get(topic) ?? 0, this.settings.leaseMs, now);
    for (const [topic, items] of groupByTopic(due)) {
      const refs = items.map((item) => item.refId);
      await this.queues
        .get(topic)!
        .addBulk(chunks(refs, REFS_PER_JOB[topic]).map((refIds) => ({ name: topic, data: { refIds } })));
      this.relayed.inc({ topic }, refs.length);
    }
    return due.length;
  }

  /** How many rows the queues have room for, those that have any: what waits in the outbox need not be offered over and over. */
  private async room(topics: readonly Topic[]): Promise<ReadonlyMap<Topic, number>> {
    const rooms = topics.map(async (topic): Promise<[Topic, number]> => {
      const most = BULK_TOPICS.includes(topic) ? BULK_WAITING : WAITING;
      const waiting = await this.queues.get(topic)!.getWaitingCount();
      return [topic, Math.max(0, most - waiting) * REFS_PER_JOB[topic]];
    });
    return new Map((await Promise.all(rooms)).filter(([, rows]) => rows > 0));
  }

  private async count(): Promise<void> {
    this.countedAtMs = Date.now();
    const figures = new Map((await outboxFigures(this.database)).map((figure) => [figure.topic, figure]));
    for (const topic of TOPICS) {
      const figure = figures.get(topic);
      this.rows.set({ topic }, figure?.rows ?? 0);
      this.oldest.set({ topic }, figure ? Math.max(0, (Date.now() - figure.oldest.getTime()) / 1_000) : 0);
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.settings.pollMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function groupByTopic(items: readonly DueItem[]): Map<Topic, DueItem[]> {
  const groups = new Map<Topic, DueItem[]>();
  for (const item of items) groups.set(item.topic, [...(groups.get(item.topic) ?? []), item]);
  return groups;
}

function chunks(refs: readonly Id[], size: number): Id[][] {
  return Array.from({ length: Math.ceil(refs.length / size) }, (_, i) => refs.slice(i * size, (i + 1) * size));
}
