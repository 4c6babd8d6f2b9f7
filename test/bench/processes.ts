import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Linux counts process time in hundredths of a second. */
const TICK_SECONDS = 0.01;

/** CPU seconds used so far by each process of a stack, by name, and by this one as `load`. */
export function cpuSeconds(runDirectory: string): Map<string, number> {
  const seconds = new Map<string, number>([['load', secondsOf(process.pid) ?? 0]]);
  for (const file of readdirSync(runDirectory)) {
    if (!/^(app-[a-z-]+|mariadb|redis)\.json$/.test(file)) continue;
    const record = JSON.parse(readFileSync(join(runDirectory, file), 'utf8')) as { pid?: number };
    const used = record.pid === undefined ? undefined : secondsOf(record.pid);
    if (used !== undefined) seconds.set(file.replace(/^app-|\.json$/g, ''), used);
  }
  return seconds;
}

export function secondsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks: count the fields after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS;
  } catch {
    return undefined;
  }
}

/** What the processors of this machine did since it started, in hundredths of a second. */
export interface ProcessorTicks {
  readonly all: number;
  readonly idle: number;
  /** Wanted, and given to other machines on the same hardware. */
  readonly stolen: number;
}

export function processorTicks(): ProcessorTicks {
  const [total] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user, nice, system, idle, wait, irq, soft, stolen] = total!.trim().split(/\s+/).slice(1).map(Number);
  return {
    all: user! + nice! + system! + idle! + wait! + irq! + soft! + stolen!,
    idle: idle! + wait!,
    stolen: stolen!,
  };
}

/** @example sharesBetween(before, processorTicks()) // '2 processors: 71 % worked, 4 % idle, 25 % taken by other machines' */
export function sharesBetween(before: ProcessorTicks, after: ProcessorTicks): string {
  const percent = (ticks: number) => Math.round((100 * ticks) / Math.max(1, after.all - before.all));
  const [idle, stolen] = [percent(after.idle - before.idle), percent(after.stolen - before.stolen)];
  return `${availableParallelism()} processors: ${100 - idle - stolen} % worked, ${idle} % idle, ${stolen} % taken by other machines`;
}
