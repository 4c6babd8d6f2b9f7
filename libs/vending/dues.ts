import { DomainError, formatTaka, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import {
  arrearsImportEntry,
  claimToDebtEntry,
  depositImportEntry,
  depositSetOffEntry,
  writeOffEntry,
  type AccountOf,
  type Entry,
  type LedgerService,
} from '@vend/ledger';
import { lockMeterStates, saveMeterStates, type MeterState } from '@vend/meters';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { checkArrearsPlan, setOffDeposit, type ArrearsPlan } from '@vend/tariff';
import { arrearsPlanToJson } from './pricing';
import type { DuesErrorCode } from './dues.errors';
import { insertDeposit } from './store/deposits.store';
import { saveArrearsPlan } from './store/dues.store';
import type { VendingErrorCode } from './vending.errors';

/** One business fact about a meter; the id makes it happen once. */
interface DueFact {
  readonly businessId: Id;
  readonly meterId: Id;
  /** What belongs to the same fact and is others' to write, when it happens: the audit trail, an approval that is used up. */
  readonly alongside?: (tx: Tx) => Promise<void>;
}

/**
 * What a customer owes besides recharges: brought over, and set off. The meter's state and the ledger's account move
 * together, under the meter's lock, once for each business id.
 */
export class MeterDues {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Adds a debt of before (an old bill, the meter's price, a penalty; VAT-inclusive) and says how it is paid off.
   *
   * @param plan null: the debt is kept, and no recharge pays it off
   * @throws {RangeError} a sum that is not above zero, or a plan outside 0 to 100 %, with the reason
   * @throws {DomainError} meter-not-found; ledger-entry-conflict: another sum under this business id
   * @example await dues.importArrears({ businessId, meterId, amountPaisa: 120_000n, plan })
   */
  async importArrears(
    debt: DueFact & { readonly amountPaisa: Paisa; readonly plan: ArrearsPlan | null },
  ): Promise<{ repeated: boolean }> {
    const { amountPaisa, plan } = debt;
    if (amountPaisa <= 0n) throw new RangeError('arrears to import must be more than zero');
    if (plan) checkArrearsPlan(plan);
    return this.once(
      debt,
      (fact) => arrearsImportEntry(fact, amountPaisa),
      async (tx, state) => {
        await saveMeterStates(tx, [{ ...state, arrearsPaisa: state.arrearsPaisa + amountPaisa }]);
        await saveArrearsPlan(tx, state.meterId, plan && arrearsPlanToJson(plan));
      },
    );
  }

  /**
   * Brings the deposit of a former post-paid connection over: held for the meter's customer under the paper that shows it,
   * to be given back once (`depositCreditOrder`).
   *
   * @throws {DomainError} meter-not-found; deposit-known: this customer's paper is entered; ledger-entry-conflict: another
   *   sum under this business id
   * @example await dues.importDeposit({ businessId, meterId, depositPaisa: 80_000n, paper: 'D-1177/2009' })
   */
  async importDeposit(
    deposit: DueFact & { readonly depositPaisa: Paisa; readonly paper: string },
  ): Promise<{ repeated: boolean }> {
    const { businessId: depositId, meterId, depositPaisa: amountPaisa, paper } = deposit;
    try {
      return await this.once(
        deposit,
        (fact) => depositImportEntry(fact, amountPaisa),
        (tx) => insertDeposit(tx, { depositId, meterId, paper, amountPaisa }, this.now()),
      );
    } catch (error) {
      throw isDuplicate(error) ? new DomainError<DuesErrorCode>('deposit-known', {}, { cause: error }) : error;
    }
  }

  /**
   * Takes a debt away that nobody will pay: the customer owes less, and the books say what was lost.
   *
   * @throws {DomainError<VendingErrorCode>} arrears-less: more than is owed, with what is; meter-not-found;
   *   ledger-entry-conflict: another sum under this business id
   * @example await dues.writeOff({ businessId, meterId, amountPaisa: 30_000n })
   */
  async writeOff(debt: DueFact & { readonly amountPaisa: Paisa }): Promise<{ repeated: boolean }> {
    const { amountPaisa } = debt;
    return this.once(
      debt,
      (fact) => writeOffEntry(fact, 'customer-arrears', amountPaisa),
      async (tx, state) => {
        const arrearsPaisa = state.arrearsPaisa - amountPaisa;
        if (arrearsPaisa < 0n) {
          throw new DomainError<VendingErrorCode>('arrears-less', { owedTaka: formatTaka(state.arrearsPaisa) });
        }
        await saveMeterStates(tx, [{ ...state, arrearsPaisa }]);
      },
    );
  }

  /**
   * Charges a meter with what a provider never took for a token that was given: the customer owes it, not the provider.
   *
   * @throws {DomainError} meter-not-found; ledger-entry-conflict: another sum under this business id
   * @param debt against: what the provider owes, or the float that a vendor has it back in
   * @example await dues.chargeClaim({ businessId, meterId, against: 'receivable:demo-bkash', amountPaisa: 50_000n })
   */
  async chargeClaim(
    debt: DueFact & { readonly against: AccountOf<'receivable' | 'float'>; readonly amountPaisa: Paisa },
  ): Promise<{ repeated: boolean }> {
    const { against, amountPaisa } = debt;
    await this.ledger.open([against]);
    return this.once(
      debt,
      (fact) => claimToDebtEntry(fact, against, amountPaisa),
      (tx, state) => saveMeterStates(tx, [{ ...state, arrearsPaisa: state.arrearsPaisa + amountPaisa }]),
    );
  }

  /**
   * Sets an old deposit off against the arrears when a prepaid meter replaces a post-paid one (MONEY.md 5: no VAT, no
   * rebate on it).
   *
   * @returns what was set off, and what is left to be paid out by an entry of its own
   * @throws {DomainError} meter-not-found; ledger-overdrawn: no such deposit is held
   * @example await dues.setOffDeposit({ businessId, meterId, depositPaisa: 80_000n }) // { setOffPaisa: 50000n, payOutPaisa: 30000n }
   */
  async setOffDeposit(
    deposit: DueFact & { readonly depositPaisa: Paisa },
  ): Promise<{ setOffPaisa: Paisa; payOutPaisa: Paisa; repeated: boolean }> {
    const { depositPaisa, businessId } = deposit;
    await this.ledger.open([]);
    return this.database.transaction(async (tx) => {
      const state = await this.locked(tx, deposit.meterId);
      const stored = await this.ledger.entry('deposit-set-off', businessId, tx);
      if (stored) {
        const setOffPaisa = stored.postings.reduce((sum, { amountPaisa }) => sum + amountPaisa, 0n);
        return { setOffPaisa, payOutPaisa: depositPaisa - setOffPaisa, repeated: true };
      }
      const parts = setOffDeposit(depositPaisa, state.arrearsPaisa);
      if (parts.setOffPaisa > 0n) {
        await saveMeterStates(tx, [{ ...state, arrearsPaisa: state.arrearsPaisa - parts.setOffPaisa }]);
        await this.ledger.post(tx, [depositSetOffEntry(this.fact(deposit), parts.setOffPaisa)]);
      }
      return { ...parts, repeated: false };
    });
  }

  private async once(
    due: DueFact,
    entryOf: (fact: ReturnType<MeterDues['fact']>) => Entry,
    change: (tx: Tx, state: MeterState) => Promise<void>,
  ): Promise<{ repeated: boolean }> {
    await this.ledger.open([]);
    return this.database.transaction(async (tx) => {
      const state = await this.locked(tx, due.meterId);
      const entry = entryOf(this.fact(due));
      // Asked when the lock is held: whoever booked the same fact for this meter has committed by then.
      const repeated = (await this.ledger.entry(entry.template, entry.businessId, tx)) !== undefined;
      if (!repeated) {
        await change(tx, state);
        await due.alongside?.(tx);
      }
      await this.ledger.postOnce(tx, entry);
      return { repeated };
    });
  }

  private async locked(tx: Tx, meterId: Id): Promise<MeterState> {
    const state = (await lockMeterStates(tx, [meterId])).get(meterId);
    if (!state) throw new DomainError('meter-not-found');
    return state;
  }

  private fact({ businessId, meterId }: DueFact) {
    return { businessId, meterId, bookedAt: this.now() };
  }
}
