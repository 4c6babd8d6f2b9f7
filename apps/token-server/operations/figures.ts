import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { IssueKind, WireOutcome } from '../wire/answers';

/**
 * The figures of this process. prom-client itself and not @vend/platform, which would bring a database driver into the
 * one process that holds vending keys.
 */
@Injectable()
export class Figures {
  readonly registry = new Registry();
  private readonly tokens = this.counter(
    'vend_token_server_issued_total',
    'Requests answered with a new token or set',
    ['caller', 'kind'],
  );
  private readonly repeats = this.counter(
    'vend_token_server_repeated_total',
    'Requests answered with what was answered before',
    ['caller', 'kind'],
  );
  private readonly refusals = this.counter('vend_token_server_refused_total', 'Requests refused, by code', ['code']);
  private readonly callsEnded = this.counter('vend_token_server_calls_total', 'Calls ended, by method and outcome', [
    'method',
    'outcome',
  ]);
  private readonly seconds = this.histogram(
    'vend_token_server_call_seconds',
    'From a call to its answer',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  );
  private readonly sum = { issued: 0, refused: 0 };

  constructor() {
    this.registry.setDefaultLabels({ service: 'token-server' });
  }

  /** Since the process started. */
  get totals(): { readonly issued: number; readonly refused: number } {
    return this.sum;
  }

  issued(caller: string, kind: IssueKind, outcomes: readonly WireOutcome[], repeated: number): void {
    let refused = 0;
    for (const { error } of outcomes) {
      if (!error) continue;
      refused += 1;
      this.refusals.inc({ code: error.code });
    }
    const fresh = outcomes.length - refused - repeated;
    this.sum.issued += fresh;
    this.sum.refused += refused;
    if (fresh > 0) this.tokens.inc({ caller, kind }, fresh);
    if (repeated > 0) this.repeats.inc({ caller, kind }, repeated);
  }

  /** A whole call that its caller may not make. */
  refusedCall(code: string): void {
    this.sum.refused += 1;
    this.refusals.inc({ code });
  }

  called(method: string, outcome: string, seconds: number): void {
    this.callsEnded.inc({ method, outcome });
    this.seconds.observe(seconds);
  }

  /** A figure that is read when somebody looks: one number, or one for each caller. */
  gauge(name: string, help: string, read: () => number | readonly (readonly [caller: string, value: number])[]): void {
    new Gauge({
      name,
      help,
      labelNames: ['caller'],
      registers: [this.registry],
      collect() {
        const value = read();
        if (typeof value === 'number') return this.set(value);
        this.reset();
        for (const [caller, one] of value) this.set({ caller }, one);
      },
    });
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  private histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({ name, help, buckets: [...buckets], registers: [this.registry] });
  }
}
