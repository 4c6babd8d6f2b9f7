import { DomainError, type Paisa } from '@vend/kernel';
import { openAccounts, type AccountOf } from '@vend/ledger';
import { seal, unseal, type Reader, type Row, type Tx } from '@vend/platform';
import type { PaymentsErrorCode } from '../payments.errors';
import { SIGNED_PROFILE, type Provider, type ProviderProfileName } from '../providers/provider';
import { isReservedCode, type ProviderDraft } from '../providers/provider-draft';

const COLUMNS = `code, name, profile, mode, active, settings, allowed_addresses, minimum_paisa, maximum_paisa, prepaid, low_float_paisa,
  commission_basis_points, settlement_bank, vat_bank, version, changed_by, changed_at`;

/** A row for people: without what is secret, with who wrote it. */
export type ProviderRecord = Omit<Provider, 'credentials'> & {
  readonly version: number;
  readonly changedBy: string;
  readonly changedAt: Date;
};

interface StoredTerms extends Row {
  readonly code: string;
  readonly profile: string;
  readonly version: number;
  readonly prepaid: number;
  readonly settlement_bank: string;
  readonly vat_bank: string | null;
}

const contextOf = (code: string): string => `payment-provider:${code}`;

/** Every provider's row without its credentials, by code. */
export async function listProviders(reader: Reader): Promise<ProviderRecord[]> {
  const rows = await reader.read(`SELECT ${COLUMNS} FROM payment_providers ORDER BY code`);
  return rows.map(recordOf);
}

/** Every provider with its credentials opened, those that are not active too: for whoever speaks to them. */
export async function loadProviders(reader: Reader, sealingSecret: Buffer): Promise<Provider[]> {
  const rows = await reader.read(`SELECT ${COLUMNS}, credentials_sealed FROM payment_providers ORDER BY code`);
  return rows.map((row) => {
    const { version: _version, changedBy: _by, changedAt: _at, ...provider } = recordOf(row);
    const opened = unseal(sealingSecret, row['credentials_sealed'] as Buffer, contextOf(provider.code));
    return { ...provider, credentials: JSON.parse(opened.toString('utf8')) as Record<string, string> };
  });
}

/**
 * Makes a provider's row (`version` 0), or changes one that is still as the person saw it. Every process sees it within
 * ten seconds. Credentials are sealed; `null` leaves those that are there. The caller has checked the draft with
 * `assertProviderDraft`.
 *
 * @throws {DomainError<PaymentsErrorCode>} provider-changed: somebody was faster; provider-credentials-missing: a new one
 *   without; provider-code-reserved: a new one with a word of the addresses; provider-code-taken: a partner of ours has the code, and this is another contract than the partner's;
 *   provider-settings-wrong: terms of a partner that is none; provider-prepaid-fixed: whether it pays in advance is
 *   written once
 * @throws {DomainError<LedgerErrorCode>} ledger-account-spelling: the books write one of its banks with other large and
 *   small letters; banks that are new are opened with the row
 * @example await saveProvider(tx, sealingSecret, draft, { version: 0, by: 'user:admin', now: Date.now() });
 */
