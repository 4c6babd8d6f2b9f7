import { z } from 'zod';
import { faultsOf, PROVIDER_FAULTS, type ProviderFault } from '../providers/provider-faults';

const faultName = z.string().refine((name): name is ProviderFault => Object.hasOwn(PROVIDER_FAULTS, name));

/** What a simulated company is told to do, once. */
export const companyOrder = z.strictObject({
  /** Meter, account or customer number, as the payer typed it. */
  reference: z.string().max(64),
  /** Taka as the payer typed it; passed on as it is, so that bad ones can be tried. */
  amount: z.string().max(40),
  trxId: z.string().min(1).max(64).optional(),
  payerMobile: z.string().max(20).default('01700000000'),
  /** What goes wrong this time, for certain; beside what happens by chance. */
  faults: z.array(faultName).max(40).default([]),
  /** How often more the pay call is sent by `pay-repeated` and `pay-in-parallel`. */
  copies: z.number().int().min(1).max(100).default(2),
  /** What `amount-changed` and `amount-changed-on-repeat` pay in place of the amount. */
  otherAmount: z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,2})?$/)
    .default('700.00'),
  /** How long the company waits for each answer. */
  timeoutMs: z.number().int().min(1).max(60_000).default(10_000),
  /** How long it asks before the payer is told that it takes longer; it goes on asking after that. */
  patienceMs: z.number().int().min(0).max(60_000).default(10_000),
});
export type CompanyOrder = Readonly<z.output<typeof companyOrder>>;

/** What goes wrong with one payment: what was ordered, and what happens by chance; nothing that the contract cannot have. */
export function playedFaults(
  profile: string,
  ordered: readonly ProviderFault[],
  happens: (fault: ProviderFault) => boolean,
): ReadonlySet<ProviderFault> {
  return new Set(faultsOf(profile).filter((fault) => ordered.includes(fault) || happens(fault)));
}
