import { DomainError, type Id } from '@vend/kernel';
import { findReplacementOf, loadVendingMeters, type VendingMeter } from '@vend/meters';
import type { Tx } from '@vend/platform';
import { insertReplacementSource, readCreditHistory, wasCarried, type CreditHistory } from '../store/replacement.store';
import type { VendingErrorCode } from '../vending.errors';
import type { Order, OrderFacts, OrderPlan } from './order';

/** What is carried over: the credit that the old meter still showed, or the last token, which it never took. */
export type ReplacementSource =
  | {
      readonly from: 'reading';
      /** As the meter shows it: `12.4` kWh, or `861.41` Taka. */
      readonly reading: string;
    }
  | { readonly from: 'last-token' };

interface OldMeter {
  readonly meter: VendingMeter | undefined;
  readonly newMeterId: Id | undefined;
  readonly recordedReading: string | null;
  readonly history: CreditHistory;
  readonly sourceKey: string;
  readonly carriedBefore: boolean;
}

/**
 * Credit of a meter that was swapped, or is faulty, goes to the meter that is on the wall now: paid for already, so
 * nothing is charged and nothing is booked. Once for each source, and never more than was vended to the old meter.
 *
 * @param oldMeterId the meter that lost the credit; the order's own meter when it is faulty and stays
 * @throws {DomainError<VendingErrorCode>} when it is planned: replacement-not-recorded, replacement-other-unit,
 *   replacement-reading-differs, replacement-nothing-left, replacement-repeated; connection-disconnected
 * @example await orders.run(replacementOrder({ …by, meterId: newMeterId }, oldMeterId, { from: 'reading', reading: '12.4' }, note))
 */
export function replacementOrder(
  by: Pick<Order, 'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId' | 'alongside'>,
  oldMeterId: Id,
  source: ReplacementSource,
  note: string,
): Order<OldMeter> {
  return {
    ...by,
    kind: 'replacement',
    asked: { oldMeterId, ...source, note },
    alsoLocks: [oldMeterId],
    read: (tx) => readOldMeter(tx, oldMeterId, source),
    plan: (facts) => plan(facts, oldMeterId, source, note),
  };
}

async function readOldMeter(tx: Tx, oldMeterId: Id, source: ReplacementSource): Promise<OldMeter> {
  const [meters, replacement, energy, currency] = await Promise.all([
    loadVendingMeters(tx, [oldMeterId]),
    findReplacementOf(tx, oldMeterId),
    readCreditHistory(tx, oldMeterId, 0),
    readCreditHistory(tx, oldMeterId, 4),
  ]);
  const meter = meters.get(oldMeterId);
  const history = meter?.crediting === 'energy' ? energy : currency;
  const key = sourceKey(source, replacement?.replacementId, history);
  return {
    meter,
    newMeterId: replacement?.newMeterId,
    recordedReading: replacement?.oldReading ?? null,
    history,
    sourceKey: key,
    carriedBefore: await wasCarried(tx, oldMeterId, key),
  };
}

/** A replaced meter has one reading; one that stays can lose the same credit only once. */
function sourceKey(source: ReplacementSource, replacementId: Id | undefined, { last }: CreditHistory): string {
  if (source.from === 'last-token') return `vend:${last?.vendId ?? 'none'}`;
  return replacementId ? `replacement:${replacementId}` : `reading:${source.reading}`;
}

function plan(
  { meter, extra: old }: OrderFacts<OldMeter>,
  oldMeterId: Id,
  source: ReplacementSource,
  note: string,
): OrderPlan {
  const refuse = (code: VendingErrorCode, facts = {}): never => {
    throw new DomainError<VendingErrorCode>(code, facts);
  };
  if (!old.meter) throw new DomainError('meter-not-found');
  if (meter.supply !== 'connected') throw new DomainError('connection-disconnected');
  const inPlace = old.newMeterId === meter.meterId || oldMeterId === meter.meterId;
  if (!inPlace) refuse('replacement-not-recorded');
  if (old.meter.crediting !== meter.crediting) refuse('replacement-other-unit');
  const { history, recordedReading } = old;
  const isEnergy = meter.crediting === 'energy';
  const carriedUnits =
    source.from === 'reading' ? unitsOf(source.reading, isEnergy) : (history.last?.creditedUnits ?? 0n);
  if (source.from === 'reading' && recordedReading !== null && unitsOf(recordedReading, isEnergy) !== carriedUnits) {
    refuse('replacement-reading-differs');
  }
  if (old.carriedBefore) refuse('replacement-repeated');
  if (carriedUnits <= 0n || carriedUnits > history.vendedUnits - history.carriedUnits)
    refuse('replacement-nothing-left');
  const creditPaisa = isEnergy ? 0n : carriedUnits / 1_000n;
  return {
    tokens: [{ kind: 'credit', subclass: isEnergy ? 0 : 4, amountUnits: carriedUnits }],
    energyWh: isEnergy ? carriedUnits * 100n : null,
    amounts: { energyPaisa: creditPaisa, grantedPaisa: creditPaisa },
    detail: {
      oldMeterNo: old.meter.pan,
      from: source.from,
      reading: source.from === 'reading' ? source.reading : null,
      receiptNo: source.from === 'last-token' ? (history.last?.receiptNo ?? null) : null,
      note,
    },
    also: (tx, { vendId }) =>
      insertReplacementSource(tx, { vendId, oldMeterId, sourceKey: old.sourceKey, carriedUnits }),
  };
}

/** A meter's display in the units of its register: 0.1 kWh, or 0.00001 Taka. */
function unitsOf(reading: string, isEnergy: boolean): bigint {
  const decimals = isEnergy ? 1 : 5;
  const match = /^(\d{1,9})(?:\.(\d{1,5}))?$/.exec(reading);
  if (!match) throw new DomainError<VendingErrorCode>('replacement-reading-malformed');
  const [, whole, part = ''] = match;
  if (part.slice(decimals).replaceAll('0', '') !== '') {
    throw new DomainError<VendingErrorCode>('replacement-reading-malformed');
  }
  return BigInt(whole! + part.slice(0, decimals).padEnd(decimals, '0'));
}
