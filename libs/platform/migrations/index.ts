import { FirstLight1700000000001 } from './0001-first-light';
import { KeyChanges1700000000004 } from './0004-key-changes';

/** Every migration, in order. Listed by hand: a file that is not here does not exist. */
export const MIGRATIONS = [FirstLight1700000000001, KeyChanges1700000000004];