export async function saveProvider(
  tx: Tx,
  sealingSecret: Buffer,
  draft: ProviderDraft,
  { version, by, now }: { readonly version: number; readonly by: string; readonly now: number },
): Promise<void> {
  const [[found], [partner]] = await Promise.all([
    tx.query<StoredTerms>(
      'SELECT code, profile, version, prepaid, settlement_bank, vat_bank FROM payment_providers WHERE code = ? FOR UPDATE',
      [draft.code],
    ),
    tx.query('SELECT 1 FROM partners WHERE code = ?', [draft.code]),
  ]);
  const refuse = (code: PaymentsErrorCode) => new DomainError<PaymentsErrorCode>(code);
  // Only a new one: who has such a code from an earlier release can still be changed and closed.
  if (!found && isReservedCode(draft.code)) throw refuse('provider-code-reserved');
  // Sources of payments know no difference between large and small letters.
  if (found && found.code !== draft.code) throw refuse('provider-code-taken');
  if ((found?.version ?? 0) !== version) throw refuse('provider-changed');
  if (!found && draft.credentials === null) throw refuse('provider-credentials-missing');
  const isPartners = draft.profile === SIGNED_PROFILE;
  // Both would be provider:<code> in the books, and one's transaction ids the other's.
  if (!isPartners && (found ? found.profile === SIGNED_PROFILE : partner)) throw refuse('provider-code-taken');
  if (isPartners && (found ? found.profile !== SIGNED_PROFILE : !partner)) {
    throw new DomainError<PaymentsErrorCode>('provider-settings-wrong', { field: 'profile' });
  }
  if (found && Boolean(found.prepaid) !== draft.prepaid) throw refuse('provider-prepaid-fixed');
  await openBanks(tx, draft, found);
  const columns = columnsOf(sealingSecret, draft, { version, by, now });
  const names = Object.keys(columns);
  if (found) {
    const set = names.map((name) => `${name} = ?`).join(', ');
    await tx.write(`UPDATE payment_providers SET ${set} WHERE code = ?`, [...Object.values(columns), draft.code]);
  } else {
    await tx.write(`INSERT INTO payment_providers (code, ${names.join(', ')}) VALUES (?)`, [
      [draft.code, ...Object.values(columns)],
    ]);
  }
}

/** Banks that stay as they were are left alone, however they are written: a door can always be closed. */
async function openBanks(tx: Tx, { settlementBank, vatBank }: ProviderDraft, found?: StoredTerms): Promise<void> {
  if (found?.settlement_bank === settlementBank && found.vat_bank === vatBank) return;
  const banks = vatBank === null ? [settlementBank] : [settlementBank, vatBank];
  await openAccounts(tx, [...new Set(banks)]);
}

function columnsOf(
  sealingSecret: Buffer,
  draft: ProviderDraft,
  { version, by, now }: { version: number; by: string; now: number },
) {
  const { code, credentials } = draft;
  const sealed = credentials && seal(sealingSecret, Buffer.from(JSON.stringify(credentials), 'utf8'), contextOf(code));
  return {
    name: draft.name,
    profile: draft.profile,
    mode: draft.mode,
    active: draft.active,
    ...(sealed && { credentials_sealed: sealed }),
    settings: JSON.stringify(draft.settings),
    allowed_addresses: JSON.stringify(draft.allowedAddresses),
    minimum_paisa: draft.minimumPaisa?.toString() ?? null,
    maximum_paisa: draft.maximumPaisa?.toString() ?? null,
    prepaid: draft.prepaid,
    low_float_paisa: draft.lowFloatPaisa?.toString() ?? null,
    commission_basis_points: draft.commissionBasisPoints,
    settlement_bank: draft.settlementBank,
    vat_bank: draft.vatBank,
    version: version + 1,
    changed_by: by,
    changed_at: new Date(now),
  };
}

function recordOf(row: Row): ProviderRecord {
  const paisa = (value: unknown): Paisa | null => (value === null ? null : BigInt(value as string));
  return {
    code: row['code'] as string,
    name: row['name'] as string,
    profile: row['profile'] as ProviderProfileName,
    mode: row['mode'] as Provider['mode'],
    active: Boolean(row['active']),
    settings: json(row['settings']) as Record<string, string>,
    allowedAddresses: json(row['allowed_addresses']) as string[],
    minimumPaisa: paisa(row['minimum_paisa']),
    maximumPaisa: paisa(row['maximum_paisa']),
    prepaid: Boolean(row['prepaid']),
    lowFloatPaisa: paisa(row['low_float_paisa']),
    commissionBasisPoints: row['commission_basis_points'] as number,
    settlementBank: row['settlement_bank'] as AccountOf<'bank'>,
    vatBank: row['vat_bank'] as AccountOf<'bank'> | null,
    version: row['version'] as number,
    changedBy: row['changed_by'] as string,
    changedAt: row['changed_at'] as Date,
  };
}

/** JSON is text to MariaDB and a value to MySQL. */
function json(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}
