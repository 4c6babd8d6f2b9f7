import { isIP } from 'node:net';
import { DomainError } from '@vend/kernel';
import { isAccountCode } from '@vend/ledger';
import { BILLER_PROFILES, PROVIDER_PROFILES, type Provider, type ProviderProfileName } from './provider';

/** What a contract's rows must have: a BillerProfile and a checkout adapter each say it of themselves. */
export interface ProviderContract {
  readonly credentialNames: readonly string[];
  readonly settingNames: readonly { readonly name: string; readonly optional: boolean }[];
}

/** A provider as the office enters it. */
export type ProviderDraft = Omit<Provider, 'credentials'> & {
  /** null leaves those that are there. */
  readonly credentials: Readonly<Record<string, string>> | null;
};

/** @example isProviderProfile('biller-form-v1') // true */
export function isProviderProfile(text: string): text is ProviderProfileName {
  return (PROVIDER_PROFILES as readonly string[]).includes(text);
}

/** Words that stand in an address where others have a provider's code (`/v1/vendor-floats/own/statement`), in small letters. */
const RESERVED_CODES: readonly string[] = ['own'];

/** Whether no provider can be made with this code, in large or small letters. @example isReservedCode('Own') // true */
export function isReservedCode(code: string): boolean {
  return RESERVED_CODES.includes(code.toLowerCase());
}

/** An address, or a network in CIDR notation. @example isAddressRule('10.20.0.0/16') // true */
export function isAddressRule(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/**
 * Checks a row by itself and against what its contract needs.
 *
 * @param contract undefined: names are not checked, for a profile that nobody here speaks
 * @throws {DomainError<PaymentsErrorCode>} provider-settings-wrong, with the name of the field and no value
 */
export function assertProviderDraft(draft: ProviderDraft, contract?: ProviderContract): void {
  const wrong = (field: string) => {
    throw new DomainError('provider-settings-wrong', { field });
  };
  if (!/^[A-Za-z0-9._-]{1,32}$/.test(draft.code)) wrong('code');
  if (!isProviderProfile(draft.profile)) wrong('profile');
  if (draft.name.trim() === '' || draft.name.length > 80) wrong('name');
  if (draft.allowedAddresses.length > 64 || !draft.allowedAddresses.every(isAddressRule)) wrong('allowedAddresses');
  const { minimumPaisa: minimum, maximumPaisa: maximum } = draft;
  if (minimum !== null && minimum < 0n) wrong('minimumPaisa');
  if (maximum !== null && maximum < (minimum ?? 1n)) wrong('maximumPaisa');
  const { lowFloatPaisa: low, prepaid } = draft;
  if (low !== null && (low < 0n || !prepaid)) wrong('lowFloatPaisa');
  const { commissionBasisPoints: commission } = draft;
  if (!Number.isInteger(commission) || commission < 0 || commission > 10_000) wrong('commissionBasisPoints');
  // Only who calls us sells from a float: a gateway's payments, and a partner's, are on account wherever they are booked.
  if (draft.prepaid && !(BILLER_PROFILES as readonly string[]).includes(draft.profile)) wrong('prepaid');
  if (!isBank(draft.settlementBank)) wrong('settlementBank');
  if (draft.vatBank !== null && !isBank(draft.vatBank)) wrong('vatBank');
  if (!contract) return;
  const { credentials, settings } = draft;
  if (credentials && !sameNames(Object.keys(credentials), contract.credentialNames)) wrong('credentials');
  if (credentials && Object.values(credentials).includes('')) wrong('credentials');
  const known = contract.settingNames.map(({ name }) => name);
  for (const name of Object.keys(settings)) if (!known.includes(name)) wrong(`settings.${name}`);
  for (const { name, optional } of contract.settingNames) {
    if (!optional && !settings[name]) wrong(`settings.${name}`);
  }
}

const isBank = (account: string) => account.startsWith('bank:') && isAccountCode(account);
const sameNames = (given: readonly string[], wanted: readonly string[]) =>
  given.length === wanted.length && wanted.every((name) => given.includes(name));
