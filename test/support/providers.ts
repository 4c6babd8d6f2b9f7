import type { Database } from '@vend/platform';
import { assertProviderDraft, saveProvider, type ProviderContract, type ProviderDraft } from '@vend/payments';

/** A live, active provider on account that anybody on this machine may call; a test says what differs. */
export function providerDraft(
  given: Partial<ProviderDraft> & Pick<ProviderDraft, 'code' | 'profile'>,
): ProviderDraft & { credentials: Readonly<Record<string, string>> } {
  return {
    name: `Invented ${given.code}`,
    mode: 'live',
    active: true,
    settings: {},
    allowedAddresses: ['127.0.0.0/8', '::1'],
    minimumPaisa: null,
    maximumPaisa: null,
    prepaid: false,
    lowFloatPaisa: null,
    commissionBasisPoints: 0,
    settlementBank: 'bank:settlement',
    vatBank: null,
    ...given,
    credentials: given.credentials ?? {},
  };
}

/**
 * Writes a provider's row, or writes over the one that is there.
 *
 * @param contract checked when given, as the office's change is
 * @example await seedProvider(fresh.database, SEALING_SECRET, { code: 'demo-form', profile: 'biller-form-v1', credentials });
 */
export async function seedProvider(
  database: Database,
  sealingSecret: Buffer,
  given: Partial<ProviderDraft> & Pick<ProviderDraft, 'code' | 'profile'>,
  contract?: ProviderContract,
): Promise<void> {
  const draft = providerDraft(given);
  assertProviderDraft(draft, contract);
  await database.transaction(async (tx) => {
    const [row] = await tx.query<{ version: number }>('SELECT version FROM payment_providers WHERE code = ?', [
      draft.code,
    ]);
    await saveProvider(tx, sealingSecret, draft, { version: row?.version ?? 0, by: 'system:test', now: Date.now() });
  });
}
