import { linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeWhole } from './files';
import type { Layout } from './layout';
import { readLiveRecord, recordOf, writeRecord } from './processes';
import type { ProcessRecord } from './processes';

/** Where a running stack is reached. */
export interface StackAddress {
  readonly apiUrl: string;
  readonly sandboxUrl: string;
}

function addressFile(layout: Layout): string {
  return join(layout.run, 'stack.json');
}

export function publishAddress(layout: Layout, address: StackAddress): void {
  writeWhole(addressFile(layout), `${JSON.stringify(address)}\n`);
}

export function forgetAddress(layout: Layout): void {
  rmSync(addressFile(layout), { force: true });
}

/** Where the stack of this checkout is reached, if another launcher has brought it up. */
export function runningStack(layout: Layout): StackAddress | undefined {
  if (!launcherRecord(layout)) return undefined;
  const text = readIfThere(addressFile(layout));
  return text === undefined ? undefined : (JSON.parse(text) as StackAddress);
}

export function launcherRecord(layout: Layout): ProcessRecord | undefined {
  return readLiveRecord(join(layout.run, 'launcher.json'));
}

/** Makes this process the one launcher of the checkout; answers the other one's record when there is one. */
export function becomeLauncher(layout: Layout): ProcessRecord | undefined {
  const file = join(layout.run, 'launcher.json');
  const draft = join(layout.run, `launcher.${process.pid}.json`);
  const mine = recordOf(process.pid);
  if (!mine) throw new Error('this process cannot find itself');
  writeRecord(draft, mine);
  try {
    const other = readLiveRecord(file);
    if (other) return other;
    linkSync(draft, file); // fails when another launcher came first in between
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readLiveRecord(file);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

export function resignAsLauncher(layout: Layout): void {
  rmSync(join(layout.run, 'launcher.json'), { force: true });
}
