// Proves on real processes that a record is recognised after its launcher died, that a number used again is not,
// and that stopping is polite first and certain in the end.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLiveRecord, recordOf, stopProcess, until, writeRecord } from './processes';
import { backoffMs } from './supervisor';
import { selectTests } from './test-run';

const directory = mkdtempSync(join(tmpdir(), 'vend-processes-'));
const file = join(directory, 'server.json');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A process that says "up", then lives until it is ended. */
async function launch(script: string): Promise<number> {
  const child = spawn('/bin/sh', ['-c', `${script}; echo up; while :; do sleep 0.05; done`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid!;
}

describe('records of processes', () => {
  it('recognises a running process, and forgets it when it has ended', async () => {
    const record = recordOf(await launch('true'), 4711)!;
    writeRecord(file, record);
    expect(readLiveRecord(file)).toEqual(record);
    expect(await stopProcess(record)).toBe('stopped');
    expect(readLiveRecord(file)).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  it('does not take another process with the same number for ours', () => {
    writeRecord(file, { ...recordOf(process.pid)!, startedTicks: '1' });
    expect(readLiveRecord(file)).toBeUndefined();
  });

  it('kills what does not listen to SIGTERM', async () => {
    const record = recordOf(await launch('trap "" TERM'))!;
    expect(await stopProcess(record, 200)).toBe('killed');
    expect(recordOf(record.pid)).toBeUndefined();
  });
});

describe('until', () => {
  it('answers false when the condition does not come to hold in time', async () => {
    expect(await until(() => false, 30, 5)).toBe(false);
    let asked = 0;
    expect(await until(() => ++asked === 3, 5_000, 1)).toBe(true);
  });
});

describe('backoffMs', () => {
  it('doubles from half a second up to a ceiling', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map(backoffMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });
});

describe('selectTests', () => {
  it('takes kinds of tests by name and leaves everything else to Jest', () => {
    expect(selectTests([])).toEqual({ projects: ['unit', 'integration', 'e2e'], jestArgs: [] });
    expect(selectTests(['unit', 'libs/sts'])).toEqual({ projects: ['unit'], jestArgs: ['libs/sts'] });
    expect(selectTests(['libs/sts', '-t', 'name'])).toMatchObject({ jestArgs: ['libs/sts', '-t', 'name'] });
  });
});
