import { createHash } from 'node:crypto';
import type { Tx } from '@vend/platform';
import { adoptOffice, lockOffices } from '../store/offices';

/**
 * Takes office names that stations or customers came with into the tree, as divisions without a zone; an administrator
 * hangs them where they belong. Names that are there stay as they are.
 *
 * @param under the name of the office that new ones hang below; left out: they are roots
 *
 * @example await adoptOffices(tx, ['Rajshahi S&D 1']);
 */
export async function adoptOffices(tx: Tx, names: readonly string[], under?: string): Promise<void> {
  const parent = under === undefined ? undefined : (await lockOffices(tx)).find(({ name }) => name === under);
  for (const name of new Set(names)) {
    const code = `OFFICE-${createHash('sha256').update(name).digest('hex').slice(0, 8).toUpperCase()}`;
    await adoptOffice(tx, code, name, parent);
  }
}
