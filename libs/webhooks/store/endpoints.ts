import type { Reader } from '@vend/platform';

/** The endpoints that are in use. */
export function readActiveEndpoints(reader: Reader): Promise<{ id: Buffer; owner: string; types: string }[]> {
  return reader.read('SELECT id, owner, types FROM webhook_endpoints WHERE active');
}
