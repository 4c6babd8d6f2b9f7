import { createHash } from 'node:crypto';
import { DomainError, dhakaMinutesSince, idFromBytes, isDomainError, type Id, type InstantMs } from '@vend/kernel';
import type { MeterState, VendingMeter } from '@vend/meters';
import type { PublishedBook } from '@vend/pricebook';
import { price } from '@vend/tariff';
import { creditOf, pricingStateOf } from '../pricing';
import { assertRegisterHolds } from '../register';
import { nextTid } from '../tid';
import type { VendingErrorCode } from '../vending.errors';
import { packedState, soldInMonth, type PackItem, type PackLine } from './pack';

/** An item that is priced and numbered, and only lacks its token. */
export type ItemDraft = Pick<
  PackItem,
  'itemId' | 'place' | 'amounts' | 'energyWh' | 'estimatedWh' | 'pricing' | 'rnd' | 'amountUnits'
> & { readonly meter: VendingMeter; readonly tid: number; readonly subclass: 0 | 4 };

interface PackFacts {
  readonly states: ReadonlyMap<Id, MeterState>;
  readonly meters: ReadonlyMap<Id, VendingMeter>;
  readonly book: PublishedBook;
  readonly now: InstantMs;
  readonly maxRunAheadMinutes: number;
}

/**
 * Prices and numbers the items of a pack, in the order of its lines; each item of a meter stands on the one before.
 *
 * @returns the drafts, and the meters' states with the TIDs that are taken
 * @throws {DomainError<VendingErrorCode>} pack-meter-refused, with the meter and the reason's code
 */
export function draftItems(packId: Id, lines: readonly PackLine[], facts: PackFacts) {
  const drafts: ItemDraft[] = [];
  const changed = new Map<Id, MeterState>();
  for (const line of lines) {
    const meter = facts.meters.get(line.meterId);
    const state = facts.states.get(line.meterId);
    if (!meter || !state) throw new DomainError('meter-not-found');
    try {
      if (changed.has(line.meterId)) throw new DomainError('meter-listed-twice');
      const made = draftLine(packId, line, meter, state, facts);
      drafts.push(...made.drafts);
      changed.set(line.meterId, { ...state, lastTid: made.lastTid });
    } catch (error) {
      if (!isDomainError(error)) throw error;
      throw new DomainError<VendingErrorCode>('pack-meter-refused', { meterNo: meter.pan, reason: error.code });
    }
  }
  return { drafts, changed };
}

function draftLine(
  packId: Id,
  { grossPaisa, items }: PackLine,
  meter: VendingMeter,
  state: MeterState,
  { book, now, maxRunAheadMinutes }: PackFacts,
): { drafts: ItemDraft[]; lastTid: number } {
  if (meter.status !== 'active') throw new DomainError('meter-closed');
  if (meter.supply !== 'connected') throw new DomainError('connection-disconnected');
  // Its set must be typed first, and is printed by the next vend: a token of either key would be the wrong one.
  if (state.keyChangeDue) throw new DomainError('key-change-due');
  const drafts: ItemDraft[] = [];
  const nowTid = dhakaMinutesSince(meter.keys.baseDate, now);
  let { lastTid } = state;
  let soldWh = soldInMonth(state, now);
  for (let place = 1; place <= items; place++) {
    const pricedState = packedState(pricingStateOf(meter, state), now, soldWh);
    const quote = price(pricedState, grossPaisa, now, book.tariffs, { channel: 'counter' });
    assertRegisterHolds(meter, quote);
    lastTid = nextTid(lastTid, nowTid, maxRunAheadMinutes);
    soldWh += quote.energyWh ?? 0n;
    const itemId = itemIdOf(packId, meter.meterId, place);
    const { vatPaisa, rebatePaisa, energyPaisa, remainderOutPaisa } = quote;
    drafts.push({
      itemId,
      place,
      meter,
      amounts: { grossPaisa, vatPaisa, rebatePaisa, energyPaisa, remainderOutPaisa },
      energyWh: quote.energyWh,
      estimatedWh: quote.estimatedWh,
      pricing: {
        tariffBook: book.code,
        priceRevision: book.revision,
        tariffVersion: quote.tariffVersion,
        rebateProfile: quote.rebateProfile,
        pricedState,
      },
      tid: lastTid,
      rnd: Buffer.from(itemId.slice(-2), 'hex')[0]! & 0x0f,
      ...creditOf(quote),
    });
  }
  return { drafts, lastTid };
}

/** A function of pack, meter and place: a pack that is made again, after whatever went wrong, has the same items. */
function itemIdOf(packId: Id, meterId: Id, place: number): Id {
  const bytes = createHash('sha256').update(`${packId}\n${meterId}\n${place}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return idFromBytes(Buffer.from(bytes));
}
