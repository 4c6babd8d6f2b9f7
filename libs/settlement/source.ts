import { listProviders, type ProviderRecord } from '@vend/payments';
import type { Reader } from '@vend/platform';

/** Whose statements are read: a provider's row without what is secret. */
export type SettlementProvider = Pick<
  ProviderRecord,
  'code' | 'name' | 'prepaid' | 'commissionBasisPoints' | 'settlementBank' | 'vatBank'
>;

/** The row of a provider as it is now. @example await findProvider(database, 'demo-form') */
export async function findProvider(reader: Reader, code: string): Promise<SettlementProvider | undefined> {
  return (await listProviders(reader)).find((provider) => provider.code === code);
}

/**
 * Whose payments of ours are a provider's: one that sells from what it has paid in is a vendor.
 *
 * @example sourceOf({ code: 'demo-form', prepaid: false }) // 'provider:demo-form'
 */
export function sourceOf({ code, prepaid }: Pick<SettlementProvider, 'code' | 'prepaid'>): string {
  return `${prepaid ? 'vendor' : 'provider'}:${code}`;
}
