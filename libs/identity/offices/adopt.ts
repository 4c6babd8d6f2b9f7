import { createHash } from 'node:crypto';
import type { Tx } from '@vend/platform';
import { adoptOffice } from '../store/offices';

/**
 * Takes office names that stations or customers came with into the tree, as divisions without a zone; an administrator
 * hangs them where they belong. Names that are there stay as they are.
 *
 * @example await adoptOffices(tx, ['Rajshahi S&D 1']);
 */
export async function adoptOffices(tx: Tx, names: readonly string[]): Promise<void> {
  for (const name of new Set(names)) {
    const code = `OFFICE-${createHash('sha256').update(name).digest('hex').slice(0, 8).toUpperCase()}`;
    await adoptOffice(tx, code, name);
  }
}
