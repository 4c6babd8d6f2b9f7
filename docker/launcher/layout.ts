import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where a checkout keeps what it makes at run time: everything under `.local/`, which git ignores. */
export interface Layout {
  readonly root: string;
  readonly dist: string;
  readonly local: string;
  /** One record per running process, and the ports this checkout has chosen. */
  readonly run: string;
  readonly logs: string;
  /** Mode 0700; every file in it 0600. */
  readonly secrets: string;
}

/**
 * The layout of the checkout this file belongs to.
 *
 * @param root defaults to the nearest directory above with a package.json, from the source or from dist/
 * @param local defaults to `<root>/.local`; the test runner uses a place of its own below it
 */
export function layoutOf(root = findRoot(__dirname), local = join(root, '.local')): Layout {
  const layout = {
    root,
    dist: join(root, 'dist'),
    local,
    run: join(local, 'run'),
    logs: join(local, 'logs'),
    secrets: join(local, 'secrets'),
  };
  for (const directory of [layout.local, layout.run, layout.logs]) mkdirSync(directory, { recursive: true });
  mkdirSync(layout.secrets, { recursive: true, mode: 0o700 });
  return layout;
}

/** The nearest directory above, or at, a path that holds a package.json. */
export function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const above = dirname(from);
  if (above === from) throw new Error('no package.json above the launcher');
  return findRoot(above);
}
