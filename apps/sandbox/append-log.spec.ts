// Proves that the append log gives back every acknowledged record after a death at any byte, with real files.
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppendLog } from './append-log';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'append-log-'));
  path = join(directory, 'records.ndjson');
});
afterEach(() => rm(directory, { recursive: true }));

async function opened(
  rewriteAfter?: number,
): Promise<{ log: AppendLog; memory: number[]; add(n: number): Promise<void> }> {
  const memory: number[] = [];
  const log = await AppendLog.open(path, {
    apply: (record) => memory.push((record as { n: number }).n),
    snapshot: () => memory.map((n) => ({ n })),
    rewriteAfter,
  });
  const add = (n: number): Promise<void> => {
    memory.push(n);
    return log.append({ n });
  };
  return { log, memory, add };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('AppendLog', () => {
  it('has every acknowledged record in the file, without being closed', async () => {
    const first = await opened();
    await Promise.all(upTo(1000).map(first.add));
    const second = await opened();
    expect(second.memory).toEqual(upTo(1000));
    await Promise.all([first.log.close(), second.log.close()]);
  });

  it('leaves out a line that a dying process did not finish, whatever the byte, and goes on after it', async () => {
    const { log, add } = await opened();
    await add(1);
    await add(22);
    await log.close();
    const whole = await readFile(path, 'utf8');
    expect(whole).toBe('{"n":1}\n{"n":22}\n');
    for (let bytes = 0; bytes <= whole.length; bytes++) {
      await writeFile(path, whole);
      await truncate(path, bytes);
      const next = await opened();
      const survivors = [1, 22].slice(0, whole.slice(0, bytes).split('\n').length - 1);
      expect(next.memory).toEqual(survivors);
      await next.add(3);
      await next.log.close();
      const after = await opened();
      expect(after.memory).toEqual([...survivors, 3]);
      await after.log.close();
    }
  });

  it('rewrites itself from memory when it has grown, and loses nothing that comes meanwhile', async () => {
    const { log, add, memory } = await opened(100);
    const writes: Promise<void>[] = [];
    for (let n = 0; n < 1000; n++) {
      writes.push(add(n));
      if (n % 10 === 0) await writes[n];
      if (n === 500) memory.splice(0, 400);
    }
    await Promise.all(writes);
    await log.close();
    const after = await opened();
    expect(after.memory).toEqual(upTo(1000).slice(400));
    await after.log.close();
  });

  it('refuses to start on a file that is not its own', async () => {
    await writeFile(path, 'not JSON\n');
    await expect(opened()).rejects.toThrow(SyntaxError);
  });
});
