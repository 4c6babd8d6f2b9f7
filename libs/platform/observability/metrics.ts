import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The process's Prometheus registry: one, so that every room's figures appear on the same /metrics page. */
export const metrics = new Registry();

let defaultsCollected = false;

/** Adds process and event-loop figures; called once by each app's main. */
export function collectProcessMetrics(service: string): void {
  if (defaultsCollected) return;
  defaultsCollected = true;
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics });
}

/** A counter, made on first use. */
export function counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
  return (
    (metrics.getSingleMetric(name) as Counter<L> | undefined) ??
    new Counter({ name, help, labelNames: [...labelNames], registers: [metrics] })
  );
}

/** A gauge, made on first use. */
export function gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
  return (
    (metrics.getSingleMetric(name) as Gauge<L> | undefined) ??
    new Gauge({ name, help, labelNames: [...labelNames], registers: [metrics] })
  );
}

/** A histogram of seconds or sizes, made on first use. */
export function histogram<L extends string>(
  name: string,
  help: string,
  buckets: readonly number[],
  labelNames: readonly L[] = [],
): Histogram<L> {
  return (
    (metrics.getSingleMetric(name) as Histogram<L> | undefined) ??
    new Histogram({ name, help, buckets: [...buckets], labelNames: [...labelNames], registers: [metrics] })
  );
}
