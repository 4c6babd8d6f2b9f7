import { BILLERS } from '@vend/billers';
import { CHECKOUT_CONTRACTS, NOTICE_CONTRACTS } from '@vend/checkout';
import { SIGNED_PROFILE, type ProviderContract, type ProviderProfileName } from '@vend/payments';

const CONTRACTS: Readonly<Partial<Record<ProviderProfileName, ProviderContract>>> = {
  ...BILLERS,
  ...CHECKOUT_CONTRACTS,
  ...NOTICE_CONTRACTS,
  [SIGNED_PROFILE]: { credentialNames: [], settingNames: [] },
};

/**
 * What the rows of a profile must have.
 *
 * @example providerContract('biller-form-v1')?.credentialNames // ['userName', 'password']
 */
export function providerContract(profile: ProviderProfileName): ProviderContract | undefined {
  return CONTRACTS[profile];
}
