import { idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Tx } from '@vend/platform';

/** Stores a sealed secret that no code has been shown for yet. Only who has none in force gets one. */
export async function storePendingSecret(tx: Tx, userId: Id, sealed: Buffer): Promise<boolean> {
  const { affectedRows } = await tx.write(
    'UPDATE users SET totp_sealed = ?, totp_last_step = NULL WHERE id = ? AND totp_enrolled_at IS NULL',
    [sealed, idToBytes(userId)],
  );
  return affectedRows === 1;
}

/**
 * Uses a time step up, and by the first one puts the secret in force. @returns false when this step, or a later one, was
 * used: a code counts once, whoever read it over a shoulder
 */
export async function useStep(tx: Tx, userId: Id, step: number, at: InstantMs): Promise<boolean> {
  const { affectedRows } = await tx.write(
    `UPDATE users SET totp_last_step = ?, totp_enrolled_at = COALESCE(totp_enrolled_at, ?)
     WHERE id = ? AND (totp_last_step IS NULL OR totp_last_step < ?)`,
    [step, new Date(at), idToBytes(userId), step],
  );
  return affectedRows === 1;
}

/** Replaces a person's recovery codes. */
export async function storeRecoveryCodes(tx: Tx, userId: Id, hashes: readonly Buffer[], at: InstantMs): Promise<void> {
  await voidRecoveryCodes(tx, userId, at);
  await tx.write('INSERT INTO recovery_codes (user_id, code_sha256, made_at) VALUES ?', [
    hashes.map((hash) => [idToBytes(userId), hash, new Date(at)]),
  ]);
}

/** @returns false when there is no such code, or it was used */
export async function useRecoveryCode(tx: Tx, userId: Id, hash: Buffer, at: InstantMs): Promise<boolean> {
  const { affectedRows } = await tx.write(
    `UPDATE recovery_codes SET used_at = ?
     WHERE user_id = ? AND code_sha256 = ? AND used_at IS NULL AND void_at IS NULL`,
    [new Date(at), idToBytes(userId), hash],
  );
  return affectedRows === 1;
}

/** Takes a person's second factor away: a new one must be enrolled at the next login. */
export async function removeSecondFactor(tx: Tx, userId: Id, at: InstantMs): Promise<void> {
  await tx.write('UPDATE users SET totp_sealed = NULL, totp_enrolled_at = NULL, totp_last_step = NULL WHERE id = ?', [
    idToBytes(userId),
  ]);
  await voidRecoveryCodes(tx, userId, at);
}

async function voidRecoveryCodes(tx: Tx, userId: Id, at: InstantMs): Promise<void> {
  await tx.write('UPDATE recovery_codes SET void_at = ? WHERE user_id = ? AND used_at IS NULL AND void_at IS NULL', [
    new Date(at),
    idToBytes(userId),
  ]);
}
