import { DomainError, type Paisa } from '@vend/kernel';
import { balancesNow, type AccountCode } from '@vend/ledger';
import type { Tx } from '@vend/platform';
import type { RechargeCommand } from './recharge';
import { fundsOf } from './recharge.writes';
import type { VendingErrorCode } from './vending.errors';

type Sale = Pick<RechargeCommand, 'source' | 'grossPaisa' | 'funds'>;

/**
 * What vendors have paid in, as the sales of one transaction use it up: one that is not covered is refused before its
 * token is made, and the others of its group do not suffer for it. It is looked at without a lock; whoever takes the rest
 * meanwhile makes the books refuse (`ledger-overdrawn`), and nothing is stored.
 */
export class FloatGuard {
  private constructor(private readonly left: Map<AccountCode, Paisa>) {}

  /** Reads the floats of these sales; without a vendor among them it asks nothing. */
  static async of(tx: Tx, sales: readonly Sale[]): Promise<FloatGuard> {
    const codes = sales.flatMap((sale) => floatOf(sale) ?? []);
    return new FloatGuard(await balancesNow(tx, [...new Set(codes)]));
  }

  /** @throws {DomainError<VendingErrorCode>} float-exhausted */
  check(sale: Sale): void {
    const float = floatOf(sale);
    if (float && (this.left.get(float) ?? 0n) < sale.grossPaisa) {
      throw new DomainError<VendingErrorCode>('float-exhausted');
    }
  }

  sold(sale: Sale): void {
    const float = floatOf(sale);
    if (float) this.left.set(float, (this.left.get(float) ?? 0n) - sale.grossPaisa);
  }
}

/** The float that pays for a sale; undefined when none does. */
function floatOf(sale: Sale): AccountCode | undefined {
  const account = fundsOf(sale);
  return account.startsWith('float:') ? account : undefined;
}

/** True when the books' refusal means that a vendor's float was used up meanwhile. */
export function isFloatExhausted(error: unknown, sale: Sale | undefined): boolean {
  return sale !== undefined && floatOf(sale) !== undefined && (error as DomainError).code === 'ledger-overdrawn';
}
