import type { Id, Paisa } from '@vend/kernel';
import type { AccountOf } from '@vend/ledger';
import type { Tx } from '@vend/platform';

/** Money that a provider took and our books do not have. (source, sourceRef) is its business key. */
export interface FoundMoney {
  /**
   * `provider:<code>` or `vendor:<code>` of a payment never vended; `settlement:<code>` or `vendor-break:<code>` of a
   * difference, or of what was paid twice.
   */
  readonly source: string;
  readonly sourceRef: string;
  readonly amountPaisa: Paisa;
  /** `user:rahima`. */
  readonly actor: string;
}

/** What became of it. */
export interface FoundPayment {
  readonly rechargeId: Id;
  readonly state: 'RECEIVED' | 'APPLIED' | 'REFUND_DUE' | 'REFUNDED';
}

/**
 * What settlement needs of the rooms that vend; filled in the apps. Each call is one business fact, and its repeat finds
 * what the first one did.
 */
export interface SettlementPorts {
  /**
   * Vends it to the meter that was named, or keeps it as owed back when that cannot be: the money is taken already.
   *
   * @param meter an id that is known, or what somebody typed
   * @throws {DomainError} `transaction-conflict` when the key was used for something else
   */
  vend(money: FoundMoney, meter: { readonly meterId: Id } | { readonly reference: string }): Promise<FoundPayment>;
  /** Books it as owed back, without a vend; a case settles it. @throws {DomainError} `transaction-conflict` */
  keep(money: FoundMoney): Promise<FoundPayment>;
  /**
   * Adds a sum to a meter's debt against what the provider owes, or to a vendor's float, in one transaction with
   * `alongside`.
   *
   * @param debt business id: the action's key
   * @returns whether it was charged before: `alongside` did nothing then
   */
  chargeMeter(debt: {
    readonly businessId: Id;
    readonly meterId: Id;
    readonly against: AccountOf<'receivable' | 'float'>;
    readonly amountPaisa: Paisa;
    readonly alongside: (tx: Tx) => Promise<void>;
  }): Promise<{ readonly repeated: boolean }>;
}
