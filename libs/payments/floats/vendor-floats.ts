import { Approvals, recordAudit, useApproval, type SessionUser } from '@vend/identity';
import { DomainError, formatTaka, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import {
  balancesNow,
  floatTopUpEntry,
  statement,
  type AccountOf,
  type LedgerService,
  type StatementPage,
  type StatementQuestion,
} from '@vend/ledger';
import type { Database } from '@vend/platform';
import type { PaymentsErrorCode } from '../payments.errors';
import type { Provider } from '../providers/provider';
import type { Providers } from '../providers/providers';

/** A vendor that sells from what it has paid in, and how much of that is left. */
export interface VendorFloat {
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
  readonly balancePaisa: Paisa;
  /** Below this it is low; null: it is never. */
  readonly lowBelowPaisa: Paisa | null;
}

/** True when a vendor should pay in. @example isLow({ balancePaisa: 99_999n, lowBelowPaisa: 100_000n }) // true */
export function isLow({ balancePaisa, lowBelowPaisa }: Pick<VendorFloat, 'balancePaisa' | 'lowBelowPaisa'>): boolean {
  return lowBelowPaisa !== null && balancePaisa < lowBelowPaisa;
}

/** Money that a vendor has paid into our bank for its float. */
export interface TopUpFloat {
  /** The Idempotency-Key: the same key is the same top-up, and the business id of its entry. */
  readonly key: Id;
  readonly code: string;
  readonly amountPaisa: Paisa;
  /** The bank's own number of the credit. */
  readonly reference: string;
  readonly reason: string;
}

/** It is done (now or before), or waits for a second person. */
export type TopUpAnswer =
  | { readonly state: 'done'; readonly float: VendorFloat; readonly replayed: boolean }
  | { readonly state: 'pending'; readonly approvalId: Id };

/**
 * The floats of vendors: how much is left, what moved, and the way in for new money, which is a second person's word and
 * one entry. What is sold is taken from them by the recharge itself.
 */
export class VendorFloats {
  constructor(
    private readonly rooms: {
      readonly database: Database;
      readonly ledger: LedgerService;
      readonly approvals: Approvals;
      readonly providers: Pick<Providers, 'all' | 'byCode'>;
    },
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** Every vendor that pays in advance, by code. */
  async list(): Promise<VendorFloat[]> {
    const vendors = (await this.rooms.providers.all()).filter(({ prepaid }) => prepaid);
    const balances = await this.balances(vendors);
    return vendors.map((vendor) => floatOf(vendor, balances)).sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  /**
   * A page of what moved a float, in the order of time.
   *
   * @throws {DomainError<PaymentsErrorCode>} float-not-found; {RangeError} for a cursor that is none
   * @example await floats.statement('V-17', { from: startOfDay('2026-11-22'), limit: 50 })
   */
  async statement(code: string, question: StatementQuestion): Promise<StatementPage> {
    const vendor = await this.vendor(code);
    await this.rooms.ledger.open([accountOf(vendor)]);
    return statement(this.rooms.database, accountOf(vendor), question);
  }

  /**
   * Adds to a float what the bank has received for it, once a second person has seen the bank's statement.
   *
   * @throws {DomainError} float-not-found; approval-refused, approval-expired, approval-differs. Nothing was booked then.
   * @example await floats.topUp(user, { key, code: 'V-17', amountPaisa: 5_000_000n, reference: 'FT26326A1', reason })
   */
  async topUp(user: SessionUser, { key, code, amountPaisa, reference, reason }: TopUpFloat): Promise<TopUpAnswer> {
    const { database, ledger, approvals } = this.rooms;
    const vendor = await this.vendor(code);
    const [float, bank] = [accountOf(vendor), vendor.settlementBank];
    const subject = `vendor-float:${code}`;
    const gate = await approvals.gate({
      ...{ kind: 'float-top-up', key, subject, reason, by: user },
      content: { vendor: code, amount: formatTaka(amountPaisa), bank, reference },
    });
    if (gate.state === 'pending') return gate;
    const at = this.now();
    const actor = `user:${user.username}`;
    await ledger.open([float, bank]);
    const entry = floatTopUpEntry({ businessId: key, bookedAt: at }, bank, float, amountPaisa);
    const replayed = await database
      .transaction(async (tx) => {
        await useApproval(tx, gate.approvalId, `${subject}:${key}`, at);
        const detail = { amountTaka: formatTaka(amountPaisa), bank, reference, approvalId: gate.approvalId };
        await recordAudit(tx, { actor, action: 'float-topped-up', subject, detail, at });
        // Last: it ends with the balance rows that everybody shares.
        await ledger.post(tx, [entry]);
        return false;
      })
      .catch((error: unknown) => {
        // The approval is used by the entry that it let in: a repeat, whoever was first.
        if (error instanceof DomainError && error.code === 'approval-used') return true;
        throw error;
      });
    return { state: 'done', float: floatOf(vendor, await this.balances([vendor])), replayed };
  }

  private async vendor(code: string): Promise<Provider> {
    const vendor = await this.rooms.providers.byCode(code);
    if (!vendor?.prepaid) throw new DomainError<PaymentsErrorCode>('float-not-found');
    return vendor;
  }

  private balances(vendors: readonly Provider[]) {
    return this.rooms.database.transaction((tx) => balancesNow(tx, vendors.map(accountOf)));
  }
}

function accountOf({ code }: Provider): AccountOf<'float'> {
  return `float:${code}`;
}

function floatOf(vendor: Provider, balances: ReadonlyMap<string, Paisa>): VendorFloat {
  const { code, name, active, lowFloatPaisa: lowBelowPaisa } = vendor;
  return { code, name, active, balancePaisa: balances.get(accountOf(vendor)) ?? 0n, lowBelowPaisa };
}
