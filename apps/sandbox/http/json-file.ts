import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';

/**
 * A JSON file that someone else writes, read again when it has changed: the launcher may make it after the
 * sandbox has started.
 */
export class JsonFile<S extends z.ZodType> {
  private known: { stamp: string; value: z.output<S> } | undefined;

  constructor(
    private readonly path: string,
    private readonly schema: S,
  ) {}

  /** @throws {Error} when the file is missing or not of its shape */
  async read(): Promise<z.output<S>> {
    const { mtimeMs, size, ino } = await stat(this.path);
    const stamp = `${mtimeMs}/${size}/${ino}`;
    if (this.known?.stamp !== stamp) {
      this.known = { stamp, value: this.schema.parse(JSON.parse(await readFile(this.path, 'utf8'))) };
    }
    return this.known.value;
  }
}
