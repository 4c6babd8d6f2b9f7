import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AuditCheckpoint } from './checkpoint';

const SUFFIX = '.checkpoints.jsonl';
const checkpointSchema = z.object({
  log: z.string(),
  number: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.string(),
  keyId: z.string(),
  signature: z.string(),
});

/** Appends checkpoints to a file of this log in a directory that lies elsewhere: another disk, another machine. */
export class CheckpointCopies {
  private constructor(private readonly path: string) {}

  static async open(directory: string, log: string): Promise<CheckpointCopies> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new CheckpointCopies(join(directory, `${log}${SUFFIX}`));
  }

  async add(checkpoint: AuditCheckpoint): Promise<void> {
    const handle = await open(this.path, 'a', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(checkpoint)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/**
 * Reads the checkpoints that token servers have copied into a directory (AUDIT_CHECKPOINT_DIR).
 *
 * @param log only those of this log
 * @returns in the order in which they were written; a line that was not finished is left out
 * @example await verifyLog(directory, { publicKeys, checkpoints: await readCheckpoints(elsewhere) })
 */
export async function readCheckpoints(directory: string, log?: string): Promise<AuditCheckpoint[]> {
  const found: AuditCheckpoint[] = [];
  for (const name of (await namesIn(directory)).sort()) {
    if (!name.endsWith(SUFFIX) || (log !== undefined && name !== `${log}${SUFFIX}`)) continue;
    const lines = (await readFile(join(directory, name), 'utf8')).split('\n');
    // What stands behind the last line end was not finished.
    for (const line of lines.slice(0, -1)) {
      const parsed = checkpointSchema.safeParse(jsonOf(line));
      if (parsed.success) found.push(parsed.data);
    }
  }
  return found;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
