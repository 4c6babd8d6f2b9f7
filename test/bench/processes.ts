import { readdirSync, readFileSync } from 'node:fs';
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
