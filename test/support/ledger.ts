import { dhakaDay, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import { LedgerService, vendEntry, type AccountCode, type Entry, type Funds, type VendAmounts } from '@vend/ledger';
import type { Tx } from '@vend/platform';
import type { FreshDatabase } from './database';
import { VendingBench } from './vending';

const PARTS = [
  ['grossPaisa', 'gross_paisa'],
  ['vatPaisa', 'vat_paisa'],
  ['rentPaisa', 'rent_paisa'],
  ['demandPaisa', 'demand_paisa'],
  ['arrearsPaisa', 'arrears_paisa'],
  ['pfcPaisa', 'pfc_paisa'],
  ['penaltyPaisa', 'penalty_paisa'],
  ['adjustmentPaisa', 'adjustment_paisa'],
  ['rebatePaisa', 'rebate_paisa'],
  ['lifelineCreditPaisa', 'lifeline_credit_paisa'],
  ['energyPaisa', 'energy_paisa'],
  ['remainderInPaisa', 'remainder_in_paisa'],
  ['remainderOutPaisa', 'remainder_out_paisa'],
] as const satisfies readonly (readonly [keyof VendAmounts, string])[];

/** A vend of energy and VAT alone. */
export function plainAmounts(grossPaisa: bigint): VendAmounts {
  const vatPaisa = (grossPaisa * 5n) / 105n;
  return {
    grossPaisa,
    vatPaisa,
    energyPaisa: grossPaisa - vatPaisa,
    rentPaisa: 0n,
    demandPaisa: 0n,
    arrearsPaisa: 0n,
    pfcPaisa: 0n,
    penaltyPaisa: 0n,
    rebatePaisa: 0n,
    remainderInPaisa: 0n,
    remainderOutPaisa: 0n,
  };
}

export interface VendFact {
  readonly meterId: Id;
  readonly amounts: VendAmounts;
  readonly funds: Funds;
  readonly bookedAt: InstantMs;
  readonly businessId?: Id;
}

/** The books of a test, with meters to vend for: what vending would write around an entry, without pricing and tokens. */
export class Books {
  readonly ledger: LedgerService;
  meters: Id[] = [];

  constructor(readonly fresh: FreshDatabase) {
    this.ledger = new LedgerService(fresh.database);
  }

  static async with(fresh: FreshDatabase, meters: number, accounts: readonly AccountCode[]): Promise<Books> {
    const books = new Books(fresh);
    const drafts = Array.from({ length: meters }, (_, i) => ({ serial: i + 1 }));
    if (meters > 0) books.meters = await new VendingBench(fresh).install(...drafts);
    await books.ledger.open(accounts);
    return books;
  }

  /** Posts in a transaction of its own. */
  post(...entries: readonly Entry[]): Promise<void> {
    return this.fresh.database.transaction((tx) => this.ledger.post(tx, entries));
  }

  /** A vend with its recharge and its entry, in a transaction of its own. @returns its business id */
  async vend(fact: VendFact): Promise<Id> {
    const businessId = fact.businessId ?? newId();
    await this.fresh.database.transaction(async (tx) => {
      const entry = await this.vendIn(tx, { ...fact, businessId });
      await this.ledger.post(tx, [entry]);
    });
    return businessId;
  }

  /** Writes the recharge and the vend, and returns the entry that belongs to them. */
  async vendIn(tx: Tx, { meterId, amounts, funds, bookedAt, businessId = newId() }: VendFact): Promise<Entry> {
    const [id, meter, at, day] = [idToBytes(businessId), idToBytes(meterId), new Date(bookedAt), dhakaDay(bookedAt)];
    await tx.write(
      `INSERT INTO recharges (id, source, source_ref, body_hash, channel, meter_id, gross_paisa, state, actor,
         received_at, business_day) VALUES (?, 'test', ?, ?, 'counter', ?, ?, 'APPLIED', 'test', ?, ?)`,
      [id, businessId, Buffer.alloc(32), meter, amounts.grossPaisa.toString(), at, day],
    );
    await tx.write(
      `INSERT INTO vends (id, recharge_id, meter_id, receipt_no, state, issued_at, business_day, tariff_book,
         tariff_version, rebate_profile, pricing_input, price_revision, ${PARTS.map(([, column]) => column).join(', ')})
       VALUES (?, ?, ?, ?, 'ISSUED', ?, ?, 'b', 'v', 'r', '{}', 1, ?)`,
      [
        id,
        id,
        meter,
        businessId.replaceAll('-', '').slice(12),
        at,
        day,
        PARTS.map(([key]) => (amounts[key] ?? 0n).toString()),
      ],
    );
    return vendEntry({ businessId, bookedAt, meterId }, funds, amounts);
  }
}
