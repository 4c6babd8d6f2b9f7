import { idToBytes, type InstantMs } from '@vend/kernel';

/**
 * The first id that a moment can have: ids begin with their milliseconds, so a stretch of time is a range of the primary
 * key.
 */
export function firstIdAt(at: InstantMs): Buffer {
  const hex = at.toString(16).padStart(12, '0');
  return idToBytes(`${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`);
}
