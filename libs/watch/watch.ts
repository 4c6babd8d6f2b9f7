import type { Id, InstantMs, Paisa } from '@vend/kernel';

/** What is counted. */
export const WATCH_MEASURES = [
  'vends',
  'free-issues',
  'cancellations',
  'tamper-tokens',
  'twin-stations',
  'low-floats',
] as const;
export type WatchMeasure = (typeof WATCH_MEASURES)[number];
/** For whom it is counted. */
export const WATCH_SUBJECTS = ['meter', 'station', 'person', 'vendor'] as const;
export type WatchSubjectKind = (typeof WATCH_SUBJECTS)[number];

/** More than `threshold` events of a subject within the window are unusual. Rules are rows: docs/adr/0023. */
export interface WatchRule {
  readonly rule: string;
  readonly measure: WatchMeasure;
  readonly subjectKind: WatchSubjectKind;
  readonly threshold: number;
  readonly windowSeconds: number;
  readonly active: boolean;
}

/** One committed act. */
export interface WatchEvent {
  readonly eventId: Id;
  readonly at: InstantMs;
  readonly meterNo: string;
  /** Where the money came from: `till:<station>`, `provider:<code>`. */
  readonly source: string;
  /** `user:<username>`, `partner:<code>`. */
  readonly actor: string;
  /** Of vends: what was paid. */
  readonly grossPaisa?: Paisa;
}

/** What a rule has found: one for each subject and window, however many events there are. */
export interface Finding {
  readonly rule: string;
  readonly subject: string;
  readonly windowStart: InstantMs;
  readonly firstSeen: InstantMs;
  readonly lastSeen: InstantMs;
  /** The most events that were seen together. */
  readonly events: number;
  /** Some of them, the latest last: vends, or cancelled vends. */
  readonly refs: readonly Id[];
}

const DHAKA_OFFSET_MS = 6 * 3_600_000;
const REFS_MAX = 20;

/**
 * What a rule says of floats that are low at an instant: one finding for each vendor and span, however long it lasts. How
 * much is low stands in the vendor's own row.
 *
 * @example lowFloats(rule, ['V-17'], now) // [{ rule: 'low-float-vendor', subject: 'vendor:V-17', events: 1, … }]
 */
export function lowFloats(rule: WatchRule, vendors: readonly string[], at: InstantMs): Finding[] {
  const windowStart = spanStart(at, rule.windowSeconds * 1_000);
  const seen = { firstSeen: at, lastSeen: at, events: 1, refs: [] };
  return vendors.map((code) => ({ rule: rule.rule, subject: `vendor:${code}`, windowStart, ...seen }));
}

/** The span of Dhaka time that an instant falls in: findings of one span are one item. */
function spanStart(at: InstantMs, windowMs: number): InstantMs {
  return Math.floor((at + DHAKA_OFFSET_MS) / windowMs) * windowMs - DHAKA_OFFSET_MS;
}

/** Whom an event counts for; undefined when it is nobody's here: a provider is no station, and a partner no person. */
function subjectOf(kind: WatchSubjectKind, { meterNo, source, actor }: WatchEvent): string | undefined {
  if (kind === 'meter') return `meter:${meterNo}`;
  if (kind === 'station') return source.startsWith('till:') ? `station:${source.slice('till:'.length)}` : undefined;
  return actor.startsWith('user:') ? `person:${actor.slice('user:'.length)}` : undefined;
}

/**
 * What a rule finds among events: a sliding count over its window, folded into one finding for each subject and span.
 * A function of the events alone: asked again, also with more of the past, it finds the same or more, never twice.
 *
 * @param events of the rule's measure, in any order, from one window before `from`
 * @param from findings end at an event at or after this instant
 * @example findings(rule, events, from)[0] // { rule: 'many-vends-meter', subject: 'meter:6007…', events: 4, … }
 */
export function findings(rule: WatchRule, events: readonly WatchEvent[], from: InstantMs): Finding[] {
  const windowMs = rule.windowSeconds * 1_000;
  const bySubject = new Map<string, WatchEvent[]>();
  for (const event of [...events].sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1))) {
    const subject = subjectOf(rule.subjectKind, event);
    if (subject === undefined || (rule.measure === 'twin-stations' && !event.source.startsWith('till:'))) continue;
    const known = bySubject.get(subject);
    if (known) known.push(event);
    else bySubject.set(subject, [event]);
  }
  return [...bySubject].flatMap(([subject, own]) => findingsOf(rule, subject, own, from, windowMs));
}

function findingsOf(
  rule: WatchRule,
  subject: string,
  own: readonly WatchEvent[],
  from: InstantMs,
  windowMs: number,
): Finding[] {
  const found = new Map<InstantMs, Finding>();
  let first = 0;
  own.forEach((event, index) => {
    while (own[first]!.at <= event.at - windowMs) first += 1;
    if (event.at < from) return;
    const together = own.slice(first, index + 1);
    const counted = rule.measure === 'twin-stations' ? twinsOf(event, together) : together;
    if (counted.length <= rule.threshold) return;
    const windowStart = spanStart(event.at, windowMs);
    const before = found.get(windowStart);
    const most = !before || counted.length >= before.events;
    found.set(windowStart, {
      rule: rule.rule,
      subject,
      windowStart,
      firstSeen: before?.firstSeen ?? counted[0]!.at,
      lastSeen: event.at,
      events: most ? counted.length : before.events,
      refs: most ? counted.slice(-REFS_MAX).map(({ eventId }) => eventId) : before.refs,
    });
  });
  return [...found.values()];
}

/** Sales of the same amount to the same meter, when they were made at more than one station. */
function twinsOf(event: WatchEvent, together: readonly WatchEvent[]): readonly WatchEvent[] {
  const same = together.filter(({ grossPaisa }) => grossPaisa === event.grossPaisa);
  return new Set(same.map(({ source }) => source)).size > 1 ? same : [];
}
