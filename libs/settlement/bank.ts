import { dhakaDay, newId, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import {
  settlementBackEntry,
  settlementEntry,
  vatTransferEntry,
  type AccountOf,
  type LedgerService,
} from '@vend/ledger';
import type { Database } from '@vend/platform';
import { announce, settlementFact } from '@vend/webhooks';
import { BANK_DAYS, dayAfter, VAT_PLACE } from './breaks';
import { raiseBreaks, type Raised } from './raising';
import type { SettlementProvider } from './source';
import {
  batchKey,
  doneAboutBatch,
  lockBatchDay,
  markCreditBooked,
  saveBatchDay,
  unbookedCredits,
  unbookedFees,
} from './store/bank';
import type { BreakFacts } from './store/breaks';
import { readBatches, type BatchSums } from './store/totals';
import { bookVendorCommissions } from './vendor-commission';

const CREDITS_AT_ONCE = 200;
/** How far back a late statement or credit may reach. */
const LOOK_BACK_DAYS = 45;

type Settling = Pick<SettlementProvider, 'code' | 'prepaid' | 'commissionBasisPoints' | 'settlementBank' | 'vatBank'>;

/** What a provider's batches came to. */
export interface Settled extends Raised {
  readonly credits: number;
  readonly commissions: number;
}

/**
 * Books what reached the bank and what the provider kept, each once, against what it owes; moves the VAT share of a batch
 * that came in one sum; and raises a break for each batch that did not bring what its statements say. The difference stays
 * in the provider's account until somebody decides. Again, it changes nothing.
 *
 * @example await settleProvider({ database, ledger }, (await findProvider(database, 'demo-form'))!, Date.now())
 */
export async function settleProvider(
  rooms: { readonly database: Database; readonly ledger: LedgerService },
  provider: Settling,
  now: InstantMs,
): Promise<Settled> {
  if (provider.prepaid) {
    // Who sells from what it paid in before owes nothing, and has its commission in its float.
    return { credits: 0, commissions: await bookVendorCommissions(rooms, provider, now), opened: 0, healed: 0 };
  }
  const batches = new Batches(rooms.database, rooms.ledger, provider, now);
  await rooms.ledger.open([`receivable:${provider.code}`, provider.settlementBank, ...batches.vatAccount]);
  const credits = await batches.bookCredits();
  const commissions = await batches.bookCommissions();
  return { credits, commissions, ...(await batches.compare()) };
}

class Batches {
  private readonly receivable: AccountOf<'receivable'>;
  private readonly from: LocalDay;
  readonly vatAccount: readonly AccountOf<'bank'>[];

  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    private readonly provider: Settling,
    private readonly now: InstantMs,
  ) {
    const { code, vatBank, settlementBank } = provider;
    this.receivable = `receivable:${code}`;
    this.vatAccount = vatBank !== null && vatBank !== settlementBank ? [vatBank] : [];
    this.from = dayAfter(dhakaDay(now), -LOOK_BACK_DAYS);
  }

  async bookCredits(): Promise<number> {
    let booked = 0;
    for (;;) {
      const credits = await unbookedCredits(this.database, this.provider.code, CREDITS_AT_ONCE);
      for (const { creditId, account, amountPaisa } of credits) {
        const bank = `bank:${account}` as const;
        await this.ledger.open([bank]);
        const fact = { businessId: creditId, bookedAt: this.now };
        const entry = settlementEntry(fact, this.receivable, bank, { paidPaisa: amountPaisa, commissionPaisa: 0n });
        await this.database.transaction(async (tx) => {
          if (!(await markCreditBooked(tx, creditId, this.now))) return;
          const settled = { owner: this.provider.code, settlementId: creditId, day: dhakaDay(this.now), amountPaisa };
          await announce(tx, [settlementFact({ ...settled, at: this.now })]);
          await this.ledger.post(tx, [entry]);
          booked++;
        });
      }
      if (credits.length < CREDITS_AT_ONCE) return booked;
    }
  }

  /** What is missing of each batch's day, or was booked too much after a corrected statement. */
  async bookCommissions(): Promise<number> {
    let booked = 0;
    for (const of of await unbookedFees(this.database, this.provider.code, this.from)) {
      await this.database.transaction(async (tx) => {
        const { bookedFeePaisa, movedVatPaisa, statedFeePaisa } = await lockBatchDay(tx, of);
        const more = statedFeePaisa - bookedFeePaisa;
        if (more === 0n) return;
        await saveBatchDay(tx, of, { feePaisa: statedFeePaisa, vatPaisa: movedVatPaisa });
        const fact = { businessId: newId(this.now), bookedAt: this.now };
        const bank = this.provider.settlementBank;
        const entry =
          more > 0n
            ? settlementEntry(fact, this.receivable, bank, { paidPaisa: 0n, commissionPaisa: more })
            : settlementBackEntry(fact, this.receivable, 'commission', -more);
        await this.ledger.post(tx, [entry]);
        booked++;
      });
    }
    return booked;
  }

  async compare(): Promise<Raised> {
    const result = { opened: 0, healed: 0 };
    for (const sums of await readBatches(this.database, this.provider.code, this.from)) {
      const found = await this.differencesOf(sums);
      const findings = {
        provider: this.provider.code,
        trxIds: [batchKey(sums.batch)],
        found,
        complete: true,
      };
      const { opened, healed } = await raiseBreaks(this.database, findings, this.now);
      result.opened += opened;
      result.healed += healed;
    }
    return result;
  }

  private async differencesOf(sums: BatchSums): Promise<BreakFacts[]> {
    const day = sums.lastDay ?? sums.creditedOn!;
    const { sums: done, movedVatPaisa } = await doneAboutBatch(this.database, this.provider.code, sums.batch);
    const of = (action: 'write-off' | 'book-commission' | 'pay-back' | 'move-vat') => done.get(action) ?? 0n;
    const net = sums.amountPaisa - sums.feePaisa;
    const credited = (account: AccountOf<'bank'> | undefined) => sums.credited.get(account?.slice(5) ?? '') ?? 0n;
    const main = credited(this.provider.settlementBank);
    const [vatBank] = this.vatAccount;
    let [vat, moved] = [0n, movedVatPaisa + of('move-vat')];
    if (vatBank) {
      // What was moved was the share of that day: a vend that is cancelled later does not bring it back.
      vat = movedVatPaisa > 0n ? movedVatPaisa : sums.vatPaisa;
      const inOneSum = main === net && credited(vatBank) === 0n && moved === 0n;
      if (inOneSum && vat > 0n && sums.lastDay !== null) {
        await this.moveVat({ batch: sums.batch, day: sums.lastDay }, vatBank, vat);
        moved = vat;
      }
    }
    // The bank has its days, and so has a statement that comes after the money.
    if (dhakaDay(this.now) <= dayAfter(day, BANK_DAYS)) return [];
    const places: (readonly [number, Paisa, Paisa])[] = [
      [0, net - vat - of('write-off') - of('book-commission'), main - of('pay-back') - moved],
      [VAT_PLACE, vat, credited(vatBank) + moved],
    ];
    return places
      .filter(([place, expected, got]) => expected !== got && (place === 0 || vatBank !== undefined))
      .map(([place, oursPaisa, theirsPaisa]) => ({
        ...{ provider: this.provider.code, trxId: batchKey(sums.batch), place, day },
        bucket: 'bank-differs' as const,
        ...{ oursPaisa, theirsPaisa, rechargeId: null, meterId: null, billerRef: '', batch: sums.batch },
      }));
  }

  private async moveVat(of: { batch: string; day: LocalDay }, vatBank: AccountOf<'bank'>, vatPaisa: Paisa) {
    const batchDay = { provider: this.provider.code, ...of };
    await this.database.transaction(async (tx) => {
      const { bookedFeePaisa, movedVatPaisa } = await lockBatchDay(tx, batchDay);
      if (movedVatPaisa !== 0n) return;
      await saveBatchDay(tx, batchDay, { feePaisa: bookedFeePaisa, vatPaisa });
      const fact = { businessId: newId(this.now), bookedAt: this.now };
      await this.ledger.post(tx, [vatTransferEntry(fact, this.provider.settlementBank, vatBank, vatPaisa)]);
    });
  }
}
