/** Carries the plan out: so many payers at a time, parts of ours struck in between, and whatever is open asked for again. */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../docker/launcher/processes';
import type { Part, System } from '../support/system';
import type { Payers, Sight } from './channels';
import type { Blow, Channel, PlannedPayment } from './plan';

/** What was seen at the payers' side of one channel. */
export interface ChannelCount {
  begun: number;
  ended: number;
  waiting: number;
  /** Asked again because nobody had answered. */
  again: number;
  /** Of each first story, in milliseconds. */
  readonly tookMs: number[];
}

export interface DriverSettings {
  readonly clients: number;
  /** A part stays away, or asleep, until so many more payments have been begun … */
  readonly awayPayments: number;
  /** … or so long: while the api is away few are. */
  readonly awayMs: number;
}

/** A company asks again after so long. */
const AGAIN_AFTER_MS = 2_000;
const AGAIN_MAX = 60;
const STARTS_MAX = 5;

interface Open {
  readonly payment: PlannedPayment;
  readonly dueMs: number;
  readonly attempt: number;
}

export class Driver {
  readonly counts = new Map<Channel, ChannelCount>();
  readonly struck: string[] = [];
  /** Payments whose company has no answer, and stories that could not be played. */
  readonly wrong: string[] = [];
  private begun = 0;
  private blowsAreOver = false;
  private readonly open: Open[] = [];
  private readonly startedMs = performance.now();

  constructor(
    private readonly system: System,
    private readonly payers: Payers,
    private readonly plan: readonly PlannedPayment[],
    private readonly blows: readonly Blow[],
    private readonly settings: DriverSettings,
  ) {}

  get progress(): string {
    const channels = [...this.counts].map(([channel, { begun }]) => `${channel} ${begun}`).join(', ');
    const perSecond = (this.begun / (performance.now() - this.startedMs)) * 1_000;
    const minutes = Math.ceil((this.plan.length - this.begun) / Math.max(perSecond, 0.01) / 60);
    return (
      `${this.begun} of ${this.plan.length} begun (${channels}), ${this.open.length} open, ${this.struck.length} blows; ` +
      `${perSecond.toFixed(1)} a second, ${minutes} min left`
    );
  }

  /** Resolves when every payment was begun, every part is up, and every company has an answer or goes on by itself. */
  async run(): Promise<void> {
    const clients = Array.from({ length: this.settings.clients }, () => this.client());
    const striking = this.strikeAll().catch(async (error: unknown) => {
      this.blowsAreOver = true;
      this.wrong.push(`a blow could not be struck: ${(error as Error).message}`);
      await this.system.bringBack();
    });
    await Promise.all([...clients, striking]);
    await Promise.all(Array.from({ length: this.settings.clients }, () => this.finish()));
  }

  private async client(): Promise<void> {
    while (this.begun < this.plan.length) {
      const due = this.takeDue();
      if (due) await this.askAgain(due);
      else if (this.begun < this.allowed) await this.begin(this.plan[this.begun++]!);
      else await pause(20);
    }
  }

  /** While a part is away, no more than up to the blow after: each falls where it was planned, however slow a start is. */
  private get allowed(): number {
    if (this.blowsAreOver) return this.plan.length;
    return this.blows[this.struck.length + 1]?.atPayment ?? this.plan.length;
  }

  private async begin(payment: PlannedPayment): Promise<void> {
    const count = this.countOf(payment.channel);
    count.begun += 1;
    const startedMs = performance.now();
    const sight = await this.play(payment, false);
    count.tookMs.push(performance.now() - startedMs);
    this.note(payment, sight, 0);
  }

  private async askAgain({ payment, attempt }: Open): Promise<void> {
    this.countOf(payment.channel).again += 1;
    this.note(payment, await this.play(payment, true), attempt);
  }

  private async play(payment: PlannedPayment, again: boolean): Promise<Sight> {
    try {
      return await this.payers.pay(payment, again);
    } catch (error) {
      this.wrong.push(`payment ${payment.no} (${payment.company.code}): ${(error as Error).message}`);
      return 'ended';
    }
  }

  private note(payment: PlannedPayment, sight: Sight, attempt: number): void {
    const count = this.countOf(payment.channel);
    if (sight === 'ended') count.ended += 1;
    if (sight === 'waiting') count.waiting += 1;
    if (sight !== 'open') return;
    if (attempt < AGAIN_MAX)
      this.open.push({ payment, attempt: attempt + 1, dueMs: performance.now() + AGAIN_AFTER_MS });
    else this.wrong.push(`payment ${payment.no} (${payment.company.code}): nobody answered ${AGAIN_MAX} times`);
  }

  private takeDue(): Open | undefined {
    return this.open[0] && this.open[0].dueMs <= performance.now() ? this.open.shift() : undefined;
  }

  private async finish(): Promise<void> {
    while (this.open.length > 0) {
      const due = this.takeDue();
      if (due) await this.askAgain(due);
      else await pause(100);
    }
  }

  /** One at a time; each part is back before the next is struck. */
  private async strikeAll(): Promise<void> {
    for (const blow of this.blows) {
      await until(() => this.begun >= Math.min(blow.atPayment, this.plan.length), 3_600_000);
      await this.strike(blow);
    }
  }

  private async strike({ part, kind }: Blow): Promise<void> {
    const goal = Math.min(this.begun + this.settings.awayPayments, this.plan.length);
    if (kind === 'kill') await this.system.kill(part);
    else this.system.pause(part);
    await until(() => this.begun >= goal, this.settings.awayMs);
    if (kind === 'kill') await this.startAgain(part);
    else this.system.resume(part);
    this.struck.push(`${part} ${kind === 'kill' ? 'killed' : 'paused'}`);
  }

  /** A start that fails because the machine is too busy is tried again, as whoever looks after processes does. */
  private async startAgain(part: Part): Promise<void> {
    for (let starts = 1; ; starts++) {
      try {
        return await this.system.startAgain(part);
      } catch (error) {
        if (starts === STARTS_MAX) throw error;
      }
    }
  }

  private countOf(channel: Channel): ChannelCount {
    const count = this.counts.get(channel) ?? { begun: 0, ended: 0, waiting: 0, again: 0, tookMs: [] };
    this.counts.set(channel, count);
    return count;
  }
}
