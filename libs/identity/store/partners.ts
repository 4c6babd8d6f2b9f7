import type { Database } from '@vend/platform';
import type { PartnerKind, PartnerMode } from '../identity';

/** A partner as stored: its secret sealed under the application's sealing secret, with its code as context. */
export interface PartnerRow extends Record<string, unknown> {
  readonly code: string;
  readonly name: string;
  readonly kind: PartnerKind;
  readonly mode: PartnerMode;
  readonly keyId: string;
  readonly secretSealed: Buffer;
}

/** The active partner of a key id. */
export async function findPartnerRow(reader: Pick<Database, 'read'>, keyId: string): Promise<PartnerRow | undefined> {
  const [row] = await reader.read<PartnerRow>(
    'SELECT code, name, kind, mode, key_id AS keyId, secret_sealed AS secretSealed FROM partners WHERE key_id = ? AND active',
    [keyId],
  );
  // The column compares without case; a key id is exact.
  return row?.keyId === keyId ? row : undefined;
}
