import { counter, gauge, histogram } from '../observability/metrics';

/** How one member of a group came out: an answer, or its own refusal. */
export type Settled<R> = { readonly ok: true; readonly value: R } | { readonly ok: false; readonly error: unknown };

export interface LaneSettings {
  /** Whose lane it is: the label of its figures. */
  readonly name: string;
  /** The most members that share one transaction. */
  readonly groupMax: number;
  /** How many groups may be on their way at once. */
  readonly writers: number;
  /** How many members may wait; above it the lane sheds. */
  readonly backlogMax: number;
  /** What a member is told that finds the lane full. */
  readonly full: () => Error;
}

/** The work of one group: settles every member, in order; throws when the group as a whole failed and left nothing. */
export type GroupWork<M, R> = (members: readonly M[]) => Promise<readonly Settled<R>[]>;

const LABELS = ['lane'] as const;

interface Waiting<M, R> {
  readonly member: M;
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A bounded queue in front of a few writers. A free writer takes whatever waits, one member at a quiet counter and
 * up to `groupMax` at rush hour; there is no timer, so nobody waits for company. The group shares a commit and
 * nothing else: when it fails as a whole, each member is tried again by itself.
 *
 * Why: one commit for 64 recharges holds the shared balance rows once instead of 64 times (PERFORMANCE.md).
 */
export class Lane<M, R> {
  private readonly waiting: Waiting<M, R>[] = [];
  private active = 0;
  private scheduled = false;

  private readonly sizes;
  private readonly backlog;
  private readonly alone;
  private readonly shed;

  constructor(
    private readonly settings: LaneSettings,
    private readonly runGroup: GroupWork<M, R>,
    private readonly runAlone: (member: M) => Promise<R>,
  ) {
    const lane = { lane: settings.name };
    const sizes = [1, 2, 4, 8, 16, 32, 64, 128];
    this.sizes = histogram('vend_lane_group_size', 'Members that shared a transaction', sizes, LABELS).labels(lane);
    this.backlog = gauge('vend_lane_backlog', 'Members waiting in front of the writers', LABELS).labels(lane);
    this.alone = counter(
      'vend_lane_retried_alone_total',
      'Members tried again by themselves after their group failed',
      LABELS,
    ).labels(lane);
    this.shed = counter('vend_lane_shed_total', 'Members refused because the lane was full', LABELS).labels(lane);
  }

  /**
   * Puts a member into the lane and waits for its outcome.
   *
   * @throws {Error} the settings' `full` when the backlog is at its bound; else whatever the work refused this member with
   */
  submit(member: M): Promise<R> {
    if (this.waiting.length >= this.settings.backlogMax) {
      this.shed.inc();
      return Promise.reject(this.settings.full());
    }
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ member, resolve, reject });
      this.schedule();
    });
  }

  /** Looks for work after this turn of the event loop, so that requests read from many sockets in one turn share a group. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      while (this.active < this.settings.writers && this.waiting.length > 0) {
        void this.serve(this.waiting.splice(0, this.settings.groupMax));
      }
      this.backlog.set(this.waiting.length);
    });
  }

  private async serve(group: readonly Waiting<M, R>[]): Promise<void> {
    this.active += 1;
    this.sizes.observe(group.length);
    try {
      if (group.length === 1) await this.serveAlone(group[0]!);
      else await this.serveTogether(group);
    } finally {
      this.active -= 1;
      this.schedule();
    }
  }

  private async serveTogether(group: readonly Waiting<M, R>[]): Promise<void> {
    let outcomes: readonly Settled<R>[];
    try {
      outcomes = await this.runGroup(group.map((waiting) => waiting.member));
    } catch {
      // Whatever broke the group may be one member's doing: the others must not suffer for it.
      this.alone.inc(group.length);
      for (const waiting of group) await this.serveAlone(waiting);
      return;
    }
    group.forEach((waiting, index) => {
      const outcome = outcomes[index]!;
      if (outcome.ok) waiting.resolve(outcome.value);
      else waiting.reject(outcome.error);
    });
  }

  private async serveAlone(waiting: Waiting<M, R>): Promise<void> {
    try {
      waiting.resolve(await this.runAlone(waiting.member));
    } catch (error) {
      waiting.reject(error);
    }
  }
}
