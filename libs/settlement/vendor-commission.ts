import { dhakaDay, isDomainError, newId, roundHalfUp, type InstantMs, type LocalDay } from '@vend/kernel';
import { commissionBackEntry, commissionEntry, type LedgerService } from '@vend/ledger';
import type { Database } from '@vend/platform';
import { dayAfter } from './breaks';
import type { SettlementProvider } from './source';
import { lockVendorDay, saveBatchDay, vendorDays, VENDOR_BATCH } from './store/bank';

/** How far back a corrected statement may reach. */
const LOOK_BACK_DAYS = 45;

/**
 * Books what a vendor that pays in advance keeps: for each day that was compared, its commission of the sales that both books
 * have, added to its float. A correction books the difference, at the rate of the first booking; what would be taken from a
 * float that does not have it waits for the next night. Again, it changes nothing.
 *
 * @returns how many days were booked
 * @example await bookVendorCommissions({ database, ledger }, (await findProvider(database, 'V-17'))!, Date.now())
 */
export async function bookVendorCommissions(
  rooms: { readonly database: Database; readonly ledger: LedgerService },
  vendor: Pick<SettlementProvider, 'code' | 'commissionBasisPoints'>,
  now: InstantMs,
): Promise<number> {
  const days = await vendorDays(rooms.database, vendor.code, dayAfter(dhakaDay(now), -LOOK_BACK_DAYS));
  if (days.length === 0) return 0;
  await rooms.ledger.open([`float:${vendor.code}`]);
  let booked = 0;
  for (const day of days) if (await bookDay(rooms, vendor, day, now)) booked++;
  return booked;
}

async function bookDay(
  { database, ledger }: { readonly database: Database; readonly ledger: LedgerService },
  { code, commissionBasisPoints }: Pick<SettlementProvider, 'code' | 'commissionBasisPoints'>,
  day: LocalDay,
  now: InstantMs,
): Promise<boolean> {
  try {
    return await database.transaction(async (tx) => {
      const row = await lockVendorDay(tx, { provider: code, day, basisPoints: commissionBasisPoints });
      const feePaisa = roundHalfUp(row.matchedPaisa * BigInt(row.basisPoints), 10_000n);
      const more = feePaisa - row.bookedFeePaisa;
      if (more === 0n) return false;
      await saveBatchDay(tx, { provider: code, batch: VENDOR_BATCH, day }, { feePaisa, vatPaisa: 0n });
      const fact = { businessId: newId(now), bookedAt: now };
      const entry = more > 0n ? commissionEntry : commissionBackEntry;
      await ledger.post(tx, [entry(fact, `float:${code}`, more > 0n ? more : -more)]);
      return true;
    });
  } catch (error) {
    if (isDomainError(error) && error.code === 'ledger-overdrawn') return false;
    throw error;
  }
}
