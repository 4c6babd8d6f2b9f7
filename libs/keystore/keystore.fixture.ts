import { DomainError } from '@vend/kernel';
import type { NewVendingKey } from './key-file';

// For tests of this room. The keys are printed in public documents (STS.md §8).

/** 64 bits, for DKGA02. */
export const DES_KEY = 'abababababababab';
/** 160 bits, for DKGA04. */
export const HMAC_KEY = 'abababababababab949494949494949401234567';

/** Two public vending keys, in force; made anew each time, because values are erased. */
export function publicKeys(): NewVendingKey[] {
  const common = { krn: 1, kind: 'VUDK', baseDate: 2014, state: 'active', issuedUntil: null } as const;
  return [
    { ...common, sgc: '123456', dkga: 2, ken: 255, value: Buffer.from(DES_KEY, 'hex') },
    { ...common, sgc: '201457', dkga: 4, ken: 200, value: Buffer.from(HMAC_KEY, 'hex') },
  ];
}

/** The code of the refusal, or `no refusal`; anything else is thrown. */
export async function refusalCodeOf(run: () => unknown): Promise<string> {
  try {
    await (run() as Promise<unknown>);
  } catch (error) {
    if (error instanceof DomainError) return (error as DomainError).code;
    throw error;
  }
  return 'no refusal';
}
