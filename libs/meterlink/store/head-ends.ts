import { DomainError } from '@vend/kernel';
import { seal, unseal, type Reader, type Tx } from '@vend/platform';
import type { HeadEnd } from '../meter-link';
import type { MeterLinkErrorCode } from '../meterlink.errors';

interface HeadEndRow extends Record<string, unknown> {
  code: string;
  url: string;
  keyId: string;
  sealed: Buffer;
}

const COLUMNS = 'code, url, key_id AS keyId, secret_sealed AS sealed';

/** The active head-end of a code or of a key id, with its secret opened. */
export async function findHeadEnd(
  reader: Reader,
  sealingSecret: Buffer,
  by: { readonly code: string } | { readonly keyId: string },
): Promise<HeadEnd | undefined> {
  const [row] = await reader.read<HeadEndRow>(
    `SELECT ${COLUMNS} FROM head_ends WHERE ${'code' in by ? 'code' : 'key_id'} = ? AND active`,
    ['code' in by ? by.code : by.keyId],
  );
  if (!row) return undefined;
  const { code, url, keyId, sealed } = row;
  return { code, url, keyId, secret: unseal(sealingSecret, sealed, `head-end:${code}`) };
}

/** A head-end as the office enters it. */
export interface HeadEndSeed extends HeadEnd {
  readonly name: string;
}

/**
 * Makes a head-end, or gives it this name, address, key and secret; an inactive one stays inactive.
 *
 * @example await upsertHeadEnd(tx, sealingSecret, { code: 'demo-hes', name, url, keyId, secret }, new Date())
 */
export async function upsertHeadEnd(tx: Tx, sealingSecret: Buffer, headEnd: HeadEndSeed, now: Date): Promise<void> {
  const { code, name, url, keyId, secret } = headEnd;
  const sealed = seal(sealingSecret, secret, `head-end:${code}`);
  await tx.write(
    `INSERT INTO head_ends (code, name, url, key_id, secret_sealed, created_at) VALUES (?)
     ON DUPLICATE KEY UPDATE name = VALUES(name), url = VALUES(url), key_id = VALUES(key_id),
       secret_sealed = VALUES(secret_sealed)`,
    [[code, name, url, keyId, sealed, now]],
  );
}

/**
 * Puts a meter behind a head-end, or in front of none; vends of before stay as they are.
 *
 * @param pan 18 digits
 * @returns where it was, or undefined when there is no such meter
 * @throws {DomainError<MeterLinkErrorCode>} head-end-not-found
 * @example await placeMeter(tx, '600727000000000009', 'demo-hes') // { was: null }
 */
export async function placeMeter(
  tx: Tx,
  pan: string,
  headEnd: string | null,
): Promise<{ readonly was: string | null } | undefined> {
  const [row] = await tx.query<{ head_end: string | null }>('SELECT head_end FROM meters WHERE pan = ? FOR UPDATE', [
    pan,
  ]);
  if (!row) return undefined;
  if (row.head_end === headEnd) return { was: headEnd };
  const known = await tx.query('SELECT 1 FROM head_ends WHERE code = ? AND active', [headEnd]);
  if (headEnd !== null && known.length === 0) throw new DomainError<MeterLinkErrorCode>('head-end-not-found');
  await tx.write('UPDATE meters SET head_end = ? WHERE pan = ?', [headEnd, pan]);
  return { was: row.head_end };
}
